"""Changes that a planner makes by hand: a lot moved, orders locked where they are.

Times follow from the new order of the lots; cuts, heats and everything else stay.
"""

from dataclasses import replace

import numpy as np

from scheduler.issues import InvalidInput, Issue, shown
from scheduler.mill import Lock, MillProblem
from scheduler.mill_arrays import index_of
from scheduler.mill_evaluation import case_of
from scheduler.schedule import Schedule
from scheduler.violations.fixed import campaign_number
from solvers.mill.replay import line_index, replay_of
from solvers.mill.workspace import BLOCK, LINE_END


def moved(
    problem: MillProblem, schedule: Schedule, lot: tuple[str, int], to: tuple[str, int]
) -> Schedule:
    """Return the plan with a lot at another place.

    Parameters
    ----------
    problem, schedule
        The mill and its plan.
    lot
        Line and number (from 1) of the lot.
    to
        Line and number of the lot before which it shall stand; one more than the line has: last.

    Raises
    ------
    InvalidInput
        Where there is no such lot or place, one is frozen, or a lot then does not fit.
    """
    replay = replay_of(problem, schedule)
    source, target = (replay.gene(line_index(problem, name), number) for name, number in (lot, to))
    if source == len(replay.genes) or replay.genes[source, BLOCK] == LINE_END:
        raise InvalidInput([Issue("unknown_lot", "", f"{lot[0]} has no lot {lot[1]}")])
    rest = np.delete(replay.genes, source, axis=0)
    target -= target > source
    return replay.schedule(np.insert(rest, target, replay.moving(source)[0], axis=0))


def locked(
    problem: MillProblem, schedule: Schedule, lot: tuple[str, int], keep: str
) -> MillProblem:
    """Return the problem in which the orders of a lot keep what they have in the plan.

    keep: ``line``; ``position``, the line and the number of their campaign lot; or ``start``, the
    line and the start of their first billet.

    Raises
    ------
    InvalidInput
        Where there is no such lot, or an order is also made elsewhere, so that it cannot be kept.
    """
    case = case_of(problem, schedule)
    line = line_index(problem, lot[0])
    positions = case.timeline.positions(line)
    if not 1 <= lot[1] <= len(positions):
        raise InvalidInput([Issue("unknown_lot", "", f"{lot[0]} has {len(positions)} lots")])
    here = positions[lot[1] - 1]
    number = campaign_number(case, here)
    campaign = case.campaigns(line)[number - 1]
    changes, starts = {}, set()
    for o in dict.fromkeys(o for cut in case.cuts(here) for o, _ in case.pieces(cut)):
        held = campaign if keep == "position" else positions
        order = problem.orders[o]
        if any(i not in held for i in case.lots_of_orders[o]):
            detail = "the order is also made in other lots; it cannot be kept to this one"
            raise InvalidInput([Issue("order_elsewhere", "", detail, order=order.id)])
        lock = Lock(line=lot[0])
        if keep == "position":
            lock = replace(lock, position=number)
        if keep == "start":
            start = int(case.timeline.first[o])
            # Orders that share their first billet: one is held to it, the others to no earlier.
            shared = start in starts
            lock = replace(lock, start_not_before=start if shared else None)
            lock = replace(lock, start_exactly=None if shared else start)
            starts.add(start)
        changes[o] = replace(order, lock=lock)
    orders = tuple(changes.get(o, order) for o, order in enumerate(problem.orders))
    return replace(problem, orders=orders)


def unlocked(problem: MillProblem, order: str) -> MillProblem:
    """Return the problem without the order's lock; raise InvalidInput where there is no order."""
    known = index_of(problem.orders)
    if order not in known:
        raise InvalidInput(
            [Issue("unknown_reference", "", "there is no such order", value=shown(order))]
        )
    orders = list(problem.orders)
    orders[known[order]] = replace(orders[known[order]], lock=None)
    return replace(problem, orders=tuple(orders))
