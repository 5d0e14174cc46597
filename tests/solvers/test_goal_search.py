"""Searches for several goals: what they promise holds exactly, and runs repeat."""

from dataclasses import replace

import pytest

from instances.generator import generate
from scheduler.evaluation import evaluate
from scheduler.front import Front, FrontPoint, dominates
from scheduler.goals import GOALS, weighted
from scheduler.issues import InvalidInput
from scheduler.profiles import PROFILES
from solvers.goal_search.choices import NoWorse, Plan, thinned
from solvers.profiled import check_profile, solve_profiled
from solvers.registry import SOLVERS
from solvers.stopping import MaxIterations, MaxRuntime

ACO = SOLVERS["aco"]


@pytest.fixture(scope="module")
def problem():
    return generate("bar", "day", seed=2, prices="two_peak", orders=10)


@pytest.fixture(scope="module")
def cheapest(problem):
    return ACO.solve(problem, stop=MaxIterations(60), seed=3)


def search(problem, profile, iterations=450, **options):
    stop = MaxIterations(iterations)
    return solve_profiled(problem, profile, ACO, stop=stop, seed=3, **options)


def amounts(evaluation, goals):
    return tuple(GOALS[name].amount(evaluation) for name in goals)


@pytest.mark.parametrize("first", ["lateness", "scrap", "energy"])
def test_the_first_goal_of_a_lexicographic_order_comes_first(problem, cheapest, first):
    others = tuple(name for name in ("lateness", "scrap", "energy") if name != first)
    goals = (first, *others)
    result = search(problem, "lexicographic", goals=goals, iterations=240)
    assert result.feasible
    assert result.evaluation == evaluate(problem, result.solution)
    assert amounts(result.evaluation, goals)[0] <= amounts(cheapest.evaluation, goals)[0]
    assert result.parameters["goals"] == list(goals)


def test_the_order_of_the_goals_decides(problem):
    late, scrap = (
        search(problem, "lexicographic", goals=goals, iterations=240).evaluation
        for goals in (("lateness", "scrap"), ("scrap", "lateness"))
    )
    assert amounts(late, ["lateness"]) < amounts(scrap, ["lateness"])
    assert amounts(scrap, ["scrap"]) < amounts(late, ["scrap"])


def test_no_goal_gets_worse_than_in_the_given_plan(problem):
    rule = SOLVERS["planner_rule"].solve(problem, stop=MaxIterations(1))
    result = search(problem, "no_worse", warm_start=rule.solution, iterations=240)
    goals = PROFILES["no_worse"].goals
    assert set(goals) == set(GOALS)
    before, after = amounts(rule.evaluation, goals), amounts(result.evaluation, goals)
    assert all(now <= then for now, then in zip(after, before, strict=True))
    assert result.evaluation.cost < rule.evaluation.cost
    plain = ACO.solve(problem, stop=MaxIterations(240), seed=3, warm_start=rule.solution)
    worse = zip(amounts(plain.evaluation, goals), before, strict=True)
    assert any(now > then for now, then in worse), "money alone keeps to it too: no test at all"


def test_a_plan_that_leaves_steel_missing_is_refused_and_its_price_raised(problem, cheapest):
    plan = cheapest.solution
    line = plan.lines[-1]
    shorter = (replace(line, lots=line.lots[:kept]) for kept in range(len(line.lots) - 1, -1, -1))
    plans = (replace(plan, lines=(*plan.lines[:-1], one)) for one in shorter)
    fewer = next(p for p in plans if evaluate(problem, p).terms["shortage"].amount > 0)
    choice = NoWorse(problem, ("scrap",), Plan(plan, cheapest.evaluation))
    choice.offer(Plan(fewer, evaluate(problem, fewer)))
    assert choice.best().schedule == plan
    assert choice.factors(1) == {"scrap": 1, "shortage": 4}
    seen = weighted(problem, choice.factors(1))
    assert [o.shortage for o in seen.orders] == [4 * o.shortage for o in problem.orders]
    assert seen.weights == problem.weights


def test_a_given_plan_that_cannot_be_improved_comes_back(problem, cheapest):
    result = search(problem, "no_worse", warm_start=cheapest.solution, iterations=0)
    assert result.solution == cheapest.solution


@pytest.fixture(scope="module")
def front(problem):
    return search(problem, "pareto")


def test_no_plan_of_a_front_dominates_another_and_each_is_feasible(problem, front):
    points = front.front.points
    assert len(points) >= 3
    for point in points:
        evaluation = evaluate(problem, point.solution.schedule)
        assert evaluation.feasible
        assert point.objectives == amounts(evaluation, PROFILES["pareto"].goals)
        assert not any(dominates(other.objectives, point.objectives) for other in points)
    costs = [point.solution.evaluation.cost for point in points]
    assert front.evaluation.cost == min(costs)


def test_a_front_reaches_further_in_every_goal_than_the_cheapest_plan(front, cheapest):
    goals = PROFILES["pareto"].goals
    columns = zip(*(point.objectives for point in front.front.points), strict=True)
    for least, own in zip(map(min, columns), amounts(cheapest.evaluation, goals), strict=True):
        assert least <= own


@pytest.mark.parametrize("profile", ["lexicographic", "pareto"])
def test_the_same_seed_and_iterations_give_the_same_plans(problem, profile):
    one, two = (search(problem, profile, iterations=90, threads=n) for n in (1, 2))
    assert (one.solution, one.iterations) == (two.solution, 90)
    if profile == "pareto":
        schedules = [
            [point.solution.schedule for point in found.front.points] for found in (one, two)
        ]
        assert schedules[0] == schedules[1]


def test_a_run_that_the_clock_ended_is_repeated_by_its_iterations(problem):
    stop = MaxRuntime(2)
    timed = solve_profiled(problem, "pareto", ACO, stop=stop, seed=3)
    assert timed.stop_reason == "time"
    again = search(problem, "pareto", iterations=timed.iterations)
    assert again.solution == timed.solution


@pytest.mark.parametrize(
    ("profile", "goals", "solver", "warm", "place"),
    [
        ("money", ("scrap",), "aco", False, "/goals"),
        ("pareto", (), "cp_sat", False, "/solver"),
        ("no_worse", (), "aco", False, "/warm_start"),
    ],
)
def test_what_a_profile_cannot_do_is_refused(profile, goals, solver, warm, place):
    with pytest.raises(InvalidInput) as refused:
        check_profile(profile, goals, solver, warm_start=warm)
    assert refused.value.issues[0].pointer == place


def test_thinning_keeps_the_ends_and_drops_what_stands_close():
    points = [(0, 10), (4, 6), (4.1, 5.9), (10, 0)]
    front = Front(tuple(FrontPoint(point, None) for point in points))
    kept = [point.objectives for point in thinned(front, 3).points]
    assert len(kept) == 3
    assert {(0, 10), (10, 0)} <= set(kept)
