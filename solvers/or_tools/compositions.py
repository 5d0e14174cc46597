"""Numbers of units of each kind that a cut plan may have, and a program that rules most out.

With few kinds a cost leaves few such numbers, and with them fixed the pattern LP is far tighter.
"""

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from solvers.cutting_form import CuttingForm
from solvers.or_tools.column_generation import TOLERANCE
from solvers.or_tools.pattern_master import Pool, cover

IntArray = NDArray[np.int64]


def compositions(unit_cost: IntArray, least: int, most: int, limit: int) -> list[IntArray] | None:
    """Return all numbers of units (s,) that cost ``least`` to ``most`` together, cheapest first.

    None if there are more than ``limit``.
    """
    found: list[IntArray] = []
    last = int(unit_cost[-1])

    def extend(units: list[int], cost: int) -> bool:
        if len(units) == len(unit_cost) - 1:
            for of_last in range(max(0, -(-(least - cost) // last)), (most - cost) // last + 1):
                found.append(np.array([*units, of_last], dtype=np.int64))
            return len(found) <= limit
        step = int(unit_cost[len(units)])
        return all(
            extend([*units, number], cost + number * step)
            for number in range((most - cost) // step + 1)
        )

    if not extend([], 0):
        return None
    return sorted(found, key=lambda units: int(units @ unit_cost))


class CompositionLp:
    """The pattern LP over ``pool`` with at most so many units of each kind."""

    def __init__(self, form: CuttingForm, pool: Pool) -> None:
        self.pool = pool
        self.cost = form.unit_cost
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        infinity = self.solver.infinity()
        self.variables = [self.solver.NumVar(0, infinity, "") for _ in pool.kind]
        cover(self.solver, self.variables, pool, form.demand)
        self.objective = self.solver.Objective()
        self.objective.SetMinimization()
        self.kinds = [self.solver.Constraint(-infinity, 0) for _ in form.capacity]
        for variable, kind in zip(self.variables, pool.kind.tolist(), strict=True):
            self.kinds[kind].SetCoefficient(variable, 1)
            self.objective.SetCoefficient(variable, float(form.unit_cost[kind]))

    def usable(self, units: IntArray) -> Pool | None:
        """Return the patterns that a plan of at most ``units`` (s,) can use; None without any plan.

        A pattern whose reduced cost exceeds what the LP leaves of the units' cost is in no plan.
        """
        for row, number in zip(self.kinds, units, strict=True):
            row.SetUb(float(number))
        status = self.solver.Solve()
        if status == pywraplp.Solver.INFEASIBLE:
            return None
        if status != pywraplp.Solver.OPTIMAL:
            return self.pool
        paid = float(units @ self.cost)
        room = paid - self.objective.Value() + TOLERANCE * (1.0 + paid)
        kept = np.array([variable.reduced_cost() <= room for variable in self.variables])
        return Pool(self.pool.pattern[kept], self.pool.kind[kept])
