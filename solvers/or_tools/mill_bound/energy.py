"""A proven lower bound on the energy cost of a delivered tonne, whatever else a plan costs.

The relaxation of the whole cost is asked for energy alone: steel, changes and lateness cost
nothing, and a tonne delivered is paid for at a price ``lambda``. If no plan costs less than nothing
then, none has a tonne for less than ``lambda`` (Dinkelbach 1967).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from scheduler.arrays import MILLION
from scheduler.mill import MONEY, MillProblem, Weights
from scheduler.terms import ENERGY
from solvers.or_tools.mill_bound.bound import Proof, money_down, out_of_reach, prove
from solvers.or_tools.mill_bound.data import Data, data_of

GRIDS = ((50, 3), (200, 3))
"""Fine and coarse pieces of the horizon, about: the first finds ``lambda``, the second proves."""
MISSING = 1000 * MONEY
"""Money of a missing tonne, far above what its energy costs: plans that miss any do not count."""
FREE = Weights(
    crop_resale=0,
    cut_resale=0,
    transition_resale=0,
    surplus_resale=0,
    transition_steel=0,
    tardiness=0,
    section_change=0,
    grade_change=0,
    groove_change=0,
    stability=0,
)


@dataclass(frozen=True)
class EnergyBound:
    """What a delivered tonne's energy cannot cost less than, in the currency's unit.

    value: proven for every feasible plan that makes all orders and rolls no billet to scrap alone.
    parts: by `ENERGY`, of the relaxed plan it stands on; only their sum is proven. elapsed: s.
    """

    value: float
    parts: dict[str, float]
    elapsed: float


def energy_bound(
    problem: MillProblem, seconds: float, should_stop: Callable[[], bool] = lambda: False
) -> EnergyBound | None:
    """Return the bound; None where ``seconds`` are too few, or the book is out of reach of any."""
    begun = time.perf_counter()
    if out_of_reach(problem):
        return None
    best: EnergyBound | None = None
    price = 0
    for grid in GRIDS:
        data = energy_data(problem, price, grid)
        proof = prove(data, begun + seconds - time.perf_counter(), should_stop)
        if proof is None:
            return best
        value = per_tonne(data, proof, price)
        if value is None:
            return None
        found = EnergyBound(money_down(value), parts(data, proof), time.perf_counter() - begun)
        best = found if best is None else max(best, found, key=lambda bound: bound.value)
        price = max(0, int(value * MONEY))
    return best


def energy_data(problem: MillProblem, price: int, grid: tuple[int, int]) -> Data:
    """Return the problem of energy alone, a tonne of any order being paid ``price`` (1/10 000)."""
    tariff = replace(problem.tariff, co2=0, peak=0)
    orders = tuple(replace(o, margin=price, shortage=price + MISSING) for o in problem.orders)
    stock = tuple(replace(row, cost=0) for row in problem.stock)
    alone = replace(problem, tariff=tariff, weights=FREE, orders=orders, stock=stock)
    return replace(data_of(alone, *grid), scrap_billets=False)


def per_tonne(data: Data, proof: Proof, price: int) -> Fraction | None:
    """Return the least energy cost of a tonne; None where nothing need be delivered.

    Energy is at least ``proof.value + price * (T - target)`` for ``T`` tonnes delivered, but for a
    floor an order, and ``T`` lies between the orders' bounds.
    """
    orders = data.mill.orders
    lower, target, upper = (
        Fraction(int((orders[name] * orders.unit).sum()), MILLION)
        for name in ("lower", "target", "upper")
    )
    if lower <= 0:
        return None
    tonne = Fraction(price, MONEY)
    rest = proof.value - Fraction(len(orders), MONEY) - tonne * target
    return tonne + rest / (upper if rest >= 0 else lower)


def parts(data: Data, proof: Proof) -> dict[str, float]:
    """Return the energy terms of the relaxed plan by tonne of the orders' targets."""
    tonnes = float((data.mill.orders.target * data.mill.orders.unit).sum()) / MILLION
    return {name: proof.terms.get(name, 0.0) / max(tonnes, 1e-9) for name in ENERGY}
