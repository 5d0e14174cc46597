"""The CP-SAT model of a sequence: `build` is its table of contents."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from scheduler.sequencing import Sequence, SequencingProblem, Timing
from solvers.or_tools.tour_bound import TourBound
from solvers.tour_form import TourForm


class SequencingModel:
    """Literals for the arcs kept, one circuit over them, and what the problem adds."""

    def __init__(
        self,
        problem: SequencingProblem,
        form: TourForm,
        kept: NDArray[np.bool_],
        bound: TourBound | None,
    ) -> None:
        self.problem, self.form = problem, form
        self.cp = cp_model.CpModel()
        self.arcs = {
            (int(i), int(j)): self.cp.new_bool_var(f"{i}>{j}") for i, j in np.argwhere(kept)
        }
        self.build(bound)

    def build(self, bound: TourBound | None) -> None:
        """State all constraints and the objective."""
        self.add_circuit()
        if len(self.form.predecessor):
            self.add_precedence()
        if self.problem.timing is not None and self._timed:
            self.add_times(self.problem.timing)
        if self.problem.objective == "transition_cost":
            self.minimise_transition_cost(bound)

    @property
    def _timed(self) -> bool:
        timing = self.problem.timing
        return timing is not None and (
            self.problem.objective == "weighted_tardiness" or timing.deadline is not None
        )

    def add_circuit(self) -> None:
        """Every node has one successor, and all lie on one circuit."""
        if self.arcs:
            self.cp.add_circuit([(i, j, literal) for (i, j), literal in self.arcs.items()])
        elif self.form.size > 1:
            self.cp.add_bool_or([False])

    def add_precedence(self) -> None:
        """Give the nodes numbers from the depot on, predecessors lower ones."""
        size, depot = self.form.size, self.form.depot
        place = [self.cp.new_int_var(0, size - 1, f"place{k}") for k in range(size)]
        self.cp.add(place[depot] == 0)
        for (i, j), literal in self.arcs.items():
            if j != depot:
                self.cp.add(place[j] == place[i] + 1).only_enforce_if(literal)
        starts = self.form.predecessor_start
        for j in range(size):
            for i in self.form.predecessor[starts[j] : starts[j + 1]].tolist():
                self.cp.add(place[i] + 1 <= place[j])

    def minimise_transition_cost(self, bound: TourBound | None) -> None:
        """Minimise the reduced costs, which are the costs less a constant."""
        cost = sum(int(self.form.reduced_cost[arc]) * literal for arc, literal in self.arcs.items())
        self.cp.minimize(cost)
        if bound is not None:
            self.cp.add(cost >= bound.bound - self.form.assignment_bound)

    def add_times(self, timing: Timing) -> None:
        """Start each job late enough after the one before; meet deadlines, minimise tardiness."""
        size, depot = self.problem.size, self.form.depot
        horizon = _horizon(timing)
        earlier = np.minimum(timing.start_lag.min(axis=0), 0).sum()
        low = int(min(0, timing.first_start.min()) + earlier)
        start = [self.cp.new_int_var(low, horizon, f"start{j}") for j in range(size)]
        for (i, j), literal in self.arcs.items():
            if i == depot and not self.form.depot_is_job:
                self.cp.add(start[j] >= int(timing.first_start[j])).only_enforce_if(literal)
            elif j != depot:
                self.cp.add(start[j] >= start[i] + int(timing.start_lag[i, j])).only_enforce_if(
                    literal
                )
        if self.form.depot_is_job:
            self.cp.add(start[depot] >= int(timing.first_start[depot]))
        late = []
        for j in range(size):
            if timing.release is not None:
                self.cp.add(start[j] >= int(timing.release[j]))
            if timing.deadline is not None:
                self.cp.add(start[j] + int(timing.duration[j]) <= int(timing.deadline[j]))
            slack = int(timing.due_date[j] - timing.duration[j])
            tardiness = self.cp.new_int_var(0, max(0, horizon - slack), f"late{j}")
            self.cp.add(tardiness >= start[j] - slack)
            late.append(int(timing.weight[j]) * tardiness)
        if self.problem.objective == "weighted_tardiness":
            self.cp.minimize(sum(late))

    def hint(self, tour: NDArray[np.int32]) -> None:
        """Suggest ``tour`` as a start."""
        for i, j in zip(tour.tolist(), np.roll(tour, -1).tolist(), strict=True):
            if (i, j) in self.arcs:
                self.cp.add_hint(self.arcs[i, j], True)

    def proven(self, value: float, form: TourForm) -> float:
        """Return the bound on the problem's cost that a bound of ``value`` on the model proves."""
        whole = math.ceil(value - 1e-6)
        if self.problem.objective == "transition_cost":
            return form.proven(form.assignment_bound + whole)
        return float(whole)

    def keep(self, offer: Callable[[Sequence], None]) -> "Keeper":
        """Return a callback that hands every solution to ``offer``."""
        return Keeper(self, offer)


class Keeper(cp_model.CpSolverSolutionCallback):
    """Turns solutions of the model into sequences."""

    def __init__(self, model: SequencingModel, offer: Callable[[Sequence], None]) -> None:
        super().__init__()
        self.model, self.offer = model, offer

    def on_solution_callback(self) -> None:
        """Read the circuit from the depot on."""
        after = {i: j for (i, j), literal in self.model.arcs.items() if self.value(literal)}
        tour = [self.model.form.depot]
        while len(tour) < len(after):
            tour.append(after[tour[-1]])
        self.offer(self.model.form.sequence(np.array(tour, dtype=np.int32)))


def most_tardiness(timing: Timing) -> int:
    """Return a weighted tardiness that no sequence of the model exceeds."""
    late = _horizon(timing) - timing.due_date.astype(object) + timing.duration.astype(object)
    return int((timing.weight.astype(object) * np.maximum(late, 0)).sum())


def _horizon(timing: Timing) -> int:
    """Return a time by which every job can have started."""
    longest: Any = np.maximum(timing.start_lag.max(axis=0), 0).sum()
    first = max(0, int(timing.first_start.max()))
    released = 0 if timing.release is None else max(0, int(timing.release.max()))
    return int(longest) + first + released
