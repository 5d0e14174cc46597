"""Moves on a mill plan: each writes a trial and returns the range of genes that it changed.

``(since, until)``: the trial equals the base before ``since`` and, but for a shift, from ``until``
on. ``(0, 0)`` means that the move does not exist here.
"""

from scheduler.arrays import FAR
from scheduler.kernel import inner_kernel, kernel_in_place
from solvers.ant_colony.mill_plan import Model, Plan, copy_gene
from solvers.mill.blocks import Blocks
from solvers.mill.workspace import BLOCK, EARLY, LINE_END, NOT_BEFORE


@inner_kernel
def block_id(blocks: Blocks, product: int, first: int, length: int, variant: int) -> int:
    """Return the id of a block, or -1 where the catalogue has none."""
    if length < 1 or length > blocks.longest or first + length > blocks.product[product].items:
        return -1
    run = (first * blocks.longest + length - 1) * blocks.variants + variant
    block = blocks.product[product].first_id + run
    return block if blocks.block[block].mass > 0 else -1


@inner_kernel
def copy_base(plan: Plan, since: int) -> None:
    """Copy the base's genes to the trial from ``since`` on."""
    for g in range(since, plan.length[0]):
        copy_gene(plan.genes, g, plan.trial, g)
    plan.trial_length[0] = plan.length[0]


@inner_kernel
def copy_all(plan: Plan) -> None:
    """Copy the whole base to the trial."""
    copy_base(plan, 0)


@inner_kernel
def move_segment(plan: Plan, at: int, count: int, before: int) -> tuple[int, int]:
    """Move genes ``at .. at + count - 1`` to right before base gene ``before``."""
    if at <= before <= at + count or at + count > plan.length[0]:
        return 0, 0
    copy_all(plan)
    if before < at:
        for i in range(count):
            copy_gene(plan.genes, at + i, plan.trial, before + i)
        for g in range(before, at):
            copy_gene(plan.genes, g, plan.trial, g + count)
        return before, at + count
    for g in range(at + count, before):
        copy_gene(plan.genes, g, plan.trial, g - count)
    for i in range(count):
        copy_gene(plan.genes, at + i, plan.trial, before - count + i)
    return at, before


@kernel_in_place
def swap_segments(plan: Plan, a: int, a_end: int, b: int, b_end: int) -> tuple[int, int]:
    """Swap genes ``a .. a_end - 1`` with the later ones ``b .. b_end - 1``."""
    if a_end > b:
        return 0, 0
    copy_all(plan)
    place = a
    for since, until in ((b, b_end), (a_end, b), (a, a_end)):
        for g in range(since, until):
            copy_gene(plan.genes, g, plan.trial, place)
            place += 1
    return a, b_end


@inner_kernel
def swap(plan: Plan, a: int, b: int) -> tuple[int, int]:
    """Swap two genes."""
    if a == b or plan.genes[a, BLOCK] == LINE_END or plan.genes[b, BLOCK] == LINE_END:
        return 0, 0
    copy_all(plan)
    copy_gene(plan.genes, a, plan.trial, b)
    copy_gene(plan.genes, b, plan.trial, a)
    return min(a, b), max(a, b) + 1


@inner_kernel
def change_variant(model: Model, plan: Plan, at: int, variant: int) -> tuple[int, int]:
    """Cut a block from another format."""
    blocks, block = model.blocks, plan.genes[at, BLOCK]
    if block == LINE_END or blocks.block[block].variant == variant:
        return 0, 0
    product, first = blocks.block[block].product, blocks.block[block].first
    other = block_id(blocks, product, first, blocks.block[block].length, variant)
    if other < 0:
        return 0, 0
    copy_all(plan)
    plan.trial[at, BLOCK] = other
    return at, at + 1


@inner_kernel
def flip_early(plan: Plan, at: int) -> tuple[int, int]:
    """Change the groove before a block, or no longer do."""
    if plan.genes[at, BLOCK] == LINE_END:
        return 0, 0
    copy_all(plan)
    plan.trial[at, EARLY] = 1 - plan.trial[at, EARLY]
    return at, at + 1


@inner_kernel
def hold_until(plan: Plan, at: int, t: int) -> tuple[int, int]:
    """Start a block not before ``t`` (-FAR: as early as it can)."""
    if plan.genes[at, BLOCK] == LINE_END or plan.genes[at, NOT_BEFORE] == t:
        return 0, 0
    copy_all(plan)
    plan.trial[at, NOT_BEFORE] = t
    return at, at + 1


@inner_kernel
def set_block(plan: Plan, g: int, block: int) -> None:
    """Put a fresh block into trial gene ``g``."""
    plan.trial[g, BLOCK] = block
    plan.trial[g, EARLY] = 0
    plan.trial[g, NOT_BEFORE] = -FAR


@inner_kernel
def drop_trial_gene(plan: Plan, at: int) -> None:
    """Take gene ``at`` out of the trial."""
    for g in range(at, plan.trial_length[0] - 1):
        copy_gene(plan.trial, g + 1, plan.trial, g)
    plan.trial_length[0] -= 1


@inner_kernel
def merge(model: Model, plan: Plan, a: int, b: int) -> tuple[int, int]:
    """Make the adjacent runs of genes a and b one block in the place of a."""
    blocks = model.blocks
    x, y = plan.genes[a, BLOCK], plan.genes[b, BLOCK]
    if (
        a == b
        or x == LINE_END
        or y == LINE_END
        or blocks.block[x].product != blocks.block[y].product
    ):
        return 0, 0
    first, second = (x, y) if blocks.block[x].first < blocks.block[y].first else (y, x)
    if blocks.block[first].first + blocks.block[first].length != blocks.block[second].first:
        return 0, 0
    length = blocks.block[x].length + blocks.block[y].length
    whole = block_id(blocks, blocks.block[x].product, blocks.block[first].first, length, 0)
    if whole < 0:
        return 0, 0
    copy_all(plan)
    set_block(plan, a, whole)
    drop_trial_gene(plan, b)
    return min(a, b), max(a, b)


@inner_kernel
def split(model: Model, plan: Plan, at: int, keep: int, before: int) -> tuple[int, int]:
    """Part a block after its first ``keep`` items; the rest goes to right before ``before``."""
    blocks, block = model.blocks, plan.genes[at, BLOCK]
    if block == LINE_END or keep < 1 or keep >= blocks.block[block].length:
        return 0, 0
    product, first = blocks.block[block].product, blocks.block[block].first
    head = block_id(blocks, product, first, keep, 0)
    tail = block_id(blocks, product, first + keep, blocks.block[block].length - keep, 0)
    if head < 0 or tail < 0 or plan.length[0] >= len(plan.trial):
        return 0, 0
    copy_all(plan)
    set_block(plan, at, head)
    for g in range(plan.length[0], before, -1):
        copy_gene(plan.trial, g - 1, plan.trial, g)
    plan.trial_length[0] += 1
    set_block(plan, before, tail)
    return min(at, before), max(at + 1, before) + 1


@inner_kernel
def shift_items(model: Model, plan: Plan, a: int, b: int, items: int) -> tuple[int, int]:
    """Move the border between two runs of one product: ``items`` go from the earlier to the later.

    Negative: from the later to the earlier.
    """
    blocks = model.blocks
    x, y = plan.genes[a, BLOCK], plan.genes[b, BLOCK]
    if (
        a == b
        or x == LINE_END
        or y == LINE_END
        or blocks.block[x].product != blocks.block[y].product
    ):
        return 0, 0
    if blocks.block[x].first + blocks.block[x].length != blocks.block[y].first:
        return 0, 0
    product = blocks.block[x].product
    head = block_id(blocks, product, blocks.block[x].first, blocks.block[x].length - items, 0)
    tail = block_id(
        blocks, product, blocks.block[y].first - items, blocks.block[y].length + items, 0
    )
    if head < 0 or tail < 0:
        return 0, 0
    copy_all(plan)
    set_block(plan, a, head)
    set_block(plan, b, tail)
    return min(a, b), max(a, b) + 1
