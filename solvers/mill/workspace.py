"""The decoder's rules and workspace: what it reads beyond the mill, and the state it moves.

A sequence lists *genes* (block, early groove change, not before) line by line, lines parted by
``LINE_END``.
"""

from typing import NamedTuple

from scheduler.arrays import IntArray, LotArrays, Records, record
from scheduler.kernel import inner_kernel, kernel_in_place
from scheduler.walk import STATE_SIZE

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
    CHANGES,
) = range(STATE_SIZE, STATE_SIZE + 11)
"""Entries of the decoder's state after those of ``scheduler.walk``: the line, its first start and
seconds rolled, money and g of CO2 so far, g and number of the current campaign lot, g in a row of
its section and grade family, number of blocks left out, and of changes of the tally."""

DECODER_STATE = STATE_SIZE + 11

PENALTY = 1 << 44
"""Money units of a lot that cannot be replayed at its place: never worth it."""

PENALTY_OF_GRAM = PENALTY >> 20
"""Money units for each g that a campaign lot is too small: never worth it."""

SPLITS = 24
"""Most lots that groove changes may part one block into."""

LEAST_CUTS, LEAST_PIECES = 512, 8192
"""Least room for the cuts of one block and for their pieces: heats and grooves part cuts."""


ORDER_RULE = record("not_before", "exactly", "position", "line_lock", "one_line")
"""An order's locks: s or -FAR, s or -FAR, lot number or 0, line or NONE; 1 if on one line only."""

LINE_RULE = record("first_section", "first_grade", "last_section", "last_grade")
"""Kinds of a line's first and last lots, NONE where free."""


class Rules(NamedTuple):
    """What the decoder needs beyond the mill: weights, campaign rules and locks.

    section_family_max, grade_family_max: g by family index (FAR: free). order (O,) ORDER_RULE,
    line (L,) LINE_RULE.
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
    order: Records
    line: Records


ENTRY, BEFORE, AFTER = range(3)
"""Columns of a change: which entry of the tally, its value before and after."""

CHANGE_COLUMNS = 3


class Workspace(NamedTuple):
    """Arrays that decoding overwrites.

    state (DECODER_STATE,), wear (S,), tally (K + 2 O + L Q,): where the plan stands; used (K,)
    billets, last (O,) s, line_of (O,) and power (L, Q) J of each of Q 15-minute slots are views
    of the tally; Q is 0 where no cap is kept. A gene changes little of the tally and much of
    the rest, so saved (positions + 1, DECODER_STATE + S), the checkpoints, hold the rest, and
    the tally moves by its changes (rows of CHANGE_COLUMNS): draft has those of the genes
    decoded last, log those of the genes with checkpoints, of which the tally has seen ``at``
    (1,). outcome (lots, OUTCOME_COLUMNS), stretches, lots: the block under way, its lots
    numbered from 0; lot_groove, lot_start (lots + 1,); draw (1, Q): J that it draws.
    """

    state: IntArray
    wear: IntArray
    tally: IntArray
    used: IntArray
    last: IntArray
    line_of: IntArray
    power: IntArray
    log: IntArray
    draft: IntArray
    at: IntArray
    outcome: IntArray
    stretches: IntArray
    lots: LotArrays
    lot_groove: IntArray
    lot_start: IntArray
    draw: IntArray
    trial: IntArray
    saved: IntArray


@kernel_in_place
def begin_line(work: Workspace, start: IntArray, line: int) -> None:
    """Put the state to the line's start; ``start`` (L, STATE_SIZE + 6 + S) holds it.

    After the walk's state: first start, s rolled, g of the campaign lot, campaigns, g in a row of
    the section family and of the grade family, and wear by section.
    """
    for i in range(STATE_SIZE):
        work.state[i] = start[line, i]
    work.state[LINE] = line
    work.state[FIRST_START] = start[line, STATE_SIZE]
    work.state[ROLLED] = start[line, STATE_SIZE + 1]
    work.state[CAMPAIGN] = start[line, STATE_SIZE + 2]
    work.state[CAMPAIGNS] = start[line, STATE_SIZE + 3]
    work.state[SECTION_FAMILY] = start[line, STATE_SIZE + 4]
    work.state[GRADE_FAMILY] = start[line, STATE_SIZE + 5]
    for s in range(len(work.wear)):
        work.wear[s] = start[line, STATE_SIZE + 6 + s]


@inner_kernel
def keep_part(part: IntArray, rows: IntArray, place: int, column: int) -> int:
    """Copy ``part`` into row ``place`` of ``rows``; return the next free column."""
    for i in range(len(part)):
        rows[place, column + i] = part[i]
    return column + len(part)


@inner_kernel
def take_part(part: IntArray, work: Workspace, place: int, column: int) -> int:
    """Copy row ``place`` of ``saved`` back into ``part``; return the next column."""
    for i in range(len(part)):
        part[i] = work.saved[place, column + i]
    return column + len(part)


@kernel_in_place
def save(work: Workspace, rows: IntArray, place: int) -> None:
    """Keep all but the tally in row ``place`` of checkpoints like ``saved``."""
    keep_part(work.wear, rows, place, keep_part(work.state, rows, place, 0))


@inner_kernel
def change(work: Workspace, entry: int, value: int) -> None:
    """Set an entry of the tally to ``value``, and note it in the draft."""
    number, before = work.state[CHANGES], work.tally[entry]
    if value == before:
        return
    work.draft[number, ENTRY] = entry
    work.draft[number, BEFORE] = before
    work.draft[number, AFTER] = value
    work.tally[entry] = value
    work.state[CHANGES] = number + 1


@inner_kernel
def keep_draft(work: Workspace) -> None:
    """Make the draft's changes those of the genes with checkpoints."""
    for i in range(work.at[0], work.state[CHANGES]):
        for column in range(CHANGE_COLUMNS):
            work.log[i, column] = work.draft[i, column]
    work.at[0] = work.state[CHANGES]


@kernel_in_place
def restore(work: Workspace, place: int) -> None:
    """Put everything back to row ``place`` of ``saved``; the draft is undone."""
    number, at, until = work.state[CHANGES], work.at[0], work.saved[place, CHANGES]
    while number > at:
        number -= 1
        work.tally[work.draft[number, ENTRY]] = work.draft[number, BEFORE]
    while at > until:
        at -= 1
        work.tally[work.log[at, ENTRY]] = work.log[at, BEFORE]
    while at < until:
        work.tally[work.log[at, ENTRY]] = work.log[at, AFTER]
        at += 1
    work.at[0] = until
    take_part(work.wear, work, place, take_part(work.state, work, place, 0))
