"""Decode whole sequences of genes, from a checkpoint on, into money.

Kernels over ``solvers.mill.decoder``, which places one block.
"""

from scheduler.arrays import FAR, MILLION, NONE, IntArray, MillArrays
from scheduler.kernel import inner_kernel, kernel_in_place
from scheduler.walk import END, GRADE, SECTION
from solvers.mill.blocks import Blocks
from solvers.mill.decoder import place_block
from solvers.mill.money import line_money
from solvers.mill.workspace import (
    BLOCK,
    CAMPAIGN,
    CO2,
    COST,
    FIRST_START,
    LINE,
    LINE_END,
    PENALTY,
    PENALTY_OF_GRAM,
    Rules,
    Workspace,
    begin_line,
    keep_draft,
    restore,
    save,
)


@inner_kernel
def end_line(mill: MillArrays, rules: Rules, work: Workspace) -> None:
    """Add what the line's span costs, and penalties of its last lot."""
    state, line = work.state, work.state[LINE]
    state[COST] += line_money(mill, work)
    if state[FIRST_START] < FAR:
        state[COST] += max(0, rules.lot_min - state[CAMPAIGN]) * PENALTY_OF_GRAM
        wrong = rules.line[line].last_section not in (NONE, state[SECTION])
        if wrong or rules.line[line].last_grade not in (NONE, state[GRADE]):
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
) -> int:
    """Decode ``genes[since:length]`` from checkpoint ``since`` and return the plan's money.

    With ``keep`` a checkpoint is saved before every gene. ``start`` (L, STATE_SIZE + 6 + S): lines'
    states at the start.
    """
    restore(work, since)
    for g in range(since, length):
        if keep:
            keep_draft(work)
            save(work, work.saved, g)
        decode_gene(mill, rules, blocks, work, start, genes, g)
    if keep:
        keep_draft(work)
        save(work, work.saved, length)
    return whole_money(mill, rules, work)


@kernel_in_place
def decode_inserted(
    mill: MillArrays,
    rules: Rules,
    blocks: Blocks,
    work: Workspace,
    start: IntArray,
    genes: IntArray,
    length: int,
    place: int,
    rest: int,
    bound: int,
) -> int:
    """Return the money of a plan that got gene ``place`` inserted, or ``bound`` or more.

    ``work`` has the checkpoints of the plan without it, which costs ``rest``. Given up with what
    the same plan would cost from then on as soon as that reaches ``bound`` and nothing is earlier,
    as where the gene is left out.
    """
    restore(work, place)
    for g in range(place, length):
        decode_gene(mill, rules, blocks, work, start, genes, g)
        likely = rest + work.state[COST] - work.saved[g, COST]
        if likely >= bound and work.state[END] >= work.saved[g, END]:
            return likely
    return whole_money(mill, rules, work)


@inner_kernel
def decode_gene(
    mill: MillArrays,
    rules: Rules,
    blocks: Blocks,
    work: Workspace,
    start: IntArray,
    genes: IntArray,
    g: int,
) -> int:
    """Decode gene ``g`` next, a block or the end of a line; return its number of lots."""
    if genes[g, BLOCK] == LINE_END:
        end_line(mill, rules, work)
        begin_line(work, start, work.state[LINE] + 1)
        return 0
    return place_block(mill, rules, blocks, work, genes, g)


@inner_kernel
def whole_money(mill: MillArrays, rules: Rules, work: Workspace) -> int:
    """End the last line and return the whole plan's money."""
    end_line(mill, rules, work)
    return work.state[COST] + work.state[CO2] * mill.tariff.co2 // MILLION
