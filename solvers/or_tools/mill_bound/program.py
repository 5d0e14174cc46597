"""A linear program whose value is a bound that rounding cannot spoil.

Every figure that enters is a float that was rounded so that the program only gets looser; from then
on the float *is* the figure, exactly. GLOP finds multipliers of the rows. Whatever they are, they
prove a bound (weak duality), and that bound is computed in whole numbers: no tolerance of the
solver has a part in it.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction

from ortools.linear_solver import pywraplp

Number = int | float | Fraction
Terms = Iterable[tuple[int, Number]]

GLOP = "use_preprocessing: false use_dual_simplex: true"
"""Solving goes on from the last basis where rows were added."""
SHIFT = 200
"""Floats of at least 2^-148 are whole multiples of 2^-SHIFT."""
MULTIPLIER_SHIFT = 60


def down(value: Number) -> float:
    """Return the largest float that is not above ``value``."""
    near = float(value)
    return near if Fraction(near) <= value else math.nextafter(near, -math.inf)


def up(value: Number) -> float:
    """Return the smallest float that is not below ``value``."""
    return -down(-value)


def whole(value: float) -> int:
    """Return ``value`` in whole multiples of 2^-SHIFT, exactly."""
    numerator, denominator = value.as_integer_ratio()
    return numerator * (2**SHIFT // denominator)


class Program:
    """Minimise the sum of all parts' costs over variables from 0 to their limits."""

    def __init__(self) -> None:
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        self.solver.SetSolverSpecificParametersAsString(GLOP)
        self.variables: list[pywraplp.Variable] = []
        self.rows: list[tuple[pywraplp.Constraint, list[tuple[int, float]], float, float]] = []
        self.limit: list[float] = []
        self.price: list[Mapping[str, float]] = []
        self.constant: dict[str, Fraction] = defaultdict(Fraction)

    def variable(self, limit: Number, **price: Number) -> int:
        """Add a variable from 0 to ``limit`` that costs ``price`` a unit, by part."""
        most = up(limit)
        if not math.isfinite(most):
            raise ValueError("a variable needs a finite limit")
        rounded = {part: down(value) for part, value in price.items() if value}
        variable = self.solver.NumVar(0.0, most, "")
        self.solver.Objective().SetCoefficient(variable, sum(rounded.values()))
        self.variables.append(variable)
        self.limit.append(most)
        self.price.append(rounded)
        return len(self.variables) - 1

    def add_price(self, variable: int, **price: Number) -> None:
        """Let a unit of ``variable`` cost more (or less), by part."""
        known = dict(self.price[variable])
        for part, value in price.items():
            known[part] = down(Fraction(known.get(part, 0.0)) + Fraction(value))
        self.price[variable] = known
        objective = self.solver.Objective()
        objective.SetCoefficient(self.variables[variable], sum(known.values()))

    def at_most(self, terms: Terms, limit: Number) -> None:
        """Ask that the sum of ``terms`` (variable, factor) is at most ``limit``."""
        self._row([(v, down(a)) for v, a in terms], -math.inf, up(limit))

    def at_least(self, terms: Terms, limit: Number) -> None:
        """Ask that the sum of ``terms`` is at least ``limit``."""
        self._row([(v, up(a)) for v, a in terms], down(limit), math.inf)

    def equal(self, terms: Terms, value: Number) -> None:
        """Ask that the sum of ``terms``, exact as floats, is ``value``."""
        kept = [(v, float(a)) for v, a in terms]
        self._row(kept, float(value), float(value))

    def _row(self, terms: list[tuple[int, float]], low: float, high: float) -> None:
        total: dict[int, float] = {}
        for v, a in terms:
            if a:
                assert v not in total, "a variable stands twice in a row"
                total[v] = a
        row = self.solver.Constraint(low, high)
        for v, a in total.items():
            row.SetCoefficient(self.variables[v], a)
        self.rows.append((row, list(total.items()), low, high))

    def solve(self, seconds: float) -> bool:
        """Solve the program; return whether GLOP has multipliers to offer."""
        if seconds <= 0:
            return False
        self.solver.SetTimeLimit(max(1, int(1000 * seconds)))
        status = self.solver.Solve()
        return bool(status == pywraplp.Solver.OPTIMAL)

    def values(self) -> list[float]:
        """Return all variables' values in the last solution."""
        return [float(variable.solution_value()) for variable in self.variables]

    def parts(self) -> dict[str, float]:
        """Return the cost of the last solution by part."""
        result = defaultdict(float, {part: float(money) for part, money in self.constant.items()})
        for variable, price in zip(self.variables, self.price, strict=True):
            amount = variable.solution_value()
            for part, value in price.items():
                result[part] += value * amount
        return dict(result)

    def multipliers(self) -> list[float]:
        """Return the rows' multipliers of the last solution."""
        return [row.dual_value() for row, *_ in self.rows]

    def proven(self, multipliers: list[float]) -> Fraction:
        """Return the bound that any ``multipliers`` of the first rows prove, exactly."""
        left = [sum(map(whole, price.values())) << MULTIPLIER_SHIFT for price in self.price]
        bound = 0
        for (_, terms, low, high), multiplier in zip(self.rows, multipliers, strict=False):
            usable = math.isfinite(low if multiplier > 0 else high)
            factor = round(multiplier * 2**MULTIPLIER_SHIFT) if usable else 0
            if factor:
                bound += factor * whole(low if factor > 0 else high)
                for v, a in terms:
                    left[v] -= factor * whole(a)
        scale = SHIFT + MULTIPLIER_SHIFT
        proven = Fraction(bound, 2**scale)
        proven += sum(
            Fraction(d, 2**scale) * Fraction(limit)
            for d, limit in zip(left, self.limit, strict=True)
            if d < 0
        )
        return proven + sum(self.constant.values())
