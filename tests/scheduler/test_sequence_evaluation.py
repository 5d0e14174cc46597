"""Hand-computed scores of small sequences, and the errors of unsound data."""

import numpy as np
import pytest

from scheduler.evaluation import evaluate
from scheduler.sequencing import SequencingProblem, Timing

COST = np.array([[0, 3, 9], [4, 0, 5], [2, 7, 0]])
ALLOWED = np.zeros((3, 3), dtype=bool)


def problem(**changes):
    fields = {
        "name": "three",
        "transition_cost": COST,
        "forbidden": ALLOWED,
        "first_cost": np.array([10, 20, 30]),
        "last_cost": np.array([1, 2, 3]),
    }
    return SequencingProblem(**(fields | changes))


def codes(scored):
    return [violation.code for violation in scored.violations]


def test_open_path_costs_ends_arcs_and_constant():
    scored = evaluate(problem(constant=100), (2, 0, 1))
    # first 30, arcs 2 -> 0 and 0 -> 1: 2 + 3, last 2, constant 100
    assert scored.cost == 30 + 2 + 3 + 2 + 100
    assert scored.feasible


def test_tour_costs_its_closing_arc_wherever_it_starts():
    tour = problem(closed=True, first_cost=np.zeros(3, int), last_cost=np.zeros(3, int))
    # 0 -> 1 -> 2 -> 0: 3 + 5 + 2
    assert [evaluate(tour, s).cost for s in [(0, 1, 2), (1, 2, 0), (2, 0, 1)]] == [10, 10, 10]


def test_forbidden_transition_costs_nothing_and_is_a_violation():
    forbidden = ALLOWED.copy()
    forbidden[0, 1] = True
    scored = evaluate(problem(forbidden=forbidden), np.array([2, 0, 1]))
    assert scored.cost == 30 + 2 + 2
    assert codes(scored) == ["forbidden_transition"]


def test_a_job_missing_repeated_or_unknown_is_named():
    scored = evaluate(problem(), (0, 0, 7))
    assert [(v.code, v.where) for v in scored.violations] == [
        ("repeated_job", "job 0"),
        ("unknown_job", "job 7"),
        ("missing_job", "job 1"),
        ("missing_job", "job 2"),
        ("forbidden_transition", "job 0 -> job 0"),
    ]


def test_broken_precedence_measures_positions():
    scored = evaluate(problem(predecessors=np.array([[1, 0]])), (0, 2, 1))
    assert [(v.code, v.magnitude) for v in scored.violations] == [("precedence", 2)]


def test_ends_must_be_the_fixed_jobs():
    scored = evaluate(problem(fixed_first=1, fixed_last=0), (0, 2, 1))
    assert codes(scored) == ["first_job", "last_job"]


def test_timed_terms_and_deadline():
    timing = Timing(
        start_lag=np.array([[0, 5, 6], [7, 0, 8], [9, 1, 0]]),
        first_start=np.array([2, 0, 0]),
        duration=np.array([4, 4, 4]),
        due_date=np.array([5, 10, 12]),
        weight=np.array([1, 2, 3]),
        release=np.array([0, 8, 0]),
        deadline=np.array([99, 99, 18]),
    )
    scored = evaluate(problem(timing=timing, objective="weighted_tardiness"), (0, 1, 2))
    # starts 2, max(8, 7), 16; completions 6, 12, 20; late 1, 2, 8
    assert scored.cost == 1 * 1 + 2 * 2 + 3 * 8
    assert scored.terms["transition_cost"] == 10 + 3 + 5 + 3
    assert [(v.code, v.magnitude) for v in scored.violations] == [("missed_deadline", 2)]


def test_a_sequence_is_a_flat_list_of_whole_numbers():
    with pytest.raises(ValueError, match="flat list"):
        evaluate(problem(), (0.5, 1, 2))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"transition_cost": COST[:2]}, r"transition_cost: has shape \(2, 3\), expected \(3, 3\)"),
        ({"last_cost": np.array([1, np.nan, 2])}, r"last_cost\[1\]: nan is outside"),
        ({"predecessors": np.array([[0, 1], [1, 0]])}, "cycle"),
        ({"predecessors": np.array([[0, 3]])}, r"pair \(0, 3\) is outside"),
        ({"predecessors": np.array([[0, 1]]), "fixed_first": 1}, "must come after job 0"),
        ({"fixed_first": 3}, "job 3 is outside 0 .. 2"),
        ({"fixed_first": 1, "fixed_last": 1}, "already fixed"),
        ({"closed": True}, "no ends"),
        ({"objective": "weighted_tardiness"}, "needs timing"),
    ],
)
def test_unsound_data_is_refused_by_name(changes, message):
    with pytest.raises(ValueError, match=message):
        problem(**changes)


def test_a_tour_with_times_says_where_it_begins():
    nothing = np.zeros(3, int)
    timing = Timing(np.ones((3, 3), int), nothing, nothing, nothing, nothing)
    tour = {"closed": True, "first_cost": nothing, "last_cost": nothing, "timing": timing}
    with pytest.raises(ValueError, match="a last job or times"):
        problem(**tour)
    assert evaluate(problem(**tour, fixed_first=1), (1, 2, 0)).feasible


def test_data_is_copied_and_read_only():
    cost = COST.copy()
    sound = problem(transition_cost=cost)
    cost[0, 1] = 99
    assert sound.transition_cost[0, 1] == 3
    with pytest.raises(ValueError, match="read-only"):
        sound.transition_cost[0, 1] = 0
