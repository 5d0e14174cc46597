"""The assignment, the tour form and the start tours against brute force on tiny problems."""

from itertools import permutations

import numpy as np
import pytest

from scheduler.evaluation import evaluate
from solvers.assignment import solve_assignment
from solvers.start_tour import greedy_tour, patched_tour
from solvers.tour_form import tour_form
from tests.naive_sequencing import assignment_cost, best_cost, random_problem

KINDS = [
    {},
    {"closed": True},
    {"ends": True},
    {"pairs": 4},
    {"pairs": 4, "ends": True, "forbidden": 0.2},
    {"closed": True, "pairs": 3},
    {"closed": True, "ends": True},
    {"forbidden": 0.3},
    {"floats": True},
]


@pytest.mark.parametrize("seed", range(20))
def test_assignment_is_optimal_and_its_duals_prove_it(seed):
    rng = np.random.default_rng(seed)
    cost = rng.integers(-5, 3 + 20 * (seed % 2), (rng.integers(1, 7),) * 2)
    found = solve_assignment(cost)
    assert sorted(found.successor) == list(range(len(cost)))
    assert (found.row_dual[:, None] + found.col_dual <= cost).all()
    assert found.row_dual.sum() + found.col_dual.sum() == assignment_cost(cost)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_tours_without_forbidden_arcs_and_in_order_are_the_feasible_sequences(kind):
    problem = random_problem(3, 6, **kind)
    form = tour_form(problem)
    for order in permutations(range(problem.size)):
        if form.depot_is_job and order[0] != form.depot:
            continue
        tour = form.tour(order)
        arcs = list(zip(tour, np.roll(tour, -1), strict=True))
        allowed = not any(form.forbidden[i, j] for i, j in arcs)
        place = {int(node): k for k, node in enumerate(tour)}
        starts = form.predecessor_start
        in_order = all(
            place[int(i)] < place[j]
            for j in range(form.size)
            for i in form.predecessor[starts[j] : starts[j + 1]]
        )
        scored = evaluate(problem, order)
        assert scored.feasible == (allowed and in_order)
        assert form.sequence(tour) == order
        if scored.feasible:
            units = sum(int(form.reduced_cost[i, j]) for i, j in arcs)
            cost = form.problem_cost(form.assignment_bound + units)
            assert cost == pytest.approx(scored.cost, rel=1e-12)


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("seed", range(4))
def test_the_bound_is_never_above_the_optimum(kind, seed):
    problem = random_problem(seed, 6, **kind)
    best = best_cost(problem)
    form = tour_form(problem)
    assert (form.reduced_cost >= 0).all()
    if best is not None:
        assert form.lower_bound <= best


def test_precedence_forbids_what_it_implies():
    # 0 before 1 before 2: 2 may not come right after 0, nor any job after one that needs it.
    problem = random_problem(1, 4)
    chained = type(problem)(
        **{f: getattr(problem, f) for f in ("name", "transition_cost", "first_cost", "last_cost")},
        forbidden=np.zeros((4, 4), dtype=bool),
        predecessors=np.array([[0, 1], [1, 2], [0, 2]]),
    )
    form = tour_form(chained)
    assert form.forbidden[0, 2]
    assert form.forbidden[1, 0]
    assert form.forbidden[form.depot, 2]
    assert form.forbidden[0, form.depot]
    assert not form.forbidden[0, 1]
    assert form.predecessor.tolist() == [0, 1]


@pytest.mark.parametrize("seed", range(5))
def test_start_tours_visit_every_node_and_the_greedy_one_keeps_precedence(seed):
    plain = tour_form(random_problem(seed, 12, closed=True))
    assert sorted(patched_tour(plain)) == list(range(12))
    problem = random_problem(seed, 12, pairs=15)
    tour = greedy_tour(tour_form(problem))
    codes = {v.code for v in evaluate(problem, tour_form(problem).sequence(tour)).violations}
    assert codes <= {"forbidden_transition"}
