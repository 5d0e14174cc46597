"""Moves that bring a block to steel that still lies hot: joint in time, place and billet format.

A heat that the plan leaves mostly unused is worth its reheating gas to any block of its grade that
is rolled soon after it comes, cut from billets of its format.
"""

from scheduler.arrays import FAR
from scheduler.kernel import inner_kernel
from scheduler.walk import END
from solvers.ant_colony.mill_moves import block_id, move_segment
from solvers.ant_colony.mill_plan import Model, Plan
from solvers.ant_colony.random import Stream, below
from solvers.mill.workspace import BLOCK, LINE, LINE_END, NOT_BEFORE


@inner_kernel
def place_after(model: Model, plan: Plan, since: int, row: int) -> int:
    """Return the first gene from ``since`` on, on its line, before which a heat can be charged.

    That is where the line becomes free no earlier than the heat is ready; at the latest the line's
    end.
    """
    saved = plan.work.saved
    ready = model.mill.stock[row].available + model.mill.lines[saved[since, LINE]].residence
    g = since
    while g < plan.length[0] and plan.genes[g, BLOCK] != LINE_END and saved[g, END] < ready:
        g += 1
    return g


@inner_kernel
def at_heat(model: Model, plan: Plan, at: int, before: int, row: int) -> tuple[int, int]:
    """Write the trial that rolls the block of gene ``at`` before gene ``before`` from a heat."""
    blocks, block = model.blocks, plan.genes[at, BLOCK]
    product, first = blocks.block[block].product, blocks.block[block].first
    length, variant = blocks.block[block].length, model.heats.variant[row]
    other = block_id(blocks, product, first, length, variant)
    if other < 0:
        return 0, 0
    since, until = move_segment(plan, at, 1, before)
    if until == 0:
        return 0, 0
    g = before if before < at else before - 1
    plan.trial[g, BLOCK] = other
    plan.trial[g, NOT_BEFORE] = -FAR
    return since, until


@inner_kernel
def to_some_heat(model: Model, plan: Plan, at: int, stream: Stream) -> tuple[int, int]:
    """Write the trial that rolls the block after a random heat of its grade, on its own line."""
    grade = model.blocks.product[model.blocks.block[plan.genes[at, BLOCK]].product].grade
    heats = model.heats
    count = heats.ptr[grade + 1] - heats.ptr[grade]
    if count == 0:
        return 0, 0
    row = heats.row[heats.ptr[grade] + below(stream, count)]
    since = at
    while since > 0 and plan.genes[since - 1, BLOCK] != LINE_END:
        since -= 1
    return at_heat(model, plan, at, place_after(model, plan, since, row), row)
