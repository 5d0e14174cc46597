"""Power caps while a plan is decoded: billets are rolled where every slot has room for them.

Kernels. Lines are decoded one after the other: a line waits for what the earlier ones draw, and
leaves room for the base load of the later ones. A lot that meets a full slot is parted there; the
rest goes on as the next lot where there is room again. J and slots are the evaluator's own.
"""

from scheduler.arrays import FAR, MillArrays
from scheduler.costs import POWER_SLOT, add_power, billet_energy
from scheduler.kernel import inner_kernel
from scheduler.timing import BEFORE, COUNT, MASS, RUN, billet_time, first_fit
from scheduler.walk import END, SECTION, WEAR_BEFORE, roll
from solvers.mill.charging import insert_cut
from solvers.mill.workspace import FIRST_START, LINE, Workspace, change

MOST_POWER = FAR // 1024
"""W that stand for no cap."""


@inner_kernel
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
    """Return the J that the line may draw in a slot beside the block's and all that is booked."""
    line, base = work.state[LINE], 0
    own = work.power[line, slot] + work.draw[0, slot]
    every = own
    for other in range(len(work.power)):
        if other > line:
            base = POWER_SLOT * mill.lines[other].base_load
            every += max(base, work.power[other, slot])
        elif other < line:
            every += work.power[other, slot]
    alone = POWER_SLOT * (min(MOST_POWER, mill.lines[line].power_cap) + 1) - 1 - own
    return min(alone, POWER_SLOT * (min(MOST_POWER, mill.tariff.power_cap) + 1) - 1 - every)


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

    FAR when there is none.
    """
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
def draw_lot(mill: MillArrays, work: Workspace, since: int, base: int, rows: int, rate: int) -> int:
    """Draw what the billets of a rolled lot take; return how many fit before a slot is full."""
    load, number = mill.lines[work.state[LINE]].base_load, 0
    for r in range(base, base + rows):
        run, before, mass = (
            work.stretches[r, RUN],
            work.stretches[r, BEFORE],
            work.stretches[r, MASS],
        )
        energy = billet_energy(mill, work.state[SECTION], mass)
        for k in range(work.stretches[r, COUNT]):
            start = billet_time(run, before + k * mass, rate)
            end = billet_time(run, before + (k + 1) * mass, rate)
            if not billet_fits(mill, work, since, start, end, energy):
                return number
            add_power(mill, 0, since, end, load, 1, work.draw)
            add_power(mill, 0, start, end, 3600 * energy, max(1, end - start), work.draw)
            since = end
            number += 1
    return number


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
def roll_within_caps(
    mill: MillArrays, work: Workspace, i: int, number: int, base: int, rate: int
) -> tuple[int, int]:
    """Roll lot ``i`` of the block, at ``rate`` g/h, and end it before it breaks a cap.

    The rest becomes the next lot. ``base``: its first row of stretches. Returns its stretches and
    the block's number of lots, 0 lots when there is no space for more.
    """
    since = drawing_since(work, i)
    rows = roll_lot(mill, work, i, base)
    if not caps_kept(work):
        return rows, number
    billets, fit = 0, draw_lot(mill, work, since, base, rows, rate)
    for r in range(base, base + rows):
        billets += work.stretches[r, COUNT]
    if fit == billets:
        return rows, number
    number = part_lot(work, i, number, fit) if fit > 0 else 0
    if number > 0:
        work.wear[work.state[SECTION]] = work.outcome[i, WEAR_BEFORE]
        rows = roll_lot(mill, work, i, base)
    return rows, number


@inner_kernel
def roll_lot(mill: MillArrays, work: Workspace, i: int, base: int) -> int:
    """Roll lot ``i`` of the block under way; return its stretches, from row ``base`` on."""
    return roll(
        mill, work.lots, i, work.state[LINE], work.lot_start[i], work.state, work.wear,
        work.stretches, base, work.outcome, i,
    )  # fmt: skip


@inner_kernel
def book_power(mill: MillArrays, work: Workspace) -> None:
    """Add what the block draws to its line's slots; ``work.trial`` is the state before it."""
    if not caps_kept(work):
        return
    lines, slots = work.power.shape
    line = work.state[LINE]
    since = work.trial[END] if work.state[FIRST_START] < FAR else work.lot_start[0]
    first = len(work.tally) - (lines - line) * slots
    for slot in range(max(0, slot_of(mill, since)), min(slots, slot_of(mill, work.state[END]) + 1)):
        change(work, first + slot, work.power[line, slot] + work.draw[0, slot])
