"""Constraints on orders and stock: what is made, when it is done, and what it may not break."""

import numpy as np

from scheduler.arrays import FAR, IntArray
from scheduler.mill import Lock
from solvers.or_tools.mill.model import Literal, MillModel, Visit, bounds
from solvers.or_tools.mill.state import carrying


def draw_stock(model: MillModel) -> None:
    """Take no more billets of a stock row than there are."""
    for k, limit in enumerate(model.mill.stock.limit.tolist()):
        users = [visit for visit in model.visits if k in visit.options.billets]
        if users and limit < FAR:
            used = sum(visit.total(visit.options.billets[k]) for visit in users)
            model.cp.add(used <= limit)


def make_orders(model: MillModel) -> None:
    """Derive ``made``, ``is_made`` and ``last`` of every order from the options taken."""
    for o in range(len(model.problem.orders)):
        carriers = list(model.carriers(o))
        most = sum(int(visit.options.made[o].max()) for visit in carriers)
        made = model.integer(0, most, f"made{o}")
        model.cp.add(made == sum(visit.total(visit.options.made[o]) for visit in carriers))
        model.made.append(made)
        model.is_made.append(_any(model, [p for v in carriers for p in presence(v, o)]))
        last = model.integer(0, model.problem.horizon, f"last{o}")
        ends = [last_end(model, visit, o) for visit in carriers]
        model.cp.add_max_equality(last, [0, *ends])
        model.last.append(last)


def part_quantities(model: MillModel) -> None:
    """Split what is made of each order into below the lower bound, between the bounds, above.

    The parts fill up in this order. So said, the relaxation knows what more of an order is worth.
    """
    for o, order in enumerate(model.problem.orders):
        most = bounds(model.made[o])[1]
        room = order.upper - order.lower
        below, between = model.integer(0, order.lower), model.integer(0, room)
        above = model.integer(0, max(0, most - order.upper))
        model.cp.add(below + between + above == model.made[o])
        has_lower, has_upper = model.boolean(), model.boolean()
        model.cp.add(below >= order.lower * has_lower)
        model.cp.add(between <= room * has_lower)
        model.cp.add(between >= room * has_upper)
        model.cp.add(above <= max(0, most - order.upper) * has_upper)
        model.cp.add_implication(has_upper, has_lower)
        model.parts.append((below, between, above))


def presence(visit: Visit, order: int) -> list[Literal]:
    """Return the literals of a lot's options that carry ``order``."""
    return [visit.chosen[k] for k in carrying(visit, order)]


def last_end(model: MillModel, visit: Visit, order: int) -> Literal:
    """Return the end (s) of the lot's last billet with ``order``; 0 when it carries none."""
    result = model.integer(0, model.problem.horizon)
    model.cp.add(result == visit.total(carried(visit, order, visit.options.last[order])))
    return result


def carried(visit: Visit, order: int, column: IntArray) -> IntArray:
    """Return ``column`` with 0 at the options that do not carry ``order``."""
    return np.where(visit.options.made[order] > 0, column, 0)


def _any(model: MillModel, literals: list[Literal]) -> Literal:
    """Return a literal that is true exactly when one of ``literals`` is."""
    result = model.boolean()
    model.cp.add_bool_or([*literals, result.Not()])
    for literal in literals:
        model.cp.add_implication(literal, result)
    return result


def precede(model: MillModel) -> None:
    """Make a made order's predecessors too, and end them before its first billet starts."""
    index = {order.id: o for o, order in enumerate(model.problem.orders)}
    for o, order in enumerate(model.problem.orders):
        for before in (index[name] for name in order.predecessors):
            model.cp.add_implication(model.is_made[o], model.is_made[before])
            for visit in model.carriers(o):
                if carrying(visit, o):
                    first = visit.total(carried(visit, o, visit.options.first[o]))
                    here = _any(model, presence(visit, o))
                    model.cp.add(first >= model.last[before]).only_enforce_if(here)


def lock_starts(model: MillModel) -> None:
    """Start a billet of an order locked to an exact start then (earlier options are gone)."""
    for o, order in enumerate(model.problem.orders):
        lock = order.lock or Lock()
        if lock.start_exactly is not None:
            model.cp.add_bool_or(
                visit.chosen[k]
                for visit in model.carriers(o)
                for k in carrying(visit, o)
                if visit.options.first[o][k] == lock.start_exactly
            )


def keep_on_one_line(model: MillModel) -> None:
    """Keep orders that may not be split on one line."""
    for o, order in enumerate(model.problem.orders):
        if not order.may_split_lines and len(model.routes) > 1:
            lines = [
                _any(
                    model,
                    [
                        p
                        for v in model.carriers(o)
                        if v.candidate.line == line
                        for p in presence(v, o)
                    ],
                )
                for line in range(len(model.routes))
            ]
            model.cp.add_at_most_one(lines)
