"""Kernels that advance a line's clock: changes, billets across closures, stretches of billets.

A *stretch* is a row of consecutive equal billets without a closure between: billets 0..n-1 of
mass m whose run began at ``run`` with ``before`` g charged earlier in the run. Everything about its
billets follows in closed form, so that a lot costs a few stretches and not hundreds of billets.
Formulas: docs/problem.md, section 3.
"""

from scheduler.arrays import FAR, NONE, IntArray, LotArrays, MillArrays, SeriesArrays, Windows
from scheduler.kernel import kernel_in_place

CUT, RUN, BEFORE, COUNT, MASS, FIRST, LAST = range(7)
"""Columns of a stretch: its cut, run start (s), mass before (g), billets, g each, first start and
last end (s)."""

STRETCH_COLUMNS = 7


@kernel_in_place
def first_window_after(windows: Windows, line: int, t: int) -> int:
    """Return the index of the line's first window that ends after ``t``, or ``ptr[line + 1]``."""
    low, high = windows.ptr[line], windows.ptr[line + 1]
    while low < high:
        middle = (low + high) // 2
        if windows.end[middle] <= t:
            low = middle + 1
        else:
            high = middle
    return low


@kernel_in_place
def advance(windows: Windows, line: int, t: int, work: int) -> int:
    """Return when ``work`` s begun at ``t`` are done, working outside the windows only."""
    if work == 0:
        return t
    w = first_window_after(windows, line, t)
    while w < windows.ptr[line + 1] and t + work > windows.start[w]:
        work -= max(0, windows.start[w] - t)
        t = windows.end[w]
        w += 1
    return t + work


@kernel_in_place
def first_fit(windows: Windows, line: int, t: int, length: int) -> int:
    """Return the earliest instant from ``t`` on at which ``length`` s overlap no window."""
    w = first_window_after(windows, line, t)
    while w < windows.ptr[line + 1] and t < windows.end[w] and windows.start[w] < t + length:
        t = windows.end[w]
        w += 1
    return t


@kernel_in_place
def ramp_time(mill: MillArrays, line: int, temperature: int, target: int) -> int:
    """Return the s that the furnace takes from one set temperature to another (0.1 C)."""
    if temperature < -(FAR // 2):
        return 0
    if target > temperature:
        return -(-60 * (target - temperature) // mill.lines[line].heating_rate)
    return -(-60 * (temperature - target) // mill.lines[line].cooling_rate)


@kernel_in_place
def changeover_time(
    mill: MillArrays, line: int, section: int, grade: int, temperature: int, b: int, h: int
) -> int:
    """Return s from (section, grade, furnace temperature) to a lot of section b and grade h."""
    time = ramp_time(mill, line, temperature, mill.grades[h].temperature)
    if section not in (NONE, b):
        time = max(time, mill.section_changes[section, b].time)
    if grade not in (NONE, h):
        time = max(time, mill.grade_changes[grade, h].time)
    return time


@kernel_in_place
def changeover_scrap(mill: MillArrays, section: int, grade: int, b: int, h: int) -> int:
    """Return the g of scrap of changing (section, grade) to (b, h)."""
    scrap = 0
    if section not in (NONE, b):
        scrap += mill.section_changes[section, b].scrap
    if grade not in (NONE, h):
        scrap += mill.grade_changes[grade, h].scrap
    return scrap


@kernel_in_place
def billets_until(run: int, before: int, mass: int, rate: int, t: int) -> int:
    """Return how many billets of a stretch end at ``t`` or before."""
    return max(0, ((t - run + 1) * rate - 1 - 3600 * before) // (3600 * mass))


@kernel_in_place
def billet_time(run: int, before: int, rate: int) -> int:
    """Return the start of the billet that has ``before`` g of its run ahead of it."""
    return run + 3600 * before // rate


@kernel_in_place
def roll_lot(
    mill: MillArrays,
    lots: LotArrays,
    lot: int,
    line: int,
    start: int,
    stretches: IntArray,
    base: int,
) -> int:
    """Roll a lot from ``start`` on and return its number of stretches.

    ``stretches`` (rows, STRETCH_COLUMNS) is filled from row ``base``; it needs a row a cut and a
    row a closure of the line. The first billet starts at ``start`` whatever the calendar says.
    """
    idle = mill.idle
    rate = mill.rate[line, lots.section[lot], lots.grade[lot]]
    run, before, row = start, 0, base
    w = -1
    for cut in range(lots.cut_ptr[lot], lots.cut_ptr[lot + 1]):
        mass = mill.stock[lots.stock[cut]].mass
        left = lots.billets[cut]
        while left > 0:
            if w < 0:
                w = first_window_after(idle, line, run + 3600 * mass // rate)
            opens = idle.start[w] if w < idle.ptr[line + 1] else FAR // rate
            n = min(left, billets_until(run, before, mass, rate, opens))
            if n == 0 and row == base:
                n = 1
            if n > 0:
                stretches[row, CUT] = cut
                stretches[row, RUN] = run
                stretches[row, BEFORE] = before
                stretches[row, COUNT] = n
                stretches[row, MASS] = mass
                stretches[row, FIRST] = billet_time(run, before, rate)
                before += n * mass
                stretches[row, LAST] = billet_time(run, before, rate)
                row += 1
                left -= n
            if left > 0:
                run, before = idle.end[w], 0
                w += 1
    return row - base


@kernel_in_place
def price_at(series: SeriesArrays, t: int) -> int:
    """Return the value in second ``t``; the first before the series, the last after it."""
    slot = min(max((t - series.start) // series.slot, 0), len(series.value) - 1)
    return series.value[slot]


@kernel_in_place
def price_before(series: SeriesArrays, t: int) -> int:
    """Return the sum of the value over the seconds [0, t) (negative for t < 0)."""
    slot = min(max((t - series.start) // series.slot, 0), len(series.value) - 1)
    inside = t - series.start - slot * series.slot
    return series.total[slot] + inside * series.value[slot]


@kernel_in_place
def slot_end(series: SeriesArrays, t: int) -> int:
    """Return the end of the slot that ``t`` lies in; FAR // 2 in the last one and after."""
    slot = (t - series.start) // series.slot
    if slot >= len(series.value) - 1:
        return FAR // 2
    return series.start + (max(slot, 0) + 1) * series.slot
