"""The ants of the mill: each changes one place of the source plan, and Metropolis' rule takes it.

Nodes are items; an arc (i, j) says that item j is rolled right after item i on a line, in the same
lot or the next. An ant draws a place and mostly puts the block of a likely successor right behind
it; or it splits, merges, trades, recuts, holds, or brings a block or a campaign to a heat. One
change an ant, decoded only around it and only if a guess finds it good enough, and the next ant
starts from what was taken: the cheapest form of focused construction (Skinderowicz 2022), with the
acceptance of simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983). There is no trail: neither
the plan's own nor one of elites made plans cheaper (docs/colony.md).
"""

from math import log
from typing import NamedTuple

from scheduler.arrays import FAR, IntArray
from scheduler.kernel import inner_kernel, kernel_in_place
from solvers.ant_colony.mill_campaigns import to_some_campaign
from solvers.ant_colony.mill_heats import to_some_heat
from solvers.ant_colony.mill_holds import to_cheaper_hours, to_next_heat
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
from solvers.ant_colony.mill_plan import (
    Hints,
    Model,
    Plan,
    copy_gene,
    last_item,
    mark_places,
    take_if_allowed,
)
from solvers.ant_colony.mill_screen import guess
from solvers.ant_colony.random import Stream, below, unit
from solvers.mill.workspace import BLOCK, LINE_END

MOVES, SWAPS, LOTS, VARIANTS, CAMPAIGNS, HEATS = 0.315, 0.385, 0.525, 0.575, 0.93, 0.98
"""Shares of the kinds of change, added up; the rest changes a groove early or holds a block."""
LONGEST_SEGMENT = 3
IDLE_SLOTS = 6
"""Price slots that a block may be held for."""


class Kept(NamedTuple):
    """A plan kept aside: genes (P, GENE_COLUMNS), length (1,), money (1,)."""

    genes: IntArray
    length: IntArray
    money: IntArray


@kernel_in_place
def keep(plan: Plan, kept: Kept) -> None:
    """Keep the base plan aside."""
    for g in range(plan.length[0]):
        copy_gene(plan.genes, g, kept.genes, g)
    kept.length[0], kept.money[0] = plan.length[0], plan.money[0]


@kernel_in_place
def take(model: Model, kept: Kept, plan: Plan) -> None:
    """Make a kept plan the base, without decoding it."""
    for g in range(kept.length[0]):
        copy_gene(kept.genes, g, plan.genes, g)
    plan.length[0], plan.money[0] = kept.length[0], kept.money[0]
    mark_places(model, plan)


@inner_kernel
def choose_successor(hints: Hints, item: int, present: int, stream: Stream) -> int:
    """Return a candidate to follow ``item``, but not the ``present`` one, by their odds."""
    near, odds = hints.near, hints.odds
    total, chosen = 0.0, near[item, 0]
    for k in range(near.shape[1]):
        if near[item, k] != present:
            total += odds[item, k]
    mark = unit(stream) * total
    for k in range(near.shape[1]):
        if near[item, k] != present:
            chosen = near[item, k]
            mark -= odds[item, k]
            if mark <= 0:
                break
    return chosen


@inner_kernel
def propose(model: Model, plan: Plan, stream: Stream, joint: bool) -> tuple[int, int]:
    """Write a trial that changes one place of the base; return its range of genes."""
    at = plan.place[below(stream, len(plan.place))]
    chance = unit(stream) * (1.0 if joint else SWAPS)
    if chance < SWAPS:
        last = last_item(model, plan, at)
        item = choose_successor(model.hints, last, next_item(model, plan, last), stream)
        other = plan.place[item]
        if chance < MOVES:
            return move_segment(plan, other, 1 + below(stream, LONGEST_SEGMENT), at + 1)
        return swap(plan, at, other)
    if chance < LOTS:
        return change_lot(model, plan, at, stream)
    if chance < VARIANTS:
        return change_variant(model, plan, at, below(stream, model.blocks.variants))
    if chance < CAMPAIGNS:
        return to_some_campaign(model, plan, at, stream)
    if chance < HEATS:
        return to_some_heat(model, plan, at, stream)
    return change_setting(model, plan, at, stream)


@inner_kernel
def change_setting(model: Model, plan: Plan, at: int, stream: Stream) -> tuple[int, int]:
    """Write a trial that changes the groove before a block, or when it may start."""
    chance = unit(stream)
    if chance < 0.3:
        return flip_early(plan, at)
    if chance < 0.6:
        return hold_until(plan, at, -FAR)
    if chance < 0.9:
        return to_next_heat(model, plan, at)
    return to_cheaper_hours(model, plan, at, 1 + below(stream, IDLE_SLOTS))


@inner_kernel
def change_lot(model: Model, plan: Plan, at: int, stream: Stream) -> tuple[int, int]:
    """Write a trial that splits a block, or merges or trades with the next of its product."""
    row = model.blocks.block[plan.genes[at, BLOCK]]
    chance = unit(stream)
    if chance < 0.4 and row.length > 1:
        before = at + 1 + below(stream, 8) if chance < 0.2 else below(stream, plan.length[0] + 1)
        keep = 1 + below(stream, row.length - 1)
        return split(model, plan, at, keep, min(plan.length[0], before))
    end = row.first + row.length
    if end >= model.blocks.product[row.product].items:
        return 0, 0
    other = plan.place[model.blocks.product[row.product].first_item + end]
    if chance < 0.55:
        return merge(model, plan, at, other)
    if chance < 0.7:
        return merge(model, plan, other, at)
    return shift_items(model, plan, at, other, 1 if chance < 0.85 else -1)


@inner_kernel
def next_item(model: Model, plan: Plan, item: int) -> int:
    """Return the item rolled right after ``item``, or -1 at the end of a line."""
    at = plan.place[item]
    if last_item(model, plan, at) != item:
        return item + 1
    if at + 1 >= plan.length[0] or plan.genes[at + 1, BLOCK] == LINE_END:
        return -1
    block = plan.genes[at + 1, BLOCK]
    row = model.blocks.block[block]
    return model.blocks.product[row.product].first_item + row.first


@kernel_in_place
def run_ants(
    model: Model,
    plan: Plan,
    best: Kept,
    stream: Stream,
    ants: int,
    temperature: float,
    margin: float,
    joint: bool,
) -> int:
    """Send out ``ants`` ants; the plan goes on from each that is taken, and ``best`` is kept.

    ``temperature`` is in money. A trial is decoded if its guess is less than ``margin``
    temperatures above what it may cost. Returns how many ants were taken.
    """
    taken = 0
    for _ in range(ants):
        since, until = propose(model, plan, stream, joint)
        if until == 0:
            continue
        allowed = 1 + int(-temperature * log(max(1e-12, unit(stream))))
        if guess(model, plan, since, until) > allowed + int(margin * temperature):
            continue
        if not take_if_allowed(model, plan, since, until, allowed):
            continue
        taken += 1
        if plan.money[0] < best.money[0]:
            keep(plan, best)
    return taken
