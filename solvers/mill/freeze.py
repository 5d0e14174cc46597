"""What is frozen: lots that stay, and what they leave to be made."""

from scheduler.arrays import IntArray, MillArrays
from scheduler.mill import MillProblem
from scheduler.plan_arrays import plan_arrays
from scheduler.schedule import LinePlan, Lot, Schedule
from scheduler.timeline import Timeline, walk


def frozen_lots(problem: MillProblem) -> tuple[tuple[Lot, ...], ...]:
    """Return the frozen lots of every line."""
    freeze = problem.freeze
    if freeze is None:
        return tuple(() for _ in problem.lines)
    plans = {plan.line: plan.lots for plan in freeze.schedule.lines}
    return tuple(tuple(filter(freeze.holds, plans.get(line.id, ()))) for line in problem.lines)


def frozen_schedule(problem: MillProblem) -> Schedule:
    """Return the frozen lots as a schedule."""
    plans = map(LinePlan, (line.id for line in problem.lines), frozen_lots(problem))
    return Schedule(tuple(plan for plan in plans if plan.lots))


def frozen_timeline(problem: MillProblem, mill: MillArrays) -> Timeline:
    """Return the walk over the frozen lots."""
    return walk(mill, plan_arrays(problem, frozen_schedule(problem)))


def frozen_made(problem: MillProblem, mill: MillArrays) -> IntArray:
    """Return what the frozen lots make of each order: pieces, or g of coils."""
    return frozen_timeline(problem, mill).made
