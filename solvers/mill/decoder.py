"""Decode a sequence of blocks into lots with changes and times, at their exact money.

Kernels. Decoding charges the hottest billets at hand, changes a groove when the
next billet would wear it out (or before the block, when the gene says early), starts each block as
early as the line, the calendar, releases and stock allow, and leaves out a block that cannot keep
a hard constraint at its place: it then costs its shortage. So every decoded plan can be rolled.

State moves only through ``scheduler.walk``; money through ``scheduler.costs``.
"""

from scheduler.arrays import FAR, IntArray, MillArrays
from scheduler.kernel import inner_kernel, kernel_in_place
from scheduler.timing import LAST, first_fit
from scheduler.walk import (
    CHARGED,
    END,
    FORBIDDEN,
    ROLLING,
    STATE_SIZE,
    prepare,
    roll,
)
from solvers.mill.blocks import Blocks
from solvers.mill.charging import charge, part_at_wear
from solvers.mill.money import late_money, lot_carbon, lot_money
from solvers.mill.placing import (
    campaign_fits,
    count_campaign,
    deadlines_kept,
    earliest_start,
    kind_fits,
    line_may_roll,
    locks_fit,
)
from solvers.mill.power import book_power, caps_kept, part_at_caps, wait_for_room
from solvers.mill.workspace import (
    BLOCK,
    CO2,
    COST,
    EARLY,
    FIRST_START,
    LEFT_OUT,
    LINE,
    NOT_BEFORE,
    ROLLED,
    Rules,
    Workspace,
    change,
)


@kernel_in_place
def place_block(
    mill: MillArrays, rules: Rules, blocks: Blocks, work: Workspace, genes: IntArray, g: int
) -> int:
    """Roll the block of gene ``g`` next on the current line; return its number of lots.

    0 when the block cannot keep a hard constraint here: then nothing changes but the state's
    LEFT_OUT and COST (its shortage). The lots are in ``work.lots`` with ``lot_start`` and
    ``lot_groove``.
    """
    block = genes[g, BLOCK]
    number = try_block(mill, rules, blocks, work, block, genes[g, EARLY], genes[g, NOT_BEFORE])
    if number == 0:
        work.state[LEFT_OUT] += 1
        work.state[COST] += blocks.block[block].skip
    return number


@inner_kernel
def try_block(
    mill: MillArrays,
    rules: Rules,
    blocks: Blocks,
    work: Workspace,
    block: int,
    early: int,
    not_before: int,
) -> int:
    """Do the work of ``place_block``; 0 when the block does not fit."""
    state, product = work.state, blocks.block[block].product
    section, grade = blocks.product[product].section, blocks.product[product].grade
    mass = blocks.block[block].mass
    if mass == 0 or not line_may_roll(mill, rules, blocks, work, block):
        return 0
    if not kind_fits(rules, work, section, grade):
        return 0
    if not campaign_fits(mill, rules, work, section, grade, mass):
        return 0
    for i in range(STATE_SIZE):
        work.trial[i] = state[i]
    wear = work.wear[section]
    number = charge_and_part(mill, rules, blocks, work, block, early, not_before)
    if number > 0:
        number = roll_block(mill, rules, blocks, work, block, number)
    if number > 0:
        return number
    for i in range(STATE_SIZE):
        state[i] = work.trial[i]
    work.wear[section] = wear
    return 0


@inner_kernel
def charge_and_part(
    mill: MillArrays,
    rules: Rules,
    blocks: Blocks,
    work: Workspace,
    block: int,
    early: int,
    not_before: int,
) -> int:
    """Find the block's start, charge it and part it at groove changes; return its lots or 0.

    On return lot 0 is prepared: ``outcome[0]`` holds its changeover and ``lot_start[0]`` its start.
    """
    state, line, product = work.state, work.state[LINE], blocks.block[block].product
    section, grade = blocks.product[product].section, blocks.product[product].grade
    rate = mill.rate[line, section, grade]
    row = blocks.format_row[blocks.format_ptr[blocks.cut[blocks.block[block].first_cut].format]]
    first = 3600 * mill.stock[row].mass // rate
    wear = work.wear[section]
    first_limit = mill.sections[section].groove_life
    groove = 1 if early or wear + mill.stock[row].mass > first_limit else 0
    for _ in range(2):
        work.wear[section] = wear
        work.lots.section[0], work.lots.grade[0] = section, grade
        ready = prepare(
            mill, work.lots, 0, line, groove == 1, -FAR, -FAR, state, work.wear, work.outcome, 0
        )
        if work.outcome[0, FORBIDDEN] > 0:
            return 0
        start = max(ready, not_before)
        number = 0
        for _ in range(8):
            start = earliest_start(mill, rules, blocks, work, block, start)
            if start >= mill.horizon:
                return 0
            start = first_fit(mill.idle, line, start, first)
            later = charge(mill, blocks, work, block, start)
            if later == 0:
                number = part_at_wear(mill, work, section, wear, groove)
                break
            if later >= FAR:
                return 0
            start = later
        if number == 0:
            return 0
        if work.lot_groove[0] == groove:
            work.lot_start[0] = start
            return number
        groove = 1
    return 0


@inner_kernel
def roll_block(
    mill: MillArrays, rules: Rules, blocks: Blocks, work: Workspace, block: int, number: int
) -> int:
    """Roll a prepared block's lots and add their money; return how many they became at caps.

    0 when time is broken: ``state`` and ``wear`` must then be put back by the caller; the tally and
    the counters are untouched.
    """
    state, line, product = work.state, work.state[LINE], blocks.block[block].product
    section, grade = blocks.product[product].section, blocks.product[product].grade
    lots, mass = work.lots, 0
    rate = mill.rate[line, section, grade]
    money, carbon, rolled, base, i = blocks.block[block].cost, 0, 0, 0, 0
    while i < number:
        if i > 0:
            lots.section[i], lots.grade[i] = section, grade
            prepare_next(mill, work, i, rate)
        if caps_kept(work):
            work.lot_start[i] = wait_for_room(mill, work, i, rate)
            if work.lot_start[i] >= FAR:
                return 0
        if i == 0 and not locks_fit(rules, blocks, work, block, work.lot_start[0]):
            return 0
        if caps_kept(work):
            number = part_at_caps(mill, work, i, number, base, rate)
            if number == 0:
                return 0
        rows = roll(
            mill, lots, i, line, work.lot_start[i], state, work.wear,
            work.stretches, base, work.outcome, i,
        )  # fmt: skip
        if state[END] > mill.horizon or not deadlines_kept(mill, work, base, rows):
            return 0
        base += rows
        money += lot_money(mill, rules, work.outcome, i)
        carbon += lot_carbon(mill, work.outcome, i)
        rolled += work.outcome[i, ROLLING]
        mass += work.outcome[i, CHARGED]
        i += 1
    if caps_kept(work):
        book_power(mill, work)
    book(mill, rules, work, number, base, money, carbon, rolled, mass)
    return number


@inner_kernel
def prepare_next(mill: MillArrays, work: Workspace, i: int, rate: int) -> None:
    """Change over to lot ``i`` of the block under way and set its earliest start."""
    lots, line, groove = work.lots, work.state[LINE], work.lot_groove[i] == 1
    ready = prepare(
        mill, lots, i, line, groove, -FAR, -FAR, work.state, work.wear, work.outcome, i
    )  # fmt: skip
    length = 3600 * mill.stock[lots.stock[lots.cut_ptr[i]]].mass // rate
    work.lot_start[i] = first_fit(mill.idle, line, ready, length)


@inner_kernel
def book(
    mill: MillArrays,
    rules: Rules,
    work: Workspace,
    number: int,
    rows: int,
    money: int,
    carbon: int,
    rolled: int,
    mass: int,
) -> None:
    """Book a rolled block: orders' ends and lateness, billets used, counters, money.

    From the last stretch backwards, so that an order's end changes once.
    """
    state, lots = work.state, work.lots
    line, stock, orders = state[LINE], len(work.used), len(work.last)
    for r in range(rows - 1, -1, -1):
        cut = work.stretches[r, 0]
        for p in range(lots.piece_ptr[cut], lots.piece_ptr[cut + 1]):
            order, ends = lots.order[p], work.stretches[r, LAST]
            if ends > work.last[order]:
                money -= late_money(mill, rules, order, work.last[order])
                money += late_money(mill, rules, order, ends)
                change(work, stock + order, ends)
            change(work, stock + orders + order, line)
    for cut in range(lots.cut_ptr[number]):
        row = lots.stock[cut]
        change(work, row, work.used[row] + lots.billets[cut])
    money += count_campaign(mill, rules, work, mass)
    state[FIRST_START] = min(state[FIRST_START], work.lot_start[0])
    state[ROLLED] += rolled
    state[CO2] += carbon
    state[COST] += money
