"""What is in a lot: steel, section and orders that fit, billets that are there and hold it."""

from collections.abc import Iterator

import numpy as np

from scheduler.bill import pieces_of_cuts
from scheduler.evaluation import Violation
from scheduler.violations.case import Case, broken


def mismatch(case: Case) -> Iterator[Violation]:
    """Stock or orders in a lot of another grade or section; billets that mix coils."""
    lots, orders, owner = case.timeline.plan.lots, case.mill.orders, case.bill.cut_lot
    _, _, coils = pieces_of_cuts(case.bill)
    cut_of_piece = np.repeat(np.arange(len(lots.stock)), np.diff(lots.piece_ptr))
    lot_of_piece = owner[cut_of_piece]
    total = np.bincount(cut_of_piece, lots.pieces, len(lots.stock))
    wrong = (case.mill.stock.grade[lots.stock] != lots.grade[owner]).astype(np.int64)
    wrong += (coils > 0) & (total != 1)
    strange = orders.grade[lots.order] != lots.grade[lot_of_piece]
    strange |= orders.section[lots.order] != lots.section[lot_of_piece]
    number = np.bincount(owner, wrong, len(lots.grade))
    number += np.bincount(lot_of_piece, strange, len(lots.grade))
    for _, i, name in case.lots:
        if number[i]:
            yield broken("mismatch", name, int(number[i]), "count")


def line_not_eligible(case: Case) -> Iterator[Violation]:
    """Lots whose section the line cannot roll, or with orders that may not go there."""
    lots = case.timeline.plan.lots
    for line, i, name in case.lots:
        number = int(not case.mill.can_roll[line, lots.section[i]])
        orders = {o for cut in case.cuts(i) for o, _ in case.pieces(cut)}
        number += sum(not case.mill.line_ok[o, line] for o in orders)
        if number:
            yield broken("line_not_eligible", name, number, "count")


def over_capacity(case: Case) -> Iterator[Violation]:
    """Billets whose pieces weigh more than what is usable of them."""
    usable, mass, _ = pieces_of_cuts(case.bill)
    for _, i, name in case.lots:
        for cut in case.cuts(i):
            if mass[cut] > usable[cut]:
                yield broken("over_capacity", name, mass[cut] - usable[cut], "g")


def piece_too_long(case: Case) -> Iterator[Violation]:
    """Orders whose piece exceeds the cooling bed of the line."""
    beds, length = case.mill.lines.cooling_bed, case.mill.orders.length
    for line, i, name in case.lots:
        for o in sorted({o for cut in case.cuts(i) for o, _ in case.pieces(cut)}):
            if (over := length[o] - beds[line]) > 0:
                yield broken("piece_too_long", name, over, "mm", case.problem.orders[o].id)


def coil_weight(case: Case) -> Iterator[Violation]:
    """Coils outside their order's window."""
    lots, orders = case.timeline.plan.lots, case.mill.orders
    piece, least, most = orders.piece, orders.coil_min, orders.coil_max
    for _, i, name in case.lots:
        for cut in case.cuts(i):
            coil = case.mill.usable[lots.stock[cut], lots.section[i]]
            for o, _ in case.pieces(cut):
                if piece[o] != 0:
                    continue
                off = max(0, least[o] - coil, coil - most[o])
                if off:
                    yield broken("coil_weight", name, off, "g", case.problem.orders[o].id)


def stock_exceeded(case: Case) -> Iterator[Violation]:
    """Stock rows of which more billets are used than there are."""
    lots = case.timeline.plan.lots
    used = np.zeros(len(case.problem.stock), dtype=np.int64)
    np.add.at(used, lots.stock, lots.billets)
    for k in np.flatnonzero(used > case.mill.stock.limit):
        over = used[k] - case.mill.stock.limit[k]
        yield broken("stock_exceeded", case.problem.stock[k].id, over, "billets")
