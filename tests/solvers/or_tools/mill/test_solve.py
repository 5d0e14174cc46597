"""The solver cp_sat on mills: feasible, never worse than where it began, repeatable."""

from dataclasses import replace

import pytest
from ortools.sat.python import cp_model

from instances.generator import generate
from scheduler.evaluation import evaluate
from solvers.or_tools.cp_sat_process import Found, solve_apart
from solvers.or_tools.mill import candidates
from solvers.or_tools.mill.candidates import all_candidates
from solvers.or_tools.mill.solve import rule_plan, solve_mill
from solvers.stopping import MaxIterations, MaxRuntime
from tests.naive_mill import check
from tests.small_mill import mill
from tests.tiny_mill import tiny_mill


def test_a_tiny_book_is_solved_to_optimality():
    problem = tiny_mill(4)
    result = solve_mill(problem, stop=MaxRuntime(60))
    assert result.stop_reason == "optimal"
    assert result.parameters["method"] == "complete"
    assert result.lower_bound is None
    assert result.solution is not None
    _, _, violations = check(problem, result.solution)
    assert violations == []


@pytest.fixture(scope="module")
def book():
    return generate("bar", "day", seed=5, orders=4, lines=1)


def test_windows_never_lose_the_plan_they_begin_with(book):
    known = rule_plan(book)
    result = solve_mill(book, stop=MaxIterations(2), seed=2, warm_start=known)
    assert result.parameters["method"] == "windows"
    assert result.iterations == 2
    assert result.feasible
    assert result.evaluation.cost <= evaluate(book, known).cost


def test_windows_begin_with_the_rule_where_the_plan_given_breaks_rules(book):
    known = rule_plan(book)
    assert known is not None
    (line,) = known.lines
    at_once = replace(line, lots=tuple(replace(lot, start=0) for lot in line.lots))
    given = replace(known, lines=(at_once,))
    assert not evaluate(book, given).feasible
    result = solve_mill(book, stop=MaxIterations(1), seed=2, warm_start=given)
    assert result.feasible
    assert result.evaluation.cost <= evaluate(book, known).cost


def test_windows_are_repeatable(book):
    plans = [solve_mill(book, stop=MaxIterations(2), seed=7).solution for _ in range(2)]
    assert plans[0] == plans[1]


def test_the_process_is_killed_in_the_middle_of_its_work():
    model = cp_model.CpModel()
    model.maximize(model.new_int_var(0, 9, "x"))
    ending = solve_apart(
        model, seed=1, workers=1, should_stop=lambda _: True, on_solution=lambda _: None
    )
    assert ending.status == "stopped"


def test_the_process_reports_its_solutions():
    model = cp_model.CpModel()
    found: list[Found] = []
    x = model.new_int_var(0, 9, "x")
    model.maximize(x)
    ending = solve_apart(
        model, seed=1, workers=1, should_stop=lambda _: False, on_solution=found.append
    )
    assert (ending.status, ending.bound) == ("OPTIMAL", 9)
    assert (found[-1].objective, found[-1].value(x)) == (9, 9)


def test_an_empty_book_has_an_empty_plan():
    result = solve_mill(mill(orders=()), stop=MaxRuntime(60))
    assert result.evaluation.cost == 0


def test_patterns_of_billets_that_no_time_is_left_for_are_not_looked_at(monkeypatch):
    """A billet of 1 t takes 100 s; in a minute's horizon there is none to cut."""
    monkeypatch.setattr(candidates, "every_pattern", lambda *_: pytest.fail("patterns of none"))
    assert all_candidates(mill(horizon=60), 100, 100) == []
