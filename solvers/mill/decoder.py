"""Decode a sequence of blocks into lots with changes and times, at their exact money.

Kernels. A sequence lists *genes* (block, early groove change, not before) line by line, lines
parted by ``LINE_END``. Decoding charges the hottest billets at hand, changes a groove when the
next billet would wear it out (or before the block, when the gene says early), starts each block as
early as the line, the calendar, releases and stock allow, and leaves out a block that cannot keep
a hard constraint at its place: it then costs its shortage. So every decoded plan can be rolled.

State moves only through ``scheduler.walk``; money through ``scheduler.costs``.
"""

from typing import NamedTuple

from scheduler.arrays import FAR, NONE, IntArray, LotArrays, MillArrays
from scheduler.costs import MILLION, base_cost, shut_downs
from scheduler.kernel import kernel_in_place
from scheduler.timing import LAST, first_fit
from scheduler.walk import (
    CARBON,
    CHARGED,
    END,
    FORBIDDEN,
    GAS,
    GRADE,
    GRADE_CHANGES,
    GROOVE_CHANGES,
    PRICE,
    ROLLING,
    SECTION,
    SECTION_CHANGES,
    STATE_SIZE,
    TRANSITION,
    prepare,
    roll,
)
from solvers.mill.catalogue import Blocks

LINE_END = -1
"""Separates the lines of a sequence."""

BLOCK, EARLY, NOT_BEFORE = range(3)
"""Columns of a gene: block id or LINE_END, 1 to change the groove before it, s."""

GENE_COLUMNS = 3

(
    LINE,
    FIRST_START,
    ROLLED,
    COST,
    CO2,
    CAMPAIGN,
    CAMPAIGNS,
    SECTION_FAMILY,
    GRADE_FAMILY,
    LEFT_OUT,
) = range(STATE_SIZE, STATE_SIZE + 10)
"""Entries of the decoder's state after those of ``scheduler.walk``: the line, its first start and
seconds rolled, money and g of CO2 so far, g and number of the current campaign lot, g in a row of
its section and grade family, number of blocks left out."""

DECODER_STATE = STATE_SIZE + 10

PENALTY = 1 << 44
"""Money units for each g or s of a campaign rule that a plan breaks: never worth it."""

SPLITS = 24
"""Most lots that groove changes may part one block into."""

ROOM = 512
"""Rows of the workspace for one block's cuts and pieces."""


class Rules(NamedTuple):
    """What the decoder needs beyond the mill: weights, campaign rules and locks.

    section_family_max, grade_family_max: g by family index (FAR: free). not_before, exactly,
    position (O,): locks (-FAR, -FAR, 0 where there is none); line_lock (O,): line or NONE.
    first_section ... last_grade (L,): kinds of the first and last lots, NONE where free.
    """

    transition: int
    section_change: int
    grade_change: int
    groove_change: int
    tardiness: int
    stability: int
    lot_min: int
    lot_max: int
    section_family_max: IntArray
    grade_family_max: IntArray
    not_before: IntArray
    exactly: IntArray
    position: IntArray
    line_lock: IntArray
    one_line: IntArray
    first_section: IntArray
    first_grade: IntArray
    last_section: IntArray
    last_grade: IntArray


class Workspace(NamedTuple):
    """Arrays that decoding overwrites.

    state (DECODER_STATE,), wear (S,), used (K,) billets, last (O,) s, line_of (O,): where the
    plan stands; outcome (SPLITS, OUTCOME_COLUMNS), stretches, lots: the block under way, its lots
    numbered from 0; lot_groove, lot_start (SPLITS,); saved (positions + 1, width): checkpoints.
    """

    state: IntArray
    wear: IntArray
    used: IntArray
    last: IntArray
    line_of: IntArray
    outcome: IntArray
    stretches: IntArray
    lots: LotArrays
    lot_groove: IntArray
    lot_start: IntArray
    trial: IntArray
    saved: IntArray


@kernel_in_place
def begin_line(mill: MillArrays, work: Workspace, start: IntArray, line: int) -> None:
    """Put the state to the line's start; ``start`` (L, STATE_SIZE + 3 + S) holds it."""
    for i in range(STATE_SIZE):
        work.state[i] = start[line, i]
    work.state[LINE] = line
    work.state[FIRST_START] = start[line, STATE_SIZE]
    work.state[ROLLED] = start[line, STATE_SIZE + 1]
    work.state[CAMPAIGN] = start[line, STATE_SIZE + 2]
    work.state[CAMPAIGNS] = start[line, STATE_SIZE + 3]
    work.state[SECTION_FAMILY] = start[line, STATE_SIZE + 2]
    work.state[GRADE_FAMILY] = start[line, STATE_SIZE + 2]
    for s in range(len(work.wear)):
        work.wear[s] = start[line, STATE_SIZE + 4 + s]


@kernel_in_place
def keep_part(part: IntArray, work: Workspace, place: int, column: int) -> int:
    """Copy ``part`` into row ``place`` of ``saved``; return the next free column."""
    for i in range(len(part)):
        work.saved[place, column + i] = part[i]
    return column + len(part)


@kernel_in_place
def take_part(part: IntArray, work: Workspace, place: int, column: int) -> int:
    """Copy row ``place`` of ``saved`` back into ``part``; return the next column."""
    for i in range(len(part)):
        part[i] = work.saved[place, column + i]
    return column + len(part)


@kernel_in_place
def save(work: Workspace, place: int) -> None:
    """Keep the state in row ``place`` of ``saved``."""
    column = keep_part(work.state, work, place, 0)
    column = keep_part(work.wear, work, place, column)
    column = keep_part(work.used, work, place, column)
    column = keep_part(work.last, work, place, column)
    keep_part(work.line_of, work, place, column)


@kernel_in_place
def restore(work: Workspace, place: int) -> None:
    """Put the state back to row ``place`` of ``saved``."""
    column = take_part(work.state, work, place, 0)
    column = take_part(work.wear, work, place, column)
    column = take_part(work.used, work, place, column)
    column = take_part(work.last, work, place, column)
    take_part(work.line_of, work, place, column)


@kernel_in_place
def line_may_roll(
    mill: MillArrays, rules: Rules, blocks: Blocks, work: Workspace, block: int
) -> bool:
    """Whether the line may roll the block's section, its orders, and their pieces."""
    line = work.state[LINE]
    if not mill.can_roll[line, blocks.section[blocks.product[block]]]:
        return False
    for cut in range(blocks.cut_ptr[block], blocks.cut_ptr[block + 1]):
        for p in range(blocks.piece_ptr[cut], blocks.piece_ptr[cut + 1]):
            order = blocks.order[p]
            elsewhere = rules.one_line[order] and work.line_of[order] not in (NONE, line)
            locked = rules.line_lock[order] not in (NONE, line)
            too_long = mill.orders[order].length > mill.lines[line].cooling_bed
            if elsewhere or locked or too_long or not mill.line_ok[order, line]:
                return False
    return True


@kernel_in_place
def earliest_start(
    mill: MillArrays, rules: Rules, blocks: Blocks, work: Workspace, block: int, t: int
) -> int:
    """Return when the block may start from ``t`` on: releases, predecessors and locks.

    FAR when a predecessor is not yet made.
    """
    product = blocks.product[block]
    rate = mill.rate[work.state[LINE], blocks.section[product], blocks.grade[product]]
    before = 0
    for cut in range(blocks.cut_ptr[block], blocks.cut_ptr[block + 1]):
        offset = 3600 * before // rate
        for p in range(blocks.piece_ptr[cut], blocks.piece_ptr[cut + 1]):
            order = blocks.order[p]
            row = mill.orders[order]
            t = max(t, row.release - offset)
            if work.last[order] <= -FAR:
                t = max(t, rules.not_before[order] - offset, rules.exactly[order] - offset)
            for b in range(row.first_before, row.first_before + row.befores):
                ends = work.last[mill.before[b]]
                if ends <= -FAR:
                    return FAR
                t = max(t, ends - offset)
        mass = mill.stock[blocks.format_row[blocks.format_ptr[blocks.format[cut]]]].mass
        before += blocks.billets[cut] * mass
    return t


@kernel_in_place
def charge(mill: MillArrays, blocks: Blocks, work: Workspace, block: int, start: int) -> int:
    """Choose stock rows for the block's billets, the latest available heat first.

    Fills lot 0 of ``work.lots`` with all cuts. Returns 0 when done, FAR when there are too few
    billets at all, else the start at which more are there.
    """
    product = blocks.product[block]
    line = work.state[LINE]
    rate = mill.rate[line, blocks.section[product], blocks.grade[product]]
    lots = work.lots
    out, piece, before = 0, 0, 0
    lots.piece_ptr[0] = 0
    for cut in range(blocks.cut_ptr[block], blocks.cut_ptr[block + 1]):
        left = blocks.billets[cut]
        entry = start + 3600 * before // rate - mill.lines[line].residence
        later = FAR
        f = blocks.format[cut]
        for r in range(blocks.format_ptr[f], blocks.format_ptr[f + 1]):
            row = blocks.format_row[r]
            free = mill.stock[row].limit - work.used[row]
            for c in range(out):
                if lots.stock[c] == row:
                    free -= lots.billets[c]
            if free <= 0:
                continue
            if mill.stock[row].available > entry:
                later = min(later, mill.stock[row].available - entry)
                continue
            lots.stock[out] = row
            lots.billets[out] = min(free, left)
            for p in range(blocks.piece_ptr[cut], blocks.piece_ptr[cut + 1]):
                lots.order[piece] = blocks.order[p]
                lots.pieces[piece] = blocks.pieces[p]
                piece += 1
            before += lots.billets[out] * mill.stock[row].mass
            left -= lots.billets[out]
            out += 1
            lots.piece_ptr[out] = piece
            if left == 0 or out >= ROOM - 2 * SPLITS:
                break
        if left > 0:
            return FAR if later >= FAR else start + later
    lots.cut_ptr[0] = 0
    lots.cut_ptr[1] = out
    return 0


@kernel_in_place
def wear_limit(mill: MillArrays, lots: LotArrays, cut: int, section: int) -> int:
    """Return the wear (g) that the groove may have after a billet of the cut."""
    limit = mill.sections[section].groove_life
    for p in range(lots.piece_ptr[cut], lots.piece_ptr[cut + 1]):
        limit = min(limit, mill.orders[lots.order[p]].max_wear)
    return limit


@kernel_in_place
def insert_cut(lots: LotArrays, cut: int, cuts: int, billets: int) -> None:
    """Part a cut after ``billets`` into two equal ones; the rest moves up."""
    pieces = lots.piece_ptr[cut + 1] - lots.piece_ptr[cut]
    for p in range(lots.piece_ptr[cuts] - 1, lots.piece_ptr[cut] - 1, -1):
        lots.order[p + pieces] = lots.order[p]
        lots.pieces[p + pieces] = lots.pieces[p]
    for c in range(cuts, cut, -1):
        lots.stock[c] = lots.stock[c - 1]
        lots.billets[c] = lots.billets[c - 1]
        lots.piece_ptr[c + 1] = lots.piece_ptr[c] + pieces
    lots.billets[cut + 1] = lots.billets[cut] - billets
    lots.billets[cut] = billets


@kernel_in_place
def part_at_wear(mill: MillArrays, work: Workspace, section: int, wear: int, early: int) -> int:
    """Part the charged block into lots at forced groove changes; return their number.

    ``wear`` (g) is the groove's before the block. Fills ``cut_ptr`` and ``lot_groove``; returns 0
    where a single billet is too much for a fresh groove, or too many changes are needed.
    """
    lots = work.lots
    cuts = lots.cut_ptr[1]
    number, cut = 1, 0
    work.lot_groove[0] = early
    if early:
        wear = 0
    while cut < cuts:
        mass = mill.stock[lots.stock[cut]].mass
        fits = (wear_limit(mill, lots, cut, section) - wear) // mass
        if fits >= lots.billets[cut]:
            wear += lots.billets[cut] * mass
            cut += 1
            continue
        if fits > 0:
            if cuts + 1 >= ROOM - 1:
                return 0
            insert_cut(lots, cut, cuts, fits)
            cuts += 1
            cut += 1
        elif wear == 0:
            return 0
        if cut == 0:
            work.lot_groove[0] = 1
        else:
            if number == SPLITS:
                return 0
            lots.cut_ptr[number] = cut
            work.lot_groove[number] = 1
            number += 1
        wear = 0
    lots.cut_ptr[number] = cuts
    return number


@kernel_in_place
def lot_money(mill: MillArrays, rules: Rules, outcome: IntArray, i: int) -> int:
    """Return the money of a rolled lot but for its steel, scrap of cutting, and CO2."""
    money = outcome[i, TRANSITION] * rules.transition // MILLION
    money += outcome[i, GAS] * mill.tariff.gas // MILLION
    money += outcome[i, PRICE] // MILLION
    money += outcome[i, SECTION_CHANGES] * rules.section_change
    money += outcome[i, GRADE_CHANGES] * rules.grade_change
    return money + outcome[i, GROOVE_CHANGES] * rules.groove_change


@kernel_in_place
def lot_carbon(mill: MillArrays, outcome: IntArray, i: int) -> int:
    """Return the g of CO2 of a rolled lot."""
    gas = outcome[i, GAS] * mill.tariff.gas_emissions // MILLION
    return gas + outcome[i, CARBON] // MILLION


@kernel_in_place
def late_money(mill: MillArrays, rules: Rules, order: int, last: int) -> int:
    """Return tardiness and stability money of an order that ends at ``last``."""
    if last <= -FAR:
        return 0
    row = mill.orders[order]
    late = max(0, last - row.due_date)
    money = late * row.weight * rules.tardiness // 3_600_000
    if row.frozen_last > -FAR:
        money += abs(last - row.frozen_last) * rules.stability // 3600
    return money


@kernel_in_place
def line_money(mill: MillArrays, work: Workspace) -> int:
    """Return holding and base-load money of the line whose walk ends; adds its CO2."""
    start, end, line = work.state[FIRST_START], work.state[END], work.state[LINE]
    if start >= FAR:
        return 0
    number, off = shut_downs(mill, line, start, end)
    seconds = max(0, end - start - work.state[ROLLED] - off)
    held = mill.lines[line].holding * seconds // 3600 + number * mill.lines[line].cold_start
    load, tariff = mill.lines[line].base_load, mill.tariff
    money = held * tariff.gas // MILLION
    money += base_cost(tariff.electricity, load, end) - base_cost(tariff.electricity, load, start)
    work.state[CO2] += held * tariff.gas_emissions // MILLION
    if tariff.watch_carbon:
        carbon = tariff.carbon
        work.state[CO2] += base_cost(carbon, load, end) - base_cost(carbon, load, start)
    return money


@kernel_in_place
def campaign_fits(
    mill: MillArrays, rules: Rules, work: Workspace, section: int, grade: int, mass: int
) -> bool:
    """Whether ``mass`` g more of (section, grade) keep the largest lot and families in a row."""
    before, steel = work.state[SECTION], work.state[GRADE]
    going = work.state[FIRST_START] < FAR
    lot = work.state[CAMPAIGN] if going and (before, steel) == (section, grade) else 0
    if lot + mass > rules.lot_max:
        return False
    family = mill.sections[section].family
    same = going and before != NONE and mill.sections[before].family == family
    if (work.state[SECTION_FAMILY] if same else 0) + mass > rules.section_family_max[family]:
        return False
    family = mill.grades[grade].family
    same = going and steel != NONE and mill.grades[steel].family == family
    return (work.state[GRADE_FAMILY] if same else 0) + mass <= rules.grade_family_max[family]


@kernel_in_place
def count_campaign(mill: MillArrays, rules: Rules, work: Workspace, mass: int) -> int:
    """Add the rolled block to the campaign counters; return the penalty of a lot ended too small.

    ``work.trial`` holds the line's state before the block.
    """
    state, penalty = work.state, 0
    before, steel = work.trial[SECTION], work.trial[GRADE]
    section, grade = state[SECTION], state[GRADE]
    going = state[FIRST_START] < FAR
    if going and (before, steel) == (section, grade):
        state[CAMPAIGN] += mass
    else:
        if going:
            penalty = max(0, rules.lot_min - state[CAMPAIGN]) * (PENALTY >> 20)
        state[CAMPAIGN] = mass
        state[CAMPAIGNS] += 1
    same = (
        going and before != NONE and mill.sections[before].family == mill.sections[section].family
    )
    state[SECTION_FAMILY] = (state[SECTION_FAMILY] if same else 0) + mass
    family = mill.grades[grade].family
    same = going and steel != NONE and mill.grades[steel].family == family
    state[GRADE_FAMILY] = (state[GRADE_FAMILY] if same else 0) + mass
    return penalty


@kernel_in_place
def kind_fits(rules: Rules, work: Workspace, section: int, grade: int) -> bool:
    """Whether the line may begin with a lot of (section, grade), if it is the first."""
    line = work.state[LINE]
    if work.state[FIRST_START] < FAR or rules.first_section[line] == NONE:
        return True
    same_section = rules.first_section[line] == section
    return same_section and rules.first_grade[line] in (NONE, grade)


@kernel_in_place
def locks_fit(rules: Rules, blocks: Blocks, work: Workspace, block: int, start: int) -> bool:
    """Whether the block's locked orders have their lot number and start here."""
    product = blocks.product[block]
    section, grade = blocks.section[product], blocks.grade[product]
    going = work.state[FIRST_START] < FAR
    same = going and (work.state[SECTION], work.state[GRADE]) == (section, grade)
    number = work.state[CAMPAIGNS] + (0 if same else 1)
    for cut in range(blocks.cut_ptr[block], blocks.cut_ptr[block + 1]):
        for p in range(blocks.piece_ptr[cut], blocks.piece_ptr[cut + 1]):
            order = blocks.order[p]
            if rules.position[order] not in (0, number):
                return False
            begun = work.last[order] > -FAR
            if rules.exactly[order] > -FAR and not begun and start != rules.exactly[order]:
                return False
    return True


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
        work.state[COST] += blocks.skip[block]
    return number


@kernel_in_place
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
    state, product = work.state, blocks.product[block]
    section, grade = blocks.section[product], blocks.grade[product]
    mass = blocks.mass[block]
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
    rolled = number > 0 and roll_block(mill, rules, blocks, work, block, number)
    if rolled:
        return number
    for i in range(STATE_SIZE):
        state[i] = work.trial[i]
    work.wear[section] = wear
    return 0


@kernel_in_place
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
    state, line, product = work.state, work.state[LINE], blocks.product[block]
    section, grade = blocks.section[product], blocks.grade[product]
    rate = mill.rate[line, section, grade]
    row = blocks.format_row[blocks.format_ptr[blocks.format[blocks.cut_ptr[block]]]]
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


@kernel_in_place
def roll_block(
    mill: MillArrays, rules: Rules, blocks: Blocks, work: Workspace, block: int, number: int
) -> bool:
    """Roll a prepared block's lots and add their money; False when time is broken.

    On False ``state`` and ``wear`` must be put back by the caller; ``used``, ``last`` and the
    counters are untouched.
    """
    state, line, product = work.state, work.state[LINE], blocks.product[block]
    section, grade = blocks.section[product], blocks.grade[product]
    lots, mass = work.lots, 0
    rate = mill.rate[line, section, grade]
    if not locks_fit(rules, blocks, work, block, work.lot_start[0]):
        return False
    money, carbon, rolled = blocks.cost[block], 0, 0
    base = 0
    for i in range(number):
        if i > 0:
            lots.section[i], lots.grade[i] = section, grade
            ready = prepare(
                mill, lots, i, line, True, -FAR, -FAR, state, work.wear, work.outcome, i
            )
            length = 3600 * mill.stock[lots.stock[lots.cut_ptr[i]]].mass // rate
            work.lot_start[i] = first_fit(mill.idle, line, ready, length)
        rows = roll(
            mill, lots, i, line, work.lot_start[i], state, work.wear,
            work.stretches, base, work.outcome, i,
        )  # fmt: skip
        if state[END] > mill.horizon:
            return False
        if not deadlines_kept(mill, work, base, rows):
            return False
        base += rows
        money += lot_money(mill, rules, work.outcome, i)
        carbon += lot_carbon(mill, work.outcome, i)
        rolled += work.outcome[i, ROLLING]
        mass += work.outcome[i, CHARGED]
    book(mill, rules, work, number, base, money, carbon, rolled, mass)
    return True


@kernel_in_place
def deadlines_kept(mill: MillArrays, work: Workspace, base: int, rows: int) -> bool:
    """Whether every order in the stretches just rolled ends by its deadline."""
    lots = work.lots
    for r in range(base, base + rows):
        cut = work.stretches[r, 0]
        for p in range(lots.piece_ptr[cut], lots.piece_ptr[cut + 1]):
            if work.stretches[r, LAST] > mill.orders[lots.order[p]].deadline:
                return False
    return True


@kernel_in_place
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
    """Book a rolled block: orders' ends and lateness, billets used, counters, money."""
    state, lots = work.state, work.lots
    line = state[LINE]
    for r in range(rows):
        cut = work.stretches[r, 0]
        for p in range(lots.piece_ptr[cut], lots.piece_ptr[cut + 1]):
            order = lots.order[p]
            if work.stretches[r, LAST] > work.last[order]:
                money -= late_money(mill, rules, order, work.last[order])
                work.last[order] = work.stretches[r, LAST]
                money += late_money(mill, rules, order, work.last[order])
            work.line_of[order] = line
    for cut in range(lots.cut_ptr[number]):
        work.used[lots.stock[cut]] += lots.billets[cut]
    money += count_campaign(mill, rules, work, mass)
    state[FIRST_START] = min(state[FIRST_START], work.lot_start[0])
    state[ROLLED] += rolled
    state[CO2] += carbon
    state[COST] += money


@kernel_in_place
def end_line(mill: MillArrays, rules: Rules, work: Workspace) -> None:
    """Add what the line's span costs, and penalties of its last lot."""
    state, line = work.state, work.state[LINE]
    state[COST] += line_money(mill, work)
    if state[FIRST_START] < FAR:
        state[COST] += max(0, rules.lot_min - state[CAMPAIGN]) * (PENALTY >> 20)
        wrong = rules.last_section[line] not in (NONE, state[SECTION])
        if wrong or rules.last_grade[line] not in (NONE, state[GRADE]):
            state[COST] += PENALTY


@kernel_in_place
def decode(
    mill: MillArrays,
    rules: Rules,
    blocks: Blocks,
    work: Workspace,
    start: IntArray,
    genes: IntArray,
    length: int,
    since: int,
    keep: bool,
    bound: int,
) -> int:
    """Decode ``genes[since:length]`` from checkpoint ``since`` and return the plan's money.

    With ``keep`` a checkpoint is saved before every gene. Stops early with what is reached when
    that exceeds ``bound``. ``start`` (L, STATE_SIZE + 4 + S): lines' states at the start.
    """
    restore(work, since)
    for g in range(since, length):
        if keep:
            save(work, g)
        if genes[g, BLOCK] == LINE_END:
            end_line(mill, rules, work)
            begin_line(mill, work, start, work.state[LINE] + 1)
        else:
            place_block(mill, rules, blocks, work, genes, g)
        if work.state[COST] > bound:
            return work.state[COST]
    if keep:
        save(work, length)
    end_line(mill, rules, work)
    return work.state[COST] + work.state[CO2] * mill.tariff.co2 // MILLION
