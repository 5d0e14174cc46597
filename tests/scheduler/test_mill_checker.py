"""The evaluator and the naive checker agree to the last unit, on sensible and broken schedules."""

import math
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.mill import MONEY, MillProblem, Stock
from scheduler.mill_evaluation import evaluate_mill as evaluate
from scheduler.schedule import Schedule
from scheduler.time_tables import temperature_table
from tests.naive_mill import check
from tests.strategies import problems, schedules


def assert_agree(problem: MillProblem, schedule: Schedule) -> None:
    cost, terms, violations = check(problem, schedule)
    evaluation = evaluate(problem, schedule)
    assert {name: (t.amount, t.money) for name, t in evaluation.terms.items()} == terms
    assert evaluation.cost == cost / MONEY
    found = Counter((v.code, v.magnitude) for v in evaluation.violations)
    assert found == Counter((code, magnitude) for code, _, magnitude in violations)


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_evaluator_equals_naive_checker(data):
    problem = data.draw(problems())
    for _ in range(4):
        assert_agree(problem, data.draw(schedules(problem)))


@pytest.mark.parametrize("tau", [60, 3600, 9_999, 123_457])
@pytest.mark.parametrize(("charge", "ambient"), [(9000, 200), (201, 200), (7777, -100), (150, 200)])
def test_temperatures_are_rounded_as_one_by_one(tau, charge, ambient):
    stock = Stock("S", "G", 1, 1, 1, None, charge, tau)
    minutes = range(math.ceil(10 * tau / 60) + 1)
    expected = [round(ambient + (charge - ambient) * math.exp(-60 * m / tau)) for m in minutes]
    assert temperature_table(stock, ambient).tolist() == expected
