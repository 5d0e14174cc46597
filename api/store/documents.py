"""Documents (problems, schedules) as the store keeps them: compressed text."""

import zlib
from dataclasses import dataclass
from enum import StrEnum


class Origin(StrEnum):
    """Where a book is from: posted as such, along with a job, or made by revising another one."""

    POSTED = "posted"
    INLINE = "inline"
    REVISED = "revised"


@dataclass(frozen=True, slots=True)
class Document:
    """A stored text. ``inline``: it is a whole job request, the problem its member ``problem``."""

    body: bytes
    inline: bool = False

    @property
    def text(self) -> str:
        """Return the text, without the byte order mark that a stored body may begin with."""
        return zlib.decompress(self.body).decode().removeprefix("\ufeff")


def packed(text: str) -> bytes:
    """Return ``text`` compressed; equal texts give equal bytes."""
    return zlib.compress(text.encode(), level=1)
