"""docs/problem.md, sections 2 and 3: masses, changeovers, the clock, billet by billet."""

from dataclasses import dataclass, field
from fractions import Fraction

from scheduler.mill import Changeovers, Coil, Line, MillProblem, Order, Section
from scheduler.schedule import Cut, Lot, Schedule


@dataclass
class Billet:
    """One billet, rolled in [start, end)."""

    cut: Cut
    start: int
    end: int
    wear: int
    """Charged mass on the groove since its last change, this billet included."""


@dataclass
class RolledLot:
    """A lot with its changes and billets on the clock."""

    line: Line
    lot: Lot
    ready: int
    changeover: int
    scrap: int
    forbidden: int
    section_change: bool
    grade_change: bool
    billets: list[Billet] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.billets[-1].end


@dataclass
class Rolled:
    """What happens: per line id, its lots in order (lines without lots: an empty list)."""

    lots: dict[str, list[RolledLot]]

    def all(self) -> list[RolledLot]:
        return [lot for lots in self.lots.values() for lot in lots]

    def billets_of(self, order: str) -> list[tuple[RolledLot, Billet]]:
        """Billets that carry a piece of the order."""
        return [
            (lot, billet)
            for lot in self.all()
            for billet in lot.billets
            if order in dict(billet.cut.pieces)
        ]

    def first(self, order: str) -> int | None:
        return min((b.start for _, b in self.billets_of(order)), default=None)

    def last(self, order: str) -> int | None:
        return max((b.end for _, b in self.billets_of(order)), default=None)


def by_id(elements, wanted: str):
    return next(element for element in elements if element.id == wanted)


def ceil_div(a: int, b: int) -> int:
    return -((-a) // b)


def piece_mass(problem: MillProblem, order: Order) -> int:
    """Mass of one piece with its kerf, g; 0 for coils."""
    if isinstance(order.piece, Coil):
        return 0
    section = by_id(problem.sections, order.section)
    density = by_id(problem.grades, order.grade).density
    length = order.piece.length + section.kerf
    return round(Fraction(length * section.mass_per_metre * density, 1000 * 7850))


def usable_mass(problem: MillProblem, stock_id: str, section_id: str) -> int:
    """Mass of a billet less scale and crop, g."""
    stock = by_id(problem.stock, stock_id)
    scale = stock.mass * by_id(problem.grades, stock.grade).scale // 1_000_000
    return stock.mass - scale - by_id(problem.sections, section_id).crop


def merged(windows: list[tuple[int, int]]) -> list[tuple[int, int]]:
    result: list[tuple[int, int]] = []
    for start, end in sorted(windows):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def closed_windows(line: Line) -> list[tuple[int, int]]:
    return merged([(c.start, c.end) for c in line.closures if c.kind in ("closed", "delay")])


def all_windows(line: Line) -> list[tuple[int, int]]:
    return merged([(c.start, c.end) for c in line.closures])


def advance(t: int, work: int, windows: list[tuple[int, int]]) -> int:
    for start, end in windows:
        if work == 0:
            return t
        if end <= t:
            continue
        possible = max(0, start - t)
        if work <= possible:
            return t + work
        work -= possible
        t = end
    return t + work


def change(changes: Changeovers, elements, a: str | None, b: str) -> tuple[int, int, bool]:
    """Return (time, scrap, forbidden) of changing a to b; nothing when equal or unknown."""
    if a is None or a == b:
        return 0, 0, False
    families = by_id(elements, a).family, by_id(elements, b).family
    listed = [c for c in changes.pairs if (c.source, c.target) == (a, b)]
    listed += [c for c in changes.by_family if (c.source, c.target) == families]
    return (0, 0, True) if listed[0].forbidden else (listed[0].time, listed[0].scrap, False)


def ramp(line: Line, a: int | None, b: int) -> int:
    if a is None:
        return 0
    if b > a:
        return ceil_div(60 * (b - a), line.furnace.heating_rate)
    return ceil_div(60 * (a - b), line.furnace.cooling_rate)


def roll(problem: MillProblem, schedule: Schedule) -> Rolled:
    """Put the whole schedule on the clock."""
    rolled = Rolled({line.id: [] for line in problem.lines})
    for plan in schedule.lines:
        line = by_id(problem.lines, plan.line)
        for lot in plan.lots:
            before = rolled.lots[line.id]
            result = prepared(problem, line, lot, before[-1] if before else None)
            result.billets = billets(problem, line, lot, before)
            before.append(result)
    return rolled


def prepared(problem: MillProblem, line: Line, lot: Lot, last: RolledLot | None) -> RolledLot:
    """The changes before a lot, and when the line is ready for it."""
    section, grade = line.initial_section, line.initial_grade
    temperature, free = line.initial_temperature, line.ready
    if last:
        section, grade, free = last.lot.section, last.lot.grade, last.end
        temperature = by_id(problem.grades, grade).discharge_temperature
    s_time, s_scrap, s_bad = change(problem.section_changes, problem.sections, section, lot.section)
    g_time, g_scrap, g_bad = change(problem.grade_changes, problem.grades, grade, lot.grade)
    target = by_id(problem.grades, lot.grade).discharge_temperature
    time = max(s_time, g_time, ramp(line, temperature, target))
    scrap = s_scrap + g_scrap

    closed = closed_windows(line)
    begin = free if lot.changeover_start is None else max(free, lot.changeover_start)
    ready = max(free, advance(begin, time, closed))
    if lot.groove_change:
        groove = by_id(problem.sections, lot.section)
        begin = free if lot.groove_change_start is None else max(free, lot.groove_change_start)
        ready = max(ready, advance(begin, groove.groove_change_time, closed))
        scrap += groove.groove_change_scrap
    return RolledLot(
        line,
        lot,
        ready,
        changeover=time,
        scrap=scrap,
        forbidden=s_bad + g_bad,
        section_change=section is not None and section != lot.section,
        grade_change=grade is not None and grade != lot.grade,
    )


def rate_of(line: Line, section: Section, grade: str) -> int:
    return dict(section.rate_by_grade).get(grade, section.rate) * line.rate_factor // 1_000_000


def billets(problem: MillProblem, line: Line, lot: Lot, before: list[RolledLot]) -> list[Billet]:
    rate = rate_of(line, by_id(problem.sections, lot.section), lot.grade)
    wear = wear_before(line, lot, before)
    run, charged = lot.start, 0
    result: list[Billet] = []
    for cut in lot.cuts:
        mass = by_id(problem.stock, cut.stock).mass
        for _ in range(cut.count):
            blocked = True
            while blocked:
                start = run + 3600 * charged // rate
                end = run + 3600 * (charged + mass) // rate
                blocked = False
                for u, v in all_windows(line):
                    if result and start < v and u < end:
                        run, charged, blocked = v, 0, True
                        break
            charged += mass
            wear += mass
            result.append(Billet(cut, start, end, wear))
    return result


def wear_before(line: Line, lot: Lot, before: list[RolledLot]) -> int:
    if lot.groove_change:
        return 0
    for earlier in reversed(before):
        if earlier.lot.section == lot.section:
            return earlier.billets[-1].wear
    return dict(line.initial_wear).get(lot.section, 0)
