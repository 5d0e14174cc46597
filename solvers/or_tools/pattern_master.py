"""Whole-number plans from a pool of patterns: randomised diving on the LP, and an exact master."""

from dataclasses import dataclass
from datetime import timedelta
from math import isfinite

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp
from ortools.math_opt.python import mathopt

from solvers.cutting_form import CuttingForm
from solvers.or_tools.column_generation import TOLERANCE, Column, PatternLp
from solvers.pattern_enumeration import enumerate_patterns
from solvers.pattern_pricing import item_types

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

Cuts = list[tuple[int, IntArray]]

MOST_PATTERNS = 30_000
NOISE = 0.02


@dataclass(frozen=True, eq=False)
class Pool:
    """Patterns (n, t) of pieces and the kind of unit (n,) each is cut from."""

    pattern: IntArray
    kind: IntArray


def pool_of(columns: list[Column]) -> Pool:
    """Return generated columns as a pool."""
    kinds = np.array([column.kind for column in columns], dtype=np.int64)
    return Pool(np.array([column.pattern for column in columns], dtype=np.int64), kinds)


def patterns_within(form: CuttingForm, lp: PatternLp, units_cost: int) -> Pool | None:
    """Return all patterns that a plan of units costing at most ``units_cost`` can use.

    Those are the maximal ones of reduced cost up to the distance from the LP's value. None if
    there are too many, or stock is limited (then kinds cannot be told by the load).
    """
    if (form.stock_count >= 0).any() or not lp.complete:
        return None
    patterns = np.zeros((MOST_PATTERNS, len(form.size)), dtype=np.int64)
    found = enumerate_patterns(
        item_types(form), form.capacity, form.unit_cost, lp.worth,
        units_cost - lp.value + TOLERANCE, patterns,
    )  # fmt: skip
    if found < 0:
        return None
    pattern = patterns[:found].copy()
    return Pool(pattern, np.searchsorted(form.capacity, pattern @ form.size))


def cover(
    solver: pywraplp.Solver, variables: list[pywraplp.Variable], pool: Pool, demand: IntArray
) -> list[pywraplp.Constraint]:
    """Add a row for each type of piece: patterns hold its demand; return the rows."""
    rows = [solver.Constraint(int(d), solver.infinity()) for d in demand]
    for t, row in enumerate(rows):
        for index in np.flatnonzero(pool.pattern[:, t]):
            row.SetCoefficient(variables[index], int(pool.pattern[index, t]))
    return rows


class Diver:
    """Randomised diving: fix the LP's whole part or its largest fraction, solve the rest again.

    Costs get a little noise, so that each dive ends in another corner of the LP's many optima.
    """

    def __init__(self, form: CuttingForm, pool: Pool, worth: FloatArray) -> None:
        self.form, self.pool = form, pool
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        infinity = self.solver.infinity()
        self.cost = form.unit_cost[pool.kind].astype(np.float64)
        self.capacity = form.capacity[pool.kind]
        self.open = np.ones(len(self.cost), dtype=np.bool_)
        self.objective = self.solver.Objective()
        self.objective.SetMinimization()
        self.variables = [self.solver.NumVar(0, infinity, "") for _ in self.cost]
        self.rows = cover(self.solver, self.variables, pool, form.demand)
        for t, row in enumerate(self.rows):
            shortage = self.solver.NumVar(0, infinity, "")
            row.SetCoefficient(shortage, 1)
            self.objective.SetCoefficient(shortage, max(2.0 * float(worth[t]), NOISE))
        self.stock = {}
        for kind in np.flatnonzero(form.stock_count >= 0).tolist():
            self.stock[kind] = self.solver.Constraint(-infinity, int(form.stock_count[kind]))
            for index in np.flatnonzero(pool.kind == kind):
                self.stock[kind].SetCoefficient(self.variables[index], 1)

    def dive(self, seed: int, waste_limit: float) -> tuple[Cuts, IntArray]:
        """Return the units chosen and the pieces (t,) that they leave out.

        A pattern that would bring the waste above ``waste_limit`` is not used: a plan at the
        cost aimed at has no room for it.
        """
        noise = np.random.Generator(np.random.PCG64(seed)).random(len(self.cost))
        costs = self.cost + NOISE * self.cost.mean() * noise
        for variable, noisy in zip(self.variables, costs, strict=True):
            self.objective.SetCoefficient(variable, float(noisy))
            variable.SetUb(self.solver.infinity())
        self.open[:] = True
        left = self.form.demand.copy()
        chosen = np.zeros(len(self.cost), dtype=np.int64)
        while left.any():
            self._restrict(left, chosen, waste_limit)
            if self.solver.Solve() != pywraplp.Solver.OPTIMAL:
                break
            units = self._units_to_fix()
            if not units.any() or self._over_stock(chosen + units):
                break
            chosen += units
            after = np.maximum(left - units @ self.pool.pattern, 0)
            waste_limit -= float(units @ self.capacity - (left - after) @ self.form.size)
            left = after
        rows = np.flatnonzero(chosen)
        kinds = self.pool.kind
        cuts = [(int(kinds[r]), self.pool.pattern[r]) for r in rows for _ in range(chosen[r])]
        return cuts, left

    def _restrict(self, left: IntArray, chosen: IntArray, waste_limit: float) -> None:
        for row, demand in zip(self.rows, left, strict=True):
            row.SetLb(int(demand))
        for kind, row in self.stock.items():
            row.SetUb(float(self.form.stock_count[kind] - chosen[self.pool.kind == kind].sum()))
        waste = self.capacity - np.minimum(self.pool.pattern, left) @ self.form.size
        for index in np.flatnonzero((waste > waste_limit) & self.open):
            self.variables[index].SetUb(0.0)
            self.open[index] = False

    def _over_stock(self, chosen: IntArray) -> bool:
        return any(
            chosen[self.pool.kind == kind].sum() > self.form.stock_count[kind]
            for kind in self.stock
        )

    def _units_to_fix(self) -> IntArray:
        level = np.array([variable.solution_value() for variable in self.variables])
        units = np.floor(level + TOLERANCE).astype(np.int64)
        fraction = level - units
        if not units.any() and fraction.max() > TOLERANCE:
            units[np.argmax(fraction)] = 1
        return units


@dataclass(frozen=True, slots=True)
class MasterResult:
    """The master's ``cuts`` (None if it found none), its bound on units' cost, and if it ended."""

    cuts: Cuts | None
    bound: float
    finished: bool


def solve_master(
    form: CuttingForm,
    pool: Pool,
    most_cost: int,
    nodes: int,
    seconds: float,
    most_units: IntArray | None = None,
) -> MasterResult:
    """Choose patterns of the pool at least cost, up to ``most_cost``: HiGHS, within ``nodes``.

    ``most_units`` (s,) limits the units of each kind, instead of the stock.

    With a limit in ``seconds`` the result may depend on the machine; without, it never does.
    """
    model = mathopt.Model()
    units = [
        model.add_integer_variable(lb=0, ub=int(most))
        for most in (-(-form.demand // np.maximum(pool.pattern, 1)) * (pool.pattern > 0)).max(
            axis=1
        )
    ]
    for t, demand in enumerate(form.demand):
        model.add_linear_constraint(_total(units, pool.pattern[:, t]) >= int(demand))
    limit = form.stock_count if most_units is None else most_units
    for kind in np.flatnonzero(limit >= 0):
        of_kind = (pool.kind == kind).astype(np.int64)
        model.add_linear_constraint(_total(units, of_kind) <= int(limit[kind]))
    cost = _total(units, form.unit_cost[pool.kind])
    model.add_linear_constraint(cost <= int(most_cost))
    model.minimize(cost)
    clock = timedelta(seconds=seconds) if isfinite(seconds) else None
    limits = mathopt.SolveParameters(time_limit=clock, node_limit=nodes)
    answer = mathopt.solve(model, mathopt.SolverType.HIGHS, params=limits)
    reason = answer.termination.reason
    infeasible = reason == mathopt.TerminationReason.INFEASIBLE
    cuts = None
    if answer.has_primal_feasible_solution():
        values = answer.variable_values(units)
        cuts = [
            (int(pool.kind[row]), pool.pattern[row])
            for row, value in enumerate(values)
            for _ in range(round(value))
        ]
    finished = infeasible or reason == mathopt.TerminationReason.OPTIMAL
    bound = most_cost + 1 if infeasible else answer.termination.objective_bounds.dual_bound
    return MasterResult(cuts, float(bound), finished)


def _total(
    units: list[mathopt.Variable], coefficients: IntArray
) -> mathopt.LinearSum | mathopt.LinearExpression:
    return mathopt.fast_sum(
        int(coefficients[row]) * units[row] for row in np.flatnonzero(coefficients)
    )
