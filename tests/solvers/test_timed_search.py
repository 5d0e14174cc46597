"""The local search on timed lines against the evaluator and an exhaustive neighbourhood."""

from itertools import permutations

import numpy as np
import pytest

from scheduler.evaluation import evaluate
from solvers.ant_colony.timed_line import (
    affordable,
    at_least,
    charge,
    forget_optima,
    new_line,
    remember_optimum,
    settle,
    total,
)
from solvers.ant_colony.timed_search import (
    Reach,
    find_exchange,
    improve,
    link_change,
    replay,
    swap_blocks,
)
from solvers.timed_form import ending_early, timed_form
from tests.naive_timed import block_swaps, naive_links, naive_tardiness, swapped
from tests.timed_problems import timed_problem

REACH = Reach(swap=2, block=10, span=12)

KINDS: tuple[dict[str, bool], ...] = (
    {},
    {"links": True, "whole": False},
    {"deadlines": True, "links": True},
    {"releases": True, "deadlines": True, "links": True},
)


def naive_cost(problem, jobs):
    """The cost that the search minimises, without prices of violations."""
    return naive_tardiness(problem, jobs)[0] + 2.0 * naive_links(problem, jobs)


@pytest.mark.parametrize("kind", KINDS)
def test_line_costs_what_the_evaluator_says(kind):
    for seed in range(5):
        problem = timed_problem(seed, 9, **kind)
        jobs = np.random.default_rng(seed).permutation(9)
        form = timed_form(problem, 1.0, 2.0)
        line = new_line(form, jobs)
        found = evaluate(problem, jobs)
        expected = found.terms["weighted_tardiness"] + 2.0 * found.terms["transition_cost"]
        missed = sum(v.magnitude for v in found.violations if v.code == "missed_deadline")
        assert total(form, line) == pytest.approx(expected + form.price * missed, rel=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_replay_costs_what_the_swapped_line_costs(kind):
    problem = timed_problem(3, 8, **kind)
    form = timed_form(problem, 1.0, 2.0)
    jobs = tuple(np.random.default_rng(0).permutation(8).tolist())
    line = new_line(form, np.array(jobs))
    for move in block_swaps(8, 2):
        expected = new_line(form, np.array(swapped(jobs, move)))
        late = line.cost[move[0]] + replay(form, line, *move, np.inf)
        assert late == pytest.approx(expected.cost[-1])
        links = line.links[-1] + link_change(form, line, *move)
        assert links == pytest.approx(expected.links[-1])


@pytest.mark.parametrize("kind", KINDS[:3])
def test_tangents_bound_every_shift_from_below_and_touch_at_no_shift(kind):
    problem = timed_problem(5, 12, **kind)
    form = timed_form(problem)
    line = new_line(form)
    random = np.random.default_rng(1)
    for _ in range(500):
        first, end = sorted(random.integers(1, 14, 2).tolist())
        shift = float(random.normal() * 200)
        cost = 0.0
        for place in range(first, end):
            job = line.node[place]
            done = line.start[place] + form.duration[job] + shift
            cost += form.weight[job] * max(0.0, done - form.due_date[job])
            cost += form.price * max(0.0, done - form.deadline[job])
        assert at_least(line, first, end, shift) <= cost * (1 + 1e-12) + 1e-9
        exact = line.cost[end] - line.cost[first]
        assert at_least(line, first, end, 0.0) == pytest.approx(exact)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reach", [Reach(1, 10, 10), Reach(2, 10, 10), Reach(2, 10, 5)])
@pytest.mark.parametrize("allowance", [{}, {"allowance": 800.0, "spare_rate": 0.01, "step": 90.0}])
def test_no_move_improves_what_the_search_leaves(kind, reach, allowance):
    for seed in range(4):
        problem = timed_problem(seed, 10, **kind)
        form = timed_form(problem, 1.0, 2.0)._replace(**allowance)
        line = new_line(form, np.random.default_rng(seed).permutation(10))
        before = total(form, line)
        # A clean node may become worth a look when times shift: start all over until nothing is.
        while True:
            line.dirty[:] = True
            cost = total(form, line)
            improve(form, line, reach)
            if total(form, line) == cost:
                break
        assert total(form, line) <= before
        jobs = tuple(line.node[1:-1].tolist())
        assert sorted(jobs) == list(range(10))
        for a, b, c, d in block_swaps(10, reach.swap):
            if (d if b == c else c) - a > reach.span:
                continue
            other = new_line(form, np.array(swapped(jobs, (a, b, c, d))))
            assert total(form, other) >= total(form, line) * (1 - 1e-9)


def test_a_descent_stops_at_a_line_remembered_and_goes_on_once_it_is_forgotten():
    form = timed_form(timed_problem(6, 12))
    stop, line = new_line(form), new_line(form)
    assert find_exchange(form, stop, 1, REACH), "or choose a seed whose first place has a move"
    swap_blocks(stop, *stop.move)
    settle(form, stop, 1)
    remember_optimum(stop)
    line.optima[:] = stop.optima
    improve(form, line, REACH)
    np.testing.assert_array_equal(line.node, stop.node)
    assert not line.dirty.any()
    forget_optima(line)
    line.dirty[:] = True
    improve(form, line, REACH)
    assert total(form, line) < total(form, stop)


def test_a_price_on_the_end_orders_lines_of_equal_tardiness_only():
    problem = timed_problem(8, 6)
    plain, ending = timed_form(problem), ending_early(timed_form(problem))
    jobs = list(permutations(range(6)))
    lines = [(new_line(plain, np.array(one)), new_line(ending, np.array(one))) for one in jobs]
    scores = [
        (total(plain, a), total(ending, b), a.start[-2] + plain.duration[a.node[-2]])
        for a, b in lines
    ]
    priced = np.array([added - cost for cost, added, _ in scores])
    ends = np.array([end for _, _, end in scores])
    assert priced == pytest.approx(ending.weight[-1] * (ends - ending.due_date[-1]))
    assert priced.max() < 1.0


def test_settle_from_a_place_equals_settling_anew():
    problem = timed_problem(7, 11, releases=True, links=True)
    form = timed_form(problem)
    line = new_line(form)
    line.node[4], line.node[9] = line.node[9], line.node[4]
    settle(form, line, 4)
    fresh = new_line(form, line.node[1:-1].copy())
    for field in ("start", "cost", "links", "tangent", "slope", "rate"):
        np.testing.assert_array_equal(getattr(line, field), getattr(fresh, field))


def test_a_forbidden_transition_or_fixed_end_is_never_worth_it():
    problem = timed_problem(2, 6, forbidden=0.3, links=True)
    form = timed_form(problem, 1.0, 1.0)
    worst = naive_cost(problem, range(6)) * 2
    assert form.price > worst
    assert (form.link[:6, :6][problem.forbidden & ~np.eye(6, dtype=bool)] >= form.price).all()


def test_what_is_charged_is_affordable():
    form = timed_form(timed_problem(0, 3))._replace(allowance=50.0, spare_rate=0.25)
    for late in (0.0, 20.0, 50.0, 51.0, 400.0):
        assert affordable(form, charge(form, late)) == pytest.approx(late)
    assert charge(form, 60.0) == pytest.approx(0.25 * 50 + 10)


def test_the_step_is_charged_once_beyond_the_allowance():
    form = timed_form(timed_problem(0, 3))._replace(allowance=50.0, spare_rate=0.25, step=7.0)
    assert charge(form, 50.0) == pytest.approx(12.5)
    assert charge(form, 51.0) == pytest.approx(12.5 + 1 + 7)
    assert affordable(form, 12.5 + 3) == pytest.approx(50.0)
    assert affordable(form, 12.5 + 1 + 7) == pytest.approx(51.0)
