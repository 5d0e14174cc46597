"""Recut every block of a plan for the heats at hand at its time, and keep what pays."""

from scheduler.arrays import IntArray
from scheduler.walk import END
from solvers.ant_colony.mill_plan import Model, Plan, try_block
from solvers.ant_colony.mill_tail import late_hours
from solvers.mill.catalogue import Run
from solvers.mill.custom_blocks import CustomBlocks
from solvers.mill.decoder import place_block
from solvers.mill.recut import offer_at, recut
from solvers.mill.workspace import BLOCK, LINE, LINE_END, restore


def recut_plan(model: Model, plan: Plan, customs: CustomBlocks, others: IntArray) -> int:
    """Recut the base's blocks one by one; return how many recuts paid.

    ``others`` are blocks of plans kept aside, which must stay as they are.
    """
    paid = 0
    for at in range(int(plan.length[0])):
        if plan.genes[at, BLOCK] != LINE_END:
            paid += recut_gene(model, plan, customs, others, at)
    return paid


def recut_gene(model: Model, plan: Plan, customs: CustomBlocks, others: IntArray, at: int) -> bool:
    """Recut the block of gene ``at``; True if that paid."""
    work, row = plan.work, model.blocks.block[int(plan.genes[at, BLOCK])]
    before, after, end = (used_until(plan, g) for g in (at, at + 1, int(plan.length[0])))
    restore(work, at)
    if place_block(model.mill, model.rules, model.blocks, work, plan.genes, at) == 0:
        return False
    start, line = int(work.lot_start[0]), int(work.state[LINE])
    middle = (start + int(work.state[END])) // 2
    run = Run(int(row.product), int(row.first), int(row.length))
    elsewhere = end - (after - before)
    hour = delay_hour(model, plan, line, middle)
    offer = offer_at(customs.book, run, line, start, middle, elsewhere, hour)
    cuts = recut(customs.book, run, offer)
    spare = customs.free((*plan.genes[: int(plan.length[0]), BLOCK].tolist(), *others.tolist()))
    if spare is None or not customs.put(spare, run, cuts):
        return False
    return bool(try_block(model, plan, at, spare))


def delay_hour(model: Model, plan: Plan, line: int, after: int) -> int:
    """Return the money that an hour's delay of ``line`` at ``after`` costs in late orders."""
    orders, work = model.mill.orders, plan.work
    restore(work, int(plan.length[0]))
    behind = (work.last > after) & (work.line_of == line)
    return int(late_hours(orders, model.rules.tardiness, work.last)[behind].sum())


def used_until(plan: Plan, gene: int) -> IntArray:
    """Return the billets (K,) of each stock row used before ``gene`` of the base."""
    restore(plan.work, gene)
    return plan.work.used.copy()
