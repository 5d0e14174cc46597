"""Time in pieces: fine ones for energy and heats, coarse ones for lots and due dates."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from scheduler.arrays import FAR, MillArrays
from scheduler.costs import POWER_SLOT
from scheduler.mill import MillProblem

WIDTHS = (900, 1800, 3600, 7200, 14_400, 28_800, 86_400)


@dataclass(frozen=True, slots=True)
class Piece:
    """The seconds [start, end); ``coarse`` is the number of the coarse piece they lie in."""

    start: int
    end: int
    coarse: int

    @property
    def length(self) -> int:
        """Seconds."""
        return self.end - self.start


@dataclass(frozen=True)
class Grid:
    """The horizon cut into fine pieces; coarse piece d is [edge[d], edge[d + 1])."""

    fine: tuple[Piece, ...]
    edge: tuple[int, ...]

    @property
    def coarse(self) -> range:
        """Numbers of the coarse pieces."""
        return range(len(self.edge) - 1)

    def inside(self, d: int) -> list[int]:
        """Return the fine pieces of coarse piece ``d``."""
        return self._inside[d]

    @cached_property
    def _inside(self) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in self.coarse]
        for b, piece in enumerate(self.fine):
            found[piece.coarse].append(b)
        return found


def grid_of(problem: MillProblem, mill: MillArrays, fine: int, most: int) -> Grid:
    """Return the grid: coarse edges at due dates, fine ones at the clock and at closures.

    ``fine`` and ``most``: how many fine pieces there are about, and coarse ones at most.
    """
    horizon, first = problem.horizon, mill.tariff.first_slot
    width = next((w for w in WIDTHS if horizon <= w * fine), WIDTHS[-1])
    width = max(width, POWER_SLOT * -(-horizon // (POWER_SLOT * fine)))
    coarse = coarse_edges(problem, most)
    edges = {0, horizon, *coarse}
    edges |= set(range(first % width, horizon, width))
    for window in (*mill.idle.start.tolist(), *mill.idle.end.tolist()):
        edges.add(min(max(0, window), horizon))
    ordered = sorted(edges)
    pieces, d = list[Piece](), 0
    for start, end in pairwise(ordered):
        while coarse[d + 1] <= start:
            d += 1
        pieces.append(Piece(start, end, d))
    return Grid(tuple(pieces), tuple(coarse))


def coarse_edges(problem: MillProblem, most: int) -> list[int]:
    """Return 0, due dates and the horizon's end: at most ``most`` pieces, as many as can be.

    Of too many due dates those go that come soonest after the one before; where they are too few,
    the longest pieces are halved.
    """
    horizon = problem.horizon
    dates = sorted({o.due_date for o in problem.orders if 0 < o.due_date < horizon})
    while len(dates) > most - 1:
        gaps = [b - a for a, b in pairwise([0, *dates])]
        del dates[min(range(len(dates)), key=gaps.__getitem__)]
    edges = [0, *dates, horizon]
    while len(edges) <= most:
        gaps = [b - a for a, b in pairwise(edges)]
        widest = max(range(len(gaps)), key=gaps.__getitem__)
        if gaps[widest] < 2:
            break
        edges.insert(widest + 1, (edges[widest] + edges[widest + 1]) // 2)
    return edges


def far(value: int) -> bool:
    """Whether an instant or mass stands for "no limit"."""
    return abs(value) >= FAR // 2
