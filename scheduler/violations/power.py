"""How much power a mill and its lines draw."""

from collections.abc import Iterator

from scheduler.arrays import IntArray
from scheduler.costs import POWER_SLOT
from scheduler.evaluation import Violation
from scheduler.violations.case import Case, broken


def power_caps(case: Case) -> Iterator[Violation]:
    """15-minute mean powers above the mill's cap or a line's."""
    if not case.mill.tariff.watch_power:
        return
    over = worst_power(case.bill.energy.sum(axis=0)) - case.mill.tariff.power_cap
    if over > 0:
        yield broken("power_cap", "mill", over, "W")
    for line, plant in enumerate(case.problem.lines):
        over = worst_power(case.bill.energy[line]) - case.mill.lines.power_cap[line]
        if over > 0:
            yield broken("line_power_cap", plant.id, over, "W")


def worst_power(energy: IntArray) -> int:
    """Return the highest mean power (W) of slots with these J."""
    return int(energy.max() // POWER_SLOT) if len(energy) else 0
