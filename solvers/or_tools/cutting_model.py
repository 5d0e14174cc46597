"""The cutting problem as one CP-SAT model: exact, for small problems and limited stock."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from solvers.cutting_form import CuttingForm
from solvers.or_tools.cp_solver import cp_solver

IntArray = NDArray[np.int64]
Cuts = list[tuple[int, IntArray]]


@dataclass(frozen=True, slots=True)
class ModelResult:
    """The model's ``cuts`` (None if it found none), and whether the search is complete."""

    cuts: Cuts | None
    finished: bool


class CuttingModel:
    """Pieces of each type in each of ``units`` stock units, each of one kind or unused."""

    def __init__(self, form: CuttingForm, units: int) -> None:
        self.form = form
        self.units = range(units)
        self.model = cp_model.CpModel()
        self.kind = [self._kind(unit) for unit in self.units]
        self.pieces = [self._pieces(unit) for unit in self.units]
        for unit in self.units:
            self.add_capacity(unit)
            self.add_family_limit(unit)
        self.add_demand()
        self.add_stock_limits()
        self.add_symmetry_breaking()
        self.cost = sum(
            int(form.unit_cost[k]) * choice for kinds in self.kind for k, choice in enumerate(kinds)
        )
        self.model.minimize(self.cost)

    def _kind(self, unit: int) -> list[cp_model.IntVar]:
        kinds = [
            self.model.new_bool_var(f"kind_{unit}_{k}") for k in range(len(self.form.capacity))
        ]
        self.model.add_at_most_one(kinds)
        return kinds

    def _pieces(self, unit: int) -> list[cp_model.IntVar]:
        return [
            self.model.new_int_var(0, int(d), f"pieces_{unit}_{t}")
            for t, d in enumerate(self.form.demand)
        ]

    def add_capacity(self, unit: int) -> None:
        """Fit the pieces of a unit into its kind."""
        load = cp_model.LinearExpr.weighted_sum(self.pieces[unit], self.form.size.tolist())
        room = cp_model.LinearExpr.weighted_sum(self.kind[unit], self.form.capacity.tolist())
        self.model.add(load <= room)

    def add_family_limit(self, unit: int) -> None:
        """Let a unit hold pieces of at most ``family_limit`` families."""
        families = len(self.form.family_start) - 1
        if families <= self.form.family_limit:
            return
        present = [self.model.new_bool_var(f"family_{unit}_{f}") for f in range(families)]
        for t, family in enumerate(self.form.family.tolist()):
            self.model.add(self.pieces[unit][t] == 0).only_enforce_if(~present[family])
        self.model.add(sum(present) <= self.form.family_limit)

    def add_demand(self) -> None:
        """Cut every piece once."""
        for t, demand in enumerate(self.form.demand.tolist()):
            self.model.add(sum(self.pieces[unit][t] for unit in self.units) == demand)

    def add_stock_limits(self) -> None:
        """Use no more units of a kind than there are."""
        for k, limit in enumerate(self.form.stock_count.tolist()):
            if limit >= 0:
                self.model.add(sum(self.kind[unit][k] for unit in self.units) <= limit)

    def add_symmetry_breaking(self) -> None:
        """Order units by falling load."""
        loads = [
            cp_model.LinearExpr.weighted_sum(self.pieces[unit], self.form.size.tolist())
            for unit in self.units
        ]
        for before, after in pairwise(loads):
            self.model.add(before >= after)

    def solve(self, most_cost: int | None, seconds: float, seed: int) -> ModelResult:
        """Search for units that cost at most ``most_cost`` together, if given."""
        if most_cost is not None:
            self.model.add(self.cost <= most_cost)
        solver = cp_solver(seed)
        solver.parameters.max_time_in_seconds = seconds
        status = solver.solve(self.model)
        finished = status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return ModelResult(None, finished)
        cuts: Cuts = []
        for unit in self.units:
            pattern = np.array([solver.value(v) for v in self.pieces[unit]], dtype=np.int64)
            kinds = [solver.value(choice) for choice in self.kind[unit]]
            if pattern.any():
                cuts.append((kinds.index(1), pattern))
        return ModelResult(cuts, finished)
