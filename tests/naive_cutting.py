"""Slow, obvious twins for the cutting core: the score of a cut plan, and exhaustive search."""

import itertools


def naive_score(problem, plan):
    """Return (loss, units, violation magnitudes by code), counted piece by piece."""
    loss, pieces, used = 0, [], []
    broken: dict[str, int] = {}

    def breaks(code, magnitude):
        broken[code] = broken.get(code, 0) + magnitude

    for unit in plan.stock_units:
        used.append(unit.capacity)
        load, colours = 0, set()
        for item in unit.items:
            pieces.append(item)
            if item not in range(len(problem.item_size)):
                breaks("unknown_item", 1)
                continue
            load += problem.item_size[item]
            colours.add(problem.item_family[item])
        if unit.capacity not in list(problem.capacity):
            breaks("unknown_capacity", 1)
        if load > unit.capacity:
            breaks("over_capacity", load - unit.capacity)
        else:
            loss += unit.capacity - load
        if problem.family_limit is not None and len(colours) > problem.family_limit:
            breaks("family_limit", len(colours) - problem.family_limit)
    for capacity, limit in zip(problem.capacity, problem.stock_count, strict=True):
        if limit >= 0 and used.count(capacity) > limit:
            breaks("stock_exceeded", used.count(capacity) - limit)
    for item, demand in enumerate(problem.item_demand):
        if pieces.count(item) < demand:
            breaks("demand_short", demand - pieces.count(item))
        if pieces.count(item) > demand:
            breaks("demand_over", pieces.count(item) - demand)
    return loss, len(plan.stock_units), broken


def set_partitions(items):
    """Yield every partition of ``items`` into groups."""
    if not items:
        yield []
        return
    first, rest = items[0], items[1:]
    for partition in set_partitions(rest):
        yield [[first], *partition]
        for index in range(len(partition)):
            yield [*partition[:index], [first, *partition[index]], *partition[index + 1 :]]


def least_cost(problem):
    """Return the least loss or units over all partitions (at most nine pieces); stock unlimited."""
    pieces = [i for i, demand in enumerate(problem.item_demand) for _ in range(demand)]
    assert len(pieces) <= 9
    best = None
    for groups in set_partitions(pieces):
        loss = 0
        for group in groups:
            load = sum(problem.item_size[i] for i in group)
            fits = [capacity for capacity in problem.capacity if capacity >= load]
            colours = {problem.item_family[i] for i in group}
            if not fits or len(colours) > (problem.family_limit or len(pieces)):
                break
            loss += min(fits) - load
        else:
            cost = loss if problem.objective == "loss" else len(groups)
            best = cost if best is None else min(best, cost)
    return best


def naive_lot_cost(lot, target, units):
    """Return the cost of ``units``, a list of (format, pieces of each order), one per unit."""
    cost = 0
    for stock, cut in units:
        cost += lot.unit_cost[stock]
        cost += lot.mixing_cost * max(0, sum(pieces > 0 for pieces in cut) - 1)
    for i in range(len(lot.piece)):
        delivered = sum(cut[i] for _, cut in units)
        cost -= lot.value[i] * (min(delivered, lot.upper[i]) - target[i])
        cost += lot.shortage[i] * max(0, lot.lower[i] - delivered)
    return cost


def least_lot_cost(lot, target, most_units):
    """Return the least cost over every multiset of at most ``most_units`` cut units."""
    choices = []
    for stock, usable in enumerate(lot.usable):
        ranges = [range(usable // piece + 1) for piece in lot.piece]
        choices += [
            (stock, cut)
            for cut in itertools.product(*ranges)
            if sum(n * piece for n, piece in zip(cut, lot.piece, strict=True)) <= usable
        ]
    best = naive_lot_cost(lot, target, [])
    for size in range(1, most_units + 1):
        for units in itertools.combinations_with_replacement(choices, size):
            stocks = [stock for stock, _ in units]
            limits = enumerate(lot.unit_limit)
            if all(limit < 0 or stocks.count(stock) <= limit for stock, limit in limits):
                best = min(best, naive_lot_cost(lot, target, list(units)))
    return best
