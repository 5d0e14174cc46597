"""Kernels for the cost terms, one small kernel a term, exact to the billet and the second.

Formulas and rounding: docs/problem.md, sections 4 and 5.
"""

from scheduler.arrays import FAR, MILLION, IntArray, LotArrays, MillArrays, SeriesArrays
from scheduler.kernel import kernel_in_place
from scheduler.timing import (
    BEFORE,
    COUNT,
    CUT,
    MASS,
    RUN,
    billet_time,
    billets_until,
    price_at,
    price_before,
    slot_end,
)

POWER_SLOT = 900
"""Seconds of a power slot."""


@kernel_in_place
def spread(series: SeriesArrays, energy: int, start: int, end: int) -> int:
    """Return ``energy`` spread evenly over [start, end) and priced by the second."""
    if end == start:
        return energy * price_at(series, start)
    return energy * (price_before(series, end) - price_before(series, start)) // (end - start)


@kernel_in_place
def stretch_price(
    series: SeriesArrays, stretches: IntArray, row: int, rate: int, energy: int
) -> int:
    """Return the sum over a stretch's billets of ``energy`` Wh each, spread and priced.

    Billets wholly inside a price slot cost ``energy * value`` each whatever their seconds, so only
    those across a slot's end are priced one by one. A billet too light to take a second that falls
    on a slot's end is priced by the slot that begins there.
    """
    run, before = stretches[row, RUN], stretches[row, BEFORE]
    count, mass = stretches[row, COUNT], stretches[row, MASS]
    cost, k = 0, 0
    while k < count:
        start = billet_time(run, before + k * mass, rate)
        end = slot_end(series, start)
        inside = count - k
        if end < FAR // 4:
            inside = min(inside, billets_until(run, before + k * mass, mass, rate, end))
            while inside and billet_time(run, before + (k + inside - 1) * mass, rate) >= end:
                inside -= 1
        cost += inside * energy * price_at(series, start)
        k += inside
        if k < count:
            start = billet_time(run, before + k * mass, rate)
            cost += spread(series, energy, start, billet_time(run, before + (k + 1) * mass, rate))
            k += 1
    return cost


@kernel_in_place
def gas_after(mill: MillArrays, line: int, grade: int, stock: int, elapsed: int) -> int:
    """Return the gas (Wh) that heats a billet ``elapsed`` s after its row became available."""
    billet = mill.stock[stock]
    minute = min(max(0, elapsed) // 60, billet.minutes - 1)
    rise = max(0, mill.grades[grade].temperature - mill.temperatures[billet.first_minute + minute])
    return billet.mass * mill.lines[line].specific_heat * rise // mill.lines[line].gas_divisor


@kernel_in_place
def stretch_gas(
    mill: MillArrays,
    lots: LotArrays,
    line: int,
    grade: int,
    rate: int,
    stretches: IntArray,
    row: int,
) -> int:
    """Return the reheating gas (Wh) of a stretch: one product when cold, by billet when hot.

    The billets' starts, floors of multiples, are advanced by quotient and remainder: a division a
    billet would be half of what a lot of hot billets costs.
    """
    stock = lots.stock[stretches[row, CUT]]
    run, before = stretches[row, RUN], stretches[row, BEFORE]
    count, mass = stretches[row, COUNT], stretches[row, MASS]
    if mill.stock[stock].minutes == 1:
        return count * gas_after(mill, line, grade, stock, 0)
    entry = billet_time(run, before, rate) - mill.lines[line].residence
    elapsed = entry - mill.stock[stock].available
    whole, part = 3600 * mass // rate, 3600 * mass % rate
    rest, gas = 3600 * before % rate, 0
    for _ in range(count):
        gas += gas_after(mill, line, grade, stock, elapsed)
        elapsed += whole
        rest += part
        if rest >= rate:
            rest -= rate
            elapsed += 1
    return gas


@kernel_in_place
def billet_energy(mill: MillArrays, section: int, mass: int) -> int:
    """Return the rolling electricity (Wh) of one billet."""
    return mass * mill.sections[section].rolling_energy // MILLION


@kernel_in_place
def lot_energy(
    mill: MillArrays,
    lots: LotArrays,
    lot: int,
    line: int,
    stretches: IntArray,
    base: int,
    rows: int,
) -> tuple[int, int, int, int]:
    """Return a rolled lot's gas (Wh), electricity (Wh), price (1e-6 money), CO2 (1e-6 g)."""
    section, grade = lots.section[lot], lots.grade[lot]
    rate = mill.rate[line, section, grade]
    gas, electricity, price, carbon = 0, 0, 0, 0
    for row in range(base, base + rows):
        energy = billet_energy(mill, section, stretches[row, MASS])
        electricity += stretches[row, COUNT] * energy
        gas += stretch_gas(mill, lots, line, grade, rate, stretches, row)
        price += stretch_price(mill.tariff.electricity, stretches, row, rate, energy)
        if mill.tariff.watch_carbon:
            carbon += stretch_price(mill.tariff.carbon, stretches, row, rate, energy)
    return gas, electricity, price, carbon


@kernel_in_place
def add_power(
    mill: MillArrays,
    line: int,
    start: int,
    end: int,
    joule_second: int,
    divisor: int,
    power: IntArray,
) -> None:
    """Add ``joule_second * overlap // divisor`` J to every 15-minute slot that [start, end) meets.

    Row ``line`` of ``power`` (L, slots) is modified in place; slots outside it are not counted.
    """
    t = start
    while t < end:
        slot = (t - mill.tariff.first_slot) // POWER_SLOT
        edge = min(end, mill.tariff.first_slot + (slot + 1) * POWER_SLOT)
        if 0 <= slot < power.shape[1]:
            power[line, slot] += joule_second * (edge - t) // divisor
        t = edge


@kernel_in_place
def stretch_power(
    mill: MillArrays,
    line: int,
    stretches: IntArray,
    row: int,
    rate: int,
    energy: int,
    power: IntArray,
) -> None:
    """Add a stretch's rolling energy (J) to the 15-minute slots of a line, billet by billet."""
    run, before, mass = stretches[row, RUN], stretches[row, BEFORE], stretches[row, MASS]
    for k in range(stretches[row, COUNT]):
        start = billet_time(run, before + k * mass, rate)
        end = billet_time(run, before + (k + 1) * mass, rate)
        add_power(mill, line, start, end, energy * 3600, max(1, end - start), power)


@kernel_in_place
def base_cost(series: SeriesArrays, load: int, t: int) -> int:
    """Return B(t): the floor of ``load`` W priced over [0, t)."""
    return load * (price_before(series, t) // 1000) // 3_600_000


@kernel_in_place
def shut_downs(mill: MillArrays, line: int, start: int, end: int) -> tuple[int, int]:
    """Return number and seconds of the closures in [start, end] that the furnace is off for."""
    idle = mill.idle
    number, seconds = 0, 0
    for w in range(idle.ptr[line], idle.ptr[line + 1]):
        length = idle.end[w] - idle.start[w]
        inside = start <= idle.start[w] and idle.end[w] <= end
        if inside and length > mill.lines[line].shut_down_after:
            number += 1
            seconds += length
    return number, seconds
