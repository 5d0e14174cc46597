"""Moves that hold a block: for its next heat, or for cheaper electricity."""

from scheduler.arrays import FAR
from scheduler.kernel import inner_kernel
from scheduler.timing import price_at, slot_end
from scheduler.walk import END
from solvers.ant_colony.mill_moves import hold_until
from solvers.ant_colony.mill_plan import Model, Plan
from solvers.mill.workspace import BLOCK, LINE, LINE_END


@inner_kernel
def next_heat(model: Model, plan: Plan, at: int, t: int) -> int:
    """Return when the next heat of the block's formats may be rolled, after ``t``; FAR if never."""
    blocks, block = model.blocks, plan.genes[at, BLOCK]
    residence = model.mill.lines[plan.work.saved[at, LINE]].residence
    earliest = FAR
    for cut in range(blocks.block[block].first_cut, blocks.block[block].end_cut):
        f = blocks.cut[cut].format
        for r in range(blocks.format_ptr[f], blocks.format_ptr[f + 1]):
            ready = model.mill.stock[blocks.format_row[r]].available + residence
            if t < ready < earliest:
                earliest = ready
    return earliest


@inner_kernel
def to_next_heat(model: Model, plan: Plan, at: int) -> tuple[int, int]:
    """Write the trial that holds the block for the next heat of its formats."""
    if plan.genes[at, BLOCK] == LINE_END:
        return 0, 0
    heat = next_heat(model, plan, at, plan.work.saved[at, END])
    return hold_until(plan, at, heat) if heat < model.mill.horizon else (0, 0)


@inner_kernel
def to_cheaper_hours(model: Model, plan: Plan, at: int, slots: int) -> tuple[int, int]:
    """Write the trial that holds the block for ``slots`` price slots, to a cheaper one."""
    series, begin = model.mill.tariff.electricity, plan.work.saved[at, END]
    price = price_at(series, begin)
    for _ in range(slots):
        begin = slot_end(series, begin)
    if begin >= model.mill.horizon or price_at(series, begin) >= price:
        return 0, 0
    return hold_until(plan, at, begin)
