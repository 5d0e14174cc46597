"""The lots of a plan as table rows with their cut plans."""

from dataclasses import dataclass

from scheduler.attribution import energy, making_cost, steel_cost_of_lots
from scheduler.bill import pieces_of_cuts
from scheduler.gantt import GanttRows, LotBar
from scheduler.violations import Case


@dataclass(frozen=True, slots=True)
class CutRow:
    """``count`` equal billets: stock row, g charged of each, (order, pieces) and g left of each."""

    stock: str
    count: int
    mass: int
    pieces: tuple[tuple[str, int], ...]
    left: int


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot, its cuts and its money (1/10 000): steel, making (gas, electricity, changes)."""

    bar: LotBar
    cuts: tuple[CutRow, ...]
    steel: int
    making: int
    energy: int
    """Wh of gas and electricity."""


def lot_rows(case: Case, gantt: GanttRows) -> tuple[LotRow, ...]:
    """Return a row a lot, line by line in rolling order."""
    bill = case.bill
    steel, making, spent = steel_cost_of_lots(bill), making_cost(bill), energy(bill)
    usable, used, coils = pieces_of_cuts(case.bill)
    lots, problem = case.timeline.plan.lots, case.problem
    bars = [bar for line in gantt.lines for bar in line.lots]
    rows = []
    for position, bar in enumerate(bars):
        cuts = tuple(
            CutRow(
                stock=problem.stock[int(lots.stock[cut])].id,
                count=int(lots.billets[cut]),
                mass=int(case.mill.stock.mass[lots.stock[cut]]),
                pieces=tuple((problem.orders[o].id, n) for o, n in case.pieces(cut)),
                left=0 if coils[cut] else max(0, int(usable[cut] - used[cut])),
            )
            for cut in case.cuts(position)
        )
        amounts = (int(column[position]) for column in (steel, making, spent))
        rows.append(LotRow(bar, cuts, *amounts))
    return tuple(rows)
