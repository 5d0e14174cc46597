"""Power: joules of every 15-minute slot, caps, and the peak."""

import numpy as np
from ortools.sat.python import cp_model

from scheduler.arrays import FAR, IntArray
from scheduler.costs import POWER_SLOT, billet_energy, stretch_power
from scheduler.plan_arrays import lot_arrays
from scheduler.schedule import Lot
from scheduler.timeline import Timeline
from scheduler.timing import MASS
from solvers.or_tools.mill.model import Expression, Literal, MillModel, Route, Visit, bounds
from solvers.or_tools.mill.options import walked


def measure_power(model: MillModel) -> None:
    """Set ``slot_energy[line]``, the J of each slot of the line, when power matters at all."""
    if not model.mill.tariff.watch_power:
        return
    for route in model.routes:
        slots = [base_energy(model, route, slot) for slot in range(model.mill.tariff.power_slots)]
        for i in route.visits:
            joule = option_energy(model, model.visits[i])
            for slot in np.flatnonzero(joule.any(axis=0)).tolist():
                slots[slot] = slots[slot] + model.visits[i].total(joule[:, slot])
        model.slot_energy[route.line] = slots


def option_energy(model: MillModel, visit: Visit) -> IntArray:
    """Return the J of rolling by option and slot, (k, slots)."""
    mill, line, options = model.mill, visit.candidate.line, visit.options
    section = model.problem.sections[visit.candidate.section].id
    grade = model.problem.grades[visit.candidate.grade].id
    lots = [Lot(0, section, grade, cuts) for cuts in visit.candidate.contents]
    arrays = lot_arrays(model.problem, lots)
    timeline = walked(mill, line, arrays, options.content, options.start)
    return _stretch_energy(model, visit, timeline)


def _stretch_energy(model: MillModel, visit: Visit, timeline: Timeline) -> IntArray:
    mill, line = model.mill, visit.candidate.line
    section, grade = visit.candidate.section, visit.candidate.grade
    rate = int(mill.rate[line, section, grade])
    slots = mill.tariff.power_slots
    joule = np.zeros((len(visit.options), slots), dtype=np.int64)
    buffer = np.zeros((len(mill.lines), slots), dtype=np.int64)
    for k in range(len(visit.options)):
        buffer[line] = 0
        for row in range(int(timeline.stretch_ptr[k]), int(timeline.stretch_ptr[k + 1])):
            energy = billet_energy(mill, section, timeline.stretches[row, MASS])
            stretch_power(mill, line, timeline.stretches, row, rate, energy, buffer)
        joule[k] = buffer[line]
    return joule


def base_energy(model: MillModel, route: Route, slot: int) -> Expression:
    """Return the J of the line's base load in a slot: load x seconds of [first start, last end)."""
    load = int(model.mill.lines[route.line].base_load)
    if load == 0:
        return 0
    low = int(model.mill.tariff.first_slot) + slot * POWER_SLOT
    start = clamped(model, route.first_start, low, low + POWER_SLOT)
    end = clamped(model, route.last_end, low, low + POWER_SLOT)
    return load * (end - start)


def clamped(model: MillModel, value: Literal, low: int, high: int) -> Literal:
    """Return min(max(value, low), high)."""
    return model.at_most(model.at_least(value, low), high)


def cap_power(model: MillModel) -> None:
    """Keep every slot's mean power below the mill's cap and its line's."""
    if not model.slot_energy:
        return
    mill_cap = int(model.mill.tariff.power_cap)
    for slot in range(model.mill.tariff.power_slots):
        together = total_energy(model, slot)
        if mill_cap < FAR:
            model.cp.add(together <= most_energy(mill_cap))
        for line, slots in model.slot_energy.items():
            cap = int(model.mill.lines[line].power_cap)
            if cap < FAR:
                model.cp.add(slots[slot] <= most_energy(cap))


def most_energy(cap: int) -> int:
    """Return the most J of a slot whose mean power (W, rounded down) is ``cap``."""
    return cap * POWER_SLOT + POWER_SLOT - 1


def total_energy(model: MillModel, slot: int) -> Expression:
    """Return the J of all lines in a slot."""
    return cp_model.LinearExpr.sum([slots[slot] for slots in model.slot_energy.values()])


def peak_power(model: MillModel) -> Expression:
    """Return the highest mean power (W) of all lines together."""
    if not model.slot_energy:
        return 0
    slots = [total_energy(model, slot) for slot in range(model.mill.tariff.power_slots)]
    power = model.integer(0, max(bounds(joule)[1] for joule in slots) // POWER_SLOT)
    highest = [model.boolean() for _ in slots]
    model.cp.add_exactly_one(highest)
    for joule, here in zip(slots, highest, strict=True):
        model.cp.add(joule <= POWER_SLOT * power + POWER_SLOT - 1)
        model.cp.add(joule >= POWER_SLOT * power).only_enforce_if(here)
    return power
