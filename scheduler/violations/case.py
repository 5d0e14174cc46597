"""What the checks of a mill schedule read, and the report reads after them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np

from scheduler.arrays import FAR, IntArray, MillArrays
from scheduler.bill import Bill
from scheduler.evaluation import Violation
from scheduler.mill import MillProblem, Order
from scheduler.schedule import Schedule
from scheduler.timeline import Timeline
from scheduler.timing import CUT, LAST


@dataclass(frozen=True, eq=False)
class Case:
    """A schedule with everything the checks read."""

    problem: MillProblem
    mill: MillArrays
    schedule: Schedule
    timeline: Timeline
    bill: Bill

    @property
    def lots(self) -> Iterator[tuple[int, int, str]]:
        """Every lot as (line, position, name); names count from 1 on each line."""
        for line, plant in enumerate(self.problem.lines):
            for number, i in enumerate(self.timeline.positions(line), 1):
                yield line, i, f"{plant.id}/{number}"

    def cuts(self, position: int) -> range:
        """Return the cuts of the lot at ``position``."""
        pointer = self.timeline.plan.lots.cut_ptr
        return range(int(pointer[position]), int(pointer[position + 1]))

    def pieces(self, cut: int) -> Iterator[tuple[int, int]]:
        """Return (order, pieces a billet) of a cut."""
        lots = self.timeline.plan.lots
        for p in range(int(lots.piece_ptr[cut]), int(lots.piece_ptr[cut + 1])):
            yield int(lots.order[p]), int(lots.pieces[p])

    def orders_of(self, position: int) -> IntArray:
        """Return the order of every piece of the lot at ``position``."""
        lots = self.timeline.plan.lots
        low, high = lots.cut_ptr[position : position + 2]
        return lots.order[lots.piece_ptr[low] : lots.piece_ptr[high]]

    @cached_property
    def billets_left(self) -> IntArray:
        """Return how many billets of each stock row the plan leaves (FAR when unlimited)."""
        lots, limit = self.timeline.plan.lots, self.mill.stock.limit
        used = np.zeros_like(limit)
        np.add.at(used, lots.stock, lots.billets)
        return np.where(limit == FAR, FAR, limit - used)

    def made(self) -> Iterator[tuple[int, Order]]:
        """Return the orders of which something is made."""
        for o, order in enumerate(self.problem.orders):
            if self.timeline.last[o] > -FAR:
                yield o, order

    @cached_property
    def lots_of_orders(self) -> dict[int, list[int]]:
        """Return the positions that make each made order."""
        result: dict[int, list[int]] = {}
        for _, i, _ in self.lots:
            for o in set(self.orders_of(i).tolist()):
                result.setdefault(o, []).append(i)
        return result

    @cached_property
    def last_lots(self) -> dict[int, int]:
        """Return the position in which each made order's last billet ends.

        Of an order on several lines that may be another lot than the one that itself ends last.
        """
        result: dict[int, int] = {}
        for _, i, _ in self.lots:
            for row in self.timeline.stretches_of(i).tolist():
                for o, _ in self.pieces(row[CUT]):
                    if row[LAST] == self.timeline.last[o]:
                        result.setdefault(o, i)
        return result

    def line_of(self, position: int) -> int:
        """Return the line of a position."""
        pointer = self.timeline.plan.line_ptr
        return int(np.searchsorted(pointer, position, side="right")) - 1

    def campaigns(self, line: int) -> list[list[int]]:
        """Return the maximal runs of positions of one grade and section on a line."""
        lots = self.timeline.plan.lots
        positions = self.timeline.positions(line)
        grouped = groupby(positions, key=lambda i: (lots.section[i], lots.grade[i]))
        return [list(run) for _, run in grouped]


def broken(code: str, where: str, magnitude: int, unit: str, detail: str = "") -> Violation:
    """Return a violation with a plain number as magnitude."""
    return Violation(code, where, int(magnitude), unit, detail)
