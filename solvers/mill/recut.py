"""Cut a placed block anew, for the billets that lie hot when it is its turn.

The catalogue cuts blocks for cold billets of a format. In a plan a block has a time: then single
heats differ in what they cost to reheat, and some are used up by others. A recut offers the block
every stock row at hand as a format of its own, at the cost it has then.
"""

import numpy as np

from scheduler.arrays import IntArray
from scheduler.costs import gas_after
from solvers.mill.block_cuts import BlockCut, Offer, bar_cuts, billet_cost, row_coil_cuts
from solvers.mill.catalogue import Book, Run

HOT_ROWS = 6
COLD_ROWS = 3
"""Most rows of either kind that are offered; more cost time and hardly any steel."""


def rows_at_hand(book: Book, run: Run, line: int, start: int, used: IntArray) -> list[int]:
    """Return the stock rows that a block starting at ``start`` may charge: hot ones first.

    ``used`` (K,) are the billets that the rest of the plan takes.
    """
    stock, grade = book.mill.stock, book.products[run.product].grade
    entry = start - int(book.mill.lines.residence[line])
    at_hand = (stock.grade == grade) & (stock.available <= entry) & (stock.limit > used)
    rows, plain = np.flatnonzero(at_hand).tolist(), book.stock
    hot = [k for k in rows if plain[k].minutes > 1]
    cold = [k for k in rows if plain[k].minutes == 1]
    hot.sort(key=lambda k: -plain[k].available)
    cold.sort(key=lambda k: -(plain[k].limit - int(used[k])))
    return hot[:HOT_ROWS] + cold[:COLD_ROWS]


def offer_at(
    book: Book, run: Run, line: int, start: int, middle: int, used: IntArray, hour: int
) -> Offer:
    """Return the offer of rows for a block that starts at ``start``; gas as at ``middle``.

    ``hour`` is what an hour of line time costs there: the lateness of what follows.
    """
    rows = rows_at_hand(book, run, line, start, used)
    mill, product, stock = book.mill, book.products[run.product], book.stock
    rate = int(mill.rate[line, product.section, product.grade])
    entry = middle - int(mill.lines.residence[line])
    gas = [int(gas_after(mill, line, product.grade, k, entry - stock[k].available)) for k in rows]
    cost = [
        billet_cost(mill, book.problem.weights, product.section, k, wh)
        + hour * stock[k].mass // rate
        for k, wh in zip(rows, gas, strict=True)
    ]
    left = [min(stock[k].limit - int(used[k]), 1 << 30) for k in rows]
    return Offer(
        tuple(book.formats.single + k for k in rows),
        mill.usable[rows, product.section].astype(np.int64),
        np.array(cost, dtype=np.int64),
        np.array(left, dtype=np.int64),
    )


def recut(book: Book, run: Run, offer: Offer) -> tuple[BlockCut, ...]:
    """Return the cuts of a run from an offer of stock rows; none where it cannot be made."""
    items = book.items(run)
    if not offer.formats:
        return ()
    if book.worth.piece[items[0].order] == 0:
        return row_coil_cuts(book.mill, items, offer)
    return bar_cuts(book.worth, book.problem.weights.cut_resale, items, offer)
