"""The cutting core: scores equal the naive twin, each violation by hand, bad problems refused."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.cutting import CutPlan, CuttingProblem, StockUnit
from scheduler.evaluation import evaluate
from tests.naive_cutting import naive_score


def problem(**changes):
    fields: dict[str, Any] = {
        "name": "tiny",
        "item_size": [30, 20, 50],
        "item_demand": [2, 1, 1],
        "item_family": [1, 2, 3],
        "capacity": [60, 100],
        "stock_count": [-1, 1],
        "family_limit": 2,
        "objective": "loss",
    }
    fields.update(changes)
    for name in ("item_size", "item_demand", "item_family", "capacity", "stock_count"):
        fields[name] = np.array(fields[name])
    return CuttingProblem(**fields)


def plan(*units):
    return CutPlan(tuple(StockUnit(capacity, tuple(items)) for capacity, items in units))


def violations(*units, **changes):
    return [(v.code, v.magnitude) for v in evaluate(problem(**changes), plan(*units)).violations]


def test_loss_and_units_of_a_feasible_plan():
    # 100 - (30 + 50) = 20 and 60 - (30 + 20) = 10.
    units = ((100, [0, 2]), (60, [0, 1]))
    scored = evaluate(problem(), plan(*units))
    assert (scored.cost, scored.violations) == (30.0, ())
    assert scored.terms == {"loss": 30, "units": 2, "capacity_used": 160}
    assert evaluate(problem(objective="units"), plan(*units)).cost == 2.0


def test_each_violation_alone():
    assert violations((60, [2, 1]), (60, [0, 0])) == [("over_capacity", 10)]
    assert violations((100, [0, 1, 2]), (60, [0])) == [("family_limit", 1)]
    assert violations((100, [2]), (100, [0, 0, 1])) == [("stock_exceeded", 1)]
    assert violations((60, [2]), (60, [0, 1])) == [("demand_short", 1)]
    assert violations((60, [2]), (60, [0, 0]), (60, [1, 1])) == [("demand_over", 1)]
    assert violations((80, [2]), (60, [0, 0]), (60, [1])) == [("unknown_capacity", 1)]
    assert violations((60, [2, 7]), (60, [0, 0]), (60, [1])) == [("unknown_item", 1)]
    assert violations((60, [2, -1]), (60, [0, 0]), (60, [1])) == [("unknown_item", 1)]


@given(
    st.lists(
        st.tuples(st.sampled_from([60, 100, 70]), st.lists(st.integers(-1, 4), max_size=6)),
        max_size=5,
    )
)
def test_any_plan_scores_as_the_naive_twin(units):
    scored = evaluate(problem(), plan(*units))
    loss, count, broken = naive_score(problem(), plan(*units))
    assert (scored.terms["loss"], scored.terms["units"]) == (loss, count)
    total: dict[str, float] = {}
    for violation in scored.violations:
        total[violation.code] = total.get(violation.code, 0) + violation.magnitude
    assert total == broken


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"item_size": [30, 20, 101]},
            "item 2 has size 101, more than the largest stock unit .100",
        ),
        ({"item_size": [30, 20, 70], "stock_count": [-1, 0]}, "largest stock unit .60"),
        ({"item_size": [30, 0, 50]}, r"item_size\[1\] is 0, it must lie in 1\.\."),
        ({"item_demand": [2, -1, 1]}, r"item_demand\[1\] is -1"),
        ({"item_family": [1]}, "item_family has 1 entries, 3 are needed"),
        ({"capacity": [], "stock_count": []}, "capacity is empty"),
        ({"capacity": [60, 60]}, "names a kind of stock unit twice"),
        ({"stock_count": [-2, 1]}, r"stock_count\[0\] is -2"),
        ({"stock_count": [1, 0], "item_size": [30, 20, 50]}, "need 130 in total, .* holds 60"),
        ({"item_demand": [1, 10**6, 1]}, "asks for 1000002 pieces in total, at most 1000000"),
        ({"family_limit": 0}, "family_limit is 0"),
        ({"objective": "scrap"}, "must be 'loss' or 'units'"),
        ({"item_size": [30.5, 20, 50]}, "item_size must be a list of whole numbers"),
    ],
)
def test_bad_problems_name_place_and_range(changes, words):
    with pytest.raises(ValueError, match=words):
        problem(**changes)


def test_arrays_are_frozen_copies():
    made = problem()
    with pytest.raises(ValueError, match="read-only"):
        made.item_size[0] = 1
