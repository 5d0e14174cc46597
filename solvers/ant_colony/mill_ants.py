"""The ants of the mill: focused construction over items, and the trail between them.

Nodes are items; an arc (i, j) says that item j is rolled right after item i on a line, in the same
lot or the next. An ant copies the source plan and changes a few places: mostly it puts the block of
a likely successor, by trail x heuristic, right behind a random block; sometimes it splits, merges
or recuts a block. Then local search runs around the places it changed (Skinderowicz 2022, with
joint moves).
"""

from typing import NamedTuple

from scheduler.arrays import IntArray
from scheduler.kernel import inner_kernel, kernel_in_place
from solvers.ant_colony.mill_campaigns import to_some_campaign
from solvers.ant_colony.mill_heats import to_some_heat
from solvers.ant_colony.mill_moves import change_variant, merge, move_segment, split
from solvers.ant_colony.mill_plan import Model, Plan, copy_gene, mark_places, rebase
from solvers.ant_colony.mill_search import improve_items, last_item
from solvers.ant_colony.pheromone import TAU_MAX, Trails
from solvers.ant_colony.random import Stream, below, unit
from solvers.mill.workspace import BLOCK, LINE_END

SHARE_OF_HEATS = 0.1
SHARE_OF_CAMPAIGNS = 0.2
SHARE_OF_MOVES = 0.4
SHARE_OF_SPLITS = 0.1
SHARE_OF_MERGES = 0.1


class Candidates(NamedTuple):
    """near (items, k): likely successors of an item; back (items, k): likely predecessors."""

    near: IntArray
    back: IntArray


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
def apply(model: Model, plan: Plan) -> None:
    """Make the trial the base, without decoding it."""
    for g in range(plan.trial_length[0]):
        copy_gene(plan.trial, g, plan.genes, g)
    plan.length[0] = plan.trial_length[0]
    mark_places(model, plan)


@inner_kernel
def choose_successor(trails: Trails, candidates: Candidates, item: int, stream: Stream) -> int:
    """Return a successor of ``item`` with probability proportional to trail x heuristic."""
    total = 0.0
    for k in range(candidates.near.shape[1]):
        total += trails.product[item, k]
    mark = unit(stream) * total
    for k in range(candidates.near.shape[1]):
        mark -= trails.product[item, k]
        if mark <= 0:
            return candidates.near[item, k]
    return candidates.near[item, candidates.near.shape[1] - 1]


@inner_kernel
def wander(
    model: Model,
    plan: Plan,
    trails: Trails,
    candidates: Candidates,
    stream: Stream,
    joint: bool,
    queue: IntArray,
    count: int,
) -> int:
    """Change one place of the base; return the number of items in ``queue`` after it."""
    item = below(stream, len(plan.place))
    at = plan.place[item]
    block = plan.genes[at, BLOCK]
    chance = unit(stream) if joint else 0.0
    until, other = 0, item
    if chance > 1.0 - SHARE_OF_HEATS:
        _, until = to_some_heat(model, plan, at, stream)
    elif chance > 1.0 - SHARE_OF_HEATS - SHARE_OF_CAMPAIGNS:
        _, until = to_some_campaign(model, plan, at, stream)
    elif chance < SHARE_OF_MOVES:
        other = choose_successor(trails, candidates, last_item(model, plan, at), stream)
        _, until = move_segment(plan, plan.place[other], 1 + below(stream, 2), at + 1)
    elif chance < SHARE_OF_MOVES + SHARE_OF_SPLITS:
        length = model.blocks.block[block].length
        if length > 1:
            before = min(plan.length[0], at + 1 + below(stream, 8))
            _, until = split(model, plan, at, 1 + below(stream, length - 1), before)
    elif chance < SHARE_OF_MOVES + SHARE_OF_SPLITS + SHARE_OF_MERGES:
        base = model.blocks.product[model.blocks.block[block].product].first_item
        end = model.blocks.block[block].first + model.blocks.block[block].length
        if end < model.blocks.product[model.blocks.block[block].product].items:
            other = base + end
            _, until = merge(model, plan, at, plan.place[other])
    else:
        _, until = change_variant(model, plan, at, below(stream, model.blocks.variants))
    if until == 0:
        return count
    apply(model, plan)
    queue[count], queue[count + 1] = item, other
    return count + 2


@kernel_in_place
def deposit(
    model: Model,
    plan: Plan,
    trails: Trails,
    candidates: Candidates,
    persistence: float,
    tau_min: float,
) -> None:
    """Evaporate all trails, deposit on the arcs of the base plan, and cache the products."""
    gain = TAU_MAX * (1.0 - persistence)
    for i in range(trails.trail.shape[0]):
        after = next_item(model, plan, i)
        for k in range(trails.trail.shape[1]):
            trail = trails.trail[i, k] * persistence
            if candidates.near[i, k] == after:
                trail += gain
            trail = min(TAU_MAX, max(tau_min, trail))
            trails.trail[i, k] = trail
            trails.product[i, k] = trail * trails.heuristic[i, k]


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
    source: Kept,
    best_ant: Kept,
    candidates: Candidates,
    trails: Trails,
    stream: Stream,
    queue: IntArray,
    ants: int,
    changes: int,
    budget: int,
    joint: bool,
    search: bool,
) -> None:
    """Send out ``ants`` ants from ``source``; the best of them is left in ``best_ant``."""
    best_ant.money[0] = 1 << 62
    for _ in range(ants):
        take(model, source, plan)
        count = 0
        for _ in range(1 + below(stream, changes)):
            count = wander(model, plan, trails, candidates, stream, joint, queue, count)
        rebase(model, plan, 0)
        if search:
            near, back = candidates.near, candidates.back
            improve_items(model, plan, queue, count, near, back, joint, budget)
        if plan.money[0] < best_ant.money[0]:
            keep(plan, best_ant)
