"""Power caps while a plan is decoded: billets are rolled where every slot has room for them.

Kernels. Lines are decoded one after the other: a line waits for what the earlier ones draw, and
leaves room for the base load of the later ones. A lot that meets a full slot is parted there; the
rest goes on as the next lot where there is room again. J and slots are the evaluator's own.
"""

from scheduler.arrays import FAR, MillArrays
from scheduler.costs import POWER_SLOT, add_power, billet_energy
from scheduler.kernel import inlined_kernel, inner_kernel
from scheduler.timing import (
    BEFORE,
    COUNT,
    MASS,
    RUN,
    billet_time,
    billets_until,
    first_fit,
    roll_lot,
)
from scheduler.walk import END
from solvers.mill.charging import insert_cut
from solvers.mill.workspace import FIRST_START, LINE, Workspace, change

MOST_POWER = FAR // 1024
"""W that stand for no cap."""


@inlined_kernel
def caps_kept(work: Workspace) -> bool:
    """Whether there is a power cap to keep."""
    return work.power.shape[1] > 0


@inner_kernel
def slot_of(mill: MillArrays, t: int) -> int:
    """Return the 15-minute slot that ``t`` (s) lies in."""
    return (t - mill.tariff.first_slot) // POWER_SLOT


@inner_kernel
def slot_end(mill: MillArrays, t: int) -> int:
    """Return the end (s) of the 15-minute slot that ``t`` lies in."""
    return mill.tariff.first_slot + (slot_of(mill, t) + 1) * POWER_SLOT


@inner_kernel
def room(mill: MillArrays, work: Workspace, slot: int) -> int:
    """Return the J that the line may draw in a slot beside the block's and all that is booked.

    A later line has at least its base load, unless that alone is too much for the mill's cap.
    """
    line, cap = work.state[LINE], mill.tariff.power_cap
    own = work.power[line, slot] + work.draw[0, slot]
    every = own
    for other in range(len(work.power)):
        base = mill.lines[other].base_load
        held = POWER_SLOT * base if other > line and base <= cap else 0
        if other != line:
            every += max(held, work.power[other, slot])
    return min(most_joule(mill.lines[line].power_cap) - own, most_joule(cap) - every)


@inner_kernel
def most_joule(cap: int) -> int:
    """Return the most J that a slot may have below ``cap`` W; mean powers are rounded down."""
    return POWER_SLOT * (min(MOST_POWER, cap) + 1) - 1


@inner_kernel
def billet_fits(
    mill: MillArrays, work: Workspace, since: int, start: int, end: int, energy: int
) -> bool:
    """Whether its slots have room for a billet of ``energy`` Wh in [start, end) and for base load.

    That from ``since`` on to the end of the last slot, as the line may be idle behind the billet.
    Slots of an idle time before it have room, as all lines leave it for each other's base load.
    """
    load = mill.lines[work.state[LINE]].base_load
    t = max(since, slot_end(mill, start) - POWER_SLOT)
    while t < end:
        slot, edge = slot_of(mill, t), slot_end(mill, t)
        rolled = max(0, min(end, edge) - max(t, start))
        need = load * (edge - t) + 3600 * energy * rolled // max(1, end - start)
        if 0 <= slot < work.power.shape[1] and need > room(mill, work, slot):
            return False
        t = edge
    return True


@inner_kernel
def drawing_since(work: Workspace, i: int) -> int:
    """Return since when the line draws base load without a break before lot ``i`` of the block."""
    begun = i > 0 or work.state[FIRST_START] < FAR
    return work.state[END] if begun else work.lot_start[0]


@inner_kernel
def wait_for_room(mill: MillArrays, work: Workspace, i: int, rate: int) -> int:
    """Return the first start of lot ``i``, from the one it has on, with room for its first billet.

    FAR when there is none. The block has drawn nothing before its first lot.
    """
    if i == 0:
        work.draw[:] = 0
    lots, start = work.lots, work.lot_start[i]
    mass = mill.stock[lots.stock[lots.cut_ptr[i]]].mass
    energy, length = billet_energy(mill, lots.section[i], mass), 3600 * mass // rate
    begun = i > 0 or work.state[FIRST_START] < FAR
    while start < mill.horizon:
        since = work.state[END] if begun else start
        if billet_fits(mill, work, since, start, start + length, energy):
            return start
        start = first_fit(mill.idle, work.state[LINE], slot_end(mill, start), length)
    return FAR


@inner_kernel
def draw_lot(mill: MillArrays, work: Workspace, i: int, base: int, rows: int, rate: int) -> int:
    """Draw what the billets of timed lot ``i`` take; return how many fit before a slot is full.

    Billets wholly inside a slot draw ``energy`` each, so only those across its end go one by one.
    """
    since, number = drawing_since(work, i), 0
    for r in range(base, base + rows):
        run, mass = work.stretches[r, RUN], work.stretches[r, MASS]
        energy = billet_energy(mill, work.lots.section[i], mass)
        before, left = work.stretches[r, BEFORE], work.stretches[r, COUNT]
        while left > 0:
            start = billet_time(run, before, rate)
            edge = slot_end(mill, start)
            inside = min(left, billets_until(run, before, mass, rate, edge))
            fit = min(inside, whole_billets(mill, work, since, start, energy)) if inside else 1
            end = billet_time(run, before + fit * mass, rate)
            if fit == 0 or (inside == 0 and not billet_fits(mill, work, since, start, end, energy)):
                return number
            draw_billets(mill, work, since, start, end, fit * energy)
            since, number = end, number + fit
            before, left = before + fit * mass, left - fit
            if fit < inside:
                return number
    return number


@inner_kernel
def whole_billets(mill: MillArrays, work: Workspace, since: int, start: int, energy: int) -> int:
    """Return how many billets of ``energy`` Wh the slot of ``start`` has room for as a whole."""
    slot, edge = slot_of(mill, start), slot_end(mill, start)
    if energy == 0 or slot < 0 or slot >= work.power.shape[1]:
        return FAR
    idle = mill.lines[work.state[LINE]].base_load * (edge - max(since, edge - POWER_SLOT))
    return max(0, room(mill, work, slot) - idle) // (3600 * energy)


@inner_kernel
def draw_billets(
    mill: MillArrays, work: Workspace, since: int, start: int, end: int, energy: int
) -> None:
    """Draw ``energy`` Wh over [start, end) and base load from ``since`` on."""
    load = mill.lines[work.state[LINE]].base_load
    add_power(mill, 0, since, end, load, 1, work.draw)
    add_power(mill, 0, start, end, 3600 * energy, max(1, end - start), work.draw)


@inner_kernel
def part_lot(work: Workspace, i: int, number: int, billets: int) -> int:
    """Part lot ``i`` of ``number`` after some billets; return the lots then, 0 without space."""
    lots, cut = work.lots, work.lots.cut_ptr[i]
    while billets >= lots.billets[cut]:
        billets -= lots.billets[cut]
        cut += 1
    if number + 1 == len(work.lot_start):
        return 0
    inserted = 1 if billets > 0 else 0
    if billets > 0 and not insert_cut(lots, cut, lots.cut_ptr[number], billets):
        return 0
    for j in range(number, i, -1):
        lots.cut_ptr[j + 1] = lots.cut_ptr[j] + inserted
        work.lot_groove[j] = work.lot_groove[j - 1]
    lots.cut_ptr[i + 1] = cut + inserted
    work.lot_groove[i + 1] = 0
    return number + 1


@inner_kernel
def part_at_caps(
    mill: MillArrays, work: Workspace, i: int, number: int, base: int, rate: int
) -> int:
    """Let lot ``i`` of the block, at ``rate`` g/h, end where it would break a cap; draw for it.

    The rest becomes the next lot. ``base``: its first row of stretches. Returns the block's number
    of lots, 0 when there is no space for more.
    """
    rows = roll_lot(mill, work.lots, i, work.state[LINE], work.lot_start[i], work.stretches, base)
    fit, billets = draw_lot(mill, work, i, base, rows, rate), 0
    for r in range(base, base + rows):
        billets += work.stretches[r, COUNT]
    if fit == billets:
        return number
    return part_lot(work, i, number, fit) if fit > 0 else 0


@inner_kernel
def book_power(mill: MillArrays, work: Workspace) -> None:
    """Add what the block draws to its line's slots; ``work.trial`` is the state before it."""
    lines, slots = work.power.shape
    line = work.state[LINE]
    since = work.trial[END] if work.state[FIRST_START] < FAR else work.lot_start[0]
    first = len(work.tally) - (lines - line) * slots
    for slot in range(max(0, slot_of(mill, since)), min(slots, slot_of(mill, work.state[END]) + 1)):
        change(work, first + slot, work.power[line, slot] + work.draw[0, slot])
