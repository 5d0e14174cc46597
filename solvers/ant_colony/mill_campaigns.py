"""Moves of campaigns: all blocks of one section in a row, whole or a part, to another place.

A campaign's changeovers are paid once for all its blocks, so none of them gains by moving alone:
where a grade's heats come at another time, or orders behind it are late, the whole must go.
"""

from scheduler.kernel import inner_kernel
from solvers.ant_colony.mill_moves import move_segment, swap_segments
from solvers.ant_colony.mill_plan import Model, Plan
from solvers.ant_colony.random import Stream, below, unit
from solvers.mill.workspace import BLOCK, LINE_END

REST, HEAD, WHOLE = 0.4, 0.57, 0.82
"""Shares of what moves, added up: from the block on, up to it, all; the rest changes places."""


@inner_kernel
def section_at(model: Model, plan: Plan, g: int) -> int:
    """Return the section rolled by gene ``g`` of the base; -1 at a line's end."""
    if g < 0 or g >= plan.length[0] or plan.genes[g, BLOCK] == LINE_END:
        return -1
    return model.blocks.product[model.blocks.block[plan.genes[g, BLOCK]].product].section


@inner_kernel
def campaign_start(model: Model, plan: Plan, at: int) -> int:
    """Return the first of the genes up to ``at`` that roll its section."""
    section, start = section_at(model, plan, at), at
    while section_at(model, plan, start - 1) == section:
        start -= 1
    return start


@inner_kernel
def campaign_end(model: Model, plan: Plan, at: int) -> int:
    """Return the gene behind the last of those from ``at`` on that roll its section."""
    section, end = section_at(model, plan, at), at + 1
    while section_at(model, plan, end) == section:
        end += 1
    return end


@inner_kernel
def to_some_campaign(model: Model, plan: Plan, at: int, stream: Stream) -> tuple[int, int]:
    """Write the trial that moves the block's campaign, or its part from or up to the block.

    It goes to a random place between two campaigns, or changes places with another.
    """
    since, until = campaign_start(model, plan, at), campaign_end(model, plan, at)
    part = unit(stream)
    if part >= WHOLE:
        other = plan.place[below(stream, len(plan.place))]
        return swap_campaigns(model, plan, since, until, other)
    if part < REST:
        since = at
    elif part < HEAD:
        until = at + 1
    before = below(stream, plan.length[0] + 1)
    while section_at(model, plan, before - 1) == section_at(model, plan, before) != -1:
        before += 1
    return move_segment(plan, since, until - since, before)


@inner_kernel
def swap_campaigns(model: Model, plan: Plan, since: int, until: int, other: int) -> tuple[int, int]:
    """Write the trial that swaps the campaign of genes ``since .. until - 1`` with ``other``'s."""
    start, end = campaign_start(model, plan, other), campaign_end(model, plan, other)
    if start < since:
        return swap_segments(plan, start, end, since, until)
    return swap_segments(plan, since, until, start, end)
