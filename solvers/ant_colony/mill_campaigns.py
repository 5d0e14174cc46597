"""Moves of campaigns: all blocks of one section in a row, from a block on, to another place.

A campaign's changeovers are paid once for all its blocks, so none of them gains by moving alone:
where a grade's heats come at another time, or orders behind it are late, the whole must go.
"""

from scheduler.kernel import inner_kernel
from solvers.ant_colony.mill_moves import move_segment
from solvers.ant_colony.mill_plan import Model, Plan
from solvers.ant_colony.random import Stream, below
from solvers.mill.workspace import BLOCK, LINE_END


@inner_kernel
def section_at(model: Model, plan: Plan, g: int) -> int:
    """Return the section rolled by gene ``g`` of the base; -1 at a line's end."""
    if g < 0 or g >= plan.length[0] or plan.genes[g, BLOCK] == LINE_END:
        return -1
    return model.blocks.product[model.blocks.block[plan.genes[g, BLOCK]].product].section


@inner_kernel
def campaign_end(model: Model, plan: Plan, at: int) -> int:
    """Return the gene behind the last of those from ``at`` on that roll its section."""
    section, end = section_at(model, plan, at), at + 1
    while section_at(model, plan, end) == section:
        end += 1
    return end


@inner_kernel
def to_some_campaign(model: Model, plan: Plan, at: int, stream: Stream) -> tuple[int, int]:
    """Write the trial that moves the campaign from the block on to a random place between two."""
    before = below(stream, plan.length[0] + 1)
    while section_at(model, plan, before - 1) == section_at(model, plan, before) != -1:
        before += 1
    return move_segment(plan, at, campaign_end(model, plan, at) - at, before)
