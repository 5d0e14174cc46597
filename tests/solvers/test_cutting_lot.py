"""The lot's cut plan: valid, its cost true, near the brute-force optimum, formats well chosen."""

import numpy as np
import pytest

from solvers.cutting_lot import Lot, plan_lot
from tests.naive_cutting import least_lot_cost, naive_lot_cost


def ints(*values):
    return np.array(values, dtype=np.int64)


def random_lot(rng, orders, formats, most_pieces, units):
    usable = np.sort(rng.choice(np.arange(1000, 1600, 7), formats, replace=False))
    piece = (usable[0] / rng.uniform(2, most_pieces, orders)).astype(np.int64)
    target = np.maximum(1, rng.dirichlet(np.ones(orders)) * units * usable[-1] / piece)
    target = target.astype(np.int64)
    lower, upper = (target * 0.9).astype(np.int64), np.ceil(target * 1.1).astype(np.int64)
    value = (piece * rng.choice([0.0, 2.0, 8.0])).astype(np.int64)
    shortage = piece * 500
    limit = np.full(formats, -1, dtype=np.int64)
    if formats > 1:
        limit[rng.integers(formats)] = units
    mixing_cost = int(rng.choice([0, 50]))
    return Lot(piece, lower, upper, value, shortage, usable, usable * 5, limit, mixing_cost), target


def planned(lot, target):
    plan, cost = plan_lot(
        lot.piece, lot.lower, target, lot.upper, lot.value, lot.shortage,
        lot.usable, lot.unit_cost, lot.unit_limit, lot.mixing_cost,
    )  # fmt: skip
    units = [
        (stock, tuple(cut))
        for cut, stock, count in zip(plan.pattern, plan.stock, plan.units, strict=True)
        for _ in range(count)
    ]
    return plan, cost, units


@pytest.mark.parametrize("seed", range(30))
def test_plan_is_valid_and_its_cost_is_the_naive_one(seed):
    rng = np.random.default_rng(seed)
    lot, target = random_lot(rng, int(rng.integers(1, 9)), int(rng.integers(1, 4)), 60, 12)
    plan, cost, units = planned(lot, target)
    assert np.all(plan.pattern @ lot.piece <= lot.usable[plan.stock])
    assert np.all(plan.units > 0)
    delivered = plan.units @ plan.pattern
    assert np.all(delivered >= lot.lower)
    assert np.all(delivered <= lot.upper)
    used = np.bincount(plan.stock, weights=plan.units, minlength=len(lot.usable))
    assert np.all((lot.unit_limit < 0) | (used <= lot.unit_limit))
    assert cost == naive_lot_cost(lot, target, units)


def test_close_to_brute_force_on_tiny_lots():
    gaps = []
    for seed in range(25):
        rng = np.random.default_rng(seed)
        lot, target = random_lot(rng, 2, int(rng.integers(1, 3)), 4, 2)
        _, cost, units = planned(lot, target)
        best = least_lot_cost(lot, target, 3)
        assert len(units) > 3 or cost >= best
        gaps.append((cost - best) / lot.unit_cost.min())
    assert np.mean(gaps) < 0.05
    assert max(gaps) < 0.6


def test_one_order_fills_whole_units_and_uses_the_tolerance():
    # 100 long pieces, 10 in a unit of 1005: 9 units make the lower bound of 90 exactly.
    lot = Lot(
        ints(100), ints(90), ints(110), ints(0), ints(9000), ints(1005), ints(500), ints(-1), 0
    )
    plan, cost, _ = planned(lot, ints(100))
    assert plan.pattern.tolist() == [[10]]
    assert plan.units.tolist() == [9]
    assert cost == 9 * 500
    # Pieces worth more than their steel fill up to the upper bound: 11 units, 10 above target.
    worth = lot._replace(value=ints(80))
    plan, cost, _ = planned(worth, ints(100))
    assert plan.units.tolist() == [11]
    assert cost == 11 * 500 - 80 * 10


def test_two_lengths_share_units_where_each_alone_leaves_a_rest():
    # Alone 70s leave 30 of 100 and 30s leave 10; together 70 + 30 leaves nothing.
    lot = Lot(
        ints(70, 30), ints(5, 5), ints(5, 5), ints(0, 0), ints(9000, 9000),
        ints(100), ints(100), ints(-1), 0,
    )  # fmt: skip
    plan, cost, _ = planned(lot, ints(5, 5))
    assert plan.pattern.tolist() == [[1, 1]]
    assert cost == 500


def test_a_limited_format_is_not_overused_and_shortage_is_priced():
    lot = Lot(ints(10), ints(30), ints(30), ints(1), ints(7), ints(100), ints(20), ints(2), 0)
    plan, cost, _ = planned(lot, ints(30))
    assert plan.units.tolist() == [2]
    assert cost == 2 * 20 + (30 - 20) * (1 + 7)


def test_nothing_is_cut_where_it_does_not_pay_or_does_not_fit():
    lot = Lot(ints(10), ints(3), ints(3), ints(1), ints(1), ints(100), ints(500), ints(-1), 0)
    plan, cost, _ = planned(lot, ints(3))
    assert len(plan.units) == 0
    assert cost == 6
    too_long = lot._replace(piece=ints(101), shortage=ints(9000))
    plan, cost, _ = planned(too_long, ints(3))
    assert len(plan.units) == 0


def test_early_orders_come_first():
    rng = np.random.default_rng(7)
    lot, target = random_lot(rng, 5, 1, 40, 20)
    plan, _, _ = planned(lot, target)
    first = [int(np.flatnonzero(cut)[0]) for cut in plan.pattern]
    assert first == sorted(first)
