"""The exact method in steps, and its hand-off with the colony."""

import numpy as np
import pytest

from instances.reader import read_file
from scheduler.sequencing import SequencingProblem
from solvers.ant_colony.params import ColonyParams
from solvers.ant_colony.solver import AntColony
from solvers.or_tools import tour_branching
from solvers.or_tools.tour_bound import TourProgram
from solvers.or_tools.tour_branching import TourTree
from solvers.or_tools.tour_prover import TourProver
from solvers.stopping import FirstOf, MaxIterations, MaxRuntime
from solvers.tour_form import tour_form
from tests.naive_sequencing import best_cost, random_problem


@pytest.mark.parametrize("kind", [{"closed": True}, {"pairs": 5}, {"forbidden": 0.2}], ids=str)
def test_small_steps_end_at_the_optimum(kind):
    problem = random_problem(31, 7, **kind)
    best = best_cost(problem)
    assert best is not None
    form = tour_form(problem)
    prover = TourProver(form)
    upper = round(best - problem.constant) + 60
    bounds = []
    for _ in range(200):
        tour = prover.advance(upper, 0.1, np.inf)
        if tour is not None:
            upper = int(form.cost[tour, np.roll(tour, -1)].sum())
        bounds.append(prover.bound)
    assert form.proven(prover.bound) == best
    assert bounds == sorted(bounds)
    assert upper == round(best - problem.constant)


def uniform(size, seed):
    rng = np.random.default_rng(seed)
    nothing = np.zeros(size, dtype=int)
    cost = rng.integers(0, 1000, (size, size))
    return SequencingProblem("uniform", cost, cost < 0, nothing, nothing, closed=True)


def test_the_colony_is_handed_the_optimum_and_its_proof_on_one_or_two_threads():
    problem = uniform(150, 3)
    aco = AntColony(params=ColonyParams(hand_off_every=40), prover=TourProver)
    stop = FirstOf((MaxIterations(3000), MaxRuntime(120.0)))
    one = aco.solve(problem, stop=stop, seed=1, threads=1)
    two = aco.solve(problem, stop=stop, seed=1, threads=2)
    assert one.stop_reason == "optimal"
    assert one.evaluation.cost == one.lower_bound
    assert (one.solution, one.iterations) == (two.solution, two.iterations)


def test_a_real_galvanizing_day_is_proven_in_the_same_run(data_dir):
    aco = AntColony(prover=TourProver)
    problem = read_file(data_dir / "galvanizing" / "cgl_51.txt")
    result = aco.solve(problem, stop=MaxRuntime(60.0), threads=2)
    assert (result.stop_reason, result.evaluation.cost, result.gap) == ("optimal", 12498, 0)


def test_a_part_that_the_linear_program_cannot_solve_is_branched_on(monkeypatch):
    problem = random_problem(31, 7, closed=True)
    best = best_cost(problem)
    assert best is not None
    form = tour_form(problem)
    program = TourProgram(form)
    root = program.solve(np.inf, None)
    tree = TourTree(program, root, round(best - problem.constant) + 60)
    monkeypatch.setattr(program, "optimise", lambda: False)
    found = tree.search(tree.upper, np.inf)
    assert found.tour is not None
    cost = int(form.cost[found.tour, np.roll(found.tour, -1)].sum())
    assert cost == found.bound == round(best - problem.constant)


def test_a_deadline_ends_the_trials_of_arcs(monkeypatch):
    form = tour_form(uniform(60, 3))
    program = TourProgram(form)
    root = program.solve(np.inf, None)
    tree = TourTree(program, root, root.bound + 300)
    clock, tried, solved = iter([0.0]), [], tree._solved

    def noted(part):
        tried.append(part)
        return solved(part)

    monkeypatch.setattr(tour_branching, "perf_counter", lambda: next(clock, 1.0))
    monkeypatch.setattr(tree, "_solved", noted)
    found = tree.search(root.bound + 300, deadline=0.5)
    assert found.nodes == 1
    assert 1 <= len(tried) <= 2
    assert len(tree.open_nodes) == 2


def test_hints_are_tours_and_there_is_none_before_the_first_turn_or_under_precedence():
    problem = random_problem(31, 9, closed=True)
    prover = TourProver(tour_form(problem))
    assert prover.hint() is None
    prover.advance(10**6, 0.1, np.inf)
    hint = prover.hint()
    assert hint is not None
    assert sorted(hint.tour) == list(range(9))
    ordered = TourProver(tour_form(random_problem(31, 9, pairs=5)))
    ordered.advance(10**6, 0.1, np.inf)
    assert ordered.hint() is None
