"""A lot that makes one order by itself, cut from the billets that a plan leaves."""

from dataclasses import replace

import numpy as np

from scheduler.arrays import FAR
from scheduler.schedule import Cut, Lot
from scheduler.violations import Case
from solvers.mill.block_cuts import BlockCut, cut_block, offer_of, worth_of
from solvers.mill.products import Formats, Item, Product


def lot_of_order(case: Case, order: int) -> Lot | None:
    """Return a lot that makes the order from billets that the plan leaves; None without steel."""
    problem, mill = case.problem, case.mill
    row = mill.orders[order]
    rows = [
        (k, left)
        for k in np.flatnonzero(mill.stock.grade == row.grade).tolist()
        if (left := int(case.billets_left[k])) > 0 and mill.usable[k, row.section] > 0
    ]
    rows.sort(key=lambda pair: int(mill.stock.available[pair[0]]))
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for k, left in rows:
        key = int(mill.stock.mass[k]), int(mill.stock.cost[k])
        groups.setdefault(key, []).append((k, left))
    if not groups:
        return None
    members = list(groups.values())
    ptr = np.cumsum([0, *map(len, members)], dtype=np.int64)
    formats = Formats(0, ptr, np.array([k for part in members for k, _ in part], dtype=np.int64))
    item = Item(order, int(row.target), int(row.lower), int(row.upper))
    product = Product(int(row.grade), int(row.section), (item,), tuple(range(len(members))))
    offer = offer_of(mill, problem.weights, formats, product, product.formats)
    there = [min(FAR, sum(n for _, n in part)) for part in members]
    limit = np.array([-1 if n >= FAR else n for n in there], dtype=np.int64)
    worth = worth_of(mill, problem.weights)
    cuts = cut_block(mill, problem.weights, worth, (item,), replace(offer, limit=limit))
    if not cuts:
        return None
    wanted = problem.orders[order]
    dealt = tuple(_dealt(case, cuts, members))
    return Lot(0, wanted.section, wanted.grade, dealt)


def _dealt(
    case: Case, cuts: tuple[BlockCut, ...], members: list[list[tuple[int, int]]]
) -> list[Cut]:
    """Return the cuts with their billets taken from stock rows, the earliest available first."""
    problem, found = case.problem, list[Cut]()
    rest = {k: left for part in members for k, left in part}
    for cut in cuts:
        billets = cut.billets
        pieces = tuple((problem.orders[o].id, n) for o, n in cut.pieces)
        for k, _ in members[cut.format]:
            if taken := min(billets, rest[k]):
                found.append(Cut(problem.stock[k].id, taken, pieces))
                rest[k] -= taken
                billets -= taken
    return found
