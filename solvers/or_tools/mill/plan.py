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
