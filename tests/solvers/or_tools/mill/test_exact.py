"""The complete model: its objective is the checker's cost, its optimum that of brute force."""

import pytest
from ortools.sat.python import cp_model

from scheduler.mill import MillProblem
from scheduler.mill_arrays import ints
from solvers.or_tools.mill.build import build
from solvers.or_tools.mill.candidates import all_candidates, frozen_candidates
from solvers.or_tools.mill.choice import Choice
from solvers.or_tools.mill.plan import schedule_of
from tests.brute_force_mill import brute_force
from tests.naive_mill import check
from tests.tiny_mill import GRID, tiny_mill

SCORABLE = 1700
"""Plans that brute force may score before a book is passed over."""


def optimum(problem: MillProblem) -> int | None:
    """Solve the complete model; check its plan and return its cost."""
    every = all_candidates(problem, 100_000, 100)
    assert every is not None
    model = build(problem, Choice((*frozen_candidates(problem), *every), GRID))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model.cp)
    if status == cp_model.INFEASIBLE:
        return None
    assert status == cp_model.OPTIMAL
    cost, _, violations = check(problem, schedule_of(model, solver.value))
    assert violations == []
    assert cost == solver.objective_value
    return cost


@pytest.mark.parametrize(
    ("lines", "billets", "seeds"),
    [(1, 2, range(15)), (2, 2, range(100, 112)), (1, 3, (308, 309, 316, 320, 322, 327, 360, 369))],
)
def test_optimum_is_that_of_brute_force(lines, billets, seeds):
    compared = 0
    for seed in seeds:
        problem = tiny_mill(seed, lines, billets)
        found = optimum(problem)
        try:
            best = brute_force(problem, GRID, SCORABLE)
        except RuntimeError:
            continue
        assert found == best.cost, problem.name
        compared += 1
    assert compared >= 5


def test_grid_of_the_model_is_what_was_asked_for():
    problem = tiny_mill(4)
    every = all_candidates(problem, 100_000, 100)
    model = build(problem, Choice(tuple(every or ()), GRID))
    starts = {int(t) for visit in model.visits for t in visit.options.start}
    assert starts <= set(ints(range(0, problem.horizon, GRID)).tolist())
