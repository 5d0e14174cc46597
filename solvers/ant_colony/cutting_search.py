"""Local search between stock units: moves of a piece and swaps of two, first improvement."""

import numpy as np

from scheduler.kernel import kernel_in_place
from solvers.ant_colony import random
from solvers.ant_colony.cutting_units import (
    Cutting,
    Units,
    drop_unit,
    families_fit,
    put,
    take,
    unit_score,
)
from solvers.ant_colony.local_search import Queue, pop, push

GAIN = 1e-9
PARTNERS = 1000
"""Other units that one is tried with: all of them would take time by the square of their number."""


@kernel_in_place
def exchange_pieces(cutting: Cutting, units: Units, queue: Queue, state: random.Stream) -> None:
    """Move and swap pieces between the queued units and others until nothing gains.

    A swap may have nothing on one side: then it is a move. One empty unit takes part, so that a
    piece can leave for a new one. Touched units join the queue again; empty ones are dropped.
    """
    units.held[units.number[0]] = 0
    units.load[units.number[0]] = 0
    units.number[0] += 1
    while queue.ends[1] > 0:
        unit = pop(queue)
        number = units.number[0]
        offset = random.below(state, number)
        for step in range(min(number, PARTNERS)):
            other = offset + step
            if other >= number:
                other -= number
            if other != unit and best_swap(cutting, units, unit, other):
                push(queue, unit)
                push(queue, other)
                break
    unit = units.number[0] - 1
    while unit >= 0:
        if units.held[unit] == 0:
            drop_unit(units, unit)
        unit -= 1


@kernel_in_place
def best_swap(cutting: Cutting, units: Units, a: int, b: int) -> bool:
    """Make the best gainful swap between units ``a`` and ``b``; returns whether there was one."""
    most = cutting.capacity[len(cutting.capacity) - 1]
    room_a, room_b = most - units.load[a], most - units.load[b]
    if room_a == 0 and room_b == 0:
        return False
    before = unit_score(cutting, units.load[a]) + unit_score(cutting, units.load[b])
    best, best_i, best_j = before - GAIN, -2, -2
    for i in range(-1, units.held[a]):
        size_i = cutting.size[units.piece[a, i]] if i >= 0 else 0
        for j in range(-1, units.held[b]):
            size_j = cutting.size[units.piece[b, j]] if j >= 0 else 0
            more = size_j - size_i
            if more > room_a or -more > room_b:
                continue
            if more == 0 and cutting.family_limit == 1:
                continue
            score = unit_score(cutting, units.load[a] + more)
            score += unit_score(cutting, units.load[b] - more)
            if score < best and swap_fits(cutting, units, a, i, b, j):
                best, best_i, best_j = score, i, j
    if best_i == -2:
        return False
    swap(cutting, units, a, best_i, b, best_j)
    return True


@kernel_in_place
def swap_fits(cutting: Cutting, units: Units, a: int, i: int, b: int, j: int) -> bool:
    """Whether swapping slot ``i`` of unit ``a`` and ``j`` of ``b`` keeps the family limit."""
    type_i = units.piece[a, i] if i >= 0 else -1
    type_j = units.piece[b, j] if j >= 0 else -1
    fits = families_fit(cutting, units, a, i, type_j)
    return fits and families_fit(cutting, units, b, j, type_i)


@kernel_in_place
def swap(cutting: Cutting, units: Units, a: int, i: int, b: int, j: int) -> None:
    """Swap slot ``i`` of unit ``a`` with slot ``j`` of unit ``b``; -1 stands for nothing."""
    type_i = take(cutting, units, a, i) if i >= 0 else -1
    type_j = take(cutting, units, b, j) if j >= 0 else -1
    if type_j >= 0:
        put(cutting, units, a, type_j)
    if type_i >= 0:
        put(cutting, units, b, type_i)


def slots_needed(size: np.ndarray, demand: np.ndarray, capacity: int) -> int:
    """Return the most pieces that one unit can hold."""
    held, room = 0, capacity
    for t in np.argsort(size):
        pieces = min(int(demand[t]), room // int(size[t]))
        held, room = held + pieces, room - pieces * int(size[t])
    return max(held, 1)
