"""Kernels of the tour colony against slow twins; also run with the JIT off."""

import numpy as np
import pytest

from solvers.ant_colony import random
from solvers.ant_colony.construction import change, choose
from solvers.ant_colony.local_search import (
    Graph,
    Tour,
    behind,
    empty_queue,
    keeps_precedence,
    move_segments,
    new_tour,
    nodes_from,
    pop,
    push,
)
from solvers.ant_colony.or_3opt import improve, new_chain, or_3opt
from solvers.ant_colony.params import ColonyParams
from solvers.ant_colony.pheromone import fresh_trails, lowest_trail, reset, update
from solvers.ant_colony.sequencing_colony import tour_view
from solvers.start_tour import start_tour
from solvers.tour_form import tour_form
from tests.naive_sequencing import (
    closed_cost,
    exchanged,
    exchanges,
    keeps_order,
    random_problem,
)

pytestmark = pytest.mark.filterwarnings("ignore:overflow encountered")


def as_tour(cost, nodes):
    return new_tour(cost, np.array(nodes, dtype=np.int32))


def is_whole(tour: Tour, cost):
    """Whether neighbours, costs and tags of a tour fit each other."""
    size = len(tour.after)
    nodes = nodes_from(tour, 0)
    return (
        (tour.after[nodes] == np.roll(nodes, -1)).all()
        and (tour.before[tour.after] == np.arange(size)).all()
        and (tour.leg == cost[np.arange(size), tour.after]).all()
    )


def graph_of(seed, size, **kind):
    form = tour_form(random_problem(seed, size, **kind))
    return form, tour_view(form, ColonyParams(candidates=size, backup=0)).graph


def pairs_of(graph):
    starts = graph.predecessor_start
    return [
        (int(i), j)
        for j in range(len(starts) - 1)
        for i in graph.predecessor[starts[j] : starts[j + 1]]
    ]


@pytest.mark.parametrize("start", range(7))
def test_move_segments_exchanges_two_neighbours(start):
    cost = np.random.default_rng(start).integers(0, 9, (7, 7))
    nodes = np.roll([4, 2, 6, 0, 1, 5, 3], start).tolist()
    for a, b, c in exchanges(nodes):
        tour = as_tour(cost, nodes)
        move_segments(tour, cost, a, b, c)
        assert nodes_from(tour, a).tolist() == exchanged(nodes, a, b, c)
        assert is_whole(tour, cost)


def test_a_tour_stays_whole_when_its_tags_run_out():
    size = 40
    cost = np.random.default_rng(1).integers(0, 99, (size, size))
    nodes = list(range(size))
    tour = as_tour(cost, nodes)
    fewest = np.uint64(2**64 - 1)
    for step in range(400):  # Always right behind the same node, where room gets less and less.
        b, c = nodes[25], nodes[26 + step % 3]
        move_segments(tour, cost, nodes[0], b, c)
        nodes = exchanged(nodes, nodes[0], b, c)
        assert nodes_from(tour, nodes[0]).tolist() == nodes
        fewest = min(fewest, behind(tour, nodes[0], nodes[1]))
    assert is_whole(tour, cost)
    assert fewest < 2**20


@pytest.mark.parametrize("seed", range(3))
def test_keeps_precedence_is_what_the_moved_tour_shows(seed):
    form, graph = graph_of(seed, 7, pairs=5)
    nodes = np.roll(start_tour(form), seed).tolist()
    pairs = pairs_of(graph)
    assert keeps_order(nodes, form.depot, pairs)
    answers = set()
    for a, b, c in exchanges(nodes):
        expected = keeps_order(exchanged(nodes, a, b, c), form.depot, pairs)
        assert keeps_precedence(graph, as_tour(graph.cost, nodes), a, b, c) == expected
        answers.add(expected)
    assert answers == {True, False}


@pytest.mark.parametrize("kind", [{"closed": True}, {"pairs": 6}], ids=str)
@pytest.mark.parametrize(("seed", "depth"), [(0, 1), (1, 2), (2, 4)])
def test_or_3opt_ends_where_no_exchange_gains(kind, seed, depth):
    form, graph = graph_of(seed, 9, **kind)
    tour = as_tour(graph.cost, start_tour(form))
    before = int(tour.leg.sum())
    queue = empty_queue(form.size)
    gain = total = 1
    while gain > 0:  # A move may turn the order of arcs that do not wait any more.
        for node in range(form.size):
            push(queue, node)
        gain = or_3opt(graph, tour, queue, new_chain(depth))
        total += gain
    nodes = nodes_from(tour, form.depot).tolist()
    cost = closed_cost(graph.cost, nodes)
    assert before - (total - 1) == cost
    pairs = pairs_of(graph)
    assert keeps_order(nodes, form.depot, pairs)
    for a, b, c in exchanges(nodes):
        other = exchanged(nodes, a, b, c)
        assert closed_cost(graph.cost, other) >= cost or not keeps_order(other, form.depot, pairs)


@pytest.mark.parametrize("kind", [{"closed": True}, {"pairs": 6}], ids=str)
def test_a_chain_gains_what_it_says_or_leaves_the_tour_as_it_was(kind):
    beyond = 0
    for seed in range(6):
        form, graph = graph_of(seed, 16, **kind)
        queue, tour = empty_queue(form.size), as_tour(graph.cost, start_tour(form))
        for node in range(form.size):
            push(queue, node)
        or_3opt(graph, tour, queue, new_chain(1))
        for a in range(form.size):
            before = nodes_from(tour, form.depot).tolist()
            gain = improve(graph, tour, a, queue, new_chain(4))
            after = nodes_from(tour, form.depot).tolist()
            assert closed_cost(graph.cost, before) - closed_cost(graph.cost, after) == gain
            assert gain > 0 or after == before
            assert keeps_order(after, form.depot, pairs_of(graph))
            assert is_whole(tour, graph.cost)
            beyond += gain > 0
    assert beyond > 0


@pytest.mark.parametrize("kind", [{"closed": True}, {"pairs": 6}], ids=str)
def test_change_reports_its_cost_and_keeps_precedence(kind):
    form, graph = graph_of(5, 10, **kind)
    trails = fresh_trails(graph.near_cost, 1.0)
    stream = random.stream(7)
    tour = as_tour(graph.cost, start_tour(form))
    cost = int(tour.leg.sum())
    queue = empty_queue(form.size)
    moved = 0
    for step in range(60):
        rise, _ = change(graph, trails, tour, step % form.size, 4, queue, stream)
        nodes = nodes_from(tour, form.depot).tolist()
        assert sorted(nodes) == list(range(form.size))
        assert closed_cost(graph.cost, nodes) == cost + rise
        assert keeps_order(nodes, form.depot, pairs_of(graph))
        cost += rise
        moved += rise != 0
    assert moved > 10


def test_choose_draws_in_proportion_to_trail_times_heuristic():
    _, graph = graph_of(2, 6, closed=True)
    trails = fresh_trails(graph.near_cost, 1.0)
    avoided = int(graph.near[0, 1])
    weight = trails.product[0].copy()
    weight[1] = 0.0
    stream = random.stream(1)
    drawn = [choose(graph, trails, 0, avoided, stream) for _ in range(4000)]
    share = np.array([drawn.count(int(j)) for j in graph.near[0]]) / len(drawn)
    assert share == pytest.approx(weight / weight.sum(), abs=0.03)


def test_choose_takes_the_backup_when_its_only_candidate_is_avoided():
    form = tour_form(random_problem(2, 6, closed=True))
    graph = tour_view(form, ColonyParams(candidates=1, backup=2)).graph
    trails = fresh_trails(graph.near_cost, 1.0)
    only = int(graph.near[0, 0])
    assert choose(graph, trails, 0, only, random.stream(1)) == graph.backup[0, 0]


def test_trails_rise_on_the_deposited_tour_and_keep_their_limits():
    form, graph = graph_of(4, 8, closed=True)
    trails = fresh_trails(graph.near_cost, 1.0)
    tour = as_tour(graph.cost, start_tour(form))
    for _ in range(60):
        update(trails, graph.near, tour.after, 0.5, 0.1)
    on_tour = graph.near == tour.after[:, None]
    assert trails.trail[on_tour] == pytest.approx(1.0)
    assert trails.trail[~on_tour] == pytest.approx(0.1)
    assert (trails.product == trails.trail * trails.heuristic).all()
    reset(trails)
    assert (trails.trail == 1.0).all()


def test_lowest_trail_builds_the_best_tour_again_with_the_wanted_probability():
    # 100 choices among 10 / 2 arcs, the best with trail 1 and the other 4 with tau_min.
    tau_min = lowest_trail(100, 10, 0.1)
    assert (1 / (1 + 4 * tau_min)) ** 100 == pytest.approx(0.1)


def test_the_queue_is_first_in_first_out_and_holds_a_node_once():
    queue = empty_queue(3)
    for node in (2, 0, 2, 1):
        push(queue, node)
    assert pop(queue) == 2
    push(queue, 2)
    assert [pop(queue) for _ in range(3)] == [0, 1, 2]


def test_random_numbers_are_those_of_splitmix64():
    state = np.array([1234567], dtype=np.uint64)
    # The first numbers of Vigna's reference implementation for this seed.
    expected = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    assert [int(random.next_bits(state)) for _ in range(3)] == expected


def test_random_ranges_and_streams():
    state = random.stream(5)
    drawn = [random.below(state, 3) for _ in range(300)]
    assert set(drawn) == {0, 1, 2}
    assert all(0.0 <= random.unit(state) < 1.0 for _ in range(300))
    states = {int(random.stream(seed, index)[0]) for seed in range(20) for index in range(20)}
    assert len(states) == 400


def test_graph_lists_the_cheapest_allowed_successors():
    form = tour_form(random_problem(3, 8, forbidden=0.3))
    graph: Graph = tour_view(form, ColonyParams(candidates=3, backup=2)).graph
    for i in range(form.size):
        listed = [*graph.near[i], *graph.backup[i]]
        assert i not in listed
        cost = [graph.cost[i, j] for j in listed]
        assert cost == sorted(cost)
        assert cost[-1] <= min(graph.cost[i, j] for j in range(8) if j not in listed and j != i)
