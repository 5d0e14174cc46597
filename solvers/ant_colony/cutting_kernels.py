"""One cutting colony's iterations, compiled: trails on pairs of item types in one unit.

The trail of Levine and Ducatelle (2004): how good it is to have pieces of types i and j in one
unit. Construction is focused (Skinderowicz 2022): an ant opens a few units of a source plan, led
by the trails to pieces that should be together, packs their pieces anew and improves around them.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel_in_place
from solvers.ant_colony import random
from solvers.ant_colony.cutting_search import exchange_pieces
from solvers.ant_colony.cutting_units import (
    Cutting,
    Units,
    copy_units,
    drop_unit,
    families_fit,
    kind_of,
    put,
    total_score,
)
from solvers.ant_colony.local_search import Queue, push
from solvers.ant_colony.pheromone import TAU_MAX

SMALLEST_GAIN = 1e-12
SOURCE, BEST = 0, 1


class CuttingRule(NamedTuple):
    """Numbers that steer a cutting colony (see `CuttingParams`)."""

    ants: int
    changes: int
    persistence: float
    beta: float
    tau_min: float
    patience: int
    temperature: float


class CuttingAnts(NamedTuple):
    """A colony's plans and state; all arrays are changed in place.

    ant: the plan under construction; source: the plan that ants change; best: the best since the
    start. scores (2,) of the last two; age (1,) iterations since the best improved; trail (t, t)
    symmetric; ``random_state`` (1,) uint64; loose (n,) int32 pieces in no unit and weight (n,)
    are scratch.
    """

    ant: Units
    source: Units
    best: Units
    scores: NDArray[np.float64]
    age: NDArray[np.int64]
    trail: NDArray[np.float64]
    queue: Queue
    random_state: NDArray[np.uint64]
    loose: NDArray[np.int32]
    weight: NDArray[np.float64]


@kernel_in_place
def fit(cutting: Cutting, load: int, beta: float) -> float:
    """Return the heuristic of a unit with ``load``: little waste is good, 0 if none holds it."""
    kind = kind_of(cutting, load)
    last = len(cutting.capacity) - 1
    if kind > last:
        return 0.0
    share = (cutting.capacity[kind] - load) / cutting.capacity[last]
    return (1.0 / (0.02 + share)) ** beta


@kernel_in_place
def choose_unit(cutting: Cutting, colony: CuttingAnts) -> int:
    """Return the more wasteful of two random units of the ant's plan."""
    units, state = colony.ant, colony.random_state
    a, b = random.below(state, units.number[0]), random.below(state, units.number[0])
    waste_a = cutting.capacity[kind_of(cutting, units.load[a])] - units.load[a]
    waste_b = cutting.capacity[kind_of(cutting, units.load[b])] - units.load[b]
    return a if waste_a >= waste_b else b


@kernel_in_place
def choose_partner(colony: CuttingAnts, item_type: int) -> int:
    """Return a type drawn by its trail to ``item_type``."""
    total = 0.0
    for t in range(len(colony.trail)):
        total += colony.trail[item_type, t]
    threshold = random.unit(colony.random_state) * total
    for t in range(len(colony.trail)):
        threshold -= colony.trail[item_type, t]
        if threshold < 0.0:
            return t
    return len(colony.trail) - 1


@kernel_in_place
def unit_with(units: Units, item_type: int, offset: int) -> int:
    """Return a unit that holds ``item_type``, looking from unit ``offset`` on, or -1."""
    number = units.number[0]
    for step in range(number):
        unit = offset + step
        if unit >= number:
            unit -= number
        for slot in range(units.held[unit]):
            if units.piece[unit, slot] == item_type:
                return unit
    return -1


@kernel_in_place
def open_unit(units: Units, unit: int, loose: NDArray[np.int32], count: int) -> int:
    """Make all pieces of a unit loose and drop it; returns the number of loose pieces."""
    for slot in range(units.held[unit]):
        loose[count] = units.piece[unit, slot]
        count += 1
    units.held[unit] = 0
    drop_unit(units, unit)
    return count


@kernel_in_place
def open_some(cutting: Cutting, colony: CuttingAnts, changes: int) -> int:
    """Open a unit, then others that hold partners of loose pieces; returns the loose pieces."""
    units, state = colony.ant, colony.random_state
    count = open_unit(units, choose_unit(cutting, colony), colony.loose, 0)
    for _ in range(changes):
        if units.number[0] == 0:
            break
        partner = choose_partner(colony, colony.loose[random.below(state, count)])
        unit = unit_with(units, partner, random.below(state, units.number[0]))
        if unit < 0:
            unit = random.below(state, units.number[0])
        count = open_unit(units, unit, colony.loose, count)
    return count


@kernel_in_place
def choose_piece(cutting: Cutting, colony: CuttingAnts, rule: CuttingRule, count: int) -> int:
    """Return the loose piece drawn to join the unit under construction, or -1 to close it.

    Weight = mean trail to the unit's pieces x fit of the load then (Levine and Ducatelle 2004,
    equation 3). Closing weighs as the unit now fits, at the highest trail, where that can pay: a
    unit that wastes nothing is closed half the time.
    """
    units = colony.ant
    unit = units.number[0] - 1
    held, load = units.held[unit], units.load[unit]
    total = 0.0
    for k in range(count):
        item_type = colony.loose[k]
        colony.weight[k] = 0.0
        value = fit(cutting, load + cutting.size[item_type], rule.beta)
        if value > 0.0 and families_fit(cutting, units, unit, -1, item_type):
            trail = 0.0
            for slot in range(held):
                trail += colony.trail[item_type, units.piece[unit, slot]]
            colony.weight[k] = value * trail / held
            total += colony.weight[k]
    if total <= 0.0:
        return -1
    close = fit(cutting, load, rule.beta) * TAU_MAX if len(cutting.capacity) > 1 else 0.0
    threshold = random.unit(colony.random_state) * (total + close)
    for k in range(count):
        threshold -= colony.weight[k]
        if threshold < 0.0 and colony.weight[k] > 0.0:
            return k
    return -1


@kernel_in_place
def pack(cutting: Cutting, colony: CuttingAnts, rule: CuttingRule, count: int) -> None:
    """Pack the loose pieces into new units, each begun by the largest; the units queue up."""
    units, loose = colony.ant, colony.loose
    while count > 0:
        unit = units.number[0]
        units.number[0] = unit + 1
        units.held[unit] = 0
        units.load[unit] = 0
        chosen = 0
        for k in range(1, count):
            if cutting.size[loose[k]] > cutting.size[loose[chosen]]:
                chosen = k
        while chosen >= 0:
            put(cutting, units, unit, loose[chosen])
            count -= 1
            loose[chosen] = loose[count]
            chosen = choose_piece(cutting, colony, rule, count)
        push(colony.queue, unit)


@kernel_in_place
def construct(cutting: Cutting, colony: CuttingAnts, rule: CuttingRule) -> float:
    """Build the next ant's plan from the source, improve it, and return its score."""
    copy_units(colony.source, colony.ant)
    changes = 1 + random.below(colony.random_state, rule.changes)
    count = open_some(cutting, colony, changes)
    pack(cutting, colony, rule, count)
    exchange_pieces(cutting, colony.ant, colony.queue, colony.random_state)
    return total_score(cutting, colony.ant)


@kernel_in_place
def update(colony: CuttingAnts, rule: CuttingRule) -> None:
    """Evaporate all trails and deposit on the pairs in the source's units."""
    trail, units = colony.trail, colony.source
    for i in range(len(trail)):
        for j in range(len(trail)):
            trail[i, j] = max(rule.tau_min, trail[i, j] * rule.persistence)
    deposit = TAU_MAX * (1.0 - rule.persistence)
    for unit in range(units.number[0]):
        for k in range(units.held[unit]):
            i = units.piece[unit, k]
            for other in range(k):
                j = units.piece[unit, other]
                trail[i, j] = min(TAU_MAX, trail[i, j] + deposit)
                trail[j, i] = trail[i, j]


@kernel_in_place
def iterate(cutting: Cutting, colony: CuttingAnts, rule: CuttingRule) -> None:
    """Run one iteration: ants that may each become the next source, then the trails."""
    scores = colony.scores
    for _ in range(rule.ants):
        score = construct(cutting, colony, rule)
        if score <= scores[SOURCE] + tolerance(rule, colony.random_state):
            scores[SOURCE] = score
            copy_units(colony.ant, colony.source)
            if score < scores[BEST] - SMALLEST_GAIN:
                scores[BEST] = score
                copy_units(colony.ant, colony.best)
                colony.age[0] = 0
    colony.age[0] += 1
    update(colony, rule)


@kernel_in_place
def tolerance(rule: CuttingRule, state: random.Stream) -> float:
    """Return how much worse than the source a plan may be now (Metropolis et al. 1953)."""
    return -rule.temperature * np.log(1.0 - random.unit(state))


@kernel_in_place
def run(cutting: Cutting, colony: CuttingAnts, rule: CuttingRule, iterations: int) -> None:
    """Run ``iterations`` iterations of one colony.

    After ``patience`` without a better plan it goes back to its best and forgets its trails.
    """
    for _ in range(iterations):
        iterate(cutting, colony, rule)
        if colony.age[0] >= rule.patience:
            colony.age[0] = 0
            colony.scores[SOURCE] = colony.scores[BEST]
            copy_units(colony.best, colony.source)
            for i in range(len(colony.trail)):
                for j in range(len(colony.trail)):
                    colony.trail[i, j] = TAU_MAX
