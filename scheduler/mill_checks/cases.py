"""The orders of a problem, each with what it is made of and on, for the checks to walk through."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import inf
from operator import attrgetter, mul
from typing import Any, NamedTuple

from scheduler.arrays import MILLION
from scheduler.issues import Issue, pointer
from scheduler.mill import Coil, FixedLength, Grade, Line, MillProblem, Order, Section, Stock
from scheduler.mill_checks.plants import of_plant
from scheduler.mill_quantities import cut_mass, merged, usual_rate

Windows = list[tuple[int, int]]


class Steel:
    """What all routes of a grade share: its billets.

    left: different g that scale leaves of the billets, ascending. lightest: g of the lightest
    billet. earliest: s from which there is any, None where some lie there already.
    """

    def __init__(self, grade: Grade, stock: tuple[Stock, ...]) -> None:
        self.grade, self.stock = grade, stock
        masses = {row.mass for row in stock}
        self.left = sorted({mass - mass * grade.scale // MILLION for mass in masses})
        self.lightest = min(masses, default=0)
        coming = [row.available_from for row in stock if row.available_from is not None]
        self.earliest = min(coming) if coming and len(coming) == len(stock) else None


class Route:
    """What orders alike in section, grade and eligible lines share; reckoned once for them all.

    largest, smallest: g of ``usable``. lightest: g of the lightest billet. fastest: the line that
    rolls fastest, at ``fastest_rate`` g/h. longest_piece: mm that the longest cooling bed takes.
    least_wear: ppm of the groove's life that the lightest billet takes. first: (s, g, g/h) of the
    first of ``windows``: its start, what can be rolled in it, and its rate; less than nothing where
    there is none.
    """

    def __init__(
        self,
        section: Section,
        steel: Steel,
        lines: tuple[Line, ...],
        opened: Mapping[str, Windows],
    ) -> None:
        self.section, self.grade, self.stock, self.lines = section, steel.grade, steel.stock, lines
        self._rate = usual_rate(section, steel.grade.id)
        self._left, self._earliest, self._opened = steel.left, steel.earliest, opened
        self.largest = steel.left[-1] - section.crop if steel.left else 0
        self.smallest = steel.left[0] - section.crop if steel.left else 0
        self.lightest = steel.lightest
        self.fastest = max(lines, key=attrgetter("rate_factor"), default=None)
        self.fastest_rate = 1 if self.fastest is None else self.rate(self.fastest)
        beds = [inf if line.cooling_bed is None else line.cooling_bed for line in lines]
        self.longest_piece = max(beds, default=0)
        life = max(1, section.groove_life)
        self.least_wear = -(-self.lightest * MILLION // life)
        start, end, rate = next(self._windows(), (0, -1, 3600))
        self.first = start, (end - start) * rate // 3600, rate

    @property
    def usable(self) -> list[int]:
        """The different g that the billets give, ascending."""
        return [left - self.section.crop for left in self._left]

    @cached_property
    def windows(self) -> list[tuple[int, int, int]]:
        """(start, end, g/h) of the times in which the lines can roll and have billets."""
        return list(self._windows())

    def _windows(self) -> Iterator[tuple[int, int, int]]:
        for line in self.lines if self.stock else ():
            entry = 0 if self._earliest is None else self._earliest + line.furnace.residence
            rate = self.rate(line)
            for start, end in self._opened[line.id]:
                if entry < end:
                    yield max(start, entry), end, rate

    def rate(self, line: Line) -> int:
        """Return the g/h at which ``line`` rolls here."""
        return max(1, self._rate * line.rate_factor // MILLION)


class Case(NamedTuple):
    """An order, its place in the book, its route, and the g of a piece with kerf (of a coil: 1)."""

    number: int
    order: Order
    route: Route
    unit: int

    def issue(self, code: str, field: str, detail: str, hint: str = "", value: str = "") -> Issue:
        """Return an error at a field of the order; ``a/b`` is field b of its element a."""
        path = ("orders", self.number, *(field.split("/") if field else ()))
        return Issue(code, pointer(*path), detail, value=value, hint=hint, order=self.order.id)


class Columns(NamedTuple):
    """Values of all orders, by what they are: a check looks at one or two of each."""

    section: tuple[str, ...]
    grade: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    piece: tuple[FixedLength | Coil, ...]
    target: tuple[int, ...]
    lower: tuple[int, ...]
    upper: tuple[int, ...]
    due_date: tuple[int, ...]
    deadline: tuple[int | None, ...]
    release: tuple[int | None, ...]
    margin: tuple[int, ...]
    shortage: tuple[int, ...]
    weight: tuple[int, ...]
    max_groove_wear: tuple[int, ...]


class Cases(Sequence[Case]):
    """The cases of all orders. What most of them need not be made for is in ``columns``.

    routes, units: of each order. masses: g of the fewest pieces that each may get. needed: sum of
    the masses of each route.
    """

    def __init__(
        self, orders: Sequence[Order], columns: Columns, routes: list[Route], units: list[int]
    ) -> None:
        self.orders, self.columns, self.routes, self.units = orders, columns, routes, units
        self.masses = list(map(mul, columns.lower, units))
        self.needed = dict.fromkeys(routes, 0)
        for route, mass in zip(routes, self.masses, strict=True):
            self.needed[route] += mass

    def __len__(self) -> int:
        """Return how many orders there are."""
        return len(self.orders)

    def __getitem__(self, number: Any) -> Any:
        """Return the case of an order."""
        return Case(number, self.orders[number], self.routes[number], self.units[number])


_values = attrgetter(*Columns._fields)
Key = tuple[str, str, tuple[str, ...]]
"""Section, grade and eligible lines."""


def cases_of(problem: MillProblem) -> Cases:
    """Return every order with its section, grade, stock rows and eligible lines."""
    of = Columns(*zip(*map(_values, problem.orders), strict=True))
    keys = list(zip(of.section, of.grade, of.lines, strict=True))
    known = _routes(problem, dict.fromkeys(keys))
    routes = [known[key] for key in keys]
    units = [
        (isinstance(piece, FixedLength) and cut_mass(piece.length, route.section, route.grade)) or 1
        for piece, route in zip(of.piece, routes, strict=True)
    ]
    return Cases(problem.orders, of, routes, units)


def _routes(problem: MillProblem, keys: Iterable[Key]) -> dict[Key, Route]:
    stock: dict[str, list[Stock]] = {grade.id: [] for grade in problem.grades}
    for row in problem.stock:
        if row.count:
            stock[row.grade].append(row)
    steels = {grade.id: Steel(grade, tuple(stock[grade.id])) for grade in problem.grades}
    opened = {line.id: open_windows(line, problem.horizon) for line in problem.lines}
    sections = _named(problem.sections)

    def route(section: str, grade: str, names: tuple[str, ...]) -> Route:
        lines = (line for line in problem.lines if not names or line.id in names)
        rolling = tuple(line for line in lines if not line.sections or section in line.sections)
        return Route(sections[section], steels[grade], rolling, opened)

    return {key: route(*key) for key in keys}


@of_plant
def _named(sections: tuple[Section, ...]) -> dict[str, Section]:
    return {section.id: section for section in sections}


def open_windows(line: Line, horizon: int) -> Windows:
    """Return the times of the horizon in which the line can roll."""
    windows = []
    t = max(0, line.ready)
    for start, end in merged((c.start, c.end) for c in line.closures if c.end > c.start):
        if start > t:
            windows.append((t, min(start, horizon)))
        t = max(t, end)
    windows.append((t, horizon))
    return [(start, end) for start, end in windows if start < end]


def open_seconds(line: Line, horizon: int) -> int:
    """Return the s of the horizon in which the line can roll."""
    return sum(end - start for start, end in open_windows(line, horizon))
