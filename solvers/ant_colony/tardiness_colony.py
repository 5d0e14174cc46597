"""The colony for timed sequences: least weighted tardiness, with set-ups, releases and deadlines.

Ants change a source line a little, guided by pheromone, and the local search of `timed_search`
does the rest. The source is accepted as in annealing at a fixed temperature (iterated local
search), not only when it is better: tardiness has many shallow valleys. What a violation costs is
in the line's form, so the search may cross infeasible ground.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduler.sequencing import Sequence, SequencingProblem
from solvers.ant_colony import random
from solvers.ant_colony.params import TimedParams
from solvers.ant_colony.pheromone import fresh_trails, lowest_trail
from solvers.ant_colony.timed_elite import join, new_elite
from solvers.ant_colony.timed_kernels import (
    BEST,
    Candidates,
    TimedAnts,
    TimedRule,
    copy_nodes,
    run,
)
from solvers.ant_colony.timed_line import new_line, total
from solvers.ant_colony.timed_search import Reach, improve
from solvers.ant_colony.timed_start import most_urgent_order
from solvers.timed_form import FloatArray, TimedForm, ending_early, timed_form

NO_LINK = 1e12

COOLER = 0.3
"""Temperature of every second colony, as a share of the first one's."""


def tardiness_colonies(
    problem: SequencingProblem, params: TimedParams, seed: int, warm_start: Any | None
) -> list["TimedColony"]:
    """Return the colonies for the weighted tardiness of ``problem``."""
    form = ending_early(timed_form(problem))
    first = most_urgent_order(form) if warm_start is None else np.array(warm_start, np.int32)
    first = improved(form, first, params)
    return [
        TimedColony(form, _cooled(params, index), random.stream(seed, index), first)
        for index in range(params.colonies)
    ]


def improved(form: TimedForm, first: NDArray[np.int32], params: TimedParams) -> NDArray[np.int32]:
    """Return ``first`` after local search."""
    line = new_line(form, first)
    improve(form, line, _reach(params))
    return line.node[1:-1].copy()


def _cooled(params: TimedParams, index: int) -> TimedParams:
    """Return the parameters of colony ``index``: every other one is cooler, as none fits all."""
    return replace(params, temperature=params.temperature * (COOLER if index % 2 else 1.0))


def regret(cost: FloatArray) -> FloatArray:
    """Return (n, n): what a transition costs beyond the cheapest into and out of its ends."""
    cost = cost.copy()
    np.fill_diagonal(cost, NO_LINK)
    cost = cost - cost.min(axis=0, keepdims=True)
    return cost - cost.min(axis=1, keepdims=True)


def candidates_of(cost: FloatArray, count: int, backup: int) -> Candidates:
    """Return the ``count`` cheapest successors of every node, and the ``backup`` next."""
    nodes = len(cost)
    order = np.argsort(np.where(np.eye(nodes, dtype=bool), np.inf, cost), axis=1, kind="stable")
    order = order[:, : nodes - 1].astype(np.int32)
    count = min(count, nodes - 1)
    return Candidates(
        np.ascontiguousarray(order[:, :count]),
        np.ascontiguousarray(order[:, count : count + backup]),
    )


class TimedColony:
    """One colony on one timed form."""

    def __init__(
        self,
        form: TimedForm,
        params: TimedParams,
        stream: random.Stream,
        first: NDArray[np.int32],
        cost: FloatArray | None = None,
    ) -> None:
        """Start with ``first``, a line from `improved`.

        ``cost`` (n+1, n+1) ranks transitions, by default `regret`.
        """
        self.form = form
        self.ants = params.ants
        cost = regret(form.weight.mean() * form.lag + form.link) if cost is None else cost
        self.candidates = candidates_of(cost, params.candidates, params.backup)
        near = self.candidates.near.astype(np.int64)
        scale = 1000.0 / max(np.median(cost), 1e-9)
        near_cost = np.minimum(np.take_along_axis(cost, near, axis=1) * scale, 1e9)
        self.trails = fresh_trails(near_cost.astype(np.int64), params.beta)
        self.rule = _rule(params, form.depot, near.shape[1])
        self.state = _ants(form, stream, first, params.elite)

    def run(self, iterations: int) -> None:
        """Run that many iterations; releases the GIL."""
        run(self.form, self.candidates, self.trails, self.state, self.rule, iterations)

    @property
    def measure(self) -> float:
        """The cost of the best line, prices of violations included."""
        return float(self.state.costs[BEST])

    def best(self) -> tuple[float, Sequence]:
        """Return the cost of the best line, prices of violations included, and its jobs."""
        return self.measure, tuple(self.state.best[1:-1].tolist())

    def adopt(self, other: "TimedColony") -> None:
        """Let the best line of ``other`` join the elite; the round goes on."""
        copy_nodes(other.state.best, self.state.best)
        self.state.costs[BEST] = other.state.costs[BEST]
        join(self.state.elite, self.state.best, self.state.costs[BEST])


def _rule(params: TimedParams, size: int, candidates: int) -> TimedRule:
    return TimedRule(
        params.ants,
        params.changes,
        params.longest_segment,
        params.bridge,
        params.longest_bridge,
        _reach(params),
        params.temperature,
        params.persistence,
        lowest_trail(size, candidates, params.best_probability),
        params.patience,
        params.loyalty,
    )


def _reach(params: TimedParams) -> Reach:
    return Reach(params.longest_swap, params.longest_block, params.longest_span)


def _ants(
    form: TimedForm,
    stream: random.Stream,
    first: NDArray[np.int32],
    elite: int,
) -> TimedAnts:
    """Return a colony's state with ``first``, which needs no local search, as its only line."""
    line = new_line(form, first)
    line.dirty[:] = False
    nodes = form.depot + 1
    return TimedAnts(
        line=line,
        source=line.node.copy(),
        best=line.node.copy(),
        round_best=line.node.copy(),
        costs=np.array([total(form, line)] * 3 + [0.0]),
        age=np.zeros(1, dtype=np.int64),
        after=np.zeros(nodes, dtype=np.int32),
        random_state=stream,
        elite=new_elite(elite, len(line.node)),
    )
