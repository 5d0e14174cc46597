"""The table of mill books: proven gap and attainable saving beside what was saved."""

from dataclasses import replace

import pytest

from benchmarks.mill_table import Comparison, mill_table
from scheduler.kpis import Kpi
from solvers.bound import Bound
from solvers.or_tools.mill_bound import EnergyBound


def comparison(cost, rule, bound):
    kpi = Kpi("cost", "cost", "Total cost", "EUR", cost, rule)
    proven = None if bound is None else Bound(bound, {}, 0.0, 1.0, True)
    return Comparison("book", "aco", {"cost": kpi}, proven)


def test_what_is_saved_is_a_share_of_what_the_bound_leaves():
    row = comparison(960.0, 1000.0, 900.0)
    assert row.savings == pytest.approx((10.0, 40.0))
    table = mill_table([row], "aco")
    assert "no plan saves more than 10.00 % of the rule's cost" in table
    assert "of that bound 40 % is saved" in table


def test_gaps_of_a_plan_that_earns_are_no_less_than_nothing():
    row = replace(comparison(-400.0, 0.0, -500.0), bound=Bound(-500.0, {}, -600.0, 1.0, True))
    assert row.gaps == pytest.approx((25.0, 50.0))


@pytest.mark.parametrize("bound", [None, 1000.0])
def test_nothing_is_said_where_no_bound_was_proven_or_it_leaves_nothing(bound):
    assert comparison(1000.0, 1000.0, bound).savings is None
    assert "Attainable" not in mill_table([comparison(1000.0, 1000.0, bound)], "aco")


def test_what_is_saved_of_a_tonnes_energy_is_a_share_of_what_its_bound_leaves():
    kpi = Kpi("energy.total.money_per_tonne", "Energy", "Energy per tonne", "EUR/t", 9.0, 10.0)
    row = replace(
        comparison(960.0, 1000.0, None), kpis={kpi.key: kpi}, energy=EnergyBound(6.0, {}, 1.0)
    )
    assert row.energy_savings == pytest.approx((40.0, 25.0))
    assert replace(row, energy=EnergyBound(10.0, {}, 1.0)).energy_savings is None
