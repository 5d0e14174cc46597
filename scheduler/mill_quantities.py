"""Small formulas of docs/problem.md that need no arrays: masses, bounds of windows, changeovers."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np

from scheduler.arrays import MILLION, IntArray
from scheduler.mill import Change, Changeovers, Coil, Grade, Line, Order, Section, Stock

STEEL_DENSITY = 7850
"""kg/m3 for which a section's mass per metre holds."""


def round_ratio(numerator: int, denominator: int) -> int:
    """Return the integer nearest to ``numerator / denominator``, ties to even."""
    quotient, rest = divmod(numerator, denominator)
    up = 2 * rest > denominator or (2 * rest == denominator and quotient % 2 == 1)
    return quotient + up


def round_ratios(numerators: IntArray, denominators: IntArray) -> IntArray:
    """Return what ``round_ratio`` makes of each pair."""
    quotients, rests = np.divmod(numerators, denominators)
    halves = 2 * rests - denominators
    return quotients + ((halves > 0) | ((halves == 0) & (quotients % 2 == 1)))


def cut_mass(length: int, section: Section, grade: Grade) -> int:
    """Return the g of a piece of ``length`` mm with its kerf, to the nearest g."""
    return _mass(length + section.kerf, section.mass_per_metre, grade.density)


@lru_cache(maxsize=4096)
def _mass(length: int, mass_per_metre: int, density: int) -> int:
    return round_ratio(length * mass_per_metre * density, 1000 * STEEL_DENSITY)


def rate_on(line: Line, section: Section, grade: Grade) -> int:
    """Return the g/h at which a line rolls a section and grade."""
    return usual_rate(section, grade.id) * line.rate_factor // MILLION


def usual_rate(section: Section, grade: str) -> int:
    """Return the g/h at which a section and the grade of that id are rolled at full speed."""
    return dict(section.rate_by_grade).get(grade, section.rate)


def piece_mass(order: Order, section: Section, grade: Grade) -> int:
    """Return the g of one piece with its kerf, to the nearest g (0 for a coil order)."""
    return 0 if isinstance(order.piece, Coil) else cut_mass(order.piece.length, section, grade)


def usable_mass(stock: Stock, grade: Grade, section: Section) -> int:
    """Return the g of a billet that can become pieces: charged less scale less crop."""
    return stock.mass - stock.mass * grade.scale // MILLION - section.crop


def merged(windows: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the windows sorted, those that touch or overlap made one."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(windows):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


class ChangeRules:
    """Looks up changes: the listed pair, else that of the families."""

    def __init__(self, rules: Changeovers) -> None:
        """Index ``rules``; of rows given twice the first counts."""
        self._pairs = {(c.source, c.target): c for c in reversed(rules.pairs)}
        self._families = {(c.source, c.target): c for c in reversed(rules.by_family)}

    def find(self, a: Any, b: Any) -> Change | None:
        """Return the rule from ``a`` to ``b`` (sections or grades), or None where there is none."""
        return self._pairs.get((a.id, b.id)) or self._families.get((a.family, b.family))
