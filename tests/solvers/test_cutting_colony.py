"""The cutting colony: kernels against plain sums, feasible plans, determinism, optima."""

import math
import time

import numpy as np
import pytest

from scheduler.cutting import CuttingProblem
from scheduler.evaluation import evaluate
from solvers.ant_colony import random
from solvers.ant_colony.cutting_colony import CuttingColony, cutting_arrays
from solvers.ant_colony.cutting_params import CuttingParams
from solvers.ant_colony.cutting_units import (
    families_fit,
    kind_of,
    total_cost,
    total_score,
    unit_score,
)
from solvers.ant_colony.params import ColonyParams
from solvers.ant_colony.solver import AntColony
from solvers.cutting_form import cutting_form
from solvers.or_tools.exact_cutting import exact_cutting
from solvers.or_tools.solver import CpSat
from solvers.stopping import FirstOf, MaxIterations, MaxRuntime
from tests.naive_cutting import least_cost
from tests.solvers.test_or_tools_cutting import random_problem

ANTS_ALONE = AntColony()
WITH_EXACT = AntColony(exact_cutting=exact_cutting)


def larger_problem(seed, objective):
    rng = np.random.default_rng(seed)
    return CuttingProblem(
        name="larger",
        item_size=rng.integers(5, 40, 30),
        item_demand=rng.integers(1, 4, 30),
        item_family=rng.integers(0, 12, 30),
        capacity=np.array([37, 50, 61]),
        stock_count=np.full(3, -1),
        family_limit=2,
        objective=objective,
    )


@pytest.mark.parametrize("objective", ["loss", "units"])
@pytest.mark.parametrize("seed", range(6))
def test_ants_alone_find_the_brute_force_optimum_of_tiny_problems(seed, objective):
    problem = random_problem(seed, objective)
    result = ANTS_ALONE.solve(problem, stop=MaxIterations(200), seed=seed)
    assert result.feasible
    assert result.evaluation.cost == least_cost(problem)
    assert result.lower_bound is None


@pytest.mark.parametrize("objective", ["loss", "units"])
def test_larger_plans_are_feasible_and_proven_with_the_exact_step(objective):
    problem = larger_problem(1, objective)
    alone = ANTS_ALONE.solve(problem, stop=MaxIterations(40))
    joint = WITH_EXACT.solve(problem, stop=FirstOf((MaxIterations(2000), MaxRuntime(60))))
    assert alone.feasible
    assert joint.feasible
    assert joint.lower_bound == joint.evaluation.cost <= alone.evaluation.cost
    assert joint.stop_reason == "optimal"


@pytest.mark.parametrize("colony", [ANTS_ALONE, WITH_EXACT], ids=["ants", "exact"])
def test_same_seed_and_iterations_give_the_same_plan_on_one_thread_or_two(colony):
    problem = larger_problem(2, "loss")
    one, again, two = (
        colony.solve(problem, stop=MaxIterations(60), seed=5, threads=threads)
        for threads in (1, 1, 2)
    )
    assert one.solution == again.solution == two.solution
    assert one.evaluation == two.evaluation


def test_an_exact_step_that_the_clock_cuts_short_is_replayed_from_the_iterations():
    def slow(form, seconds):
        if math.isfinite(seconds):
            time.sleep(seconds)
            return exact_cutting(form, 0.0)
        return exact_cutting(form, seconds)

    few = ColonyParams(cutting=CuttingParams(ants=1))
    problem, colony = larger_problem(1, "loss"), AntColony(params=few, exact_cutting=slow)
    timed = colony.solve(problem, stop=MaxRuntime(2.0), seed=5)
    replayed = colony.solve(problem, stop=MaxIterations(timed.iterations), seed=5)
    assert timed.stop_reason == "time"
    assert replayed.solution == timed.solution


def test_no_dive_follows_an_exact_step_that_took_all_the_time():
    dives = []

    class Slow:
        bound = 0

        def dive(self, seed, aim):
            dives.append(aim)
            return []

    def start(form, seconds):
        left.append(0.0)
        return Slow()

    left, form = [1.0], cutting_form(larger_problem(1, "units"))
    colony = CuttingColony(form, CuttingParams(), 0, 0, start, lambda: left[-1])
    colony.exact_step()
    assert not dives
    left.append(1.0)
    colony.exact_step()
    assert dives


def test_a_warm_start_is_never_lost():
    problem = larger_problem(3, "loss")
    good = WITH_EXACT.solve(problem, stop=MaxIterations(100))
    warm = ANTS_ALONE.solve(problem, stop=MaxIterations(5), warm_start=good.solution)
    assert warm.evaluation.cost <= good.evaluation.cost


def test_a_plan_that_leaves_pieces_out_is_not_taken():
    form = cutting_form(larger_problem(3, "loss"))
    colony = CuttingColony(form, CuttingParams(exact_every=0), 0, 0)
    before = colony.best()
    colony.offer(form.plan([]))
    assert colony.best() == before


def test_nothing_to_cut_is_no_plan_at_all():
    problem = CuttingProblem(
        "empty", np.array([3]), np.array([0]), np.array([0]), np.array([5]), np.array([-1])
    )
    for solver in (ANTS_ALONE, WITH_EXACT):
        result = solver.solve(problem, stop=MaxIterations(1))
        assert (result.evaluation.cost, result.solution.stock_units) == (0.0, ())


@pytest.mark.parametrize("solver", [ANTS_ALONE, WITH_EXACT])
def test_a_kind_of_which_there_are_none_is_not_used(solver):
    problem = CuttingProblem(
        name="none of the small",
        item_size=np.array([30]),
        item_demand=np.array([1]),
        item_family=np.array([0]),
        capacity=np.array([50, 100]),
        stock_count=np.array([0, -1]),
    )
    result = solver.solve(problem, stop=MaxIterations(2))
    assert [unit.capacity for unit in result.solution.stock_units] == [100]
    assert result.feasible


@pytest.mark.parametrize("solver", [ANTS_ALONE, WITH_EXACT, CpSat()])
@pytest.mark.parametrize("count", [0, 3, -1])
def test_nothing_to_cut_is_cut_from_any_stock(solver, count):
    problem = CuttingProblem(
        name="nothing",
        item_size=np.array([5]),
        item_demand=np.array([0]),
        item_family=np.array([0]),
        capacity=np.array([10]),
        stock_count=np.array([count]),
    )
    assert solver.supports(problem)
    result = solver.solve(problem, stop=MaxIterations(2))
    assert (result.stop_reason, result.evaluation.cost) == ("optimal", 0.0)


def test_score_prefers_waste_in_one_unit_but_never_a_dearer_plan():
    cutting = cutting_arrays(cutting_form(larger_problem(1, "units")))
    # Only the largest kind, 61, is of use: loads 51 and 31 gather the waste of 41 and 41.
    assert cutting.capacity.tolist() == [61]
    gathered = unit_score(cutting, 51) + unit_score(cutting, 31)
    assert gathered < unit_score(cutting, 41) + unit_score(cutting, 41)
    assert unit_score(cutting, 0) == 0.0
    assert unit_score(cutting, 62) > 1e17
    for load in range(1, 62):
        assert unit_score(cutting, load) > 0.0
        assert cutting.capacity[kind_of(cutting, load)] >= load


def test_the_cheapest_kind_that_holds_a_load():
    cutting = cutting_arrays(cutting_form(larger_problem(1, "loss")))
    kinds = [kind_of(cutting, load) for load in (1, 37, 38, 50, 51, 61, 62)]
    assert kinds == [0, 0, 1, 1, 2, 2, 3]


def test_kernels_agree_with_plain_sums_after_a_search():
    problem = larger_problem(4, "loss")
    form = cutting_form(problem)
    colony = CuttingColony(form, CuttingParams(exact_every=0), 1, 0)
    colony.run(20)
    units = colony.state.source
    number = int(units.number[0])
    loads = [form.size[units.piece[u, : units.held[u]]].sum() for u in range(number)]
    assert loads == units.load[:number].tolist()
    held = np.concatenate([units.piece[u, : units.held[u]] for u in range(number)])
    assert np.bincount(held, minlength=len(form.size)).tolist() == form.demand.tolist()
    cost, plan = colony.best()
    assert evaluate(problem, plan).cost == cost
    assert total_cost(colony.cutting, colony.state.best) - form.constant == cost
    assert total_score(colony.cutting, units) == pytest.approx(
        sum(unit_score(colony.cutting, load) for load in loads)
    )
    for unit in range(number):
        families = set(form.family[units.piece[unit, : units.held[unit]]].tolist())
        for t in range(len(form.size)):
            joined = families | {int(form.family[t])}
            assert families_fit(colony.cutting, units, unit, -1, t) == (len(joined) <= 2)


def test_trails_stay_between_their_limits_and_symmetric():
    colony = CuttingColony(
        cutting_form(larger_problem(4, "loss")), CuttingParams(exact_every=0), 1, 0
    )
    colony.run(50)
    trail = colony.state.trail
    assert np.array_equal(trail, trail.T)
    assert trail.max() <= 1.0
    assert trail.min() >= colony.rule.tau_min
    assert trail.min() < trail.max()


def test_streams_of_colonies_differ():
    first, second = random.stream(3, 0), random.stream(3, 1)
    assert first[0] != second[0]


def test_bad_parameters_are_named():
    with pytest.raises(ValueError, match="ants: 0 is below 1"):
        CuttingParams(ants=0)
    with pytest.raises(ValueError, match="exchange_every: 7 is no multiple"):
        CuttingParams(exchange_every=7)
    with pytest.raises(ValueError, match=r"persistence: .* is outside"):
        ColonyParams(cutting=CuttingParams(persistence=1.0))


@pytest.mark.parametrize(
    ("family", "name", "optimum"),
    [
        ("slab_design", "bench_2_1.json", 54),
        ("slab_design", "bench_10_2.json", 0),
        ("cutting_stock", "Falkenauer_u120_02.txt", 46),
        ("cutting_stock", "Falkenauer_t60_00.txt", 20),
    ],
)
def test_public_instances_are_solved_and_proven(data_dir, family, name, optimum):
    from instances.reader import read_file

    problem = read_file(data_dir / family / name)
    result = WITH_EXACT.solve(problem, stop=MaxRuntime(60))
    assert (result.evaluation.cost, result.lower_bound) == (optimum, optimum)


def test_more_pieces_than_a_colony_can_begin_with_are_left_to_the_exact_solver():
    one = np.array([1])
    many = CuttingProblem("many", 3 * one, 10**5 * one, one, 10 * one, -one, objective="units")
    assert not ANTS_ALONE.supports(many)
    result = CpSat().solve(many, stop=MaxRuntime(60.0))
    assert (result.stop_reason, result.evaluation.cost) == ("optimal", 33_334)


def of_pieces(number):
    rng = np.random.default_rng(1)
    size, demand = np.unique(rng.integers(200, 1001, number), return_counts=True)
    one = np.array([1])
    return CuttingProblem(
        "large", size, demand, np.ones_like(size), 1500 * one, -one, objective="units"
    )


def test_the_most_pieces_that_a_colony_takes_have_a_plan_at_once():
    ANTS_ALONE.solve(of_pieces(10), stop=MaxIterations(1))  # loads the kernels
    result = ANTS_ALONE.solve(of_pieces(10_000), stop=MaxRuntime(0.1))
    assert result.feasible
    assert result.elapsed < 4.0
    assert result.evaluation.cost < 4100


def test_the_clock_is_looked_at_after_every_iteration_with_many_pieces():
    looks = []

    def stop(progress):
        looks.append(progress.iterations)
        return "enough" if progress.iterations >= 2 else None

    result = ANTS_ALONE.solve(of_pieces(1200), stop=stop)
    assert result.feasible
    assert looks == [0, 1, 2]
