"""Products and billet formats: an order book as the mill's solvers see it.

A *product* is a grade and section with its items, by due date; items that are cut and items that
are coiled are two products. An *item* is what the frozen lots
leave of an order, or an equal share of it where it is too big for a single lot. A *format* is all
stock rows of one grade, mass and cost: the cut plan depends on the format; which of its heats is
charged is decided in rolling.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from scheduler.arrays import FAR, IntArray, MillArrays
from scheduler.mill import MillProblem
from solvers.mill.freeze import frozen_made
from solvers.mill.workspace import SPLITS

GROOVES = SPLITS - 4
"""Grooves that a lot may wear out if full; the last billets of each do not fill it."""


@dataclass(frozen=True, eq=False)
class Item:
    """A share of an order: its index, and the bounds (pieces, or g of coils) of this share."""

    order: int
    target: int
    lower: int
    upper: int


@dataclass(frozen=True, eq=False)
class Product:
    """Items of one grade and section by due date; ``formats`` index ``Formats``."""

    grade: int
    section: int
    items: tuple[Item, ...]
    formats: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Formats:
    """Stock rows by format: format f has rows ``row[ptr[f]:ptr[f + 1]]``, latest heat first.

    Format ``single + k`` is stock row k in person: that row first, then the others of its format.
    """

    single: int

    ptr: IntArray
    row: IntArray

    def rows(self, f: int) -> IntArray:
        """Return the stock rows of format ``f``."""
        return self.row[self.ptr[f] : self.ptr[f + 1]]


def formats_of(mill: MillArrays) -> tuple[Formats, dict[int, list[int]]]:
    """Return the formats and, by grade, the formats of it."""
    stock = mill.stock
    groups: dict[tuple[int, int, int], list[int]] = {}
    for k in range(len(stock)):
        key = (int(stock.grade[k]), int(stock.mass[k]), int(stock.cost[k]))
        groups.setdefault(key, []).append(k)
    by_grade: dict[int, list[int]] = {}
    rows: list[int] = []
    ptr = [0]
    for f, ((grade, _, _), members) in enumerate(groups.items()):
        by_grade.setdefault(grade, []).append(f)
        rows += sorted(members, key=lambda k: -int(stock.available[k]))
        ptr.append(len(rows))
    single, members_of = len(groups), {k: m for m in groups.values() for k in m}
    for k in range(len(stock)):
        others = sorted(
            (j for j in members_of[k] if j != k), key=lambda j: -int(stock.available[j])
        )
        rows += [k, *others]
        ptr.append(len(rows))
    formats = Formats(single, np.array(ptr, dtype=np.int64), np.array(rows, dtype=np.int64))
    return formats, by_grade


def products_of(
    problem: MillProblem, mill: MillArrays, by_grade: dict[int, list[int]]
) -> list[Product]:
    """Return the products in order of their earliest due date."""
    orders, made = mill.orders, frozen_made(problem, mill)
    groups: dict[tuple[int, int, bool], list[int]] = {}
    for o in np.argsort(orders.due_date, kind="stable").tolist():
        kind = int(orders.grade[o]), int(orders.section[o]), bool(orders.piece[o])
        groups.setdefault(kind, []).append(o)
    items = {
        kind: tuple(item for o in members for item in shares(problem, mill, o, int(made[o])))
        for kind, members in groups.items()
    }
    return [
        Product(grade, section, left, tuple(by_grade.get(grade, ())))
        for (grade, section, _), left in items.items()
        if left
    ]


def most_by_grooves(order: Any, life: int) -> int:
    """Return the g of an order's record that a lot's groove changes are surely enough for.

    ``life``: g that a groove of its section stands.
    """
    return GROOVES * min(life, int(order.max_wear))


def shares(problem: MillProblem, mill: MillArrays, o: int, made: int = 0) -> list[Item]:
    """Return what is left of an order: one item, or equal ones where a lot cannot have it all.

    ``made`` is what the frozen lots make of it. Nothing is left where that reaches the lower bound:
    the rest of the tolerance is worth no lot of its own.
    """
    row = mill.orders[o]
    target, lower, upper = (max(0, int(n) - made) for n in (row.target, row.lower, row.upper))
    if made and lower == 0:
        return []
    life = int(mill.sections.groove_life[row.section])
    largest = min((problem.campaign.lot_max or FAR) * 9 // 10, most_by_grooves(row, life))
    parts = max(1, -(-target * int(row.unit) // max(1, largest)))
    parts = min(parts, max(1, lower))

    def share(total: int, i: int) -> int:
        return total * (i + 1) // parts - total * i // parts

    return [Item(o, share(target, i), share(lower, i), share(upper, i)) for i in range(parts)]
