"""The evaluator and the naive checker agree to the last unit, on sensible and broken schedules."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.mill import MONEY, MillProblem
from scheduler.mill_evaluation import evaluate_mill as evaluate
from scheduler.schedule import Schedule
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
