"""CP-SAT's fronts: complete on tiny problems, and never beyond what brute force finds."""

from dataclasses import replace

import numpy as np
import pytest

from scheduler.front import covers, front_of
from scheduler.sequence_evaluation import front_point
from solvers.or_tools.solver import CpSat
from solvers.stopping import FirstOf, MaxIterations, MaxRuntime
from tests.naive_timed import all_feasible
from tests.timed_problems import timed_problem


@pytest.mark.parametrize("kind", [{}, {"whole": False}, {"forbidden": 0.2, "deadlines": True}])
def test_ends_are_found_and_no_point_is_too_good(kind):
    problem = timed_problem(2, 5, links=True, objective="pareto", **kind)
    best = front_of(front_point(problem, jobs) for jobs in all_feasible(problem))
    stop = FirstOf((MaxIterations(6), MaxRuntime(60)))
    result = CpSat().solve(problem, stop=stop)
    assert result.feasible
    found = [point.objectives for point in result.solution.points]
    expected = [point.objectives for point in best.points]
    assert all(any(covers([x - 1e-6 for x in e], f) for e in expected) for f in found)
    assert min(f[0] for f in found) == pytest.approx(expected[0][0], rel=1e-3)
    assert min(f[1] for f in found) == pytest.approx(expected[-1][1])


def test_a_warm_start_is_kept():
    problem = timed_problem(1, 6, links=True, objective="pareto")
    result = CpSat().solve(problem, stop=MaxIterations(1), warm_start=tuple(range(6)))
    mine = front_point(problem, tuple(range(6))).objectives
    assert any(covers(point.objectives, mine) for point in result.solution.points)


def test_jobs_that_follow_at_once_and_due_dates_far_beyond_them_fit_a_model():
    problem = timed_problem(1, 4, links=True, objective="pareto")
    timing = problem.timing
    assert timing is not None
    at_once = replace(
        timing,
        start_lag=np.zeros_like(timing.start_lag),
        first_start=np.zeros_like(timing.first_start),
        due_date=timing.due_date + 10**6,
        release=None,
    )
    result = CpSat().solve(replace(problem, timing=at_once), stop=MaxIterations(2))
    assert result.feasible
    assert result.solution.points[0].objectives[0] == 0
