"""One colony's iterations over tours: the part of the sequencing colony that runs compiled.

A colony works in rounds. Each starts from the best tour or from where the last one ended, either
hot, so that worse ants may become the source as in annealing, or cold after random changes (a
kick). Kicks of the best find optima among many forbidden arcs, where roaming drifts past them;
roaming does better on long tours. So half of the colonies do the one and half the other. Under
precedence none roams: there kicks do best, gentle ones on some problems and strong ones on others.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel_in_place
from solvers.ant_colony import random
from solvers.ant_colony.construction import change
from solvers.ant_colony.local_search import Graph, Queue, Tour
from solvers.ant_colony.or_3opt import or_3opt
from solvers.ant_colony.pheromone import Trails, reset, update

SOURCE = 0
BEST = 1
ITERATION = 2

STALE = 0
ROUND = 1

START = 0
LOSS = 1

LOSS_SMOOTHING = 0.001
"""Share of a new loss in the running mean."""
LARGEST_LOSS = 20.0
"""Most of a loss that counts, in running means."""


class Ants(NamedTuple):
    """A colony's tours and state; all arrays are changed in place.

    ant: the tour under construction; source: the tour that ants change; best: the best since the
    start; iteration: the best of the running iteration. costs (3,) int64: of source, best and
    iteration; age (2,) int64: iterations of a cold round since the source last improved, and
    iterations of the round; heat (2,): temperature at the start of the round, and the running mean
    of how much worse an ant is that is worse than the source; ``random_state`` (1,) uint64;
    chain: scratch of the local search.
    """

    ant: Tour
    source: Tour
    best: Tour
    iteration: Tour
    costs: NDArray[np.int64]
    age: NDArray[np.int64]
    heat: NDArray[np.float64]
    queue: Queue
    random_state: NDArray[np.uint64]
    chain: NDArray[np.int32]


class Rule(NamedTuple):
    """Numbers that steer a colony: `ColonyParams`, as whole iterations and changes of a tour.

    penalty: cost of a forbidden arc; a loss as large says nothing about the other arcs.
    roaming: whether rounds may be hot and may go on from where the last one ended.
    """

    ants: int
    changes: int
    longest_segment: int
    persistence: float
    tau_min: float
    patience: int
    kicks: int
    cooling: int
    hottest: float
    coldest: float
    penalty: int
    roaming: bool


@kernel_in_place
def copy_tour(source: Tour, target: Tour) -> None:
    """Copy ``source`` into ``target``."""
    for k in range(len(source.after)):
        target.after[k] = source.after[k]
        target.before[k] = source.before[k]
        target.leg[k] = source.leg[k]
        target.tag[k] = source.tag[k]


@kernel_in_place
def construct(graph: Graph, trails: Trails, colony: Ants, rule: Rule) -> int:
    """Build the next ant's tour from the source, improve it, and return its cost."""
    copy_tour(colony.source, colony.ant)
    cost = colony.costs[SOURCE]
    state = colony.random_state
    a = random.below(state, len(colony.ant.after))
    for _ in range(rule.changes):
        rise, a = change(graph, trails, colony.ant, a, rule.longest_segment, colony.queue, state)
        cost += rise
    return cost - or_3opt(graph, colony.ant, colony.queue, colony.chain)


@kernel_in_place
def note_loss(heat: NDArray[np.float64], loss: float) -> None:
    """Take a ``loss`` above 0 into the running mean of losses, the scale of temperatures."""
    if heat[LOSS] == 0.0:
        heat[LOSS] = loss
    heat[LOSS] += LOSS_SMOOTHING * (min(loss, LARGEST_LOSS * heat[LOSS]) - heat[LOSS])


@kernel_in_place
def accept(colony: Ants, tour: Tour, cost: int, temperature: float, penalty: int) -> None:
    """Let ``tour`` become the source, and the best, as it deserves.

    A worse tour becomes the source with probability exp(-(its loss) / ``temperature``).
    """
    loss = np.float64(cost - colony.costs[SOURCE])
    if loss > 0.0:
        if loss < penalty:
            note_loss(colony.heat, loss)
        if loss > -np.log(1.0 - random.unit(colony.random_state)) * temperature:
            return
    elif loss < 0.0:
        colony.age[STALE] = 0
    copy_tour(tour, colony.source)
    colony.costs[SOURCE] = cost
    if cost < colony.costs[BEST]:
        copy_tour(tour, colony.best)
        colony.costs[BEST] = cost


@kernel_in_place
def iterate(graph: Graph, trails: Trails, colony: Ants, rule: Rule) -> None:
    """Run one iteration: all ants, then the trails.

    Of a roaming colony every ant may become the next one's source, of others only the best.
    """
    colony.age[STALE] += 1
    colony.age[ROUND] += 1
    temperature = colony.heat[START] * (1.0 - colony.age[ROUND] / rule.cooling)
    if temperature > 0.0:
        colony.age[STALE] = 0
    colony.costs[ITERATION] = np.int64(2**62)
    for _ in range(rule.ants):
        cost = construct(graph, trails, colony, rule)
        if rule.roaming:
            accept(colony, colony.ant, cost, max(0.0, temperature), rule.penalty)
        elif cost < colony.costs[ITERATION]:
            copy_tour(colony.ant, colony.iteration)
            colony.costs[ITERATION] = cost
    if not rule.roaming:
        accept(colony, colony.iteration, colony.costs[ITERATION], 0.0, rule.penalty)
    update(trails, graph.near, colony.source.after, rule.persistence, rule.tau_min)


@kernel_in_place
def kick(graph: Graph, trails: Trails, colony: Ants, rule: Rule) -> None:
    """Make random changes to the source and improve it; roaming colonies mostly make fewer."""
    state = colony.random_state
    changes = rule.kicks
    while rule.roaming and changes > rule.changes and random.below(state, 3) > 0:
        changes //= 2
    source = colony.source
    for _ in range(max(changes, rule.changes)):
        a = random.below(state, len(source.after))
        rise, _ = change(graph, trails, source, a, rule.longest_segment, colony.queue, state)
        colony.costs[SOURCE] += rise
    colony.costs[SOURCE] -= or_3opt(graph, source, colony.queue, colony.chain)


@kernel_in_place
def start_round(graph: Graph, trails: Trails, colony: Ants, rule: Rule) -> None:
    """Forget all trails, and leave the valley of the source by heat or by a kick.

    A colony that does not roam kicks its best tour; one that does decides by lot.
    """
    reset(trails)
    state = colony.random_state
    if not rule.roaming or random.below(state, 2) == 0:
        copy_tour(colony.best, colony.source)
        colony.costs[SOURCE] = colony.costs[BEST]
    colony.age[STALE] = 0
    colony.age[ROUND] = 0
    if rule.roaming and random.below(state, 2) == 0:
        span = np.log(rule.hottest / rule.coldest)
        colony.heat[START] = rule.coldest * np.exp(span * random.unit(state)) * colony.heat[LOSS]
    else:
        colony.heat[START] = 0.0
        kick(graph, trails, colony, rule)
        if colony.costs[SOURCE] < colony.costs[BEST]:
            copy_tour(colony.source, colony.best)
            colony.costs[BEST] = colony.costs[SOURCE]


@kernel_in_place
def run(graph: Graph, trails: Trails, colony: Ants, rule: Rule, iterations: int) -> None:
    """Run ``iterations`` iterations of one colony."""
    for _ in range(iterations):
        iterate(graph, trails, colony, rule)
        if colony.age[STALE] >= rule.patience:
            start_round(graph, trails, colony, rule)
