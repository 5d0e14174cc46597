"""One colony's iterations towards a front: ants as for one cost, and an archive that they fill."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel_in_place
from solvers.ant_colony.archive import Archive, offer
from solvers.ant_colony.pheromone import Trails
from solvers.ant_colony.timed_kernels import (
    ROUND,
    SOURCE,
    Candidates,
    TimedAnts,
    TimedRule,
    accept,
    construct,
    copy_nodes,
    mark,
)
from solvers.ant_colony.timed_line import forget_optima, settle, total
from solvers.ant_colony.timed_search import step
from solvers.timed_form import TimedForm


class Objectives(NamedTuple):
    """What archived values are: late cost / ``late_unit``, link cost. values (2,) is scratch."""

    late_unit: float
    values: NDArray[np.float64]


@kernel_in_place
def report(archive: Archive, objectives: Objectives, ants: TimedAnts) -> bool:
    """Offer the ant's line to the archive; return whether it was added."""
    objectives.values[0] = ants.line.cost[-1] / objectives.late_unit
    objectives.values[1] = ants.line.links[-1]
    return offer(archive, objectives.values, ants.line.node)


@kernel_in_place
def descend(
    form: TimedForm, archive: Archive, objectives: Objectives, ants: TimedAnts, rule: TimedRule
) -> None:
    """Improve the ant's line under the goal; offer it and every line on the way to the archive.

    Points in a dent of the front are best for no weighted sum, but descents pass them.
    """
    report(archive, objectives, ants)
    place = 1
    while place > 0:
        place = step(form, ants.line, rule.reach, place)
        report(archive, objectives, ants)


@kernel_in_place
def start_from(
    form: TimedForm, archive: Archive, objectives: Objectives, ants: TimedAnts, rule: TimedRule
) -> None:
    """Make ``ants.source`` the source under the goal that ``form`` now states, improved for it.

    Both are offered: the improved one need not cover the one given, a point of a warm start.
    """
    line = ants.line
    forget_optima(line)
    copy_nodes(ants.source, line.node)
    for node in range(line.dirty.shape[0]):
        line.dirty[node] = True
    settle(form, line, 1)
    descend(form, archive, objectives, ants, rule)
    ants.costs[SOURCE] = np.inf
    ants.costs[ROUND] = np.inf
    ants.age[0] = 0
    accept(ants, total(form, line), 0.0)


@kernel_in_place
def run_episode(
    form: TimedForm,
    candidates: Candidates,
    trails: Trails,
    ants: TimedAnts,
    rule: TimedRule,
    archive: Archive,
    objectives: Objectives,
    iterations: int,
) -> None:
    """Run ``iterations`` iterations under one goal."""
    start_from(form, archive, objectives, ants, rule)
    for _ in range(iterations):
        for _ant in range(rule.ants):
            construct(form, candidates, trails, ants, rule)
            descend(form, archive, objectives, ants, rule)
            accept(ants, total(form, ants.line), rule.temperature)
        ants.age[0] += 1
        mark(ants, candidates, trails, rule)
