"""The cost terms of a walked schedule: physical amount and money, one small function a term.

``TERMS`` is the table of contents; formulas, units and rounding are in docs/problem.md, section 5.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scheduler.arrays import FAR, IntArray, MillArrays
from scheduler.costs import MILLION, POWER_SLOT, base_cost, shut_downs
from scheduler.mill import Weights
from scheduler.timeline import Timeline, slot_energy
from scheduler.walk import (
    CARBON,
    ELECTRICITY,
    GAS,
    GRADE_CHANGES,
    GROOVE_CHANGES,
    PRICE,
    ROLLING,
    SECTION_CHANGES,
    TRANSITION,
)


@dataclass(frozen=True, slots=True)
class Term:
    """One row of the bill: ``amount`` in ``unit``, and its ``money`` in 1/10 000."""

    amount: int
    unit: str
    money: int


@dataclass(frozen=True, eq=False)
class Bill:
    """A walked schedule with what several terms read off it.

    cut_lot: (cuts,) position of each cut's lot. holding: (L,) Wh of idle gas and cold starts.
    energy: (L, slots) J of electricity by 15-minute slot.
    """

    mill: MillArrays
    weights: Weights
    timeline: Timeline
    cut_lot: IntArray
    holding: IntArray
    energy: IntArray

    def total(self, column: int) -> int:
        """Return the sum of an outcome column over all lots."""
        return int(self.timeline.outcome[:, column].sum())


def bill_of(mill: MillArrays, weights: Weights, timeline: Timeline) -> Bill:
    """Return the bill of a walked schedule, ready for its terms."""
    positions = np.arange(len(timeline.plan.start))
    cut_lot = np.repeat(positions, np.diff(timeline.plan.lots.cut_ptr))
    lines = range(len(mill.lines.ready))
    holding = [_holding(mill, timeline, line) for line in lines]
    return Bill(
        mill=mill,
        weights=weights,
        timeline=timeline,
        cut_lot=cut_lot,
        holding=np.array(holding, dtype=np.int64),
        energy=slot_energy(mill, timeline),
    )


def _holding(mill: MillArrays, timeline: Timeline, line: int) -> int:
    start, end = timeline.span(line)
    positions = timeline.positions(line)
    rolling = int(timeline.outcome[positions, ROLLING].sum()) if positions else 0
    number, off = shut_downs(mill, line, start, end)
    seconds = max(0, end - start - rolling - off)
    return int(mill.lines.holding[line] * seconds // 3600 + number * mill.lines.cold_start[line])


def _per_tonne(mass: int, price: int) -> int:
    return mass * price // MILLION


def stock(bill: Bill) -> Term:
    """Steel charged, at its cost."""
    lots, rows = bill.timeline.plan.lots, bill.mill.stock
    mass = rows.mass[lots.stock] * lots.billets
    money = mass * rows.cost[lots.stock] // MILLION
    return Term(int(mass.sum()), "g", int(money.sum()))


def crop(bill: Bill) -> Term:
    """Heads and tails (ring trim of coils), less resale."""
    lots = bill.timeline.plan.lots
    mass = int((bill.mill.sections.crop[lots.section[bill.cut_lot]] * lots.billets).sum())
    return Term(mass, "g", -_per_tonne(mass, bill.weights.crop_resale))


def pieces_of_cuts(bill: Bill) -> tuple[IntArray, IntArray, IntArray]:
    """Return by cut: usable g of a billet, g of its pieces, and its number of coils."""
    lots, orders = bill.timeline.plan.lots, bill.mill.orders
    usable = bill.mill.usable[lots.stock, lots.section[bill.cut_lot]]
    piece = orders.piece[lots.order]
    owner = np.repeat(np.arange(len(lots.billets)), np.diff(lots.piece_ptr))
    mass = np.zeros(len(lots.billets), dtype=np.int64)
    coils = np.zeros(len(lots.billets), dtype=np.int64)
    np.add.at(mass, owner, piece * lots.pieces)
    np.add.at(coils, owner, np.where(piece == 0, lots.pieces, 0))
    return usable, mass, coils


def cut(bill: Bill) -> Term:
    """Return what the billets have left when their pieces are cut, less resale."""
    usable, mass, coils = pieces_of_cuts(bill)
    left = np.where(coils > 0, 0, np.maximum(0, usable - mass))
    total = int((left * bill.timeline.plan.lots.billets).sum())
    return Term(total, "g", -_per_tonne(total, bill.weights.cut_resale))


def transition(bill: Bill) -> Term:
    """Test billets of changeovers and groove changes: their steel less resale."""
    mass = bill.total(TRANSITION)
    price = bill.weights.transition_steel - bill.weights.transition_resale
    return Term(mass, "g", _per_tonne(mass, price))


def surplus(bill: Bill) -> Term:
    """Return what is made above the orders' upper bounds, less resale."""
    orders = bill.mill.orders
    over = np.maximum(0, bill.timeline.made - orders.upper)
    mass = int((over * orders.unit).sum())
    return Term(mass, "g", -_per_tonne(mass, bill.weights.surplus_resale))


def reheating_gas(bill: Bill) -> Term:
    """Gas that heats the billets."""
    energy = bill.timeline.outcome[:, GAS]
    return Term(int(energy.sum()), "Wh", int((energy * bill.mill.tariff.gas // MILLION).sum()))


def holding_gas(bill: Bill) -> Term:
    """Gas that holds the furnaces while nothing is rolled, and cold starts."""
    money = bill.holding * bill.mill.tariff.gas // MILLION
    return Term(int(bill.holding.sum()), "Wh", int(money.sum()))


def rolling_electricity(bill: Bill) -> Term:
    """Electricity of rolling, at the price of its seconds."""
    money = int((bill.timeline.outcome[:, PRICE] // MILLION).sum())
    return Term(bill.total(ELECTRICITY), "Wh", money)


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
    orders, last = bill.mill.orders, bill.timeline.last
    late = np.where(last > -FAR, np.maximum(0, last - orders.due_date), 0)
    money = late * orders.weight * bill.weights.tardiness // 3_600_000
    return Term(int(late.sum()), "s", int(money.sum()))


def changes(bill: Bill) -> Term:
    """Section, grade and groove changes."""
    sections, grades = bill.total(SECTION_CHANGES), bill.total(GRADE_CHANGES)
    grooves = bill.total(GROOVE_CHANGES)
    weights = bill.weights
    money = (
        sections * weights.section_change
        + grades * weights.grade_change
        + grooves * weights.groove_change
    )
    return Term(sections + grades + grooves, "changes", money)


def margin(bill: Bill) -> Term:
    """Return what is made above (or below) the targets inside the bounds."""
    orders = bill.mill.orders
    inside = np.clip(bill.timeline.made, orders.lower, orders.upper) - orders.target
    mass = orders.unit * inside
    return Term(int(mass.sum()), "g", int(-(mass * orders.margin // MILLION).sum()))


def shortage(bill: Bill) -> Term:
    """Return what is missing below the lower bounds."""
    orders = bill.mill.orders
    mass = orders.unit * np.maximum(0, orders.lower - bill.timeline.made)
    return Term(int(mass.sum()), "g", int((mass * orders.shortage // MILLION).sum()))


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
