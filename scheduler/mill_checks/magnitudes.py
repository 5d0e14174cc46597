"""Whether all sums and products of the evaluator stay exact in 64-bit integers."""

from collections.abc import Iterator
from operator import mul

from scheduler.arrays import MILLION
from scheduler.issues import Issue, pointer
from scheduler.mill import MillProblem, Section
from scheduler.mill_checks.cases import Cases
from scheduler.mill_checks.plants import of_plant

LARGEST = 2**62
LARGEST_RISE = 14_000
"""Tenths of a degree that steel is heated by at most."""
MOST = 2**50
"""Pieces or g of an order."""


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
        * max(3600, _largest_price(problem) // 1000),
    }
    for place, product in products.items():
        if product >= LARGEST:
            detail = "the figures here are so large that sums would overflow"
            yield Issue("too_large", "/" + place, detail, hint="check their units")
    if max(cases.columns.target) <= MOST:
        return
    for index, target in enumerate(cases.columns.target):
        if target > MOST:
            yield Issue("too_large", pointer("orders", index), "the quantity is too large")


def _rolled(problem: MillProblem) -> int:
    """Return g that all lines could roll in the horizon without a stop."""
    factors = sum(line.rate_factor for line in problem.lines)
    return _fastest(problem.sections) * factors // MILLION * problem.horizon // 3600


@of_plant
def _fastest(sections: tuple[Section, ...]) -> int:
    rates = [s.rate for s in sections]
    rates += [rate for s in sections for _, rate in s.rate_by_grade]
    return max(rates, default=0)


def _rolled_energy(problem: MillProblem, rolled: int) -> int:
    energies = [section.rolling_energy for section in problem.sections]
    return rolled * max(energies, default=0) // MILLION


def _largest_price(problem: MillProblem) -> int:
    carbon = problem.tariff.carbon_intensity
    largest = _largest(problem.tariff.electricity.values)
    return max(largest, _largest(carbon.values)) if carbon else largest


@of_plant
def _largest(values: tuple[int, ...]) -> int:
    return max(max(values, default=0), -min(values, default=0))


def _gas(problem: MillProblem, rolled: int) -> int:
    furnaces = [line.furnace for line in problem.lines]
    per_gram = max(
        (f.specific_heat * LARGEST_RISE * 1000 // f.efficiency for f in furnaces), default=0
    )
    holding = sum(f.holding_w for f in furnaces) * problem.horizon // 3600
    return rolled * per_gram // 36_000 + holding


def _lateness(horizon: int, cases: Cases) -> int:
    """Return the worst product of lateness and weight of an order."""
    of = cases.columns
    if min(of.due_date) >= 0:
        return horizon * max(of.weight)
    latest = [horizon - min(0, due) for due in of.due_date]
    return max(map(mul, latest, of.weight))


def _shortage(cases: Cases) -> int:
    """Return the worst price of an order that is not made."""
    of = cases.columns
    prices = map(max, of.shortage, of.margin)
    return max(map(mul, map(mul, of.upper, cases.units), prices))
