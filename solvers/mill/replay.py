"""A given plan as genes: its own lots as blocks, each billet from its own stock row.

So a plan can be changed by hand or by one lot and timed anew by the decoder, while everything else
stays as it was: order of the lots, cuts, heats, groove changes, and waits that were planned. A lot
that did not wait starts as early as it can. Power caps stay kept where the plan keeps them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.arrays import FAR, IntArray, Records
from scheduler.evaluation import evaluate
from scheduler.issues import InvalidInput, Issue, shown
from scheduler.mill import MillProblem
from scheduler.mill_arrays import Index, arrays_of, index_of, ints, records
from scheduler.power_room import CAPS
from scheduler.schedule import Cut, Lot, Schedule
from solvers.mill.blocks import BLOCK_ROW, CUT_ROW, PIECE_ROW, PRODUCT_ROW, Blocks
from solvers.mill.catalogue import Book, Catalogue
from solvers.mill.decoder import place_block
from solvers.mill.decoding import Decoder, decoder_of, names_of
from solvers.mill.freeze import frozen_lots
from solvers.mill.products import Formats
from solvers.mill.workspace import (
    BLOCK,
    EARLY,
    GENE_COLUMNS,
    LEFT_OUT,
    LINE_END,
    NOT_BEFORE,
    PENALTY,
    Workspace,
    restore,
)


@dataclass(frozen=True, eq=False)
class Replay:
    """A plan's decoder and genes; gene ``g`` rolls ``lots[genes[g, BLOCK]]``.

    frozen: number of frozen lots of each line, which are in no gene. worn: genes before which wear
    alone changes the groove.
    """

    decoder: Decoder
    genes: IntArray
    lots: tuple[Lot, ...]
    frozen: tuple[int, ...]
    worn: frozenset[int]

    def gene(self, line: int, number: int) -> int:
        """Return the gene of a line's lot ``number`` (from 1), or where one more would stand.

        Raises
        ------
        InvalidInput
            Where the lot is frozen, or the line has no such lot.
        """
        ends = [*np.flatnonzero(self.genes[:, BLOCK] == LINE_END).tolist(), len(self.genes)]
        first = ends[line - 1] + 1 if line else 0
        gene = first + number - 1 - self.frozen[line]
        if gene < first:
            detail = f"lots 1 to {self.frozen[line]} of this line are frozen"
            raise InvalidInput([Issue("frozen_lot", "", detail, value=str(number))])
        if gene > ends[line]:
            most = self.frozen[line] + ends[line] - first
            detail = f"the line has {most} lots"
            raise InvalidInput([Issue("unknown_lot", "", detail, value=str(number))])
        return int(gene)

    def moving(self, gene: int) -> IntArray:
        """Return a gene (1, GENE_COLUMNS) for another place.

        It waits for nothing there, and changes its groove early only where that was chosen here.
        """
        row = self.genes[gene : gene + 1].copy()
        row[0, NOT_BEFORE] = -FAR
        if gene in self.worn:
            row[0, EARLY] = 0
        return row

    def schedule(self, genes: IntArray) -> Schedule:
        """Return the schedule of changed genes; raise InvalidInput where a lot does not fit."""
        if left := left_out(self.decoder, genes):
            raise InvalidInput([_refusal(self.lots[block]) for block in left])
        return self.decoder.schedule(genes)


def replay_of(problem: MillProblem, schedule: Schedule, more: tuple[Lot, ...] = ()) -> Replay:
    """Return a plan's replay; lots of ``more`` are blocks too, the last ones, in no gene."""
    frozen = tuple(len(lots) for lots in frozen_lots(problem))
    plans = {plan.line: plan.lots for plan in schedule.lines}
    lines = [plans.get(line.id, ())[n:] for line, n in zip(problem.lines, frozen, strict=True)]
    lots = tuple(lot for line in lines for lot in line)
    genes = _genes(lines)
    decoder = _decoder(_catalogue(problem, (*lots, *more)), genes, schedule)
    work = decoder.workspace(len(genes))
    decoder.money(genes, work)
    of_lots = [int(g) for g in np.flatnonzero(genes[:, BLOCK] != LINE_END)]
    for g in of_lots:
        if not _waits(decoder, genes, work, g):
            genes[g, NOT_BEFORE] = -FAR
    worn = frozenset(g for g in of_lots if _wears_out(decoder, genes, work, g))
    return Replay(decoder, genes, (*lots, *more), frozen, worn)


def line_index(problem: MillProblem, name: str) -> int:
    """Return the index of a line; raise InvalidInput where there is none of that id."""
    lines = index_of(problem.lines)
    if name not in lines:
        expected = f"one of {', '.join(lines)}"
        raise InvalidInput(
            [Issue("unknown_reference", "", "no such line", value=shown(name), expected=expected)]
        )
    return lines[name]


def left_out(decoder: Decoder, genes: IntArray) -> list[int]:
    """Return the blocks that cannot keep a hard constraint at their place."""
    work = decoder.workspace(len(genes))
    decoder.money(genes, work)
    more = np.diff(work.saved[: len(genes) + 1, LEFT_OUT]) > 0
    return [int(block) for block in genes[more, BLOCK]]


def _decoder(catalogue: Catalogue, genes: IntArray, schedule: Schedule) -> Decoder:
    """Return the decoder that keeps power caps, if the plan is the same with it or keeps them."""
    capped = decoder_of(catalogue)
    if not capped.power.size or _starts(capped.schedule(genes)) == _starts(schedule):
        return capped
    kept = CAPS.isdisjoint(v.code for v in evaluate(catalogue.book.problem, schedule).violations)
    if kept and not left_out(capped, genes):
        return capped
    return decoder_of(catalogue, keep_caps=False)


def _starts(schedule: Schedule) -> dict[str, list[int]]:
    return {plan.line: [lot.start for lot in plan.lots] for plan in schedule.lines if plan.lots}


def _waits(decoder: Decoder, genes: IntArray, work: Workspace, g: int) -> bool:
    """Whether the lot of gene ``g`` starts later than it could."""
    lots = _placed(decoder, genes, work, g, NOT_BEFORE, -FAR)
    return lots > 0 and bool(work.lot_start[0] < genes[g, NOT_BEFORE])


def _wears_out(decoder: Decoder, genes: IntArray, work: Workspace, g: int) -> bool:
    """Whether the groove before gene ``g`` would change without being told to."""
    if not genes[g, EARLY]:
        return False
    lots = _placed(decoder, genes, work, g, EARLY, 0)
    return lots == 1 and bool(work.lot_groove[0])


def _placed(
    decoder: Decoder, genes: IntArray, work: Workspace, g: int, column: int, value: int
) -> int:
    """Roll gene ``g`` at its place with one column changed; return its number of lots."""
    free = genes[g : g + 1].copy()
    free[0, column] = value
    restore(work, g)
    catalogue = decoder.catalogue
    return place_block(catalogue.book.mill, decoder.rules, catalogue.blocks, work, free, 0)


def _genes(lines: list[tuple[Lot, ...]]) -> IntArray:
    rows: list[tuple[int, int, int]] = []
    block = 0
    for number, lots in enumerate(lines):
        rows += [(LINE_END, 0, 0)] if number else []
        for lot in lots:
            rows.append((block, int(lot.groove_change), lot.start))
            block += 1
    genes = np.zeros((len(rows), GENE_COLUMNS), dtype=np.int64)
    if rows:
        genes[:, [BLOCK, EARLY, NOT_BEFORE]] = rows
    return genes


def _catalogue(problem: MillProblem, lots: tuple[Lot, ...]) -> Catalogue:
    """Return lots as blocks that cost nothing by themselves; every stock row is a format."""
    mill, names = arrays_of(problem), names_of(problem)
    kinds = list(dict.fromkeys((lot.section, lot.grade) for lot in lots))
    cuts = [cut for lot in lots for cut in lot.cuts]
    rows = np.arange(len(mill.stock) + 1, dtype=np.int64)
    stock = _numbers(names.stock)
    blocks = Blocks(
        block=_block_rows(lots, kinds, mill.stock.mass, stock),
        cut=_cut_rows(cuts, stock),
        piece=_piece_rows(cuts, _numbers(names.orders)),
        product=_product_rows(kinds, _numbers(names.sections), _numbers(names.grades)),
        longest=1,
        variants=1,
        format_ptr=ints(rows),
        format_row=ints(rows[:-1]),
    )
    formats = Formats(0, rows, rows[:-1])
    return Catalogue(Book(problem, mill, (), formats), blocks)


def _numbers(names: Sequence[str]) -> Index:
    return {name: number for number, name in enumerate(names)}


def _block_rows(
    lots: tuple[Lot, ...], kinds: list[tuple[str, str]], mass: IntArray, stock: Index
) -> Records:
    """Return each lot as a block of one item; ``mass`` (K,) of a billet of each stock row."""
    ends = np.cumsum([len(lot.cuts) for lot in lots], dtype=np.int64)
    zero = np.zeros(len(lots), dtype=np.int64)
    return records(
        BLOCK_ROW,
        product=[kinds.index((lot.section, lot.grade)) for lot in lots],
        first=zero,
        length=zero + 1,
        variant=zero,
        first_cut=ends - [len(lot.cuts) for lot in lots],
        end_cut=ends,
        cost=zero,
        skip=zero + PENALTY,
        mass=[sum(int(mass[stock[cut.stock]]) * cut.count for cut in lot.cuts) for lot in lots],
    )


def _cut_rows(cuts: list[Cut], stock: Index) -> Records:
    ends = np.cumsum([len(cut.pieces) for cut in cuts], dtype=np.int64)
    return records(
        CUT_ROW,
        format=[stock[cut.stock] for cut in cuts],
        billets=[cut.count for cut in cuts],
        first_piece=ends - [len(cut.pieces) for cut in cuts],
        end_piece=ends,
    )


def _piece_rows(cuts: list[Cut], order: Index) -> Records:
    pieces = [piece for cut in cuts for piece in cut.pieces]
    return records(
        PIECE_ROW,
        order=[order[name] for name, _ in pieces],
        pieces=[number for _, number in pieces],
    )


def _product_rows(kinds: list[tuple[str, str]], section: Index, grade: Index) -> Records:
    zero = np.zeros(len(kinds), dtype=np.int64)
    return records(
        PRODUCT_ROW,
        first_id=zero,
        first_item=zero,
        items=zero,
        grade=[grade[name] for _, name in kinds],
        section=[section[name] for name, _ in kinds],
    )


def _refusal(lot: Lot) -> Issue:
    orders = ", ".join(dict.fromkeys(name for cut in lot.cuts for name, _ in cut.pieces))
    return Issue(
        "does_not_fit",
        "",
        f"the lot of {orders} ({lot.section}, {lot.grade}) can then not be rolled: line, steel,"
        " lock, predecessor, campaign, deadline, power cap or horizon forbid it",
        hint="choose another place",
    )
