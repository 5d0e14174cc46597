"""Whether scoring a plan stays exact in 64-bit integers.

A checked book cannot overflow in its horizon (`scheduler.mill_checks.magnitudes`); a plan made by
hand may charge more than any mill rolls in it, and end centuries later.
"""

import numpy as np

from scheduler.arrays import MILLION, MillArrays, PlanArrays
from scheduler.mill import MillProblem
from scheduler.mill_checks.magnitudes import LARGEST, LARGEST_RISE
from scheduler.plan_arrays import UnusableScheduleError

BIG = np.float64
"""What products are reckoned in here: they may be larger than what they are checked for."""


def check_plan(problem: MillProblem, mill: MillArrays, plan: PlanArrays) -> None:
    """Raise UnusableScheduleError where a sum or product of scoring ``plan`` could overflow."""
    lots = plan.lots
    if not len(lots.section):
        return
    cuts = mill.stock.mass[lots.stock].astype(BIG) * lots.billets
    charged = np.add.reduceat(cuts, lots.cut_ptr[:-1])
    billets = np.repeat(lots.billets.astype(BIG), np.diff(lots.piece_ptr))
    pieces = float((billets * lots.pieces * mill.orders.unit[lots.order]).sum())
    mass, end = float(charged.sum()), _latest(mill, plan, charged)
    if max(pieces, mass * 3600, mass * _per_gram(mill), end * _per_second(problem, mill)) < LARGEST:
        return
    raise UnusableScheduleError(
        f"schedule: {mass / MILLION:_.0f} t of billets and {pieces / MILLION:_.0f} t of pieces in "
        f"{end / 86_400:_.0f} days are more than can be added up exactly; check the counts of "
        "billets and pieces, and the starts".replace("_", " ")
    )


def _latest(mill: MillArrays, plan: PlanArrays, charged: np.ndarray) -> float:
    """Return a second that no lot ends after, nor begins before its negative."""
    line = np.repeat(np.arange(len(mill.lines.ready)), np.diff(plan.line_ptr))
    rate = np.maximum(1, mill.rate[line, plan.lots.section, plan.lots.grade])
    end = float((np.abs(plan.start) + charged * 3600 / rate).max())
    standing = float((mill.idle.end - mill.idle.start).sum())
    return end if end <= mill.horizon else end + standing


def _per_gram(mill: MillArrays) -> float:
    """Return the most money (1/10 000, x 1 000 000) and emissions of a charged gram."""
    tariff = mill.tariff
    heat = (mill.lines.specific_heat.astype(BIG) / mill.lines.gas_divisor).max() * LARGEST_RISE
    energy = float(mill.sections.rolling_energy.max()) / MILLION
    return max(
        float(mill.stock.cost.max()),
        heat * max(tariff.gas, tariff.gas_emissions),
        energy * max(_largest(tariff.electricity.value), _largest(tariff.carbon.value)),
    )


def _per_second(problem: MillProblem, mill: MillArrays) -> float:
    """Return the most that grows with each second until the last lot's end."""
    price = max(_largest(mill.tariff.electricity.value), _largest(mill.tariff.carbon.value))
    load = float(mill.lines.base_load.max())
    weight = float(mill.orders.weight.max()) if len(mill.orders.weight) else 0.0
    return max(
        load,
        load * price / 1000,
        weight * problem.weights.tardiness,
        len(problem.orders) * float(problem.weights.stability),
    )


def _largest(values: np.ndarray) -> float:
    return float(np.abs(values).max()) if len(values) else 0.0
