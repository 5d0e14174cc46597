"""The colony for timed sequences: brute force on tiny problems, determinism, violations."""

import pytest

from scheduler.evaluation import evaluate
from solvers.ant_colony.solver import AntColony
from solvers.stopping import MaxIterations
from tests.naive_timed import all_feasible, naive_tardiness
from tests.timed_problems import timed_problem


def solve(problem, iterations=20, **options):
    return AntColony().solve(problem, stop=MaxIterations(iterations), **options)


@pytest.mark.parametrize(
    "kind",
    [
        {},
        {"whole": False},
        {"forbidden": 0.3},
        {"releases": True},
        {"deadlines": True, "forbidden": 0.2},
        {"releases": True, "deadlines": True, "forbidden": 0.2},
    ],
)
def test_tiny_problems_are_solved_to_the_optimum(kind):
    for seed in range(4):
        problem = timed_problem(seed, 7, **kind)
        best = min(naive_tardiness(problem, jobs)[0] for jobs in all_feasible(problem))
        result = solve(problem)
        assert result.feasible
        assert result.evaluation.cost == pytest.approx(best, rel=1e-9, abs=1e-9)


def test_same_seed_and_iterations_same_sequence_on_one_thread_or_two():
    problem = timed_problem(12, 40)
    one, two = solve(problem, 15, seed=4, threads=1), solve(problem, 15, seed=4, threads=2)
    assert one.solution == two.solution
    assert one.evaluation == two.evaluation
    assert one.solution != solve(problem, 15, seed=5).solution


def test_stops_at_once_when_nothing_is_late():
    problem = timed_problem(1, 12)
    loose = AntColony().solve(
        _with_due_dates_far_off(problem), stop=MaxIterations(10_000), threads=2
    )
    assert loose.evaluation.cost == 0
    assert loose.stop_reason == "optimal"
    assert loose.iterations < 10_000


def _with_due_dates_far_off(problem):
    from dataclasses import replace

    timing = replace(problem.timing, due_date=problem.timing.due_date + 10_000)
    return replace(problem, timing=timing)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_smallest_problems(size):
    problem = timed_problem(0, size)
    best = min(naive_tardiness(problem, jobs)[0] for jobs in all_feasible(problem))
    assert solve(problem, 2).evaluation.cost == best


def test_warm_start_is_never_lost():
    problem = timed_problem(6, 30)
    good = solve(problem, 30).solution
    again = solve(problem, 1, seed=9, warm_start=good)
    assert again.evaluation.cost <= evaluate(problem, good).cost


@pytest.mark.parametrize(("number", "reference"), [(81, 383485), (105, 450806)])
def test_public_instance_comes_within_half_a_percent(data_dir, number, reference):
    from instances.reader import read_file

    path = data_dir / "tardiness_setups" / f"wt_sds_{number}.instance"
    result = solve(read_file(path), 60, threads=2)
    assert reference <= result.evaluation.cost <= reference * 1.005


def test_reports_a_valid_bound():
    for seed in range(3):
        problem = timed_problem(seed, 6)
        result = solve(problem, 5)
        best = min(naive_tardiness(problem, jobs)[0] for jobs in all_feasible(problem))
        assert 0 <= result.lower_bound <= best
