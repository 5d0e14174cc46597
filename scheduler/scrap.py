"""Scrap figures beside the cost terms: scale, what is delivered, and the crop nobody can avoid."""

from collections import defaultdict

import numpy as np

from scheduler.arrays import MILLION, MillArrays
from scheduler.evaluation import Evaluation
from scheduler.mill import MillProblem
from scheduler.mill_arrays import arrays_of
from scheduler.terms import TRIM
from scheduler.timeline import Timeline


def scale(problem: MillProblem, timeline: Timeline) -> int:
    """Return the g that the charged billets lose as scale."""
    lots = timeline.plan.lots
    rates = {grade.id: grade.scale for grade in problem.grades}
    lost = [row.mass * rates[row.grade] // MILLION for row in problem.stock]
    return sum(lost[k] * n for k, n in zip(lots.stock.tolist(), lots.billets.tolist(), strict=True))


def delivered(mill: MillArrays, timeline: Timeline) -> int:
    """Return the g made for orders, without what lies above their upper bounds."""
    useful = np.minimum(timeline.made, mill.orders.upper)
    return int((useful * mill.orders.unit).sum())


def trim(evaluation: Evaluation) -> int:
    """Return the g of crop, cut, transition and surplus scrap together."""
    return sum(evaluation.terms[kind].amount for kind in TRIM)


def unavoidable_crop(problem: MillProblem) -> int:
    """Return the g of crop of the fewest billets that could make the book.

    docs/problem.md, section 5: a (grade, section) pair whose orders need D g takes at least
    ceil(D / u) billets, u being the largest usable mass among its grade's stock.
    """
    mill = arrays_of(problem)
    needed: dict[tuple[int, int], int] = defaultdict(int)
    orders = mill.orders
    for o in range(len(problem.orders)):
        pair = int(orders.grade[o]), int(orders.section[o])
        needed[pair] += int(orders.lower[o] * orders.unit[o])
    crop = 0
    for (grade, section), mass in needed.items():
        usable = mill.usable[mill.stock.grade == grade, section]
        if len(usable) and usable.max() > 0:
            crop += -(-mass // int(usable.max())) * problem.sections[section].crop
    return crop
