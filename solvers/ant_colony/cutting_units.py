"""A cut plan as kernels see it: stock units with their pieces, loads and one score."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel_in_place

IntArray = NDArray[np.int64]


class Cutting(NamedTuple):
    """What is to be cut, by item types (see `solvers.cutting_form.CuttingForm`).

    size, family (t,); capacity, unit_cost (s,) by rising capacity, without stock limits;
    ``family_limit``; ``waste_weight``: how much a unit gains by having the waste of an empty one.
    """

    size: IntArray
    family: IntArray
    capacity: IntArray
    unit_cost: IntArray
    family_limit: int
    waste_weight: float


class Units(NamedTuple):
    """Stock units in place: all arrays are changed by the kernels.

    piece (u, p) int32: types in each unit, the first ``held`` (u,) int32 of a row are in use;
    load (u,) int64; number (1,) int64 of units in use.
    """

    piece: NDArray[np.int32]
    held: NDArray[np.int32]
    load: IntArray
    number: IntArray


@kernel_in_place
def kind_of(cutting: Cutting, load: int) -> int:
    """Return the first, and so cheapest, kind of unit that holds ``load``; s if none does."""
    low, high = 0, len(cutting.capacity)
    while low < high:
        middle = (low + high) // 2
        if cutting.capacity[middle] < load:
            low = middle + 1
        else:
            high = middle
    return low


@kernel_in_place
def unit_score(cutting: Cutting, load: int) -> float:
    """Return a unit's cost less the worth of its waste being in one piece.

    cost - waste_weight (waste / largest capacity)^2: among plans of one cost the one whose waste
    is gathered in few units is nearer to saving one (Falkenauer 1996, equation 2, by waste).
    """
    if load == 0:
        return 0.0
    kind = kind_of(cutting, load)
    last = len(cutting.capacity) - 1
    if kind > last:
        return 1e18
    share = (cutting.capacity[kind] - load) / cutting.capacity[last]
    return cutting.unit_cost[kind] - cutting.waste_weight * share * share


@kernel_in_place
def total_score(cutting: Cutting, units: Units) -> float:
    """Return the sum of all units' scores."""
    score = 0.0
    for unit in range(units.number[0]):
        score += unit_score(cutting, units.load[unit])
    return score


@kernel_in_place
def total_cost(cutting: Cutting, units: Units) -> int:
    """Return the sum of all units' costs."""
    cost = 0
    for unit in range(units.number[0]):
        cost += cutting.unit_cost[kind_of(cutting, units.load[unit])]
    return cost


@kernel_in_place
def copy_units(source: Units, target: Units) -> None:
    """Copy ``source`` into ``target``."""
    target.number[0] = source.number[0]
    for unit in range(source.number[0]):
        target.held[unit] = source.held[unit]
        target.load[unit] = source.load[unit]
        for slot in range(source.held[unit]):
            target.piece[unit, slot] = source.piece[unit, slot]


@kernel_in_place
def put(cutting: Cutting, units: Units, unit: int, item_type: int) -> None:
    """Put one piece into a unit."""
    units.piece[unit, units.held[unit]] = item_type
    units.held[unit] += 1
    units.load[unit] += cutting.size[item_type]


@kernel_in_place
def take(cutting: Cutting, units: Units, unit: int, slot: int) -> int:
    """Take the piece in ``slot`` out of a unit and return its type; the last fills its slot."""
    item_type = units.piece[unit, slot]
    units.held[unit] -= 1
    units.piece[unit, slot] = units.piece[unit, units.held[unit]]
    units.load[unit] -= cutting.size[item_type]
    return item_type


@kernel_in_place
def drop_unit(units: Units, unit: int) -> None:
    """Remove an empty unit; the last one takes its number."""
    last = units.number[0] - 1
    units.number[0] = last
    if unit < last:
        units.held[unit] = units.held[last]
        units.load[unit] = units.load[last]
        for slot in range(units.held[last]):
            units.piece[unit, slot] = units.piece[last, slot]


@kernel_in_place
def families_fit(cutting: Cutting, units: Units, unit: int, without: int, item_type: int) -> bool:
    """Whether a unit keeps the family limit without slot ``without`` and with ``item_type``.

    ``without`` -1 takes nothing out, ``item_type`` -1 puts nothing in.
    """
    if item_type < 0:
        return True
    joining = cutting.family[item_type]
    others = 0
    for slot in range(units.held[unit]):
        if slot == without:
            continue
        family = cutting.family[units.piece[unit, slot]]
        if family == joining:
            return True
        first = True
        for before in range(slot):
            if before != without and cutting.family[units.piece[unit, before]] == family:
                first = False
        others += first
    return others < cutting.family_limit
