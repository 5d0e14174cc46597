"""The cost terms of a walked schedule: physical amount and money, one small function a term.

``TERMS`` is the table of contents; formulas, units and rounding are in docs/problem.md, section 5.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scheduler.arrays import FAR, MILLION
from scheduler.attribution import (
    change_cost,
    gas_cost,
    lateness,
    margin_cost,
    missing,
    rolling_cost,
    shortage_cost,
    steel_cost,
    tardiness_cost,
    transition_price,
    within_bounds,
)
from scheduler.bill import Bill, pieces_of_cuts
from scheduler.costs import POWER_SLOT, base_cost
from scheduler.walk import (
    CARBON,
    ELECTRICITY,
    GAS,
    GRADE_CHANGES,
    GROOVE_CHANGES,
    SECTION_CHANGES,
    TRANSITION,
)


@dataclass(frozen=True, slots=True)
class Term:
    """One row of the bill: ``amount`` in ``unit``, and its ``money`` in 1/10 000."""

    amount: int
    unit: str
    money: int


def _per_tonne(mass: int, price: int) -> int:
    return mass * price // MILLION


def stock(bill: Bill) -> Term:
    """Steel charged, at its cost."""
    lots = bill.timeline.plan.lots
    mass = bill.mill.stock.mass[lots.stock] * lots.billets
    return Term(int(mass.sum()), "g", int(steel_cost(bill).sum()))


def crop(bill: Bill) -> Term:
    """Heads and tails (ring trim of coils), less resale."""
    lots = bill.timeline.plan.lots
    mass = int((bill.mill.sections.crop[lots.section[bill.cut_lot]] * lots.billets).sum())
    return Term(mass, "g", -_per_tonne(mass, bill.weights.crop_resale))


def cut(bill: Bill) -> Term:
    """Return what the billets have left when their pieces are cut, less resale."""
    usable, mass, coils = pieces_of_cuts(bill)
    left = np.where(coils > 0, 0, np.maximum(0, usable - mass))
    total = int((left * bill.timeline.plan.lots.billets).sum())
    return Term(total, "g", -_per_tonne(total, bill.weights.cut_resale))


def transition(bill: Bill) -> Term:
    """Test billets of changeovers and groove changes: their steel less resale."""
    mass = bill.total(TRANSITION)
    return Term(mass, "g", _per_tonne(mass, transition_price(bill)))


def surplus(bill: Bill) -> Term:
    """Return what is made above the orders' upper bounds, less resale."""
    orders = bill.mill.orders
    over = np.maximum(0, bill.timeline.made - orders.upper)
    mass = int((over * orders.unit).sum())
    return Term(mass, "g", -_per_tonne(mass, bill.weights.surplus_resale))


def reheating_gas(bill: Bill) -> Term:
    """Gas that heats the billets."""
    return Term(bill.total(GAS), "Wh", int(gas_cost(bill).sum()))


def holding_gas(bill: Bill) -> Term:
    """Gas that holds the furnaces while nothing is rolled, and cold starts."""
    money = bill.holding * bill.mill.tariff.gas // MILLION
    return Term(int(bill.holding.sum()), "Wh", int(money.sum()))


def rolling_electricity(bill: Bill) -> Term:
    """Electricity of rolling, at the price of its seconds."""
    return Term(bill.total(ELECTRICITY), "Wh", int(rolling_cost(bill).sum()))


def base_electricity(bill: Bill) -> Term:
    """Return the base load from first start to last end."""
    energy, money = 0, 0
    for line, load in enumerate(bill.mill.lines.base_load.tolist()):
        start, end = bill.timeline.span(line)
        energy += load * (end - start) // 3600
        series = bill.mill.tariff.electricity
        money += base_cost(series, load, end) - base_cost(series, load, start)
    return Term(energy, "Wh", int(money))


def co2(bill: Bill) -> Term:
    """CO2 of gas and, where there is an intensity series, of electricity."""
    tariff = bill.mill.tariff
    gas = bill.timeline.outcome[:, GAS] * tariff.gas_emissions // MILLION
    held = bill.holding * tariff.gas_emissions // MILLION
    mass = int(gas.sum() + held.sum())
    if tariff.watch_carbon:
        mass += int((bill.timeline.outcome[:, CARBON] // MILLION).sum())
        for line, load in enumerate(bill.mill.lines.base_load.tolist()):
            start, end = bill.timeline.span(line)
            mass += int(base_cost(tariff.carbon, load, end) - base_cost(tariff.carbon, load, start))
    return Term(mass, "g", _per_tonne(mass, tariff.co2))


def peak(bill: Bill) -> Term:
    """Highest 15-minute mean power of all lines together."""
    slots = bill.energy.sum(axis=0)
    power = int(slots.max() // POWER_SLOT) if len(slots) else 0
    return Term(power, "W", power * bill.mill.tariff.peak // 1000)


def tardiness(bill: Bill) -> Term:
    """Lateness of each order's last piece, by its weight."""
    return Term(int(lateness(bill).sum()), "s", int(tardiness_cost(bill).sum()))


def changes(bill: Bill) -> Term:
    """Section, grade and groove changes."""
    number = sum(map(bill.total, (SECTION_CHANGES, GRADE_CHANGES, GROOVE_CHANGES)))
    return Term(number, "changes", int(change_cost(bill).sum()))


def margin(bill: Bill) -> Term:
    """Return what is made above (or below) the targets inside the bounds."""
    return Term(int(within_bounds(bill).sum()), "g", int(margin_cost(bill).sum()))


def shortage(bill: Bill) -> Term:
    """Return what is missing below the lower bounds."""
    return Term(int(missing(bill).sum()), "g", int(shortage_cost(bill).sum()))


def stability(bill: Bill) -> Term:
    """How far completions move against the frozen plan."""
    last, frozen = bill.timeline.last, bill.mill.orders.frozen_last
    both = (last > -FAR) & (frozen > -FAR)
    moved = np.where(both, np.abs(last - frozen), 0)
    return Term(int(moved.sum()), "s", int((moved * bill.weights.stability // 3600).sum()))


TERMS: dict[str, Callable[[Bill], Term]] = {
    "stock": stock,
    "crop": crop,
    "cut": cut,
    "transition": transition,
    "surplus": surplus,
    "reheating_gas": reheating_gas,
    "holding_gas": holding_gas,
    "rolling_electricity": rolling_electricity,
    "base_electricity": base_electricity,
    "co2": co2,
    "peak": peak,
    "tardiness": tardiness,
    "changes": changes,
    "margin": margin,
    "shortage": shortage,
    "stability": stability,
}

TRIM = ("crop", "cut", "transition", "surplus")
"""The terms whose amounts are trim scrap."""
ENERGY = ("reheating_gas", "holding_gas", "rolling_electricity", "base_electricity")
"""The terms whose amounts are energy."""
