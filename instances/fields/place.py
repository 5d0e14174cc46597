"""Where a reader is in a tree, and what it found wrong so far."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scheduler.issues import Issue, pointer, shown


class Invalid:
    """The type of INVALID, what a reader returns for a value that it refused."""


INVALID = Invalid()


@dataclass(slots=True)
class Report:
    """What is known while one tree is read: the horizon's start, and the issues so far.

    keys: how many keys the objects have that were read from text, for ``instances.mill_text``.
    """

    start: datetime | None = None
    issues: list[Issue] = field(default_factory=list)
    keys: int = 0


@dataclass(slots=True)
class Place:
    """A place in the tree, and the order whose part it is.

    It keeps its path, the latest key first in pairs, and makes a pointer of it only for an issue:
    a sound file has thousands of places and no issue.
    """

    report: Report
    path: tuple[Any, ...] = ()
    order: str | None = None

    def __truediv__(self, key: str | int) -> "Place":
        """Return the place of ``key`` inside this one."""
        return Place(self.report, (key, self.path), self.order)

    @property
    def pointer(self) -> str:
        """The JSON pointer."""
        keys, path = [], self.path
        while path:
            key, path = path
            keys.append(key)
        return pointer(*reversed(keys))

    def refuse(
        self, code: str, value: Any, detail: str, expected: str = "", hint: str = ""
    ) -> Invalid:
        """Report an error here and return INVALID."""
        self.report.issues.append(
            Issue(
                code,
                self.pointer,
                detail,
                value=shown(value),
                expected=expected,
                hint=hint,
                order=self.order,
            )
        )
        return INVALID
