"""The plan that mill ants change: a base with checkpoints, trials next to it, and their cost.

A trial is a whole gene sequence that equals the base before gene ``since`` and, shifted, from gene
``until`` on. It is decoded from the base's checkpoint at ``since``. Behind ``until`` it is given up
as soon as it is hopeless (see ``mill_tail``).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.arrays import IntArray, MillArrays
from scheduler.kernel import inner_kernel, kernel_in_place
from scheduler.walk import END
from solvers.ant_colony.mill_tail import Tails, hopeless, waited, weigh_tails
from solvers.mill.blocks import Blocks
from solvers.mill.sequences import decode_gene, whole_money
from solvers.mill.workspace import (
    BLOCK,
    COST,
    GENE_COLUMNS,
    LINE_END,
    Rules,
    Workspace,
    keep_draft,
    restore,
    save,
)

FloatArray = NDArray[np.float64]

WORSE = 1 << 62
"""Money of a trial that was given up."""


class Heats(NamedTuple):
    """Stock that comes hot. Grade g has rows ``row[ptr[g]:ptr[g + 1]]``, by time of arrival.

    variant (K,): the variant of a block that is cut from a stock row's format alone.
    """

    ptr: IntArray
    row: IntArray
    variant: IntArray


class Hints(NamedTuple):
    """What ants know of products and items before they look at a plan.

    near, cost, odds (items, k): likely successors of an item, what each costs roughly, and how
    likely it is. money, seconds (P + 1, P + 1): changeover from product to product; nothing from or
    to the last row, which stands for a line's end. due (items,) s, hour (items,): money of an hour
    late, an order's shared by its items. rate (L, P) g/h.
    """

    near: IntArray
    cost: IntArray
    odds: FloatArray
    money: IntArray
    seconds: IntArray
    due: IntArray
    hour: IntArray
    rate: IntArray


class Model(NamedTuple):
    """What never changes during a search. start: as in ``sequences.decode``.

    Item i of product p is node ``blocks.product[p].first_item + i``.
    """

    mill: MillArrays
    rules: Rules
    blocks: Blocks
    start: IntArray
    heats: Heats
    hints: Hints


class Plan(NamedTuple):
    """A base plan and a trial.

    genes, trial (P, GENE_COLUMNS); length, trial_length, money (1,); place (items,): gene that
    holds an item in the base; work: decoder's workspace with the base's checkpoints; tails: what
    delays cost in the base; trial_saved, trial_wait: the trial's checkpoints and waits, from its
    first changed gene to the last one decoded.
    """

    genes: IntArray
    length: IntArray
    money: IntArray
    trial: IntArray
    trial_length: IntArray
    place: IntArray
    work: Workspace
    tails: Tails
    trial_saved: IntArray
    trial_wait: IntArray


@inner_kernel
def copy_gene(source: IntArray, i: int, target: IntArray, j: int) -> None:
    """Copy row i of ``source`` to row j of ``target``."""
    for column in range(GENE_COLUMNS):
        target[j, column] = source[i, column]


@inner_kernel
def mark_places(model: Model, plan: Plan) -> None:
    """Fill ``place`` from the base's genes."""
    blocks = model.blocks
    for g in range(plan.length[0]):
        block = plan.genes[g, BLOCK]
        if block == LINE_END:
            continue
        row = blocks.block[block]
        first = blocks.product[row.product].first_item + row.first
        for item in range(first, first + row.length):
            plan.place[item] = g


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


@kernel_in_place
def rebase(model: Model, plan: Plan, since: int) -> int:
    """Decode the base from gene ``since``, keep its checkpoints, places and money; return it."""
    work = plan.work
    restore(work, since)
    for g in range(since, plan.length[0]):
        keep_draft(work)
        save(work, work.saved, g)
        plan.tails.wait[g] = waited(work, step(model, work, plan.genes, g))
    keep_draft(work)
    save(work, work.saved, plan.length[0])
    weigh_tails(model.mill, model.rules, work, plan.tails, plan.length[0])
    plan.money[0] = whole_money(model.mill, model.rules, work)
    mark_places(model, plan)
    return plan.money[0]


@inner_kernel
def step(model: Model, work: Workspace, genes: IntArray, g: int) -> int:
    """Decode gene ``g`` next; return its number of lots."""
    return decode_gene(model.mill, model.rules, model.blocks, work, model.start, genes, g)


@inner_kernel
def trial_money(model: Model, plan: Plan, since: int, until: int, allowed: int) -> int:
    """Return the trial's money; WORSE when it costs ``allowed`` more than the base or over."""
    work, saved = plan.work, plan.work.saved
    length = plan.trial_length[0]
    shift = plan.length[0] - length
    restore(work, since)
    for g in range(since, length):
        save(work, plan.trial_saved, g)
        if work.state[COST] >= plan.money[0] + allowed:
            return WORSE
        if g >= until:
            spent = work.state[COST] - saved[g + shift, COST]
            delay = work.state[END] - saved[g + shift, END]
            if hopeless(work, plan.tails, g + shift, spent, delay, allowed):
                return WORSE
        plan.trial_wait[g] = waited(work, step(model, work, plan.trial, g))
    save(work, plan.trial_saved, length)
    money = whole_money(model.mill, model.rules, work)
    return money if money < plan.money[0] + allowed else WORSE


@inner_kernel
def accept(model: Model, plan: Plan, since: int, money: int) -> None:
    """Make the trial, just decoded at ``money``, the base."""
    work, length = plan.work, plan.trial_length[0]
    keep_draft(work)
    for g in range(since, length):
        copy_gene(plan.trial, g, plan.genes, g)
        plan.tails.wait[g] = plan.trial_wait[g]
    for g in range(since, length + 1):
        for i in range(work.saved.shape[1]):
            work.saved[g, i] = plan.trial_saved[g, i]
    plan.length[0], plan.money[0] = length, money
    weigh_tails(model.mill, model.rules, work, plan.tails, length)
    mark_places(model, plan)


@inner_kernel
def take_if_allowed(model: Model, plan: Plan, since: int, until: int, allowed: int) -> bool:
    """Make the trial the base unless it costs ``allowed`` more or over."""
    money = trial_money(model, plan, since, until, allowed)
    if money == WORSE:
        return False
    accept(model, plan, since, money)
    return True


@kernel_in_place
def try_block(model: Model, plan: Plan, at: int, block: int) -> bool:
    """Put ``block`` into gene ``at`` of the base if the plan then costs less."""
    for g in range(plan.length[0]):
        copy_gene(plan.genes, g, plan.trial, g)
    plan.trial_length[0] = plan.length[0]
    plan.trial[at, BLOCK] = block
    return take_if_allowed(model, plan, at, at + 1, 0)
