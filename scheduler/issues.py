"""What is wrong with an input, said so that the person who sent it can put it right."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

SHOWN_ISSUES = 100
SHOWN_CHARACTERS = 64


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault (``error``) or doubt (``warning``) at one place of an input.

    code: stable, for programs. pointer: JSON pointer (RFC 6901) in the problem file's names.
    detail: a sentence. value: the offending value, at most 64 characters, as ``shown`` gives it.
    expected: what is allowed, with its unit. hint: what to do. order: id of the order at fault.
    row, column: of a table's cell, the row from 1 (0: no table).
    """

    code: str
    pointer: str
    detail: str
    severity: Literal["error", "warning"] = "error"
    value: str = ""
    expected: str = ""
    hint: str = ""
    order: str | None = None
    row: int = 0
    column: str = ""

    def __str__(self) -> str:
        """Return one line: place, fault, value, what is allowed, and what to do."""
        text = f"{self.pointer or '/'}: {self.detail}"
        if self.value:
            text += f" (found {self.value})"
        if self.expected:
            text += f"; expected {self.expected}"
        if self.hint:
            text += f"; {self.hint}"
        return text


class InvalidInput(ValueError):
    """An input that cannot be used: ``issues`` holds its first 100, ``total`` counts them all."""

    def __init__(self, issues: Iterable[Issue], total: int | None = None) -> None:
        """Keep the first 100 of ``issues``; ``total`` is their number where only those are left."""
        everything = tuple(issues)
        self.issues = everything[:SHOWN_ISSUES]
        self.total = len(everything) if total is None else total
        super().__init__(self._text())

    def __reduce__(self) -> tuple[Any, ...]:
        """Let a process hand it to another."""
        return InvalidInput, (self.issues, self.total)

    def _text(self) -> str:
        lines = [str(issue) for issue in self.issues]
        if self.total > len(lines):
            lines.append(f"and {self.total - len(lines)} more")
        return "\n".join(lines)


def pointer(*path: str | int) -> str:
    """Return the JSON pointer of ``path``; ``pointer("orders", 3)`` is ``/orders/3``."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def shown(value: Any) -> str:
    """Return ``value`` as at most 64 printable characters, for messages and logs.

    Text stands in quotation marks, control and invisible characters are escaped.
    """
    if isinstance(value, str):
        text = '"' + _printable(value[:SHOWN_CHARACTERS]) + ('"' if len(value) <= 64 else "")
    elif isinstance(value, dict | list):
        return f"{'an object' if isinstance(value, dict) else 'a list'} of {len(value)}"
    elif value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "null"}[value]
    else:
        text = str(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 3] + "..."


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
