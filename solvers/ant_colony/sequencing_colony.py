"""The colony for untimed sequences: tours with least transition cost.

Minimum-cost paths, asymmetric tours and sequential ordering all reach it as a `TourForm`, on whose
reduced costs it works. A forbidden transition costs a penalty above all that a tour can save, so
the search crosses infeasible ground but never stays there while a way out is known.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import inlined_kernel, kernel_in_place
from scheduler.sequencing import Sequence, SequencingProblem
from solvers.ant_colony import random
from solvers.ant_colony.local_search import (
    Graph,
    copied,
    empty_queue,
    new_tour,
    nodes_from,
    price_legs,
    push,
    set_tour,
)
from solvers.ant_colony.or_3opt import new_chain, or_3opt
from solvers.ant_colony.params import ColonyParams
from solvers.ant_colony.pheromone import fresh_trails, lowest_trail
from solvers.ant_colony.sequencing_kernels import BEST, SOURCE, START, Ants, Rule, copy_tour, run
from solvers.start_tour import start_tour
from solvers.tour_form import OUT, Duals, TourForm, tour_form


@dataclass(frozen=True, eq=False)
class View:
    """How colonies see the arcs of a tour problem.

    Attributes
    ----------
    form : the problem, whose reduced costs are those that the search adds up.
    graph : its arrays for kernels, with the candidate lists.
    price : (n, k) int64 of the candidates, what the heuristic goes by.
    """

    form: TourForm
    graph: Graph
    price: NDArray[np.int64]


def sequencing_colonies(
    problem: SequencingProblem, params: ColonyParams, seed: int, warm_start: Any | None
) -> tuple[list["SequencingColony"], TourForm]:
    """Return the colonies for ``problem``, and the form that they work on."""
    form = tour_form(problem)
    view = tour_view(form, params)
    first = _first_tour(form, warm_start)
    ordered = len(form.predecessor) > 0
    second = replace(params, kick=params.strong_kick) if ordered else params
    colonies = [
        SequencingColony(
            view,
            second if index % 2 else params,
            random.stream(seed, index),
            first,
            roaming=index % 2 == 1 and not ordered,
        )
        for index in range(params.colonies)
    ]
    return colonies, form


def _first_tour(form: TourForm, warm_start: Any | None) -> NDArray[np.int32]:
    """Return the tour to begin with: ``warm_start``, if no precedence is broken.

    The local search keeps precedences and so would never mend one.
    """
    given = None if warm_start is None else form.tour(tuple(warm_start))
    return given if given is not None and form.keeps_precedence(given) else start_tour(form)


def tour_view(form: TourForm, params: ColonyParams, duals: Duals | None = None) -> View:
    """Return how colonies see ``form``: by the assignment's duals, or by better ones.

    An exact method's ``duals`` also rank the candidates: by slack, which knows of the cuts.
    """
    if duals is not None:
        form = form.less(duals)
    rank = form.reduced_cost if duals is None else duals.slack
    candidates = params.ordered_candidates if len(form.predecessor) else params.candidates
    near, backup = candidate_lists(form, rank, candidates, params.backup)
    graph = tour_graph(form, near, backup)
    if duals is None:
        return View(form, graph, graph.near_cost)
    rows = np.arange(form.size)[:, None]
    return View(form, graph, np.where(form.forbidden[rows, near], OUT, rank[rows, near]))


def tour_graph(form: TourForm, near: NDArray[np.int32], backup: NDArray[np.int32]) -> Graph:
    """Return the read-only arrays of ``form`` that kernels take, with these candidate lists."""
    return Graph(
        form.reduced_cost,
        near,
        np.take_along_axis(form.reduced_cost, near.astype(np.int64), axis=1),
        backup,
        form.predecessor,
        form.predecessor_start,
        *_followers(form),
        form.depot,
    )


def _followers(form: TourForm) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the immediate successors by precedence, in the layout of the predecessors."""
    after = np.repeat(np.arange(form.size, dtype=np.int32), np.diff(form.predecessor_start))
    start = np.zeros(form.size + 1, dtype=np.int32)
    np.cumsum(np.bincount(form.predecessor, minlength=form.size), out=start[1:])
    return after[np.argsort(form.predecessor, kind="stable")], start


def candidate_lists(
    form: TourForm, rank: NDArray[np.int64], candidates: int, backup: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return each node's first ``candidates`` by ``rank`` (n, n), and the ``backup`` next.

    Forbidden arcs come last, and ties go to the lower real cost. The candidates are in the order of
    reduced cost, by which the local search cuts them off.
    """
    kept = min(form.size - 1, candidates + backup)
    near = np.zeros((form.size, kept), dtype=np.int64)
    pick_first(rank, form.cost, form.forbidden, near, np.zeros((2, kept), dtype=np.int64))
    candidates = min(candidates, kept)
    first, backups = near[:, :candidates], near[:, candidates:]
    reduced = np.take_along_axis(form.reduced_cost, first, axis=1)
    first = np.take_along_axis(first, np.argsort(reduced, axis=1, kind="stable"), axis=1)
    return first.astype(np.int32, order="C"), backups.astype(np.int32, order="C")


@kernel_in_place
def pick_first(
    rank: NDArray[np.int64],
    cost: NDArray[np.int64],
    forbidden: NDArray[np.bool_],
    near: NDArray[np.int64],
    key: NDArray[np.int64],
) -> None:
    """Fill ``near`` (n, k) with the first others of each node by rank, then cost, then number.

    To sort whole rows took longer than a short search. ``key`` (2, k) is scratch: rank and cost of
    those found.
    """
    most = near.shape[1]
    for i in range(near.shape[0]):
        found = 0
        for j in range(near.shape[0]):
            first, second = OUT if forbidden[i, j] else rank[i, j], cost[i, j]
            if j == i or (found == most and not comes_before(first, second, key, most - 1)):
                continue
            place = min(found, most - 1)
            while place > 0 and comes_before(first, second, key, place - 1):
                near[i, place] = near[i, place - 1]
                key[0, place], key[1, place] = key[0, place - 1], key[1, place - 1]
                place -= 1
            near[i, place], key[0, place], key[1, place] = j, first, second
            found = min(most, found + 1)


@inlined_kernel
def comes_before(first: int, second: int, key: NDArray[np.int64], place: int) -> bool:
    """Whether a key of two numbers is less than the one at ``place``."""
    return first < key[0, place] or (first == key[0, place] and second < key[1, place])


class SequencingColony:
    """One colony on one tour problem."""

    def __init__(
        self,
        view: View,
        params: ColonyParams,
        stream: random.Stream,
        first: NDArray[np.int32],
        roaming: bool = False,
    ) -> None:
        """Start with ``first``; ``roaming`` as in `sequencing_kernels.Rule`."""
        form, graph = view.form, view.graph
        self.view = view
        self.ants = params.ants
        self.beta = params.beta
        self.trails = fresh_trails(view.price, params.beta)
        self.rule = _rule(params, form, graph.near.shape[1], roaming)
        settled_depth = params.ordered_depth if len(form.predecessor) else 1
        self.state = _ants(graph, stream, first, params.depth if roaming else settled_depth)

    def run(self, iterations: int) -> None:
        """Run that many iterations; releases the GIL."""
        run(self.view.graph, self.trails, self.state, self.rule, iterations)

    @property
    def measure(self) -> float:
        """The best cost so far, in whole units."""
        return float(self.best_units)

    def best(self) -> tuple[float, Sequence]:
        """Return the best cost so far, in whole units, and its sequence."""
        nodes = nodes_from(self.state.best, self.view.form.depot)
        return self.measure, self.view.form.sequence(nodes)

    @property
    def best_units(self) -> int:
        """The best cost so far, in the form's whole units."""
        return self.view.form.assignment_bound + int(self.state.costs[BEST])

    @property
    def feasible(self) -> bool:
        """Whether the best tour so far has no forbidden arc."""
        return int(self.state.costs[BEST]) < self.view.form.penalty

    def look(self, view: View) -> None:
        """See the arcs in another way from now on, and forget the trails; tours stay."""
        if view is self.view:
            return
        self.view = view
        self.trails = fresh_trails(view.price, self.beta)
        self.rule = self.rule._replace(penalty=view.form.penalty)
        for which, tour in ((SOURCE, self.state.source), (BEST, self.state.best)):
            self.state.costs[which] = price_legs(tour, view.graph.cost)

    def take(self, tour: NDArray[np.int32]) -> None:
        """Go on from ``tour``, improved by local search; it becomes the best if it is."""
        source, queue = self.state.source, self.state.queue
        cost = set_tour(source, self.view.graph.cost, tour)
        for node in tour.tolist():
            push(queue, node)
        cost -= or_3opt(self.view.graph, source, queue, self.state.chain)
        self.state.costs[SOURCE] = cost
        self.state.age[:] = 0
        self.state.heat[START] = 0.0
        if self.state.costs[SOURCE] < self.state.costs[BEST]:
            copy_tour(source, self.state.best)
            self.state.costs[BEST] = self.state.costs[SOURCE]

    def adopt(self, other: "SequencingColony") -> None:
        """Take the best tour of ``other``, a better one, as the best to go back to.

        The source stays: colonies in different valleys find more than all in one.
        """
        copy_tour(other.state.best, self.state.best)
        self.state.costs[BEST] = price_legs(self.state.best, self.view.graph.cost)


def _rule(params: ColonyParams, form: TourForm, candidates: int, roaming: bool) -> Rule:
    size = form.size
    return Rule(
        params.ants,
        params.changes,
        params.longest_segment,
        params.persistence,
        lowest_trail(size, candidates, params.best_probability),
        max(1, round(params.patience * size)),
        max(params.changes, round(params.kick * size)),
        max(1, round(params.cooling * size)),
        params.hottest,
        params.coldest,
        form.penalty,
        roaming,
    )


def _ants(graph: Graph, stream: random.Stream, first: NDArray[np.int32], depth: int) -> Ants:
    """Return a colony's state with ``first``, improved by local search, as its only tour."""
    source = new_tour(graph.cost, first)
    queue, chain = empty_queue(len(first)), new_chain(depth)
    for node in first.tolist():
        push(queue, node)
    cost = int(source.leg.sum()) - or_3opt(graph, source, queue, chain)
    ant, best, iteration = (copied(source) for _ in range(3))
    return Ants(
        ant=ant,
        source=source,
        best=best,
        iteration=iteration,
        costs=np.full(3, cost, dtype=np.int64),
        age=np.zeros(2, dtype=np.int64),
        heat=np.zeros(2),
        queue=queue,
        random_state=stream,
        chain=chain,
    )
