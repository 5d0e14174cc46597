"""The archive against a plain front, and the colony for two objectives on tiny problems."""

import json

import numpy as np
import pytest

from scheduler.evaluation import evaluate
from scheduler.front import FrontPoint, front_of, hypervolume
from scheduler.sequence_evaluation import front_point
from solvers.ant_colony.archive import empty_archive, merge, offer
from solvers.ant_colony.params import TimedParams
from solvers.ant_colony.pareto_colony import balanced_regret
from solvers.ant_colony.pareto_kernels import Objectives, descend
from solvers.ant_colony.random import stream
from solvers.ant_colony.solver import AntColony
from solvers.ant_colony.tardiness_colony import TimedColony
from solvers.ant_colony.timed_line import forget_optima, new_line, settle
from solvers.ant_colony.timed_search import step
from solvers.stopping import MaxIterations
from solvers.timed_form import timed_form
from tests.naive_timed import all_feasible
from tests.timed_problems import timed_problem


def solve(problem, iterations, **options):
    return AntColony().solve(problem, stop=MaxIterations(iterations), **options)


@pytest.mark.parametrize("objectives", [2, 3])
def test_an_archive_holds_the_front_of_what_it_was_offered(objectives):
    random = np.random.default_rng(0)
    one = empty_archive(200, 1, np.zeros(objectives))
    two = empty_archive(200, 1, np.zeros(objectives))
    points = random.integers(0, 30, (200, objectives)).astype(float)
    for index, point in enumerate(points):
        offer(one if index % 2 else two, point, np.array([index], dtype=np.int32))
    merge(one, two)
    count = int(one.points[0])
    expected = front_of([FrontPoint(tuple(point), None) for point in points.tolist()])
    held = sorted(map(tuple, one.values[:count].tolist()))
    assert held == [point.objectives for point in expected.points]
    for value, row in zip(one.values[:count], one.rows[:count], strict=True):
        np.testing.assert_array_equal(points[row[0]], value)


def test_a_full_archive_takes_only_what_covers_a_point():
    archive = empty_archive(2, 1, np.zeros(2))
    row = np.zeros(1, dtype=np.int32)
    assert offer(archive, np.array([1.0, 9.0]), row)
    assert offer(archive, np.array([9.0, 1.0]), row)
    assert not offer(archive, np.array([5.0, 5.0]), row)
    assert offer(archive, np.array([8.0, 1.0]), row)
    assert int(archive.points[0]) == 2


@pytest.mark.parametrize(
    "kind", [{}, {"whole": False}, {"forbidden": 0.2}, {"releases": True, "deadlines": True}]
)
def test_tiny_fronts_are_complete(kind):
    for seed in range(3):
        problem = timed_problem(seed, 6, links=True, objective="pareto", **kind)
        best = front_of(front_point(problem, jobs) for jobs in all_feasible(problem))
        result = solve(problem, 200)
        assert result.feasible
        found = [point.objectives for point in result.solution.points]
        expected = [point.objectives for point in best.points]
        inside = [p for p in expected if hypervolume([p], problem.reference_point or ()) > 0]
        for point in inside:
            assert any(np.allclose(point, other, rtol=1e-9) for other in found), (seed, point)


def test_a_descent_offers_every_line_that_it_passes():
    problem = timed_problem(4, 14, links=True, objective="pareto")
    form = timed_form(problem, 1.0, 2.0)
    first = np.arange(14, dtype=np.int32)
    colony = TimedColony(form, TimedParams(), stream(0, 0), first, balanced_regret(form))
    twin, given = new_line(form, first), colony.state.line
    given.node[:] = twin.node
    given.dirty[:] = True
    settle(form, given, 1)
    forget_optima(given)
    archive = empty_archive(100, form.depot + 2, np.zeros(2))
    descend(form, archive, Objectives(1.0, np.zeros(2)), colony.state, colony.rule)
    passed, place = [(twin.cost[-1], twin.links[-1])], 1
    while place:
        place = step(form, twin, colony.rule.reach, place)
        passed.append((twin.cost[-1], twin.links[-1]))
    held = archive.values[: int(archive.points[0])].tolist()
    front = front_of([FrontPoint(tuple(map(float, values)), None) for values in passed])
    assert sorted(map(tuple, held)) == [point.objectives for point in front.points]
    assert {tuple(values) for values in held} - {passed[0], passed[-1]}


def test_same_seed_and_iterations_same_front_on_one_thread_or_two():
    problem = timed_problem(3, 25, links=True, whole=False, objective="pareto")
    one, two = solve(problem, 12, seed=2, threads=1), solve(problem, 12, seed=2, threads=2)
    assert one.solution == two.solution
    assert one.evaluation == evaluate(problem, two.solution)


def test_public_front_is_covered(data_dir):
    from instances.reader import read_file

    folder = data_dir / "heat_treatment"
    published = json.loads((folder / "published_fronts.json").read_text())["1"]
    problem = read_file(folder / "instance1_parameters.json")
    front = front_of(front_point(problem, point["seq"]) for point in published)
    result = solve(problem, 200, threads=2)
    assert result.evaluation.objective >= evaluate(problem, front).objective * (1 - 1e-6)
