"""A walked schedule with what several terms read off it."""

from dataclasses import dataclass

import numpy as np

from scheduler.arrays import IntArray, MillArrays
from scheduler.costs import shut_downs
from scheduler.mill import Weights
from scheduler.timeline import Timeline, slot_energy
from scheduler.walk import ROLLING


@dataclass(frozen=True, eq=False)
class Bill:
    """A walked schedule with what several terms read off it.

    cut_lot: (cuts,) position of each cut's lot. holding: (L,) Wh of idle gas and cold starts.
    energy: (L, slots) J of electricity by 15-minute slot.
    """

    mill: MillArrays
    weights: Weights
    timeline: Timeline
    cut_lot: IntArray
    holding: IntArray
    energy: IntArray

    def total(self, column: int) -> int:
        """Return the sum of an outcome column over all lots."""
        return int(self.timeline.outcome[:, column].sum())


def bill_of(mill: MillArrays, weights: Weights, timeline: Timeline) -> Bill:
    """Return the bill of a walked schedule, ready for its terms."""
    positions = np.arange(len(timeline.plan.start))
    cut_lot = np.repeat(positions, np.diff(timeline.plan.lots.cut_ptr))
    lines = range(len(mill.lines.ready))
    holding = [_holding(mill, timeline, line) for line in lines]
    return Bill(
        mill=mill,
        weights=weights,
        timeline=timeline,
        cut_lot=cut_lot,
        holding=np.array(holding, dtype=np.int64),
        energy=slot_energy(mill, timeline),
    )


def _holding(mill: MillArrays, timeline: Timeline, line: int) -> int:
    start, end = timeline.span(line)
    positions = timeline.positions(line)
    rolling = int(timeline.outcome[positions, ROLLING].sum()) if positions else 0
    number, off = shut_downs(mill, line, start, end)
    seconds = max(0, end - start - rolling - off)
    return int(mill.lines.holding[line] * seconds // 3600 + number * mill.lines.cold_start[line])


def pieces_of_cuts(bill: Bill) -> tuple[IntArray, IntArray, IntArray]:
    """Return by cut: usable g of a billet, g of its pieces, and its number of coils."""
    lots, orders = bill.timeline.plan.lots, bill.mill.orders
    usable = bill.mill.usable[lots.stock, lots.section[bill.cut_lot]]
    piece = orders.piece[lots.order]
    owner = np.repeat(np.arange(len(lots.billets)), np.diff(lots.piece_ptr))
    mass = np.zeros(len(lots.billets), dtype=np.int64)
    coils = np.zeros(len(lots.billets), dtype=np.int64)
    np.add.at(mass, owner, piece * lots.pieces)
    np.add.at(coils, owner, np.where(piece == 0, lots.pieces, 0))
    return usable, mass, coils
