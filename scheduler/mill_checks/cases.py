"""The orders of a problem, each with what it is made of and on, for the checks to walk through."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.issues import Issue, pointer
from scheduler.mill import Grade, Line, MillProblem, Order, Section, Stock
from scheduler.mill_quantities import MILLION, merged, piece_mass, usable_mass

Windows = list[tuple[int, int]]


class Route:
    """What orders alike in section, grade and eligible lines share; reckoned once for them all.

    usable: g that the billets of each stock row give; largest, smallest: of them. lightest: g of
    the lightest billet. fastest: the line that rolls fastest. windows: (start, end, g/h) of the
    times in which the lines can roll and have billets.
    """

    def __init__(
        self,
        section: Section,
        grade: Grade,
        stock: tuple[Stock, ...],
        lines: tuple[Line, ...],
        horizon: int,
    ) -> None:
        self.section, self.grade, self.stock, self.lines = section, grade, stock, lines
        self.usable = [usable_mass(row, grade, section) for row in stock]
        self.largest = max(self.usable, default=0)
        self.smallest = min(self.usable, default=0)
        self.lightest = min((row.mass for row in stock), default=0)
        self.fastest = max(lines, key=lambda line: line.rate_factor, default=None)
        self.windows = self._windows(horizon) if stock else []

    def _windows(self, horizon: int) -> list[tuple[int, int, int]]:
        ready = [row.available_from for row in self.stock]
        windows = []
        for line in self.lines:
            entry = min(0 if at is None else at + line.furnace.residence for at in ready)
            rate = self.rate(line)
            windows += [(max(a, entry), b, rate) for a, b in open_windows(line, horizon)]
        return [window for window in windows if window[0] < window[1]]

    def rate(self, line: Line) -> int:
        """Return the g/h at which ``line`` rolls here."""
        rates = dict(self.section.rate_by_grade)
        rate = rates.get(self.grade.id, self.section.rate)
        return max(1, rate * line.rate_factor // MILLION)


@dataclass(frozen=True, slots=True)
class Case:
    """An order, its route, and the g of a piece with its kerf (a coil order: 1)."""

    index: int
    order: Order
    route: Route
    unit: int

    def issue(self, code: str, field: str, detail: str, hint: str = "", value: str = "") -> Issue:
        """Return an error at a field of the order; ``a/b`` is field b of its element a."""
        path = ("orders", self.index, *(field.split("/") if field else ()))
        return Issue(code, pointer(*path), detail, value=value, hint=hint, order=self.order.id)


Cases = Sequence[Case]


def cases_of(problem: MillProblem) -> Cases:
    """Return every order with its section, grade, stock rows and eligible lines."""
    sections = {section.id: section for section in problem.sections}
    grades = {grade.id: grade for grade in problem.grades}
    stock: dict[str, list[Stock]] = {grade.id: [] for grade in problem.grades}
    for row in problem.stock:
        if row.count:
            stock[row.grade].append(row)
    routes: dict[tuple[str, str, tuple[str, ...]], Route] = {}

    def case(index: int, order: Order) -> Case:
        key = order.section, order.grade, order.lines
        if (route := routes.get(key)) is None:
            lines = (line for line in problem.lines if not order.lines or line.id in order.lines)
            route = routes[key] = Route(
                sections[order.section],
                grades[order.grade],
                tuple(stock[order.grade]),
                tuple(
                    line for line in lines if not line.sections or order.section in line.sections
                ),
                problem.horizon,
            )
        unit = piece_mass(order, route.section, route.grade) or 1
        return Case(index, order, route, unit)

    return [case(index, order) for index, order in enumerate(problem.orders)]


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
