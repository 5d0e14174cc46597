"""Kernels that walk a line lot by lot: the one place where a line's state moves on.

The evaluator walks whole schedules, the colony walks from the first lot that a move changed; both
through ``prepare`` and ``roll``, so that they cannot disagree.
"""

from scheduler.arrays import FAR, NONE, IntArray, LotArrays, MillArrays, PlanArrays
from scheduler.costs import lot_energy
from scheduler.kernel import kernel_in_place
from scheduler.timing import (
    COUNT,
    CUT,
    FIRST,
    LAST,
    MASS,
    advance,
    changeover_scrap,
    changeover_time,
    roll_lot,
)

END, SECTION, GRADE, TEMPERATURE = range(4)
"""Entries of a line's state: when it is free (s), what it last rolled, furnace temperature."""

STATE_SIZE = 4

(
    CHANGE_FROM,
    CHANGE_TO,
    GROOVE_FROM,
    GROOVE_TO,
    READY,
    LOT_START,
    LOT_END,
    ROLLING,
    CHARGED,
    TRANSITION,
    SECTION_CHANGES,
    GRADE_CHANGES,
    GROOVE_CHANGES,
    FORBIDDEN,
    WEAR_BEFORE,
    WEAR_AFTER,
    GAS,
    ELECTRICITY,
    PRICE,
    CARBON,
) = range(20)
"""Columns of an outcome row: instants (s), seconds rolled, g charged and of transition scrap,
numbers of changes and of forbidden pairs, wear (g), Wh of gas and electricity, rolling price
(1e-6 money units) and CO2 of rolling (1e-6 g)."""

OUTCOME_COLUMNS = 20


@kernel_in_place
def start_state(mill: MillArrays, line: int, state: IntArray, wear: IntArray) -> None:
    """Set ``state`` (STATE_SIZE,) and ``wear`` (S,) to the line's state at the horizon's start."""
    state[END] = mill.lines[line].ready
    state[SECTION] = mill.lines[line].section
    state[GRADE] = mill.lines[line].grade
    state[TEMPERATURE] = mill.lines[line].temperature
    for section in range(len(wear)):
        wear[section] = mill.wear[line, section]


@kernel_in_place
def forbidden_changes(mill: MillArrays, section: int, grade: int, b: int, h: int) -> int:
    """Return how many of the section and grade parts of a changeover are forbidden."""
    number = 0
    if section not in (NONE, b) and mill.section_changes[section, b].forbidden:
        number += 1
    if grade not in (NONE, h) and mill.grade_changes[grade, h].forbidden:
        number += 1
    return number


@kernel_in_place
def prepare(
    mill: MillArrays,
    lots: LotArrays,
    lot: int,
    line: int,
    groove_change: bool,
    change_start: int,
    groove_start: int,
    state: IntArray,
    wear: IntArray,
    outcome: IntArray,
    i: int,
) -> int:
    """Change the line over to ``lot`` and return when it is ready to roll it.

    ``wear`` of the section is reset by a groove change. Fills row ``i`` of ``outcome`` up to READY,
    its transition scrap, numbers of changes, and the wear before the lot.
    """
    b, h = lots.section[lot], lots.grade[lot]
    free, section, grade = state[END], state[SECTION], state[GRADE]
    time = changeover_time(mill, line, section, grade, state[TEMPERATURE], b, h)
    outcome[i, CHANGE_FROM] = max(free, change_start)
    outcome[i, CHANGE_TO] = advance(mill.closed, line, outcome[i, CHANGE_FROM], time)
    outcome[i, TRANSITION] = changeover_scrap(mill, section, grade, b, h)
    outcome[i, FORBIDDEN] = forbidden_changes(mill, section, grade, b, h)
    outcome[i, SECTION_CHANGES] = 1 if section not in (NONE, b) else 0
    outcome[i, GRADE_CHANGES] = 1 if grade not in (NONE, h) else 0
    outcome[i, GROOVE_CHANGES] = 0
    outcome[i, GROOVE_FROM] = free
    outcome[i, GROOVE_TO] = free
    if groove_change:
        outcome[i, GROOVE_CHANGES] = 1
        outcome[i, GROOVE_FROM] = max(free, groove_start)
        outcome[i, GROOVE_TO] = advance(
            mill.closed, line, outcome[i, GROOVE_FROM], mill.sections[b].groove_time
        )
        outcome[i, TRANSITION] += mill.sections[b].groove_scrap
        wear[b] = 0
    outcome[i, WEAR_BEFORE] = wear[b]
    outcome[i, READY] = max(free, outcome[i, CHANGE_TO], outcome[i, GROOVE_TO])
    return outcome[i, READY]


@kernel_in_place
def roll(
    mill: MillArrays,
    lots: LotArrays,
    lot: int,
    line: int,
    start: int,
    state: IntArray,
    wear: IntArray,
    stretches: IntArray,
    base: int,
    outcome: IntArray,
    i: int,
) -> int:
    """Roll ``lot`` from ``start`` on; return its number of stretches (see ``timing.roll_lot``).

    Moves ``state`` and ``wear`` to the lot's end and fills the rest of row ``i`` of ``outcome``.
    """
    rows = roll_lot(mill, lots, lot, line, start, stretches, base)
    charged, rolling = 0, 0
    for r in range(base, base + rows):
        charged += stretches[r, COUNT] * stretches[r, MASS]
        rolling += stretches[r, LAST] - stretches[r, FIRST]
    section = lots.section[lot]
    wear[section] += charged
    state[END] = stretches[base + rows - 1, LAST]
    state[SECTION] = section
    state[GRADE] = lots.grade[lot]
    state[TEMPERATURE] = mill.grades[lots.grade[lot]].temperature
    outcome[i, LOT_START], outcome[i, LOT_END] = start, state[END]
    outcome[i, CHARGED], outcome[i, ROLLING] = charged, rolling
    outcome[i, WEAR_AFTER] = wear[section]
    energy = lot_energy(mill, lots, lot, line, stretches, base, rows)
    outcome[i, GAS], outcome[i, ELECTRICITY], outcome[i, PRICE], outcome[i, CARBON] = energy
    return rows


@kernel_in_place
def mark_orders(
    mill: MillArrays,
    lots: LotArrays,
    stretches: IntArray,
    base: int,
    rows: int,
    first: IntArray,
    last: IntArray,
    made: IntArray,
    lot: int,
) -> None:
    """Update each order's first start, last end (s) and made amount (O,) from a rolled lot."""
    section = lots.section[lot]
    for r in range(base, base + rows):
        cut = stretches[r, CUT]
        usable = mill.usable[lots.stock[cut], section]
        for p in range(lots.piece_ptr[cut], lots.piece_ptr[cut + 1]):
            order = lots.order[p]
            each = lots.pieces[p] * (usable if mill.orders[order].piece == 0 else 1)
            made[order] += each * stretches[r, COUNT]
            first[order] = min(first[order], stretches[r, FIRST])
            last[order] = max(last[order], stretches[r, LAST])


@kernel_in_place
def walk_plan(
    mill: MillArrays,
    plan: PlanArrays,
    state: IntArray,
    wear: IntArray,
    outcome: IntArray,
    stretch_ptr: IntArray,
    stretches: IntArray,
    first: IntArray,
    last: IntArray,
    made: IntArray,
) -> None:
    """Walk every line of a schedule.

    ``outcome`` (positions, OUTCOME_COLUMNS), ``stretches`` (rows, STRETCH_COLUMNS) with position i
    owning ``stretch_ptr[i]:stretch_ptr[i + 1]``, and ``first``, ``last``, ``made`` (O,) are
    filled; ``state`` (STATE_SIZE,) and ``wear`` (S,) are overwritten.
    """
    lots = plan.lots
    for o in range(len(made)):
        first[o], last[o], made[o] = FAR, -FAR, 0
    for line in range(len(plan.line_ptr) - 1):
        start_state(mill, line, state, wear)
        for i in range(plan.line_ptr[line], plan.line_ptr[line + 1]):
            groove, change_start = plan.groove_change[i], plan.change_start[i]
            groove_start, base = plan.groove_start[i], stretch_ptr[i]
            prepare(
                mill, lots, i, line, groove, change_start, groove_start, state, wear, outcome, i
            )
            rows = roll(
                mill, lots, i, line, plan.start[i], state, wear, stretches, base, outcome, i
            )
            stretch_ptr[i + 1] = base + rows
            mark_orders(mill, lots, stretches, base, rows, first, last, made, i)
