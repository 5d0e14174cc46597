"""The starts that a window offers: as soon as the line is ready, after any lots before, and a grid.

A plan without deliberate idle time starts every lot when its line is ready. So the starts worth
having are those after any sequence of other free lots; they are walked here set by set of lots. A
coarse grid beside them lets a lot wait, for a price or for a hot heat.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.arrays import LotArrays, MillArrays
from scheduler.mill import MillProblem
from scheduler.mill_arrays import arrays_of, index_of, ints
from scheduler.plan_arrays import lot_arrays
from scheduler.schedule import Lot
from scheduler.timing import advance, changeover_time, first_fit
from scheduler.walk import LOT_END
from solvers.or_tools.mill.options import walked

Product = tuple[int, int]
"""A section and a grade."""

Level = dict[tuple[frozenset[int], int], "Before"]

MOST_STATES = 400
"""Of one number of lots rolled; the earliest are kept."""


@dataclass(frozen=True, slots=True)
class Before:
    """What a line has last rolled when a window begins (-1 and -FAR where unknown), and when."""

    section: int
    grade: int
    temperature: int
    end: int


def chained_starts(
    problem: MillProblem, line: int, before: Before, lots: Sequence[Lot], until: int
) -> dict[Product, set[int]]:
    """Return, by product, the instants up to ``until`` at which the line may be ready for it."""
    mill = arrays_of(problem)
    sections, grades = index_of(problem.sections), index_of(problem.grades)
    product = [(sections[lot.section], grades[lot.grade]) for lot in lots]
    arrays = lot_arrays(problem, lots)
    starts: dict[Product, set[int]] = {p: set() for p in product}
    level: Level = {(frozenset(), -1): before}
    for _ in range(len(lots)):
        chain: list[tuple[frozenset[int], int, int]] = []
        earliest = sorted(level.items(), key=lambda item: item[1].end)[:MOST_STATES]
        for (used, _), state in earliest:
            for j in range(len(lots)):
                if j not in used:
                    for start in ready_times(mill, line, state, product[j], arrays, j):
                        if start < until:
                            starts[product[j]].add(start)
                            chain.append((used | {j}, j, start))
        level = _rolled(mill, line, chain, arrays, product)
    return starts


def ready_times(
    mill: MillArrays, line: int, state: Before, product: Product, lots: LotArrays, j: int
) -> set[int]:
    """Return when the line is ready for a lot, without and with a groove change."""
    section, grade = product
    wait = changeover_time(
        mill, line, state.section, state.grade, state.temperature, section, grade
    )
    changed = advance(mill.closed, line, state.end, wait)
    groove = advance(mill.closed, line, state.end, int(mill.sections[section].groove_time))
    mass = int(mill.stock[lots.stock[lots.cut_ptr[j]]].mass)
    length = 3600 * mass // int(mill.rate[line, section, grade])
    return {
        int(first_fit(mill.idle, line, ready, length)) for ready in (changed, max(changed, groove))
    }


def _rolled(
    mill: MillArrays,
    line: int,
    chain: Sequence[tuple[frozenset[int], int, int]],
    arrays: LotArrays,
    product: Sequence[Product],
) -> Level:
    """Return the earliest state after each (set of lots, last lot)."""
    if not chain:
        return {}
    which = ints(j for _, j, _ in chain)
    timeline = walked(mill, line, arrays, which, ints(start for _, _, start in chain))
    level: Level = {}
    for (used, j, _), end in zip(chain, timeline.outcome[:, LOT_END].tolist(), strict=True):
        known = level.get((used, j))
        if known is None or end < known.end:
            section, grade = product[j]
            temperature = int(mill.grades[grade].temperature)
            level[used, j] = Before(section, grade, temperature, end)
    return level
