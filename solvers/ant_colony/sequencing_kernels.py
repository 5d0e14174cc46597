"""One colony's iterations over tours: the part of the sequencing colony that runs compiled."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel_in_place
from solvers.ant_colony import random
from solvers.ant_colony.construction import change
from solvers.ant_colony.local_search import Graph, Queue, Tour, or_3opt
from solvers.ant_colony.pheromone import Trails, reset, update


class Ants(NamedTuple):
    """A colony's tours and state; all arrays are changed in place.

    ant: the tour under construction; source: the tour that ants change; iteration: the best of
    the running iteration; best: the best since the start.
    costs (3,) int64: of source, iteration best, best; age (1,) int64: iterations since the
    source last improved; ``random_state`` (1,) uint64; spare (n,) int32 scratch.
    """

    ant: Tour
    source: Tour
    iteration: Tour
    best: Tour
    costs: NDArray[np.int64]
    age: NDArray[np.int64]
    queue: Queue
    random_state: NDArray[np.uint64]
    spare: NDArray[np.int32]


class Rule(NamedTuple):
    """Numbers that steer a colony (see `ColonyParams`)."""

    ants: int
    changes: int
    longest_segment: int
    persistence: float
    tau_min: float
    patience: int
    kicks: int


SOURCE = 0
ITERATION = 1
BEST = 2


@kernel_in_place
def copy_tour(source: Tour, target: Tour) -> None:
    """Copy ``source`` into ``target``."""
    for k in range(len(source.node)):
        target.node[k] = source.node[k]
        target.place[k] = source.place[k]


@kernel_in_place
def construct(graph: Graph, trails: Trails, colony: Ants, rule: Rule) -> int:
    """Build the next ant's tour from the source, improve it, and return its cost."""
    copy_tour(colony.source, colony.ant)
    cost = colony.costs[SOURCE]
    state = colony.random_state
    a = random.below(state, len(colony.ant.node))
    for _ in range(rule.changes):
        rise, a = change(
            graph, trails, colony.ant, a, rule.longest_segment, colony.queue, colony.spare, state
        )
        cost += rise
    return cost - or_3opt(graph, colony.ant, colony.queue, colony.spare)


@kernel_in_place
def iterate(graph: Graph, trails: Trails, colony: Ants, rule: Rule) -> None:
    """Run one iteration: all ants, then the choice of the source, then the trails."""
    colony.costs[ITERATION] = np.int64(2**62)
    for _ in range(rule.ants):
        cost = construct(graph, trails, colony, rule)
        if cost < colony.costs[ITERATION]:
            colony.costs[ITERATION] = cost
            copy_tour(colony.ant, colony.iteration)
    colony.age[0] += 1
    if colony.costs[ITERATION] <= colony.costs[SOURCE]:
        if colony.costs[ITERATION] < colony.costs[SOURCE]:
            colony.age[0] = 0
        copy_tour(colony.iteration, colony.source)
        colony.costs[SOURCE] = colony.costs[ITERATION]
    if colony.costs[SOURCE] < colony.costs[BEST]:
        copy_tour(colony.source, colony.best)
        colony.costs[BEST] = colony.costs[SOURCE]
    update(trails, graph, colony.source, rule.persistence, rule.tau_min)


@kernel_in_place
def restart(graph: Graph, trails: Trails, colony: Ants, rule: Rule) -> None:
    """Forget all trails and go on from the best tour after ``kicks`` random changes at once."""
    reset(trails)
    copy_tour(colony.best, colony.source)
    cost = colony.costs[BEST]
    state = colony.random_state
    for _ in range(rule.kicks):
        a = random.below(state, len(colony.source.node))
        rise, _ = change(
            graph, trails, colony.source, a, rule.longest_segment, colony.queue, colony.spare, state
        )
        cost += rise
    colony.costs[SOURCE] = cost - or_3opt(graph, colony.source, colony.queue, colony.spare)
    colony.age[0] = 0


@kernel_in_place
def run(graph: Graph, trails: Trails, colony: Ants, rule: Rule, iterations: int) -> None:
    """Run ``iterations`` iterations of one colony."""
    for _ in range(iterations):
        iterate(graph, trails, colony, rule)
        if colony.age[0] >= rule.patience:
            restart(graph, trails, colony, rule)
