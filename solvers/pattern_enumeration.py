"""All cutting patterns of little reduced cost: a depth-first search over types of pieces.

Dual prices bound the reduced cost of any pattern in a plan better than the best one known, so an
integer program over all patterns up to that bound is exact.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel
from solvers.pattern_pricing import Types

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


class Path(NamedTuple):
    """A branch of the search by depth: pieces of each type, pattern (t,).

    load, value, families (t + 1,): size, worth and number of families of the types before each.
    """

    pattern: IntArray
    load: IntArray
    value: FloatArray
    families: IntArray


@kernel
def enumerate_patterns(
    types: Types,
    capacity: IntArray,
    unit_cost: IntArray,
    worth: FloatArray,
    most_reduced_cost: float,
    patterns: IntArray,
) -> int:
    """Write all maximal patterns of reduced cost up to a limit; returns their number.

    Reduced cost = cost of the cheapest unit that holds the pattern - worth of its pieces. A
    pattern is maximal if no further piece fits its unit (cutting too much is allowed, so others
    are not needed). Returns -1 if there are more than ``patterns`` has rows. Depth first over
    types, cut off by the most that the rest of a unit can be worth.

    Parameters
    ----------
    capacity, unit_cost : (s,) rising capacities without stock limits, cost never falling.
    worth : (t,) dual price of a piece.
    patterns : (n, t) output.
    """
    rest_value = suffix_values(types, capacity[-1], worth)
    family, path = families_of(types), new_path(len(types.size))
    pattern, found, t = path.pattern, 0, 0
    while t >= 0:
        load, families = path.load[t], path.families[t]
        hope = promising(capacity, unit_cost, load, path.value[t], rest_value[t], most_reduced_cost)
        if hope and t < len(pattern):
            most = most_fitting(types, family, capacity[-1], t, load, families, pattern)
            extend(types, family, worth, path, t, most)
            t += 1
            continue
        if hope and is_maximal(types, family, capacity, load, families, pattern):
            if found == len(patterns):
                return -1
            patterns[found] = pattern
            found += 1
        t = step_back(types, family, worth, path, t)
    return found


@kernel
def new_path(types: int) -> Path:
    """Return a path without pieces."""
    empty, zeros = np.zeros(types, np.int64), np.zeros(types + 1, np.int64)
    return Path(empty, zeros, np.zeros(types + 1), zeros.copy())


@kernel
def families_of(types: Types) -> IntArray:
    """Return the family of each type (t,)."""
    family = np.empty(len(types.size), np.int64)
    for f in range(len(types.family_start) - 1):
        family[types.family_start[f] : types.family_start[f + 1]] = f
    return family


@kernel
def extend(
    types: Types, family: IntArray, worth: FloatArray, path: Path, t: int, pieces: int
) -> None:
    """Let ``path`` go on with ``pieces`` of type ``t``."""
    path.pattern[t] = pieces
    path.load[t + 1] = path.load[t] + pieces * types.size[t]
    path.value[t + 1] = path.value[t] + pieces * worth[t]
    opens = pieces > 0 and opens_family(family, t, path.pattern)
    path.families[t + 1] = path.families[t] + (1 if opens else 0)


@kernel
def step_back(types: Types, family: IntArray, worth: FloatArray, path: Path, t: int) -> int:
    """Take one piece less of the last type before ``t`` that has any; return the type after it.

    -1 when there is none, and so nothing left to search.
    """
    t -= 1
    while t >= 0 and path.pattern[t] == 0:
        t -= 1
    if t < 0:
        return -1
    extend(types, family, worth, path, t, path.pattern[t] - 1)
    return t + 1


@kernel
def opens_family(family: IntArray, t: int, pattern: IntArray) -> bool:
    """Whether no type before ``t`` of its family is in ``pattern``."""
    before = t - 1
    while before >= 0 and family[before] == family[t]:
        if pattern[before] > 0:
            return False
        before -= 1
    return True


@kernel
def most_fitting(
    types: Types,
    family: IntArray,
    capacity: int,
    t: int,
    load: int,
    families: int,
    pattern: IntArray,
) -> int:
    """Return the most pieces of type ``t`` that may join the types before it."""
    if families == types.family_limit and opens_family(family, t, pattern):
        return 0
    return min(int(types.demand[t]), int((capacity - load) // types.size[t]))


@kernel
def promising(
    capacity: IntArray,
    unit_cost: IntArray,
    load: int,
    value: float,
    rest_value: FloatArray,
    most_reduced_cost: float,
) -> bool:
    """Whether some unit can still end at or below the reduced cost allowed."""
    for kind in range(len(capacity)):
        if capacity[kind] >= load:
            most = value + rest_value[capacity[kind] - load]
            if unit_cost[kind] - most <= most_reduced_cost:
                return True
    return False


@kernel
def is_maximal(
    types: Types,
    family: IntArray,
    capacity: IntArray,
    load: int,
    families: int,
    pattern: IntArray,
) -> bool:
    """Whether no further piece fits into the cheapest unit that holds ``pattern``."""
    kind = 0
    while capacity[kind] < load:
        kind += 1
    rest = capacity[kind] - load
    for t in range(len(pattern)):
        if types.size[t] > rest or pattern[t] == types.demand[t]:
            continue
        present = families < types.family_limit
        start = types.family_start[family[t]]
        for other in range(start, types.family_start[family[t] + 1]):
            present = present or pattern[other] > 0
        if present:
            return False
    return True


@kernel
def suffix_values(types: Types, loads: int, worth: FloatArray) -> FloatArray:
    """Return (t + 1, loads + 1): most worth of types from each one on, families not limited."""
    t_max = len(types.size)
    value = np.zeros((t_max + 1, loads + 1))
    for t in range(t_max - 1, -1, -1):
        size = types.size[t]
        for load in range(loads + 1):
            best = value[t + 1, load]
            for pieces in range(1, min(types.demand[t], load // size) + 1):
                best = max(best, value[t + 1, load - pieces * size] + pieces * worth[t])
            value[t, load] = best
    return value
