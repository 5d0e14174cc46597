"""The colony for two objectives: the front of weighted tardiness and transition cost.

Colonies share an archive by exchange (Iredi, Merkle and Middendorf 2001; Lopez-Ibanez and
Stuetzle 2012) and work on it point by point, as Pareto local search does: an episode takes a goal
between two points of the front, neighbours or not, starts from one of them, and offers every line
that an ant's descent passes to the archive. Goals alternate between weighted sums, which smooth the
landscape but only end on the front's convex hull, and epsilon-constraints. Between neighbours alone
slopes would lead nowhere where one of them lies in a dent.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.front import Front, FrontPoint, front_of, hypervolume
from scheduler.sequence_evaluation import scored_point
from scheduler.sequencing import SequencingProblem
from solvers.ant_colony import random
from solvers.ant_colony.archive import empty_archive, merge
from solvers.ant_colony.params import ColonyParams, TimedParams
from solvers.ant_colony.pareto_kernels import Objectives, run_episode
from solvers.ant_colony.sequencing_solver import MakeProver, solve_sequencing
from solvers.ant_colony.tardiness_colony import (
    NO_LINK,
    TimedColony,
    improved,
    regret,
)
from solvers.ant_colony.timed_kernels import copy_nodes
from solvers.ant_colony.timed_start import most_urgent_order
from solvers.progress import ignore_progress
from solvers.stopping import MaxIterations
from solvers.timed_form import FloatArray, TimedForm, timed_form

CAPACITY = 1000
ROUNDING = 1e-9
STEEPEST = 1e3
"""Largest rate of a goal, in reference transition cost per reference tardiness."""

LEAST_SHARE = 1e-3
"""Least rate of a goal, in the range of the front's transition cost per that of its tardiness."""

FLATTEST = 1e-12
"""A goal's least rate as a share of the steepest, so that no deadline is missed to save links."""

TIE_BREAK = 1e-3
"""Share of a rate that is left where a goal does not care, so that ties go the right way."""

UNTIMED_ITERATIONS = 2000
"""Most iterations of the untimed colonies for the cheap end of the front."""

ENDS = 0.2
"""Share of episodes that work on an end of the front."""

JUST_BELOW = 1e-6
"""How far below a point's tardiness an allowance lies that the point itself must not meet."""

EXCESS = 10.0
"""Rate above an allowance, in slopes of the front there."""


def pareto_colonies(
    problem: SequencingProblem,
    params: ColonyParams,
    seed: int,
    warm_start: Any | None,
    prover: MakeProver | None = None,
) -> list["ParetoColony"]:
    """Return the colonies for the front of ``problem``; ``warm_start`` is a front or a sequence.

    ``prover`` is the exact method that helps to find the cheap end of the front.
    """
    starts = [most_urgent_order(timed_form(problem)), cheapest_order(problem, params, seed, prover)]
    if problem.known_order is not None:
        starts.append(problem.known_order.astype(np.int32))
    if isinstance(warm_start, Front):
        starts += [np.array(point.solution, dtype=np.int32) for point in warm_start.points]
    elif warm_start is not None:
        starts.append(np.array(warm_start, dtype=np.int32))
    timed = replace(params.timed, longest_swap=params.timed.front_swap)
    return [
        ParetoColony(problem, timed, random.stream(seed, index), starts)
        for index in range(timed.colonies)
    ]


def cheapest_order(
    problem: SequencingProblem, params: ColonyParams, seed: int, prover: MakeProver | None
) -> NDArray[np.int32]:
    """Return an order of low, mostly least, transition cost: without times it is a plain path."""
    found = solve_sequencing(
        replace(problem, objective="transition_cost", timing=None),
        params,
        stop=MaxIterations(UNTIMED_ITERATIONS),
        seed=seed,
        threads=1,
        warm_start=None,
        on_progress=ignore_progress,
        prover=prover,
    )
    return np.array(found.solution, dtype=np.int32)


def balanced_regret(form: TimedForm) -> FloatArray:
    """Return (n+1, n+1) the regret of transitions in time and in cost, equal on average."""
    links = np.minimum(form.link, np.quantile(form.link, 0.99))
    return _in_medians(regret(form.lag)) + _in_medians(regret(links))


def _in_medians(cost: FloatArray) -> FloatArray:
    typical = float(np.median(cost[cost < NO_LINK / 2]))
    return cost / (typical or 1.0)


class Goal(NamedTuple):
    """Least link cost + ``rate`` x late cost, of which ``allowance`` counts only a little.

    ``step`` is the cost of going beyond the allowance; ``start`` is the index of the archived
    point to start from.
    """

    rate: float
    allowance: float
    step: float
    start: int


class ParetoColony:
    """One colony with its archive; an iteration is one episode under one goal."""

    def __init__(
        self,
        problem: SequencingProblem,
        params: TimedParams,
        stream: random.Stream,
        starts: Sequence[NDArray[np.int32]],
    ) -> None:
        self.problem = problem
        self.params = params
        self.ants = params.ants * params.episode
        late, links = problem.reference_point or (1.0, 1.0)
        self.typical_rate = max(abs(links), 1.0) / max(abs(late), 1.0)
        self.steepest = STEEPEST * self.typical_rate
        form = timed_form(problem, self.steepest, 1.0)
        # The price is scaled with a goal's rate, and has to outweigh the links at the least one.
        self.form = form._replace(price=form.price * STEEPEST**-2 / FLATTEST)
        first = improved(self.form, starts[0], params)
        self.colony = TimedColony(self.form, params, stream, first, balanced_regret(self.form))
        tolerance = ROUNDING * np.array([max(1.0, abs(late)), max(1.0, abs(links))])
        self.archive = empty_archive(CAPACITY, self.form.depot + 2, tolerance)
        self.known: tuple[float, Front] | None = None
        self.scored: dict[bytes, tuple[bool, FrontPoint] | None] = {}
        for first in starts:
            for rate in (self.steepest, self.typical_rate, FLATTEST * self.steepest):
                self.colony.state.source[1:-1] = first
                self._episode(Goal(rate, 0.0, 0.0, -1), 0)

    def run(self, iterations: int) -> None:
        """Run that many episodes."""
        for _ in range(iterations):
            goal = self._next_goal()
            copy_nodes(self.archive.rows[goal.start], self.colony.state.source)
            self._episode(goal, self.params.episode)

    @property
    def measure(self) -> float:
        """Minus the hypervolume of the archive."""
        return self.best()[0]

    def best(self) -> tuple[float, Front]:
        """Return minus the hypervolume of the archive, and its front."""
        if self.known is None:
            rows = self.archive.rows[: int(self.archive.points[0]), 1:-1]
            front = front_of(self._points(rows))
            reference = self.problem.reference_point or ()
            volume = hypervolume([point.objectives for point in front.points], reference)
            self.known = -volume, front
        return self.known

    def _points(self, rows: NDArray[np.int32]) -> list[FrontPoint]:
        """Return the feasible ones of ``rows`` (p, n) with their objectives, or all if none is."""
        scored = {row.tobytes(): self.scored.get(row.tobytes()) for row in rows}
        for row in rows:
            if scored[row.tobytes()] is None:
                scored[row.tobytes()] = scored_point(self.problem, row)
        self.scored = scored
        found = [pair for pair in scored.values() if pair is not None]
        return [point for feasible, point in found if feasible] or [point for _, point in found]

    def adopt(self, other: "ParetoColony") -> None:
        """Take over all points of ``other`` that are not covered."""
        merge(self.archive, other.archive)
        self.known = None

    def _episode(self, goal: Goal, iterations: int) -> None:
        share = goal.rate / self.steepest
        form = self.form._replace(
            weight=share * self.form.weight,
            price=share * self.form.price,
            allowance=goal.rate * goal.allowance,
            spare_rate=TIE_BREAK if goal.allowance > 0.0 else 1.0,
            step=goal.step,
        )
        colony = self.colony
        # Mostly cool: points of equal transition cost are told apart by tiny differences.
        warmth = self.params.warmth * random.unit(colony.state.random_state) ** 3
        rule = colony.rule._replace(temperature=warmth * self._span()[1])
        objectives = Objectives(goal.rate, np.zeros(2))
        run_episode(
            form,
            colony.candidates,
            colony.trails,
            colony.state,
            rule,
            self.archive,
            objectives,
            iterations,
        )
        self.known = None

    def _span(self) -> tuple[float, float]:
        """Return the ranges of tardiness and of transition cost of the archive."""
        late, links = np.ptp(self.archive.values[: max(1, int(self.archive.points[0]))], axis=0)
        return float(late), float(links)

    def _flattest(self) -> float:
        """Return the least rate of a goal: tardiness hardly counts, but of equal links it does."""
        late, links = self._span()
        rate = LEAST_SHARE * links / late if links > 0.0 else self.typical_rate / STEEPEST
        return min(max(rate, FLATTEST * self.steepest), self.typical_rate)

    def _next_goal(self) -> Goal:
        """Draw a goal: an end of the front, a weighted sum or an epsilon-constraint."""
        state = self.colony.state.random_state
        values = self.archive.values[: int(self.archive.points[0])]
        order = np.argsort(values[:, 0], kind="stable")
        first, last = int(order[0]), int(order[-1])
        if len(order) == 1 or random.unit(state) < ENDS:
            if random.below(state, 2):
                return Goal(self.steepest, 0.0, 0.0, first)
            return Goal(self._flattest(), 0.0, 0.0, last)
        gap = random.below(state, len(order) - 1)
        beyond = gap + 1 + random.below(state, len(order) - 1 - gap)
        left, right = int(order[gap]), int(order[beyond])
        start = left if random.below(state, 2) else right
        late, links = values[right] - values[left]
        slope = min(max(-links / late, self._flattest()), self.steepest / EXCESS)
        if random.below(state, 2):
            return Goal(float(slope), 0.0, 0.0, start)
        # Half the time just below the right neighbour: whatever lies between has to show up then.
        room = random.unit(state) if random.below(state, 2) else JUST_BELOW
        allowance = values[right, 0] - room * late
        return Goal(float(EXCESS * slope), float(allowance), float(-2.0 * links), start)
