"""Local search of a mill plan: first improvement over joint moves, around one block at a time.

Sequence, lot sizes, cut variants, groove changes and idle times are tried together, each judged by
the money of the whole plan.
"""

from scheduler.arrays import FAR, IntArray
from scheduler.kernel import inner_kernel, kernel_in_place
from scheduler.timing import price_at, slot_end
from scheduler.walk import END
from solvers.ant_colony.mill_campaigns import try_campaigns
from solvers.ant_colony.mill_heats import try_heats
from solvers.ant_colony.mill_moves import (
    change_variant,
    flip_early,
    hold_until,
    merge,
    move_segment,
    shift_items,
    split,
    swap,
)
from solvers.ant_colony.mill_plan import Model, Plan, take_if_better
from solvers.mill.workspace import BLOCK, LINE, LINE_END

LONGEST_SEGMENT = 3
IDLE_SLOTS = 6
NEARBY = 3


@inner_kernel
def first_item(model: Model, plan: Plan, at: int) -> int:
    """Return the node of a block's first item."""
    block = plan.genes[at, BLOCK]
    row = model.blocks.block[block]
    return model.blocks.product[row.product].first_item + row.first


@inner_kernel
def last_item(model: Model, plan: Plan, at: int) -> int:
    """Return the node of a block's last item."""
    return first_item(model, plan, at) + model.blocks.block[plan.genes[at, BLOCK]].length - 1


@inner_kernel
def try_places(model: Model, plan: Plan, at: int, near: IntArray, back: IntArray) -> bool:
    """Move the block, with up to two that follow, next to a candidate neighbour, or nearby.

    near (items, k): likely successors of an item; back (items, k): likely predecessors.
    """
    first = first_item(model, plan, at)
    for count in range(1, LONGEST_SEGMENT + 1):
        end = at + count - 1
        if end >= plan.length[0] or plan.genes[end, BLOCK] == LINE_END:
            return False
        for k in range(back.shape[1]):
            since, until = move_segment(plan, at, count, plan.place[back[first, k]] + 1)
            if until > 0 and take_if_better(model, plan, since, until):
                return True
        last = last_item(model, plan, end)
        for k in range(near.shape[1]):
            since, until = move_segment(plan, at, count, plan.place[near[last, k]])
            if until > 0 and take_if_better(model, plan, since, until):
                return True
        for step in range(1, NEARBY + 1):
            for before in (at - step, end + 1 + step):
                if 0 <= before <= plan.length[0]:
                    since, until = move_segment(plan, at, count, before)
                    if until > 0 and take_if_better(model, plan, since, until):
                        return True
    return False


@inner_kernel
def try_swaps(model: Model, plan: Plan, at: int, near: IntArray) -> bool:
    """Swap the block with one of its candidates, or with a gene nearby."""
    last = last_item(model, plan, at)
    for k in range(near.shape[1]):
        since, until = swap(plan, at, plan.place[near[last, k]])
        if until > 0 and take_if_better(model, plan, since, until):
            return True
    for other in range(max(0, at - NEARBY), min(plan.length[0], at + NEARBY + 1)):
        since, until = swap(plan, at, other)
        if until > 0 and take_if_better(model, plan, since, until):
            return True
    return False


@inner_kernel
def try_lots(model: Model, plan: Plan, at: int) -> bool:
    """Merge the block with its product's neighbours, move items between them, or split it."""
    blocks, block = model.blocks, plan.genes[at, BLOCK]
    product, first = blocks.block[block].product, blocks.block[block].first
    base, end = model.blocks.product[product].first_item, first + blocks.block[block].length
    if end < blocks.product[product].items:
        after = plan.place[base + end]
        if join(model, plan, at, after) or trade(model, plan, at, after):
            return True
    if first > 0:
        before = plan.place[base + first - 1]
        if join(model, plan, at, before) or trade(model, plan, before, at):
            return True
    return part(model, plan, at)


@inner_kernel
def join(model: Model, plan: Plan, a: int, b: int) -> bool:
    """Merge two blocks in the place of either."""
    since, until = merge(model, plan, a, b)
    if until > 0 and take_if_better(model, plan, since, until):
        return True
    since, until = merge(model, plan, b, a)
    return until > 0 and take_if_better(model, plan, since, until)


@inner_kernel
def trade(model: Model, plan: Plan, a: int, b: int) -> bool:
    """Move one or two items from one block to the next of its product, or back."""
    for items in (1, -1, 2, -2):
        since, until = shift_items(model, plan, a, b, items)
        if until > 0 and take_if_better(model, plan, since, until):
            return True
    return False


@inner_kernel
def part(model: Model, plan: Plan, at: int) -> bool:
    """Split the block: either part stays, the other goes next to its product's other blocks."""
    blocks, block = model.blocks, plan.genes[at, BLOCK]
    product, first, length = (
        blocks.block[block].product,
        blocks.block[block].first,
        blocks.block[block].length,
    )
    base = model.blocks.product[product].first_item
    for keep in range(1, length):
        for item in (first + length, first - 1):
            if 0 <= item < blocks.product[product].items:
                other = plan.place[base + item]
                for before in (other, other + 1):
                    since, until = split(model, plan, at, keep, before)
                    if until > 0 and take_if_better(model, plan, since, until):
                        return True
        for step in range(1, 2 * NEARBY):
            before = at + 1 + step
            if before <= plan.length[0]:
                since, until = split(model, plan, at, keep, before)
                if until > 0 and take_if_better(model, plan, since, until):
                    return True
    return False


@inner_kernel
def try_settings(model: Model, plan: Plan, at: int) -> bool:
    """Cut the block from another format, or change its groove early."""
    for variant in range(model.blocks.variants):
        since, until = change_variant(model, plan, at, variant)
        if until > 0 and take_if_better(model, plan, since, until):
            return True
    since, until = flip_early(plan, at)
    return until > 0 and take_if_better(model, plan, since, until)


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
def try_idling(model: Model, plan: Plan, at: int) -> bool:
    """Start the block as early as it can, or hold it for its next heat or a cheaper price slot."""
    since, until = hold_until(plan, at, -FAR)
    if until > 0 and take_if_better(model, plan, since, until):
        return True
    series = model.mill.tariff.electricity
    t = plan.work.saved[at, END]
    heat = next_heat(model, plan, at, t)
    if heat < model.mill.horizon:
        since, until = hold_until(plan, at, heat)
        if until > 0 and take_if_better(model, plan, since, until):
            return True
    for _ in range(IDLE_SLOTS):
        begin = slot_end(series, t)
        if begin >= model.mill.horizon:
            return False
        if price_at(series, begin) < price_at(series, t):
            since, until = hold_until(plan, at, begin)
            if until > 0 and take_if_better(model, plan, since, until):
                return True
        t = begin
    return False


@inner_kernel
def improve_block(
    model: Model, plan: Plan, at: int, near: IntArray, back: IntArray, joint: bool
) -> bool:
    """Try every move around the block of gene ``at``; True as soon as one pays."""
    if plan.genes[at, BLOCK] == LINE_END:
        return False
    if try_places(model, plan, at, near, back) or try_swaps(model, plan, at, near):
        return True
    if joint and (try_lots(model, plan, at) or try_settings(model, plan, at)):
        return True
    if try_campaigns(model, plan, at) or (joint and try_heats(model, plan, at)):
        return True
    return joint and try_idling(model, plan, at)


@kernel_in_place
def improve_items(
    model: Model,
    plan: Plan,
    queue: IntArray,
    count: int,
    near: IntArray,
    back: IntArray,
    joint: bool,
    budget: int,
) -> None:
    """Improve around the items in ``queue[:count]``, at most ``budget`` improvements.

    After an improvement the same item is tried again, so a chain of moves is followed to its end.
    """
    for i in range(count):
        while budget > 0 and improve_block(model, plan, plan.place[queue[i]], near, back, joint):
            budget -= 1
