"""A schedule: per line, the lots in rolling order with their cuts, changes and start times."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cut:
    """``count`` consecutive billets of one stock row, each cut to the same ``pieces``.

    pieces: (order id, pieces of it from one billet), in the order they are cut.
    """

    stock: str
    count: int
    pieces: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Lot:
    """Consecutive billets of one grade and section.

    start: s of the first billet. groove_change: whether the section's groove is changed before
    it. changeover_start, groove_change_start: s from which these run; None is as early as the
    line's previous lot allows.
    """

    start: int
    section: str
    grade: str
    cuts: tuple[Cut, ...]
    groove_change: bool = False
    changeover_start: int | None = None
    groove_change_start: int | None = None

    @property
    def billets(self) -> int:
        """Number of billets."""
        return sum(cut.count for cut in self.cuts)


@dataclass(frozen=True, slots=True)
class LinePlan:
    """The lots of one line in rolling order."""

    line: str
    lots: tuple[Lot, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """What every line does. Lines without lots may be left out."""

    lines: tuple[LinePlan, ...]
