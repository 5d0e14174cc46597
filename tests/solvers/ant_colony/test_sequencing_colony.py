"""The solver ``aco`` on untimed sequences: optimal on tiny ones, deterministic, and stoppable."""

from dataclasses import replace

import numpy as np
import pytest

from instances.reader import read_file
from scheduler.evaluation import evaluate
from scheduler.sequencing import SequencingProblem
from solvers.ant_colony.local_search import nodes_from
from solvers.ant_colony.params import ColonyParams
from solvers.ant_colony.sequencing_colony import candidate_lists, sequencing_colonies, tour_view
from solvers.ant_colony.sequencing_kernels import SOURCE
from solvers.ant_colony.solver import AntColony
from solvers.or_tools.tour_bound import tour_bound
from solvers.stopping import FirstOf, MaxIterations, MaxRuntime, NoImprovement, Target
from solvers.tour_form import OUT, tour_form
from tests.naive_sequencing import best_cost, random_problem
from tests.solvers.test_tour_form import KINDS


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
def test_tiny_problems_are_solved_to_optimality(kind, size):
    if size == 1:
        kind = {k: v for k, v in kind.items() if k not in ("ends", "pairs")}
    problem = random_problem(size, size, **kind)
    best = best_cost(problem)
    result = AntColony().solve(problem, stop=MaxIterations(60))
    assert result.feasible == (best is not None)
    if best is not None:
        assert result.evaluation.cost == pytest.approx(best, rel=1e-12)
        assert result.lower_bound is None or result.lower_bound <= best


@pytest.mark.parametrize("kind", [{"closed": True}, {"pairs": 20}], ids=str)
def test_candidates_are_the_first_by_rank_and_then_by_cost(kind):
    form = tour_form(random_problem(3, 30, **kind))
    rank = form.reduced_cost // 8
    near, backup = candidate_lists(form, rank, 4, 5)
    key = np.where(form.forbidden, OUT, rank)
    np.fill_diagonal(key, np.iinfo(np.int64).max)
    first = np.lexsort((form.cost, key), axis=1)[:, :9]
    assert (np.sort(near) == np.sort(first[:, :4])).all()
    assert (backup == first[:, 4:]).all()
    assert (np.diff(np.take_along_axis(form.reduced_cost, near.astype(int), axis=1)) >= 0).all()


def plans(problem, threads, iterations, **changes):
    result = AntColony(params=ColonyParams(colonies=3, **changes)).solve(
        problem, stop=MaxIterations(iterations), seed=4, threads=threads
    )
    return result.solution, result.evaluation, result.iterations, result.ants


@pytest.mark.parametrize("kind", [{"closed": True}, {"pairs": 30}], ids=str)
def test_the_plan_does_not_depend_on_threads(kind):
    problem = random_problem(1, 60, **kind)
    changes = {"slice_iterations": 5, "exchange_every": 10, "patience": 0.1}
    first = plans(problem, 1, 43, **changes)
    assert first == plans(problem, 2, 43, **changes)
    assert first == plans(problem, 1, 43, **changes)
    assert first[2:] == (43, 43 * 3 * ColonyParams().ants)


def test_a_run_stopped_by_the_clock_is_replayed_from_its_iterations():
    problem = random_problem(2, 80, closed=True)
    clocked = AntColony().solve(problem, stop=MaxRuntime(0.3), seed=9, threads=2)
    again = AntColony().solve(problem, stop=MaxIterations(clocked.iterations), seed=9)
    assert (again.solution, again.iterations) == (clocked.solution, clocked.iterations)


def test_a_warm_start_against_precedence_is_left_behind():
    problem = random_problem(3, 12, pairs=30)
    equal = replace(problem, transition_cost=np.full((12, 12), 7))
    start = AntColony().solve(equal, stop=MaxIterations(1)).solution
    assert start is not None
    result = AntColony().solve(equal, stop=MaxIterations(50), warm_start=start[::-1])
    assert result.feasible


def test_a_warm_start_is_never_lost():
    problem = random_problem(3, 50)
    good = AntColony().solve(problem, stop=MaxIterations(200)).solution
    again = AntColony().solve(problem, stop=MaxIterations(1), warm_start=good)
    assert again.evaluation.cost <= evaluate(problem, good).cost


def test_criteria_give_their_reasons():
    problem = random_problem(4, 40, pairs=20)
    solver = AntColony()
    stale = FirstOf((NoImprovement(40), MaxIterations(5000)))
    assert solver.solve(problem, stop=stale).stop_reason == "no_improvement"
    assert solver.solve(problem, stop=Target(1e9)).stop_reason == "target"
    assert solver.solve(problem, stop=MaxIterations(3)).stop_reason == "iterations"


def test_reaching_the_bound_is_optimal():
    # A cycle of free arcs: the assignment is the tour.
    size = 12
    cost = np.full((size, size), 9)
    cost[np.arange(size), np.arange(1, size + 1) % size] = 0
    nothing = np.zeros(size, dtype=int)
    ring = SequencingProblem("ring", cost, cost < 0, nothing, nothing, closed=True)
    result = AntColony().solve(ring, stop=MaxRuntime(30.0))
    assert (result.stop_reason, result.evaluation.cost, result.lower_bound) == ("optimal", 0, 0)
    assert result.gap == 0


def test_no_way_out_is_reported_with_its_violations():
    nothing = np.zeros(5, dtype=int)
    blocked = SequencingProblem(
        "blocked", np.ones((5, 5), dtype=int), np.ones((5, 5), dtype=bool), nothing, nothing
    )
    result = AntColony().solve(blocked, stop=MaxIterations(20))
    assert not result.feasible
    assert {v.code for v in result.evaluation.violations} == {"forbidden_transition"}


def test_public_instances_reach_their_optimum(data_dir):
    for path, optimum in [
        ("tsplib/atsp/ftv44.atsp", 1613),
        ("tsplib/sop/rbg048a.sop", 351),
        ("galvanizing/cgl_38.txt", 3887),
    ]:
        problem = read_file(data_dir / path)
        stop = FirstOf((Target(optimum), MaxRuntime(20.0)))
        result = AntColony().solve(problem, stop=stop, threads=2)
        assert (result.evaluation.cost, result.feasible) == (optimum, True)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ants": 0}, "ants: 0 is below 1"),
        ({"persistence": 1.0}, "persistence: 1.0 is outside"),
        ({"coldest": 7.0}, "coldest: 7.0 is outside 0 .. hottest, 6.0"),
        ({"exchange_every": 30}, "exchange_every: 30 is no multiple of slice_iterations, 40"),
    ],
)
def test_parameters_are_checked(changes, message):
    with pytest.raises(ValueError, match=message):
        ColonyParams(**changes)


def test_a_settled_and_a_roaming_colony_both_keep_the_best_they_found():
    problem = random_problem(6, 40, closed=True)
    colonies, form = sequencing_colonies(problem, ColonyParams(patience=0.05), 3, None)
    assert [colony.rule.roaming for colony in colonies] == [False, True]
    for colony in colonies:
        least = colony.best_units
        for _ in range(60):
            colony.run(2)
            tour = nodes_from(colony.state.best, form.depot)
            assert form.cost[tour, np.roll(tour, -1)].sum() == colony.best_units <= least
            least = colony.best_units
            source = nodes_from(colony.state.source, form.depot)
            cost = form.reduced_cost[source, np.roll(source, -1)].sum()
            assert cost == colony.state.costs[SOURCE]


def test_exchange_passes_the_best_on_and_leaves_the_source():
    problem = random_problem(7, 40, closed=True)
    worse, better = sequencing_colonies(problem, ColonyParams(), 3, None)[0]
    better.run(50)
    source = nodes_from(worse.state.source, 0)
    worse.adopt(better)
    assert worse.best() == better.best()
    assert (nodes_from(worse.state.source, 0) == source).all()


def test_a_colony_that_sees_by_other_duals_goes_on_with_the_same_tours():
    problem = random_problem(8, 40, closed=True)
    (colony, other), form = sequencing_colonies(problem, ColonyParams(patience=0.05), 3, None)
    colony.run(3)
    best, units = colony.best()[1], colony.best_units
    root = tour_bound(form)
    colony.look(tour_view(form, ColonyParams(candidates=4), root.duals))
    assert (colony.best()[1], colony.best_units) == (best, units)
    seen = colony.view
    assert (seen.form.reduced_cost >= 0).all()
    for i in range(form.size):
        left_out = np.setdiff1d(np.arange(form.size), [i, *seen.graph.near[i]])
        assert seen.price[i].max() <= root.slack[i, left_out].min()
        assert (np.diff(seen.graph.near_cost[i]) >= 0).all()
    colony.run(60)
    cost = evaluate(problem, colony.best()[1]).cost - problem.constant
    assert units >= colony.best_units == cost
    source = nodes_from(colony.state.source, form.depot)
    cost = seen.form.reduced_cost[source, np.roll(source, -1)].sum()
    assert cost == colony.state.costs[SOURCE]
    other.adopt(colony)
    assert other.best() == colony.best()


def test_forbidden_arcs_cost_more_than_any_tour_by_whatever_duals():
    form = tour_form(random_problem(9, 12, forbidden=0.3))
    tour = form.assignment
    for duals in (tour_bound(form).duals, tour_bound(form, seconds=0.0).duals):
        less = form.less(duals)
        allowed = np.where(form.forbidden, 0, less.reduced_cost)
        assert less.penalty > allowed.max(axis=1).sum()
        assert (less.reduced_cost[form.forbidden] == less.penalty).all()
        ends = less.reduced_cost[np.arange(form.size), tour].sum() + less.assignment_bound
        assert ends == form.assignment_bound
