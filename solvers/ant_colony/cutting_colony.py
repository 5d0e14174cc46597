"""The colony for cutting problems: slab design, cutting stock, and anything between them.

Its plans know no limits on stock; a problem with limited stock is left to the exact solver.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from scheduler.cutting import CutPlan
from solvers.ant_colony import random
from solvers.ant_colony.cutting_kernels import BEST, SOURCE, CuttingAnts, CuttingRule, pack, run
from solvers.ant_colony.cutting_params import CuttingParams
from solvers.ant_colony.cutting_search import exchange_pieces, slots_needed
from solvers.ant_colony.cutting_units import (
    Cutting,
    Units,
    copy_units,
    kind_of,
    total_cost,
    total_score,
)
from solvers.ant_colony.local_search import empty_queue, push
from solvers.ant_colony.pheromone import TAU_MAX, lowest_trail
from solvers.cutting_form import CuttingForm

Cuts = Iterable[tuple[int, NDArray[np.int64]]]

AT_ONCE = 2000
"""Pieces that the first ant packs at once: each is chosen among all that are loose."""
DIVES = 8
FIRST_NODES = 200


class ExactStep(Protocol):
    """The injected exact method: a proven ``bound``, dives, and a master that improves or proves.

    `solvers.or_tools.exact_cutting.ExactCutting` is one.
    """

    bound: int

    def dive(self, seed: int, aim: int) -> Cuts:
        """Return a plan by one randomised dive that aims at cost ``aim``."""
        ...

    def close(self, cost: int, nodes: int, seconds: float) -> tuple[Cuts | None, bool]:
        """Look for a plan cheaper than ``cost``; return it, and whether the search was complete.

        A complete search without a plan may raise ``bound`` to ``cost``. What was found when the
        ``seconds`` ran out is not used: the clock only stops a search.
        """
        ...


Exact = Callable[[CuttingForm, float], ExactStep | None]
"""Starts the exact method on a problem, with that many seconds left."""

Clock = Callable[[], float]
"""Tells how many seconds are left."""


def unlimited() -> float:
    """Tell that there is no limit on time."""
    return float("inf")


class CuttingColony:
    """One colony on one cutting problem; with ``exact`` it gets a step of that now and then."""

    def __init__(
        self,
        form: CuttingForm,
        params: CuttingParams,
        seed: int,
        index: int,
        exact: Exact | None = None,
        clock: Clock = unlimited,
    ) -> None:
        self.form, self.params = form, params
        self.ants = params.ants
        self.seed = seed
        self.clock = clock
        self.cutting = cutting_arrays(form)
        self.rule = cutting_rule(form, params)
        self.state = cutting_ants(form, random.stream(seed, index))
        self.start_exact = exact if params.exact_every else None
        self.exact: ExactStep | None = None
        self.found: CutPlan | None = None
        """What the last exact step found, until the next iteration: the clock may have cut short a
        step after the last one, and a replay would not."""
        self.done = self.steps = 0
        self.nodes = FIRST_NODES
        self.closed: int | None = None
        pack_all(self.cutting, self.state, self.rule, form)
        self._take_over()

    def run(self, iterations: int) -> None:
        """Run that many iterations, with exact steps at fixed ones; releases the GIL."""
        while iterations > 0:
            if self.found is not None:
                self.offer(self.found)
                self.found = None
            every = self.params.exact_every or iterations
            count = min(iterations, every - self.done % every)
            run(self.cutting, self.state, self.rule, count)
            self.done += count
            iterations -= count
            if self.params.exact_every and self.done % every == 0:
                self.exact_step()

    @property
    def measure(self) -> float:
        """Cost of the best plan."""
        return float(self.cost)

    def best(self) -> tuple[float, CutPlan]:
        """Return the best plan's cost and the plan."""
        return self.measure, self.form.plan(cuts_of(self.form, self.cutting, self.state.best))

    @property
    def cost(self) -> int:
        """Cost of the best plan."""
        return int(total_cost(self.cutting, self.state.best)) - self.form.constant

    @property
    def bound(self) -> int | None:
        """The proven lower bound, once the exact method has one."""
        return None if self.exact is None else self.exact.bound

    def adopt(self, other: "CuttingColony") -> None:
        """Take the best plan of ``other`` as source."""
        copy_units(other.state.best, self.state.source)
        self.state.scores[SOURCE] = other.state.scores[BEST]
        self.state.age[0] = 0

    def exact_step(self) -> None:
        """Take one step of the exact method: the LP first, then dives, then the master."""
        if self.start_exact is not None:
            self.exact, self.start_exact = self.start_exact(self.form, self.clock()), None
            if self.clock() <= 0.0:
                return
        if self.exact is None or self.closed == self.cost or self.exact.bound >= self.cost:
            return
        self.steps += 1
        if self.steps <= DIVES:
            cuts = self.exact.dive(self.seed * DIVES + self.steps, self.exact.bound)
            self.found = self.form.plan(cuts)
            return
        found, finished = self.exact.close(self.cost, self.nodes, self.clock())
        if self.clock() <= 0.0:
            return
        if found is not None:
            self.found = self.form.plan(found)
        if not finished:
            self.nodes *= 4
        elif found is None:
            self.closed = self.cost

    def offer(self, plan: CutPlan) -> None:
        """Improve a plan by local search and go on from it if it is not worse than the source.

        A plan that leaves pieces out is ignored.
        """
        if sum(len(unit.items) for unit in plan.stock_units) != len(self.state.loose):
            return
        load_plan(self.state, self.form, plan)
        exchange_pieces(self.cutting, self.state.ant, self.state.queue, self.state.random_state)
        if total_score(self.cutting, self.state.ant) <= self.state.scores[SOURCE]:
            self._take_over()

    def _take_over(self) -> None:
        """Make the ant's plan the source, and the best if it is."""
        state = self.state
        state.scores[SOURCE] = total_score(self.cutting, state.ant)
        copy_units(state.ant, state.source)
        if state.scores[SOURCE] < state.scores[BEST]:
            state.scores[BEST] = state.scores[SOURCE]
            copy_units(state.ant, state.best)
            state.age[0] = 0


def cutting_colonies(
    form: CuttingForm,
    params: CuttingParams,
    seed: int,
    warm_start: Any | None,
    exact: Exact | None = None,
    clock: Clock = unlimited,
) -> list[CuttingColony]:
    """Return the colonies; the first has the exact method, all start from ``warm_start``."""
    colonies = [
        CuttingColony(form, params, seed, index, exact if index == 0 else None, clock)
        for index in range(params.colonies)
    ]
    if warm_start is not None:
        for colony in colonies:
            colony.offer(warm_start)
    return colonies


def cutting_arrays(form: CuttingForm) -> Cutting:
    """Return what the kernels need of ``form``."""
    return Cutting(
        form.size,
        form.family,
        form.capacity,
        form.unit_cost,
        form.family_limit,
        # The waste of one unit must not outweigh the least difference in cost.
        0.5 * form.cost_step,
    )


def cutting_rule(form: CuttingForm, params: CuttingParams) -> CuttingRule:
    """Return the colony's numbers for a problem of this size."""
    return CuttingRule(
        params.ants,
        params.changes,
        params.persistence,
        params.beta,
        lowest_trail(int(form.demand.sum()), len(form.size), params.best_probability),
        params.patience,
        params.temperature * form.cost_step,
    )


def cutting_ants(form: CuttingForm, stream: random.Stream) -> CuttingAnts:
    """Return the state of a colony without any plan."""
    pieces = int(form.demand.sum())
    slots = slots_needed(form.size, form.demand, int(form.capacity[-1]))
    types = len(form.size)
    return CuttingAnts(
        ant=empty_units(pieces + 1, slots),
        source=empty_units(pieces + 1, slots),
        best=empty_units(pieces + 1, slots),
        scores=np.full(2, np.inf),
        age=np.zeros(1, dtype=np.int64),
        trail=np.full((types, types), TAU_MAX),
        queue=empty_queue(pieces + 1),
        random_state=stream,
        loose=np.zeros(pieces, dtype=np.int32),
        weight=np.zeros(pieces),
    )


def empty_units(units: int, slots: int) -> Units:
    """Return room for ``units`` of ``slots`` pieces each."""
    return Units(
        np.zeros((units, slots), dtype=np.int32),
        np.zeros(units, dtype=np.int32),
        np.zeros(units, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
    )


def pack_all(cutting: Cutting, state: CuttingAnts, rule: CuttingRule, form: CuttingForm) -> None:
    """Let one ant pack everything, some pieces of all sizes at a time."""
    pieces = np.repeat(np.arange(len(form.size)), form.demand)
    parts = -(-len(pieces) // AT_ONCE)
    for part in range(parts):
        some = pieces[part::parts]
        state.loose[: len(some)] = some
        pack(cutting, state, rule, len(some))
    exchange_pieces(cutting, state.ant, state.queue, state.random_state)


def load_plan(state: CuttingAnts, form: CuttingForm, plan: CutPlan) -> None:
    """Make ``plan`` the ant's; its units wait for the local search."""
    type_of = {item: t for t, members in enumerate(form.members) for item in members}
    units = state.ant
    for number, unit in enumerate(plan.stock_units):
        types = [type_of[item] for item in unit.items]
        units.piece[number, : len(types)] = types
        units.held[number] = len(types)
        units.load[number] = form.size[types].sum()
        push(state.queue, number)
    units.number[0] = len(plan.stock_units)


def cuts_of(form: CuttingForm, cutting: Cutting, units: Units) -> Cuts:
    """Yield kind and pieces of each type for every unit."""
    for unit in range(int(units.number[0])):
        held = units.piece[unit, : units.held[unit]]
        yield kind_of(cutting, units.load[unit]), np.bincount(held, minlength=len(form.size))
