"""Which billets a block is charged with, and where grooves are changed inside it."""

from scheduler.arrays import FAR, NONE, LotArrays, MillArrays
from scheduler.kernel import inner_kernel
from solvers.mill.blocks import Blocks
from solvers.mill.workspace import LINE, SPLITS, Workspace

SWITCHES = 24
"""Heats that one cut of a block waits for at most; then it takes what is at hand."""


@inner_kernel
def charge(mill: MillArrays, blocks: Blocks, work: Workspace, block: int, start: int) -> int:
    """Choose a stock row for every billet of the block, the latest heat at hand first.

    A billet is charged from the latest heat that is there when it enters the furnace, so a heat
    that comes while the block is rolled is used from then on. Fills lot 0 of ``work.lots`` with all
    cuts. Returns 0 when done, FAR when there are too few billets at all or too many cuts for the
    workspace, else the start at which more are there.
    """
    product = blocks.block[block].product
    line = work.state[LINE]
    rate = mill.rate[line, blocks.product[product].section, blocks.product[product].grade]
    lots = work.lots
    out, piece, before = 0, 0, 0
    lots.piece_ptr[0] = 0
    for cut in range(blocks.block[block].first_cut, blocks.block[block].end_cut):
        left, first = blocks.cut[cut].billets, out
        pieces = blocks.cut[cut].end_piece - blocks.cut[cut].first_piece
        while left > 0:
            if out == len(lots.stock) or piece + pieces > len(lots.order):
                return FAR
            entry = start + 3600 * before // rate - mill.lines[line].residence
            row, free, later = latest_heat(mill, blocks, work, blocks.cut[cut].format, out, entry)
            if row == NONE:
                return FAR if later >= FAR else start + later - entry
            mass = mill.stock[row].mass
            count = min(free, left)
            if out - first < SWITCHES and later < FAR:
                count = min(count, -(-((later - entry) * rate) // (3600 * mass)))
            lots.stock[out] = row
            lots.billets[out] = count
            for p in range(blocks.cut[cut].first_piece, blocks.cut[cut].end_piece):
                lots.order[piece] = blocks.piece[p].order
                lots.pieces[piece] = blocks.piece[p].pieces
                piece += 1
            before += count * mass
            left -= count
            out += 1
            lots.piece_ptr[out] = piece
    lots.cut_ptr[0] = 0
    lots.cut_ptr[1] = out
    return 0


@inner_kernel
def latest_heat(
    mill: MillArrays, blocks: Blocks, work: Workspace, f: int, cuts: int, entry: int
) -> tuple[int, int, int]:
    """Return the latest row of format ``f`` with billets at ``entry``, and how many it has.

    Billets of the first ``cuts`` cuts of the lot under way are taken. The third is when the next
    row with billets comes; FAR when none does. Row NONE: there is none yet. All rows of a format
    but the first are in order of time.
    """
    first, end = blocks.format_ptr[f], blocks.format_ptr[f + 1]
    row, later = blocks.format_row[first], FAR
    free = free_billets(mill, work, row, cuts)
    if free > 0:
        if mill.stock[row].available <= entry:
            return row, free, FAR
        later = mill.stock[row].available
    low, high = first + 1, end
    while low < high:
        middle = (low + high) // 2
        if mill.stock[blocks.format_row[middle]].available <= entry:
            high = middle
        else:
            low = middle + 1
    for r in range(low - 1, first, -1):
        row = blocks.format_row[r]
        if free_billets(mill, work, row, cuts) > 0:
            later = min(later, mill.stock[row].available)
            break
    for r in range(low, end):
        row = blocks.format_row[r]
        free = free_billets(mill, work, row, cuts)
        if free > 0:
            return row, free, later
    return NONE, 0, later


@inner_kernel
def free_billets(mill: MillArrays, work: Workspace, row: int, cuts: int) -> int:
    """Return the billets of a stock row that neither the plan nor the lot under way has taken."""
    free = mill.stock[row].limit - work.used[row]
    for c in range(cuts):
        if work.lots.stock[c] == row:
            free -= work.lots.billets[c]
    return free


@inner_kernel
def wear_limit(mill: MillArrays, lots: LotArrays, cut: int, section: int) -> int:
    """Return the wear (g) that the groove may have after a billet of the cut."""
    limit = mill.sections[section].groove_life
    for p in range(lots.piece_ptr[cut], lots.piece_ptr[cut + 1]):
        limit = min(limit, mill.orders[lots.order[p]].max_wear)
    return limit


@inner_kernel
def insert_cut(lots: LotArrays, cut: int, cuts: int, billets: int) -> bool:
    """Part a cut after ``billets`` into two equal ones; the rest moves up. False without space."""
    pieces = lots.piece_ptr[cut + 1] - lots.piece_ptr[cut]
    if cuts == len(lots.stock) or lots.piece_ptr[cuts] + pieces > len(lots.order):
        return False
    for p in range(lots.piece_ptr[cuts] - 1, lots.piece_ptr[cut] - 1, -1):
        lots.order[p + pieces] = lots.order[p]
        lots.pieces[p + pieces] = lots.pieces[p]
    for c in range(cuts, cut, -1):
        lots.stock[c] = lots.stock[c - 1]
        lots.billets[c] = lots.billets[c - 1]
        lots.piece_ptr[c + 1] = lots.piece_ptr[c] + pieces
    lots.billets[cut + 1] = lots.billets[cut] - billets
    lots.billets[cut] = billets
    return True


@inner_kernel
def part_at_wear(mill: MillArrays, work: Workspace, section: int, wear: int, early: int) -> int:
    """Part the charged block into lots at forced groove changes; return their number.

    ``wear`` (g) is the groove's before the block. Fills ``cut_ptr`` and ``lot_groove``; returns 0
    where a single billet is too much for a fresh groove, or too many changes or cuts are needed.
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
            if not insert_cut(lots, cut, cuts, fits):
                return 0
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
