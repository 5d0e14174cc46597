"""Read the rows of a Gantt chart off a walked schedule."""

from collections.abc import Iterator

from scheduler.arrays import FAR, MILLION
from scheduler.clock import duration
from scheduler.costs import POWER_SLOT
from scheduler.gantt import TIGHT, ActivityBar, DueMark, GanttRows, LineRow, LotBar
from scheduler.mill import TONNE, Series
from scheduler.power_room import held_by_cap
from scheduler.timing import FIRST, LAST, RUN
from scheduler.violations import Case
from scheduler.walk import (
    CHANGE_FROM,
    CHANGE_TO,
    CHARGED,
    GROOVE_CHANGES,
    GROOVE_FROM,
    GROOVE_TO,
    LOT_END,
    LOT_START,
    READY,
    ROLLING,
    TRANSITION,
    WEAR_AFTER,
    WEAR_BEFORE,
)

HOUR = 3600
Window = tuple[int, int]


def gantt_rows(case: Case) -> GanttRows:
    """Return everything a chart of this schedule shows."""
    problem, timeline = case.problem, case.timeline
    lines = tuple(_line_row(case, index) for index in range(len(problem.lines)))
    last = max([0, *(timeline.span(index)[1] for index in range(len(problem.lines)))])
    dues = [order.due_date + 2 * HOUR for order in problem.orders]
    power = case.bill.energy.sum(axis=0) // POWER_SLOT
    return GanttRows(
        name=problem.name,
        origin=problem.origin,
        end=max(last, min(problem.horizon, max([last, *dues])), HOUR),
        currency=problem.currency,
        lines=lines,
        due_marks=tuple(_due_marks(case)),
        price=problem.tariff.electricity,
        power=Series(case.mill.tariff.first_slot, POWER_SLOT, tuple(power.tolist())),
        power_cap=problem.tariff.power_cap,
    )


def _due_marks(case: Case) -> Iterator[DueMark]:
    for order, last in zip(case.problem.orders, case.timeline.last.tolist(), strict=True):
        yield DueMark(order.id, order.due_date, last if last > -FAR else None)


def _line_row(case: Case, line: int) -> LineRow:
    positions = case.timeline.positions(line)
    plant = case.problem.lines[line]
    closures = [ActivityBar(plant.id, c.kind, c.start, c.end) for c in plant.closures]
    changes = [bar for i in positions for bar in _changes(case, line, i)]
    whole = max(0, plant.ready), case.timeline.span(line)[1]
    return LineRow(
        line=plant.id,
        lots=tuple(_lot_bar(case, line, i) for i in positions),
        activities=(*closures, *changes, *_idle(case, line)),
        rolling=sum(int(case.timeline.outcome[i, ROLLING]) for i in positions),
        open_until_end=sum(b - a for a, b in without(whole, _windows(case, line, "idle"))),
    )


def _lot_bar(case: Case, line: int, position: int) -> LotBar:
    problem, lots = case.problem, case.timeline.plan.lots
    row = case.timeline.outcome[position].tolist()
    section = problem.sections[int(lots.section[position])]
    grade = problem.grades[int(lots.grade[position])]
    orders = list(dict.fromkeys(o for cut in case.cuts(position) for o, _ in case.pieces(cut)))
    reserve = {
        o: problem.orders[o].due_date - int(case.timeline.last[o]) for o in _ends(case, position)
    }
    return LotBar(
        line=problem.lines[line].id,
        number=position - case.timeline.positions(line).start + 1,
        section=section.id,
        section_family=section.family,
        grade=grade.id,
        grade_family=grade.family,
        start=row[LOT_START],
        end=row[LOT_END],
        runs=tuple(runs_of(case, position)),
        billets=sum(int(lots.billets[cut]) for cut in case.cuts(position)),
        charged=row[CHARGED],
        orders=tuple(problem.orders[o].id for o in orders),
        late=tuple(problem.orders[o].id for o in orders if reserve.get(o, 0) < 0),
        tight=tuple(problem.orders[o].id for o in orders if 0 <= reserve.get(o, -1) < TIGHT),
        wear_before=MILLION * row[WEAR_BEFORE] // section.groove_life,
        wear_after=MILLION * row[WEAR_AFTER] // section.groove_life,
        temperature=grade.discharge_temperature,
    )


def _ends(case: Case, position: int) -> set[int]:
    """Return the orders whose last billet is rolled in the lot at ``position``."""
    return {o for o in case.orders_of(position).tolist() if case.last_lots[o] == position}


def runs_of(case: Case, position: int) -> list[Window]:
    """Return the uninterrupted (start, end) of a lot; a closure lies between two of them."""
    runs: dict[int, Window] = {}
    for stretch in case.timeline.stretches_of(position).tolist():
        begun = runs.get(stretch[RUN], (stretch[FIRST], 0))[0]
        runs[stretch[RUN]] = (begun, stretch[LAST])
    return list(runs.values())


def _changes(case: Case, line: int, position: int) -> Iterator[ActivityBar]:
    """Return the changeover and groove change before a lot, without the hours in closed time."""
    row = case.timeline.outcome[position].tolist()
    plant = case.problem.lines[line].id
    number = position - case.timeline.positions(line).start + 1
    closed = _windows(case, line, "closed")
    scrap = f"transition scrap {row[TRANSITION] / TONNE:.1f} t" if row[TRANSITION] else ""
    label = "; ".join(filter(None, (change_label(case, line, position), scrap)))
    for a, b in without((row[CHANGE_FROM], row[CHANGE_TO]), closed):
        yield ActivityBar(plant, "changeover", a, b, number, label)
    if row[GROOVE_CHANGES]:
        for a, b in without((row[GROOVE_FROM], row[GROOVE_TO]), closed):
            yield ActivityBar(plant, "groove_change", a, b, number, label)


def change_label(case: Case, line: int, position: int) -> str:
    """Say what changes before a lot: section and grade, nothing when both stay."""
    before = last_rolled(case, line, position)
    lots, problem = case.timeline.plan.lots, case.problem
    section = problem.sections[int(lots.section[position])].id
    grade = problem.grades[int(lots.grade[position])].id
    parts = [
        f"{kind} {old} to {new}"
        for kind, old, new in zip(("section", "grade"), before, (section, grade), strict=True)
        if old is not None and old != new
    ]
    return "; ".join(parts)


def last_rolled(case: Case, line: int, position: int) -> tuple[str | None, str | None]:
    """Return section and grade that the line rolled before ``position``, None where unknown."""
    problem, lots = case.problem, case.timeline.plan.lots
    if position == case.timeline.positions(line).start:
        return problem.lines[line].initial_section, problem.lines[line].initial_grade
    section, grade = int(lots.section[position - 1]), int(lots.grade[position - 1])
    return problem.sections[section].id, problem.grades[grade].id


def _idle(case: Case, line: int) -> Iterator[ActivityBar]:
    """Return what is neither rolling, changing nor a closure, up to the last lot's end."""
    plant = case.problem.lines[line]
    windows = _windows(case, line, "idle")
    free = max(0, plant.ready)
    for i in case.timeline.positions(line):
        row = case.timeline.outcome[i].tolist()
        number = i - case.timeline.positions(line).start + 1
        changing = [(row[CHANGE_FROM], row[CHANGE_TO])]
        if row[GROOVE_CHANGES]:
            changing.append((row[GROOVE_FROM], row[GROOVE_TO]))
        for a, b in without((free, row[LOT_START]), [*changing, *windows]):
            reason = "before the changeover"
            if a >= row[READY]:
                held = held_by_cap(case, i, (a, b))
                reason = "waits for power" if 2 * held > b - a else "waits although ready"
            yield ActivityBar(plant.id, "idle", a, b, number, f"{duration(b - a)}, {reason}")
        free = row[LOT_END]


def _windows(case: Case, line: int, kind: str) -> list[Window]:
    windows = getattr(case.mill, kind)
    low, high = windows.ptr[line], windows.ptr[line + 1]
    return list(zip(windows.start[low:high].tolist(), windows.end[low:high].tolist(), strict=True))


def without(whole: Window, holes: list[Window]) -> list[Window]:
    """Return what is left of [a, b) when ``holes`` are cut out, in order and never empty."""
    left, t = [], whole[0]
    for a, b in sorted(holes):
        if a > t:
            left.append((t, min(a, whole[1])))
        t = max(t, b)
    left.append((t, whole[1]))
    return [(a, b) for a, b in left if a < b]
