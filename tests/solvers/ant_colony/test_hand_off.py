"""The hand-off: what the clock cuts short must not decide a plan, or no replay would find it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import perf_counter, sleep

import numpy as np
import pytest

from scheduler.evaluation import evaluate
from solvers.ant_colony.hand_off import HandOff
from solvers.ant_colony.params import ColonyParams
from solvers.ant_colony.sequencing_colony import sequencing_colonies
from solvers.ant_colony.sequencing_solver import solve_sequencing
from solvers.ant_colony.solver import AntColony
from solvers.or_tools.tour_bound import tour_bound
from solvers.progress import ignore_progress
from solvers.start_tour import patched_tour
from solvers.stopping import MaxIterations, MaxRuntime
from solvers.tour_form import Hint
from tests.naive_sequencing import random_problem

TURN = 0.3
"""Seconds that a turn of the slow prover takes."""


class SlowProver:
    """Knows a good tour, and gives it away at the end of a turn that was not cut short."""

    bound, work = 0, 0.0

    def __init__(self, tour):
        self.tour = tour

    def advance(self, upper, work, deadline):
        """Take `TURN` seconds, or give up at the deadline."""
        sleep(max(0.0, min(deadline - perf_counter(), TURN)))
        return self.tour if perf_counter() < deadline else None

    def duals(self):
        """Know of no multipliers."""

    def hint(self):
        """Know of nothing else."""


@pytest.fixture(scope="module")
def known():
    """Return a problem, and a sequence better than a few ants find."""
    width, gauge = np.random.default_rng(7).integers(0, 1000, (2, 150))
    wider = np.maximum(0, np.subtract.outer(width, width)) + np.abs(np.subtract.outer(gauge, gauge))
    problem = replace(random_problem(7, 150, closed=True), transition_cost=wider)
    return problem, AntColony().solve(problem, stop=MaxIterations(600)).solution


def solved(known, stop):
    problem, good = known
    return solve_sequencing(
        problem,
        ColonyParams(hand_off_every=10, slice_iterations=5, ants=2),
        stop=stop,
        seed=1,
        threads=1,
        warm_start=None,
        on_progress=ignore_progress,
        prover=lambda form: SlowProver(form.tour(good)),
    )


def test_what_a_turn_found_is_passed_on_when_it_is_due(known):
    problem, good = known
    found = evaluate(problem, good).cost
    assert solved(known, MaxIterations(10)).evaluation.cost > found
    # The first turn begins after the first slice, and is due after ten iterations.
    assert solved(known, MaxIterations(11)).evaluation.cost <= found


def test_a_run_whose_last_turn_the_clock_cut_is_replayed(known):
    clocked = solved(known, MaxRuntime(TURN / 2))
    again = solved(known, MaxIterations(clocked.iterations))
    assert (again.solution, again.iterations) == (clocked.solution, clocked.iterations)


class KnowingProver:
    """Finds no tour, but has multipliers, and a hint with others."""

    bound, work = 0, 0.0

    def __init__(self, form):
        self.form = form
        self.root = tour_bound(form)
        self.other = tour_bound(form, seconds=0.0)

    def advance(self, upper, work, deadline):
        """Find nothing."""

    def duals(self):
        """Return those of the best bound."""
        return self.root.duals

    def hint(self):
        """Return the assignment, patched."""
        return Hint(patched_tour(self.form), self.other.duals)


def test_colonies_see_by_the_multipliers_of_the_last_turn(known):
    params = ColonyParams(hand_off_every=10, slice_iterations=5, ants=2)
    colonies, form = sequencing_colonies(known[0], params, 1, None)
    prover = KnowingProver(form)
    hand_off = HandOff(form, prover, params)
    own = colonies[0].view.form.assignment_bound
    rootwards = form.less(prover.root.duals).assignment_bound
    seen = []
    with ThreadPoolExecutor(1) as pool:
        for turn in range(4):
            hand_off.step(colonies, 10 * turn, 1.0, pool)
            seen.append([colony.view.form.assignment_bound for colony in colonies])
        hand_off.end()
    hinted = form.less(prover.other.duals).assignment_bound
    assert rootwards not in (own, hinted)
    assert seen == [[own, own], [hinted, rootwards], [rootwards] * 2, [hinted, rootwards]]
