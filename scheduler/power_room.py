"""How long a lot could not have been rolled beside what the plan draws, for a power cap."""

from collections.abc import Iterator

from scheduler.costs import POWER_SLOT, billet_energy
from scheduler.timing import MASS
from scheduler.violations import Case

Window = tuple[int, int]

CAPS = frozenset({"power_cap", "line_power_cap"})
"""Codes of the constraints that are kept where the mill draws less."""


def held_by_cap(case: Case, position: int, window: Window) -> int:
    """Return the s of an idle ``window`` in slots without room for the lot's first billet.

    ``position``: the lot that the line rolls next.
    """
    problem, line = case.problem, case.line_of(position)
    if problem.tariff.power_cap is None and problem.lines[line].power_cap is None:
        return 0
    caps = case.mill.tariff.power_cap, int(case.mill.lines.power_cap[line])
    lots = case.timeline.plan.lots
    mass = case.timeline.stretches_of(position)[0, MASS]
    billet = 3600 * int(billet_energy(case.mill, lots.section[position], mass))
    energy, held = case.bill.energy, 0
    for slot, a, b in slots_of(case, window):
        drawn = int(energy[:, slot].sum()), int(energy[line, slot])
        if any((one + billet) // POWER_SLOT > cap for one, cap in zip(drawn, caps, strict=True)):
            held += b - a
    return held


def slots_of(case: Case, window: Window) -> Iterator[tuple[int, int, int]]:
    """Yield the power slots that a window meets, with the start and end (s) of the part inside."""
    first = case.mill.tariff.first_slot
    t = window[0]
    while t < window[1]:
        slot = (t - first) // POWER_SLOT
        edge = min(window[1], first + (slot + 1) * POWER_SLOT)
        if 0 <= slot < case.mill.tariff.power_slots:
            yield slot, t, edge
        t = edge
