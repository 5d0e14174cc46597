"""Exact pricing of cutting patterns: bounded knapsacks within a family, joined over families.

The knapsack of Gilmore and Gomory (1961) with the slab design's limit on families (colours): one
bounded knapsack per family, then a table over the number of families taken (the two-colour
enumeration of Gargani and Refalo 2007 when the limit is two).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import kernel
from solvers.cutting_form import CuttingForm

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

GAIN = 1e-9
MOST_TABLE_ENTRIES = 40_000_000


class Types(NamedTuple):
    """Item types as in `CuttingForm`: size, demand (t,), family_start (f + 1,), family_limit."""

    size: IntArray
    demand: IntArray
    family_start: IntArray
    family_limit: int


class Tables(NamedTuple):
    """Dynamic programming tables for loads 0 .. C.

    ``value`` (p + 1, C + 1): most value with at most that many families and load. ``taken``
    (f, p + 1, C + 1): load of family f in it. ``inside`` (C + 1,): most value of one family;
    ``pieces`` (t, C + 1): pieces of type t in it, when types up to t of its family may be used.
    """

    value: FloatArray
    taken: IntArray
    inside: FloatArray
    pieces: IntArray


def item_types(form: CuttingForm) -> Types:
    """Return the form's types as kernels take them."""
    return Types(form.size, form.demand, form.family_start, form.family_limit)


def tables_fit(form: CuttingForm) -> bool:
    """Whether the tables for ``form`` stay within some hundred megabytes."""
    if len(form.size) == 0:
        return True
    rows = len(form.size) + (len(form.family_start) - 1) * (form.family_limit + 1)
    return rows * (int(form.capacity[-1]) + 1) <= MOST_TABLE_ENTRIES


def new_tables(form: CuttingForm) -> Tables:
    """Return tables for ``form``; see `tables_fit`."""
    loads = int(form.capacity[-1]) + 1
    families = len(form.family_start) - 1
    return Tables(
        np.zeros((form.family_limit + 1, loads)),
        np.zeros((families, form.family_limit + 1, loads), dtype=np.int64),
        np.zeros(loads),
        np.zeros((len(form.size), loads), dtype=np.int64),
    )


@kernel
def fill_tables(types: Types, available: IntArray, worth: FloatArray, tables: Tables) -> None:
    """Fill the tables for pieces of ``worth`` (t,), at most ``available`` (t,) of each type."""
    value, limit = tables.value, types.family_limit
    value[:] = 0.0
    if len(types.family_start) == 2:
        fill_family(types, 0, available, worth, tables)
        for load in range(len(tables.inside)):
            value[limit, load] = tables.inside[load]
            tables.taken[0, limit, load] = load
        return
    for family in range(len(types.family_start) - 1):
        fill_family(types, family, available, worth, tables)
        inside = tables.inside
        for taken in range(limit, 0, -1):
            best, source = value[taken], value[taken - 1]
            choice = tables.taken[family, taken]
            choice[:] = 0
            for load in range(1, len(inside)):
                if inside[load] <= inside[load - 1] + GAIN:
                    continue
                for total in range(load, len(inside)):
                    here = source[total - load] + inside[load]
                    if here > best[total] + GAIN:
                        best[total] = here
                        choice[total] = load


@kernel
def fill_family(
    types: Types, family: int, available: IntArray, worth: FloatArray, tables: Tables
) -> None:
    """Fill ``inside`` and ``pieces`` for one family: a bounded knapsack."""
    inside = tables.inside
    inside[:] = 0.0
    for t in range(types.family_start[family], types.family_start[family + 1]):
        size, count = types.size[t], tables.pieces[t]
        count[:] = 0
        if worth[t] <= GAIN:
            continue
        for load in range(len(inside) - 1, size - 1, -1):
            for pieces in range(1, min(available[t], load // size) + 1):
                here = inside[load - pieces * size] + pieces * worth[t]
                if here > inside[load] + GAIN:
                    inside[load] = here
                    count[load] = pieces


@kernel
def read_pattern(types: Types, tables: Tables, load: int, pattern: IntArray) -> None:
    """Set ``pattern`` (t,) to the most valuable one of at most ``load``."""
    pattern[:] = 0
    taken = types.family_limit
    for family in range(len(types.family_start) - 2, -1, -1):
        inside = tables.taken[family, taken, load] if taken > 0 else 0
        if inside == 0:
            continue
        load -= inside
        taken -= 1
        for t in range(types.family_start[family + 1] - 1, types.family_start[family] - 1, -1):
            pattern[t] = tables.pieces[t, inside]
            inside -= pattern[t] * types.size[t]
