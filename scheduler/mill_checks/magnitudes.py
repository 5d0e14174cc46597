"""Whether all sums and products of the evaluator stay exact in 64-bit integers."""

from collections.abc import Iterator
from operator import mul

from scheduler.issues import Issue, pointer
from scheduler.mill import MillProblem
from scheduler.mill_checks.cases import Cases

LARGEST = 2**62


def check_magnitudes(problem: MillProblem, cases: Cases) -> Iterator[Issue]:
    """Yield what could overflow, which no real mill comes near."""
    rolled = _rolled(problem)
    products = {
        "tariff/electricity": _rolled_energy(problem, rolled) * _largest_price(problem),
        "tariff/gas_per_mwh": _gas(problem, rolled)
        * max(problem.tariff.gas, problem.tariff.gas_emissions),
        "stock": rolled * max((row.cost for row in problem.stock), default=0),
        "weights/tardiness_per_h": _lateness(problem.horizon, cases)
        * abs(problem.weights.tardiness),
        "weights/stability_per_h": problem.horizon
        * len(problem.orders)
        * problem.weights.stability,
        "orders": _shortage(cases),
        "lines": max((line.base_load for line in problem.lines), default=0)
        * problem.horizon
        * 3600,
    }
    for place, product in products.items():
        if product >= LARGEST:
            detail = "the figures here are so large that sums would overflow"
            yield Issue("too_large", "/" + place, detail, hint="check their units")
    for index, target in enumerate(cases.columns.target):
        if target > 2**50:
            yield Issue("too_large", pointer("orders", index), "the quantity is too large")


def _rolled(problem: MillProblem) -> int:
    """Return g that all lines could roll in the horizon without a stop."""
    rates = [s.rate for s in problem.sections]
    rates += [rate for s in problem.sections for _, rate in s.rate_by_grade]
    factors = sum(line.rate_factor for line in problem.lines)
    return max(rates, default=0) * factors // 1_000_000 * problem.horizon // 3600


def _rolled_energy(problem: MillProblem, rolled: int) -> int:
    energies = [section.rolling_energy for section in problem.sections]
    return rolled * max(energies, default=0) // 1_000_000


def _largest_price(problem: MillProblem) -> int:
    carbon = problem.tariff.carbon_intensity
    values = (*problem.tariff.electricity.values, *(carbon.values if carbon else ()), 0)
    return max(max(values), -min(values))


def _gas(problem: MillProblem, rolled: int) -> int:
    furnaces = [line.furnace for line in problem.lines]
    per_gram = max((f.specific_heat * 14_000 * 1000 // f.efficiency for f in furnaces), default=0)
    holding = sum(f.holding_w for f in furnaces) * problem.horizon // 3600
    return rolled * per_gram // 36_000 + holding


def _base_load(problem: MillProblem) -> int:
    return max((line.base_load for line in problem.lines), default=0)


def _lateness(horizon: int, cases: Cases) -> int:
    """Return the worst product of lateness and weight of an order."""
    latest = [horizon - min(0, due) for due in cases.columns.due_date]
    return max(map(mul, latest, cases.columns.weight))


def _shortage(cases: Cases) -> int:
    """Return the worst price of an order that is not made."""
    of = cases.columns
    prices = map(max, of.shortage, of.margin)
    return max(map(mul, map(mul, of.upper, cases.units), prices))
