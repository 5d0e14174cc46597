"""What is run before a solver's clock starts."""

import numpy as np
import pytest

from instances.reader import read_file
from scheduler.cutting import CuttingProblem
from solvers.or_tools.exact_cutting import ExactCutting
from solvers.or_tools.tour_branching import TourTree
from solvers.registry import SOLVERS
from solvers.stopping import MaxIterations
from solvers.warm_exact import warm_exact
from solvers.warm_up import sample
from tests.naive_sequencing import random_problem
from tests.timed_problems import timed_problem

ONE = np.array([1])
CUTTING = CuttingProblem("a piece", ONE, ONE, ONE, capacity=ONE, stock_count=ONE)


def noted(monkeypatch, owner, name):
    """The objects that ``name`` is called on from now on, with what it returns."""
    calls = []
    method = getattr(owner, name)

    def call(self, *args):
        calls.append((self, method(self, *args)))
        return calls[-1][1]

    monkeypatch.setattr(owner, name, call)
    return calls


def test_the_tour_that_is_proven_needs_cuts_and_branches(monkeypatch):
    calls = noted(monkeypatch, TourTree, "search")
    warm_exact(timed_problem(1, 5, objective="pareto"))
    ((tree, _),) = calls
    assert tree.tour is not None
    assert tree.program.lp.cuts
    assert (tree.rise > 0.0).any(), "an arc that was branched on"


def test_the_pieces_that_are_cut_come_to_a_dive_and_a_master(monkeypatch):
    dives, masters = (noted(monkeypatch, ExactCutting, name) for name in ("dive", "close"))
    warm_exact(CUTTING)
    assert len(dives) == 1
    ((_, (cuts, finished)),) = masters
    assert cuts is not None
    assert finished


@pytest.mark.parametrize("shape", [{}, {"ends": True}, {"closed": True}], ids=str)
@pytest.mark.parametrize("pairs", [0, 1, 30, 300])
@pytest.mark.parametrize("size", [4, 5, 6, 30])
def test_ants_run_on_the_sample_of_a_sequence(shape, pairs, size):
    problem = random_problem(1, size, pairs=pairs, **shape)
    result = SOLVERS["aco"].solve(sample(problem), stop=MaxIterations(2))
    assert result.iterations == 2


def test_ants_run_on_the_sample_of_a_real_order_of_jobs(data_dir):
    problem = read_file(data_dir / "tsplib" / "sop" / "ft70.4.sop")
    result = SOLVERS["aco"].solve(sample(problem), stop=MaxIterations(2))
    assert result.iterations == 2


@pytest.mark.parametrize("kind", [{}, {"releases": True}, {"deadlines": True, "links": True}])
@pytest.mark.parametrize("objective", ["weighted_tardiness", "pareto"])
@pytest.mark.parametrize("size", [4, 12])
def test_ants_run_on_the_sample_of_a_problem_where_nothing_is_late(kind, objective, size):
    problem = timed_problem(1, size, objective=objective, **kind)
    few = sample(problem)
    assert few.timing.start_lag.dtype == problem.timing.start_lag.dtype
    result = SOLVERS["aco"].solve(few, stop=MaxIterations(2))
    assert result.iterations == 2
