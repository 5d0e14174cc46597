"""The pattern LP of a cutting problem: GLOP, columns priced exactly (Gilmore and Gomory 1961)."""

from dataclasses import dataclass, field
from math import ceil
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from solvers.cutting_form import CuttingForm
from solvers.pattern_pricing import (
    fill_tables,
    item_types,
    new_tables,
    read_pattern,
)

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

TOLERANCE = 1e-6
ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Column:
    """A pattern, pieces of each type (t,), cut from one kind of stock unit."""

    kind: int
    pattern: IntArray


@dataclass(eq=False)
class PatternLp:
    """The LP relaxation of a cutting problem after column generation.

    ``bound`` is a valid lower bound on the plan's cost, rounded up to the costs that units can add
    up to; ``value`` the LP's own. ``worth`` (t,) and ``rent`` (s,) are the duals of demand and
    of stock limits (0 where there is none). ``complete`` tells that no column is missing.
    """

    columns: list[Column] = field(default_factory=list)
    value: float = 0.0
    bound: int = 0
    worth: FloatArray = field(default_factory=lambda: np.zeros(0))
    rent: FloatArray = field(default_factory=lambda: np.zeros(0))
    complete: bool = False


def solve_pattern_lp(
    form: CuttingForm, first: list[Column] | None = None, seconds: float = float("inf")
) -> PatternLp:
    """Generate columns until none has a negative reduced cost, or the time is over.

    The bound after each round is Farley's (1990): duals scaled down until every pattern pays for
    its unit are feasible, so stopping early still proves something.
    """
    started = perf_counter()
    master = Master(form)
    pricing = Pricing(form)
    for column in first or []:
        master.add(column)
    best = 0.0
    result = PatternLp()
    while True:
        master.solve()
        columns, factor = pricing.columns(master.worth, master.rent)
        best = max(best, master.dual_value(factor))
        new = [column for column in columns if master.add(column)]
        if not new or perf_counter() - started > seconds:
            break
    result.complete = not new
    result.columns = master.columns
    result.value = best
    result.bound = round_up(form, best)
    result.worth, result.rent = master.worth, master.rent
    return result


def round_up(form: CuttingForm, units_cost: float) -> int:
    """Return the least cost of a plan whose units cost at least ``units_cost``."""
    step = form.cost_step
    return max(0, step * ceil((units_cost - TOLERANCE) / step) - form.constant)


class Master:
    """The LP over the columns so far; demand may be exceeded, shortage is a last resort."""

    def __init__(self, form: CuttingForm) -> None:
        self.form = form
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        self.objective = self.solver.Objective()
        self.objective.SetMinimization()
        infinity = self.solver.infinity()
        self.demand = [self.solver.Constraint(int(d), infinity) for d in form.demand]
        self.stock = {
            kind: self.solver.Constraint(-infinity, int(count))
            for kind, count in enumerate(form.stock_count)
            if count >= 0
        }
        self.columns: list[Column] = []
        self.known: set[tuple[int, bytes]] = set()
        self.worth = np.zeros(len(form.size))
        self.rent = np.zeros(len(form.capacity))
        for row in self.demand:
            shortage = self.solver.NumVar(0, infinity, "")
            row.SetCoefficient(shortage, 1)
            self.objective.SetCoefficient(shortage, 10.0 * float(form.unit_cost.max()))

    def add(self, column: Column) -> bool:
        """Add ``column``; returns False if the master has it."""
        key = (column.kind, column.pattern.tobytes())
        if key in self.known:
            return False
        self.known.add(key)
        variable = self.solver.NumVar(0, self.solver.infinity(), "")
        self.objective.SetCoefficient(variable, float(self.form.unit_cost[column.kind]))
        for t in np.flatnonzero(column.pattern):
            self.demand[t].SetCoefficient(variable, int(column.pattern[t]))
        if column.kind in self.stock:
            self.stock[column.kind].SetCoefficient(variable, 1)
        self.columns.append(column)
        return True

    def solve(self) -> None:
        """Solve the LP and read its duals."""
        if self.solver.Solve() != pywraplp.Solver.OPTIMAL:
            raise RuntimeError("GLOP could not solve the pattern LP")
        self.worth = np.maximum([row.dual_value() for row in self.demand], 0.0)
        for kind, row in self.stock.items():
            self.rent[kind] = min(row.dual_value(), 0.0)

    def dual_value(self, factor: float) -> float:
        """Return the dual bound with demand's duals times ``factor``."""
        limits = sum(self.rent[kind] * self.form.stock_count[kind] for kind in self.stock)
        return factor * float(self.worth @ self.form.demand) + float(limits)


class Pricing:
    """Exact pricing, and several disjoint patterns a round so that the LP converges sooner."""

    def __init__(self, form: CuttingForm) -> None:
        self.form = form
        self.types = item_types(form)
        self.tables = new_tables(form)

    def columns(self, worth: FloatArray, rent: FloatArray) -> tuple[list[Column], float]:
        """Return columns of negative reduced cost, and the factor that makes ``worth`` feasible.

        ``rent`` (s,) is the stock limits' dual, at most 0.
        """
        factor, columns = 1.0, []
        available = self.form.demand.copy()
        for round_ in range(ROUNDS):
            fill_tables(self.types, available, worth, self.tables)
            gained = self.tables.value[-1][self.form.capacity]
            prices = self.form.unit_cost - rent
            if round_ == 0:
                factor = float(min(1.0, np.min(prices / np.maximum(gained, 1e-12))))
            kinds = np.flatnonzero(gained > prices * (1 + 1e-9) + 1e-9)
            if len(kinds) == 0:
                break
            for kind in kinds:
                pattern = np.zeros(len(worth), dtype=np.int64)
                read_pattern(self.types, self.tables, int(self.form.capacity[kind]), pattern)
                columns.append(Column(int(kind), pattern))
            chosen = kinds[np.argmax(gained[kinds] / prices[kinds])]
            read_pattern(self.types, self.tables, int(self.form.capacity[chosen]), pattern)
            available = np.maximum(available - pattern, 0)
        return columns, factor
