"""Lots moved off the grid, to where their line is ready for them."""

from dataclasses import replace

from scheduler.evaluation import Evaluation, evaluate
from scheduler.mill import MillProblem
from scheduler.mill_arrays import arrays_of, index_of
from scheduler.schedule import LinePlan, Schedule
from scheduler.timeline import timeline_of
from scheduler.timing import MASS, first_fit
from scheduler.walk import READY

CLOSE_UP = 12
"""Lots of a line that are tried at an earlier start."""


def closed_up(problem: MillProblem, plan: Schedule, best: Evaluation, after: int) -> Schedule:
    """Return the plan with lots moved off the grid to where their line is ready, if cheaper.

    Tried are the first lots of each line that start from ``after`` (s) on.
    """
    for line, lots in enumerate(plan.lines):
        later = [n for n, lot in enumerate(lots.lots) if lot.start >= after]
        for number in later[:CLOSE_UP]:
            earlier = started_when_ready(problem, plan, line, number)
            evaluation = evaluate(problem, earlier)
            if evaluation.feasible and evaluation.cost < best.cost:
                plan, best = earlier, evaluation
    return plan


def started_when_ready(problem: MillProblem, plan: Schedule, line: int, number: int) -> Schedule:
    """Return the plan with one lot started as soon as its line is ready and open."""
    mill, timeline = arrays_of(problem), timeline_of(problem, plan)
    plant = index_of(problem.lines)[plan.lines[line].line]
    position = timeline.positions(plant)[number]
    stretch = timeline.stretches_of(position)[0]
    lot = plan.lines[line].lots[number]
    rate = mill.rate[
        plant, timeline.plan.lots.section[position], timeline.plan.lots.grade[position]
    ]
    length = 3600 * int(stretch[MASS]) // int(rate)
    ready = int(timeline.outcome[position, READY])
    start = min(lot.start, first_fit(mill.idle, plant, max(0, ready), length))
    lots = list(plan.lines[line].lots)
    lots[number] = replace(lot, start=int(start))
    lines = list(plan.lines)
    lines[line] = LinePlan(lines[line].line, tuple(lots))
    return Schedule(tuple(lines))
