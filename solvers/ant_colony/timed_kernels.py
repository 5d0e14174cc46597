"""One colony's iterations over timed lines: the part of the timed colonies that runs compiled."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel_in_place
from solvers.ant_colony import random
from solvers.ant_colony.construction import choose
from solvers.ant_colony.pheromone import Trails, reset, update
from solvers.ant_colony.timed_elite import Elite, disband, join, recombine
from solvers.ant_colony.timed_line import Line, settle, total
from solvers.ant_colony.timed_search import Reach, improve, swap_blocks
from solvers.timed_form import FloatArray, TimedForm

SOURCE = 0
BEST = 1
ROUND = 2
LOSS = 3

LOSS_SMOOTHING = 0.02
"""Share of a new loss in the running mean."""


class Candidates(NamedTuple):
    """Successors worth a choice: near (n+1, k) int32, and backup (n+1, b) int32 in reserve."""

    near: NDArray[np.int32]
    backup: NDArray[np.int32]


class TimedAnts(NamedTuple):
    """A colony's lines and state; all arrays are changed in place.

    line: the ant's line. source, best, round_best (n+2,) int32: the nodes that ants change, the
    best since the start, and the best since the last restart; costs (4,): of these
    three, and the running mean of how much worse an ant is that is worse than the source; age
    (1,) int64: iterations since the last restart or better round best. after: scratch for the
    trails' update. random_state (1,) uint64.
    """

    line: Line
    source: NDArray[np.int32]
    best: NDArray[np.int32]
    round_best: NDArray[np.int32]
    costs: FloatArray
    age: NDArray[np.int64]
    after: NDArray[np.int32]
    random_state: NDArray[np.uint64]
    elite: Elite


class TimedRule(NamedTuple):
    """Numbers that steer a colony (see `TimedParams`)."""

    ants: int
    changes: int
    longest_segment: int
    bridge: float
    longest_bridge: int
    reach: Reach
    temperature: float
    persistence: float
    tau_min: float
    patience: int
    loyalty: int


@kernel_in_place
def copy_nodes(source: NDArray[np.int32], target: NDArray[np.int32]) -> None:
    """Copy ``source`` into ``target``."""
    for k in range(source.shape[0]):
        target[k] = source[k]


@kernel_in_place
def place_after(line: Line, place: int, chosen: int, length: int) -> None:
    """Move ``length`` nodes that start at place ``chosen`` right behind ``place``.

    Fewer where the line or the place itself ends the block.
    """
    if chosen > place + 1:
        end = min(chosen + length, line.node.shape[0] - 1)
        swap_blocks(line, place + 1, chosen, chosen, end)
    elif chosen <= place:
        end = min(chosen + length, place)
        if end > chosen:
            swap_blocks(line, chosen, end, end, place + 1)


@kernel_in_place
def change(
    line: Line,
    candidates: Candidates,
    trails: Trails,
    longest: int,
    state: NDArray[np.uint64],
) -> None:
    """Give one node a new successor, chosen by pheromone and heuristic, as `construction.change`.

    A block of at most ``longest`` nodes moves along with the successor.
    """
    n = line.node.shape[0] - 2
    place = random.below(state, n)
    node = choose(candidates, trails, line.node[place], line.node[place + 1], state)
    if node < 0 or node == n:
        return
    chosen = 1
    while line.node[chosen] != node:
        chosen += 1
    place_after(line, place, chosen, 1 + random.below(state, longest))


@kernel_in_place
def bridge(line: Line, longest: int, state: NDArray[np.uint64]) -> None:
    """Let two short blocks near each other change places, which no single move takes back."""
    n = line.node.shape[0] - 2
    a = 1 + random.below(state, n)
    b = min(a + 1 + random.below(state, longest), n)
    c = min(b + random.below(state, longest), n)
    d = min(c + 1 + random.below(state, longest), n + 1)
    if a < b:
        swap_blocks(line, a, b, c, d)


@kernel_in_place
def construct(
    form: TimedForm, candidates: Candidates, trails: Trails, ants: TimedAnts, rule: TimedRule
) -> None:
    """Build the next ant's line from the source."""
    copy_nodes(ants.source, ants.line.node)
    if random.unit(ants.random_state) < rule.bridge:
        bridge(ants.line, rule.longest_bridge, ants.random_state)
    else:
        for _ in range(1 + random.below(ants.random_state, rule.changes)):
            change(ants.line, candidates, trails, rule.longest_segment, ants.random_state)
    settle(form, ants.line, 1)


@kernel_in_place
def accept(ants: TimedAnts, cost: float, temperature: float) -> None:
    """Let the ant's line become the source, the best of the round and the best, as it deserves.

    A worse line becomes the source with probability exp(-(its loss) / temperature), as in
    annealing at a fixed temperature: the source may leave a valley that the ants cannot.
    """
    costs = ants.costs
    luck = -np.log(1.0 - random.unit(ants.random_state))
    if cost <= costs[SOURCE] + luck * temperature:
        costs[SOURCE] = cost
        copy_nodes(ants.line.node, ants.source)
    if cost < costs[ROUND]:
        costs[ROUND] = cost
        copy_nodes(ants.line.node, ants.round_best)
        ants.age[0] = 0
    if cost < costs[BEST]:
        costs[BEST] = cost
        copy_nodes(ants.line.node, ants.best)


@kernel_in_place
def note_loss(ants: TimedAnts, cost: float) -> None:
    """Take an ant of ``cost`` into the running mean of losses, the scale of the temperature."""
    loss = cost - ants.costs[SOURCE]
    if loss > 0.0:
        ants.costs[LOSS] += LOSS_SMOOTHING * (loss - ants.costs[LOSS])


@kernel_in_place
def mark(ants: TimedAnts, candidates: Candidates, trails: Trails, rule: TimedRule) -> None:
    """Evaporate the trails and deposit on the source, or every third time on the round's best."""
    nodes = ants.round_best if ants.age[0] % 3 == 0 else ants.source
    last = len(ants.after) - 1
    for k in range(last):
        ants.after[nodes[k]] = nodes[k + 1]
    ants.after[nodes[last]] = nodes[0]
    update(trails, candidates.near, ants.after, rule.persistence, rule.tau_min)


@kernel_in_place
def shuffle(line: Line, state: NDArray[np.uint64]) -> None:
    """Put the jobs of ``line`` in random order, unsettled and all of it dirty."""
    for place in range(line.node.shape[0] - 2, 1, -1):
        other = 1 + random.below(state, place)
        line.node[place], line.node[other] = line.node[other], line.node[place]
    for node in range(line.dirty.shape[0]):
        line.dirty[node] = True


@kernel_in_place
def restart(form: TimedForm, trails: Trails, ants: TimedAnts, rule: TimedRule) -> None:
    """Let the round's best join the elite, and start a new round with all trails at their limit.

    From a line between two of the elite; while it fills, from a random line. When the elite took
    none of ``loyalty`` lines, only its best stays.
    """
    line, elite, state = ants.line, ants.elite, ants.random_state
    join(elite, ants.round_best, ants.costs[ROUND])
    if elite.idle[0] >= rule.loyalty:
        disband(elite)
    if not recombine(elite, line, state):
        shuffle(line, state)
    settle(form, line, 1)
    improve(form, line, rule.reach)
    reset(trails)
    ants.costs[ROUND] = np.inf
    ants.costs[SOURCE] = np.inf
    accept(ants, total(form, line), 0.0)


@kernel_in_place
def run(
    form: TimedForm,
    candidates: Candidates,
    trails: Trails,
    ants: TimedAnts,
    rule: TimedRule,
    iterations: int,
) -> None:
    """Run ``iterations`` iterations of one colony: ants one after the other, then the trails."""
    for _ in range(iterations):
        for _ant in range(rule.ants):
            construct(form, candidates, trails, ants, rule)
            improve(form, ants.line, rule.reach)
            cost = total(form, ants.line)
            note_loss(ants, cost)
            accept(ants, cost, rule.temperature * ants.costs[LOSS])
        ants.age[0] += 1
        mark(ants, candidates, trails, rule)
        if ants.age[0] >= rule.patience:
            ants.age[0] = 0
            restart(form, trails, ants, rule)
