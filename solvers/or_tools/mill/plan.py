"""From the model's values to a schedule, and from a schedule to a hint."""

from collections.abc import Callable

from scheduler.schedule import LinePlan, Lot, Schedule
from solvers.or_tools.mill.model import Literal, MillModel, Visit

Value = Callable[[Literal], int]


def schedule_of(model: MillModel, value: Value) -> Schedule:
    """Return the schedule that the model's values describe."""
    plans = []
    for route in model.routes:
        visits = [model.visits[i] for i in route.visits if value(model.visits[i].present)]
        lots = sorted((lot_of(model, visit, value) for visit in visits), key=lambda lot: lot.start)
        plans.append(LinePlan(model.problem.lines[route.line].id, tuple(lots)))
    return Schedule(tuple(plan for plan in plans if plan.lots))


def lot_of(model: MillModel, visit: Visit, value: Value) -> Lot:
    """Return the lot of a present visit."""
    k = next(k for k, literal in enumerate(visit.chosen) if value(literal))
    return Lot(
        start=int(visit.options.start[k]),
        section=model.problem.sections[visit.candidate.section].id,
        grade=model.problem.grades[visit.candidate.grade].id,
        cuts=visit.candidate.contents[int(visit.options.content[k])],
        groove_change=bool(value(visit.groove)),
    )


def add_hint(model: MillModel, plan: Schedule) -> None:
    """Hint ``plan`` as well as the model can say it; a lot it does not have is left out."""
    taken: dict[int, tuple[int, bool]] = {}
    for line in plan.lines:
        for lot in line.lots:
            if (found := nearest(model, line.line, lot, taken)) is not None:
                taken[found[0]] = (found[1], lot.groove_change)
    for i, visit in enumerate(model.visits):
        option, groove = taken.get(i, (-1, False))
        model.cp.add_hint(visit.present, i in taken)
        model.cp.add_hint(visit.groove, groove)
        for k, literal in enumerate(visit.chosen):
            model.cp.add_hint(literal, k == option)


def nearest(
    model: MillModel, line: str, lot: Lot, taken: dict[int, tuple[int, bool]]
) -> tuple[int, int] | None:
    """Return (visit, option) with the lot's contents and the first start from its own on."""
    best: tuple[int, int, int] | None = None
    for i, visit in enumerate(model.visits):
        if i in taken or model.problem.lines[visit.candidate.line].id != line:
            continue
        if lot.cuts not in visit.candidate.contents:
            continue
        content = visit.candidate.contents.index(lot.cuts)
        later = (visit.options.content == content) & (visit.options.start >= lot.start)
        for k in later.nonzero()[0][:1].tolist():
            late = int(visit.options.start[k]) - lot.start
            if best is None or late < best[0]:
                best = (late, i, k)
    return None if best is None else (best[1], best[2])
