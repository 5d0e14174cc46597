"""The best slots for one more order in a given plan.

Its lot, cut from the billets that the plan leaves, is tried between all lots of every line, timed
by the decoder with everything else in its order; the cheapest places are then scored by the
evaluator.
"""

from dataclasses import dataclass, replace

import numpy as np

from scheduler.arrays import FAR, IntArray
from scheduler.attribution import lateness
from scheduler.evaluation import Evaluation, evaluate
from scheduler.issues import InvalidInput, Issue
from scheduler.mill import MillProblem
from scheduler.mill_arrays import index_of
from scheduler.mill_evaluation import case_of, evaluate_case
from scheduler.missing import why_missing
from scheduler.schedule import Schedule
from scheduler.violations import Case
from scheduler.walk import LOT_START
from solvers.mill.order_lot import lot_of_order
from solvers.mill.replay import Replay, line_index, replay_of
from solvers.mill.workspace import (
    BLOCK,
    GENE_COLUMNS,
    LEFT_OUT,
    LINE_END,
    NOT_BEFORE,
)

Place = tuple[int, int, int]
"""A line, the number of the lot there, and the gene."""

SCORED = 2
"""Places that the evaluator scores for each that is asked for: the decoder knows no peak charge."""

TRIED = 8
"""Earlier places of a late order that are scored for each that is asked for."""


@dataclass(frozen=True, slots=True)
class Delay:
    """An order that becomes later: s after its due date before and with the new order."""

    order: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for the new order: lot ``number`` (from 1) of ``line``.

    start, end: s of its first and last billet. late: s after its due date. added_cost: what the
    plan costs more with the order than without it, in the currency. broken: constraints that the
    plan without the order keeps. delays: longest first.
    """

    line: str
    number: int
    start: int
    end: int
    late: int
    added_cost: float
    evaluation: Evaluation
    broken: tuple[str, ...]
    delays: tuple[Delay, ...]
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Advice:
    """The best slots, cheapest first; where there are none, why."""

    slots: tuple[Slot, ...]
    places: int
    reasons: tuple[str, ...]


def best_slots(
    problem: MillProblem, schedule: Schedule, order: str, *, not_before: int = -FAR, most: int = 5
) -> Advice:
    """Return the best slots for ``order``, which the plan does not make yet.

    Parameters
    ----------
    problem
        The mill with the new order in it.
    schedule
        A plan of the mill without the order.
    not_before
        s; what starts earlier stays before the new lot.
    most
        How many slots to return.
    """
    before = case_of(problem, schedule)
    lot = lot_of_order(before, index_of(problem.orders)[order])
    if lot is None:
        return Advice((), 0, tuple(_no_steel(before, order)))
    replay = replay_of(problem, schedule, (lot,))
    places = _places(replay, not_before)
    row = _gene(len(replay.lots) - 1, not_before)
    ranked = _tried(replay, places, row)
    without = replace(problem, orders=tuple(one for one in problem.orders if one.id != order))
    base = evaluate(without, schedule)
    slots = [
        _slot(order, replay.decoder.schedule(_inserted(replay, place, row)), place, base, before)
        for place in ranked[: most * SCORED]
    ]
    slots.sort(key=lambda slot: (len(slot.broken), slot.added_cost))
    return Advice(tuple(slots[:most]), len(places), () if slots else (_NOWHERE,))


def earlier_places(
    problem: MillProblem, schedule: Schedule, order: str, *, most: int = 3
) -> tuple[Slot, ...]:
    """Return where the lot that ends a late order could stand so that the order is less late.

    The cheapest first; ``added_cost`` is against the plan as it is, ``number`` the lot's number
    then. Empty where the order is not made, in time, or its lot frozen.
    """
    before, index = case_of(problem, schedule), index_of(problem.orders)[order]
    late = int(lateness(before.bill)[index])
    if late == 0:
        return ()
    last = before.last_lots[index]
    line = before.line_of(last)
    replay = replay_of(problem, schedule)
    try:
        source = replay.gene(line, last - before.timeline.positions(line).start + 1)
    except InvalidInput:
        return ()
    row = replay.moving(source)
    rest = replace(replay, genes=np.delete(replay.genes, source, axis=0))
    base, found = evaluate(problem, schedule), list[Slot]()
    places = [place for place in _places(rest, -FAR) if _starts_before(rest, place, before, last)]
    for place in _tried(rest, places, row)[: most * TRIED]:
        plan = rest.decoder.schedule(_inserted(rest, place, row))
        slot = _slot(order, plan, place, base, before)
        if slot.late < late and not slot.broken:
            found.append(slot)
        if len(found) == most * SCORED:
            break
    found.sort(key=lambda slot: slot.added_cost)
    return tuple(found[:most])


_NOWHERE = (
    "At no place can it be rolled together with everything else that is planned: lines, locks,"
    " predecessors, campaign bounds, deadlines, power caps or the horizon forbid it."
)


def _no_steel(case: Case, order: str) -> list[str]:
    index = index_of(case.problem.orders)[order]
    base = evaluate(case.problem, case.schedule)
    return why_missing(case, index, base, attempt=False)[1]


def _starts_before(replay: Replay, place: Place, case: Case, position: int) -> bool:
    """Whether what stands at a place in the plan starts before the lot at ``position``."""
    if place[2] == len(replay.genes) or replay.genes[place[2], BLOCK] == LINE_END:
        return False
    lot = replay.lots[replay.genes[place[2], BLOCK]]
    return lot.start < int(case.timeline.outcome[position, LOT_START])


def with_order(
    problem: MillProblem, schedule: Schedule, order: str, line: str, number: int
) -> Schedule:
    """Return the plan with ``order`` made in a new lot ``number`` of ``line``.

    Raises
    ------
    InvalidInput
        Where there is no steel for it, no such place, or a lot then does not fit.
    """
    case = case_of(problem, schedule)
    lot = lot_of_order(case, index_of(problem.orders)[order])
    if lot is None:
        raise InvalidInput([Issue("no_steel", "", " ".join(_no_steel(case, order)), order=order)])
    replay = replay_of(problem, schedule, (lot,))
    row, index = _gene(len(replay.lots) - 1, -FAR), line_index(problem, line)
    place = index, number, replay.gene(index, number)
    return replay.schedule(_inserted(replay, place, row))


def _places(replay: Replay, not_before: int) -> list[Place]:
    """Return every place behind what starts before ``not_before``."""
    places = list[Place]()
    line, number = 0, replay.frozen[0]
    for g in range(len(replay.genes) + 1):
        block = LINE_END if g == len(replay.genes) else int(replay.genes[g, BLOCK])
        number += 1
        if block == LINE_END or replay.lots[block].start >= not_before:
            places.append((line, number, g))
        if block == LINE_END and g < len(replay.genes):
            line += 1
            number = replay.frozen[line]
    return places


def _gene(block: int, not_before: int) -> IntArray:
    row = np.zeros((1, GENE_COLUMNS), dtype=np.int64)
    row[0, [BLOCK, NOT_BEFORE]] = block, not_before
    return row


def _inserted(replay: Replay, place: Place, row: IntArray) -> IntArray:
    return np.concatenate((replay.genes[: place[2]], row, replay.genes[place[2] :]))


def _tried(replay: Replay, places: list[Place], row: IntArray) -> list[Place]:
    """Return the places where every lot fits, those first at which the plan costs least."""
    decoder, found = replay.decoder, list[tuple[int, Place]]()
    work = decoder.workspace(len(replay.genes) + 1)
    decoder.money(replay.genes, work)
    for place in places:
        money = decoder.money(_inserted(replay, place, row), work, place[2], keep=False)
        if work.state[LEFT_OUT] == 0:
            found.append((money, place))
    return [place for _, place in sorted(found)]


def _slot(order: str, schedule: Schedule, place: Place, base: Evaluation, before: Case) -> Slot:
    problem, (line, number, _) = before.problem, place
    after = case_of(problem, schedule)
    evaluation = evaluate_case(after)
    late, was = lateness(after.bill), lateness(before.bill)
    index = index_of(problem.orders)[order]
    delays = [
        Delay(one.id, int(was[o]), int(late[o]))
        for o, one in enumerate(problem.orders)
        if late[o] > was[o] and o != index
    ]
    delays.sort(key=lambda delay: delay.before - delay.after)
    return Slot(
        line=problem.lines[line].id,
        number=number,
        start=int(after.timeline.first[index]),
        end=int(after.timeline.last[index]),
        late=int(late[index]),
        added_cost=evaluation.cost - base.cost,
        evaluation=evaluation,
        broken=_newly_broken(before, place, base, evaluation),
        delays=tuple(delays),
        schedule=schedule,
    )


def _newly_broken(
    before: Case, place: Place, base: Evaluation, after: Evaluation
) -> tuple[str, ...]:
    """Return the codes of what is broken with a lot put in at ``place``, and was not before.

    The new lot renumbers those behind it, by which what they broke before is known.
    """
    line, number, _ = place
    plant = before.problem.lines[line].id
    count = len(before.timeline.positions(line))
    moved = {f"{plant}/{n}": f"{plant}/{n + 1}" for n in range(number, count + 1)}
    known = {(v.code, moved.get(v.where, v.where)) for v in base.violations}
    return tuple(dict.fromkeys(v.code for v in after.violations if (v.code, v.where) not in known))
