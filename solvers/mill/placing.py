"""Whether and when a block may be rolled at its place: lines, releases, campaigns, locks."""

from scheduler.arrays import FAR, NONE, MillArrays
from scheduler.kernel import inner_kernel
from scheduler.timing import LAST
from scheduler.walk import GRADE, SECTION
from solvers.mill.blocks import Blocks
from solvers.mill.workspace import (
    CAMPAIGN,
    CAMPAIGNS,
    FIRST_START,
    GRADE_FAMILY,
    LINE,
    PENALTY_OF_GRAM,
    SECTION_FAMILY,
    Rules,
    Workspace,
)


@inner_kernel
def line_may_roll(
    mill: MillArrays, rules: Rules, blocks: Blocks, work: Workspace, block: int
) -> bool:
    """Whether the line may roll the block's section, its orders, and their pieces."""
    line = work.state[LINE]
    if not mill.can_roll[line, blocks.product[blocks.block[block].product].section]:
        return False
    for cut in range(blocks.block[block].first_cut, blocks.block[block].end_cut):
        for p in range(blocks.cut[cut].first_piece, blocks.cut[cut].end_piece):
            order = blocks.piece[p].order
            elsewhere = rules.order[order].one_line and work.line_of[order] not in (NONE, line)
            locked = rules.order[order].line_lock not in (NONE, line)
            too_long = mill.orders[order].length > mill.lines[line].cooling_bed
            if elsewhere or locked or too_long or not mill.line_ok[order, line]:
                return False
    return True


@inner_kernel
def earliest_start(
    mill: MillArrays, rules: Rules, blocks: Blocks, work: Workspace, block: int, t: int
) -> int:
    """Return when the block may start from ``t`` on: releases, predecessors and locks.

    FAR when a predecessor is not yet made.
    """
    product = blocks.block[block].product
    rate = mill.rate[
        work.state[LINE], blocks.product[product].section, blocks.product[product].grade
    ]
    before = 0
    for cut in range(blocks.block[block].first_cut, blocks.block[block].end_cut):
        offset = 3600 * before // rate
        for p in range(blocks.cut[cut].first_piece, blocks.cut[cut].end_piece):
            order = blocks.piece[p].order
            row = mill.orders[order]
            t = max(t, row.release - offset)
            if work.last[order] <= -FAR:
                t = max(
                    t, rules.order[order].not_before - offset, rules.order[order].exactly - offset
                )
            for b in range(row.first_before, row.first_before + row.befores):
                ends = work.last[mill.before[b]]
                if ends <= -FAR:
                    return FAR
                t = max(t, ends - offset)
        mass = mill.stock[blocks.format_row[blocks.format_ptr[blocks.cut[cut].format]]].mass
        before += blocks.cut[cut].billets * mass
    return t


@inner_kernel
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


@inner_kernel
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
            penalty = max(0, rules.lot_min - state[CAMPAIGN]) * PENALTY_OF_GRAM
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


@inner_kernel
def kind_fits(rules: Rules, work: Workspace, section: int, grade: int) -> bool:
    """Whether the line may begin with a lot of (section, grade), if it is the first."""
    line = work.state[LINE]
    if work.state[FIRST_START] < FAR or rules.line[line].first_section == NONE:
        return True
    same_section = rules.line[line].first_section == section
    return same_section and rules.line[line].first_grade in (NONE, grade)


@inner_kernel
def locks_fit(rules: Rules, blocks: Blocks, work: Workspace, block: int, start: int) -> bool:
    """Whether the block's locked orders have their lot number and start here."""
    product = blocks.block[block].product
    section, grade = blocks.product[product].section, blocks.product[product].grade
    going = work.state[FIRST_START] < FAR
    same = going and (work.state[SECTION], work.state[GRADE]) == (section, grade)
    number = work.state[CAMPAIGNS] + (0 if same else 1)
    for cut in range(blocks.block[block].first_cut, blocks.block[block].end_cut):
        for p in range(blocks.cut[cut].first_piece, blocks.cut[cut].end_piece):
            order = blocks.piece[p].order
            if rules.order[order].position not in (0, number):
                return False
            begun = work.last[order] > -FAR
            if (
                rules.order[order].exactly > -FAR
                and not begun
                and start != rules.order[order].exactly
            ):
                return False
    return True


@inner_kernel
def deadlines_kept(mill: MillArrays, work: Workspace, base: int, rows: int) -> bool:
    """Whether every order in the stretches just rolled ends by its deadline."""
    lots = work.lots
    for r in range(base, base + rows):
        cut = work.stretches[r, 0]
        for p in range(lots.piece_ptr[cut], lots.piece_ptr[cut + 1]):
            if work.stretches[r, LAST] > mill.orders[lots.order[p]].deadline:
                return False
    return True
