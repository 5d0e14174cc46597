"""The Python side of decoding: set-up of its arrays, and from genes to a Schedule."""

from dataclasses import dataclass, field

import numpy as np

from scheduler.arrays import FAR, NONE, IntArray, LotArrays
from scheduler.costs import add_power
from scheduler.mill import MillProblem
from scheduler.schedule import Cut, LinePlan, Lot, Schedule
from scheduler.timeline import Timeline, slot_energy
from scheduler.timing import STRETCH_COLUMNS
from scheduler.walk import (
    CHARGED,
    END,
    OUTCOME_COLUMNS,
    ROLLING,
    STATE_SIZE,
    WEAR_AFTER,
)
from solvers.mill.blocks import Blocks
from solvers.mill.catalogue import Catalogue
from solvers.mill.custom_blocks import PIECES
from solvers.mill.decoder import place_block
from solvers.mill.freeze import frozen_lots, frozen_timeline
from solvers.mill.rules import rules_of
from solvers.mill.sequences import decode, decode_inserted
from solvers.mill.workspace import (
    BLOCK,
    CHANGE_COLUMNS,
    DECODER_STATE,
    LEAST_CUTS,
    LEAST_PIECES,
    LINE_END,
    SPLITS,
    Rules,
    Workspace,
    begin_line,
    save,
)

CAPPED = 8
"""Times as many lots that one block may be parted into where a power cap is kept."""

UNBOUNDED = np.iinfo(np.int64).max // 2


def zeros(*shape: int) -> IntArray:
    """Return int64 zeros."""
    return np.zeros(shape, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Decoder:
    """Turns genes into money and schedules for one problem.

    ``start`` (L, STATE_SIZE + 6 + S) is each line's state after what is frozen; ``frozen`` the
    frozen lots by line; ``power`` (L, Q) what they draw (see ``Workspace``).
    """

    catalogue: Catalogue
    rules: Rules
    start: IntArray
    frozen: tuple[tuple[Lot, ...], ...]
    used: IntArray
    last: IntArray
    line_of: IntArray
    power: IntArray
    names: "Names" = field(repr=False)

    def workspace(self, positions: int) -> Workspace:
        """Return a workspace for sequences of up to ``positions`` genes, at the start state."""
        mill = self.catalogue.book.mill
        sections, stock, orders = len(mill.sections), len(mill.stock), len(mill.orders)
        lots = SPLITS * (CAPPED if self.power.size else 1)
        cuts, pieces = room_of(self.catalogue.blocks, lots)
        rows = cuts + lots * (len(mill.idle.start) + 2)
        tally = zeros(stock + 2 * orders + self.power.size)
        used, last, line_of, power = np.split(tally, (stock, stock + orders, stock + 2 * orders))
        most_orders = min(orders, max(PIECES, most_pieces(self.catalogue.blocks)))
        changes = positions * (cuts + 2 * most_orders)
        if self.power.size:
            changes += positions + self.power.size
        work = Workspace(
            state=zeros(DECODER_STATE),
            wear=zeros(sections),
            tally=tally,
            used=used,
            last=last,
            line_of=line_of,
            power=power.reshape(self.power.shape),
            log=zeros(changes, CHANGE_COLUMNS),
            draft=zeros(changes, CHANGE_COLUMNS),
            at=zeros(1),
            outcome=zeros(lots, OUTCOME_COLUMNS),
            stretches=zeros(rows, STRETCH_COLUMNS),
            lots=scratch_lots(lots, cuts, pieces),
            lot_groove=zeros(lots + 1),
            lot_start=zeros(lots + 1),
            draw=zeros(1, self.power.shape[1]),
            trial=zeros(STATE_SIZE),
            saved=zeros(positions + 1, DECODER_STATE + sections),
        )
        self.begin(work)
        return work

    def begin(self, work: Workspace) -> None:
        """Put ``work`` to the start of the first line and keep it as checkpoint 0."""
        work.used[:], work.last[:], work.line_of[:] = self.used, self.last, self.line_of
        work.power[:] = self.power
        work.state[:], work.at[:] = 0, 0
        begin_line(work, self.start, 0)
        save(work, work.saved, 0)

    def money(self, genes: IntArray, work: Workspace, since: int = 0, *, keep: bool = True) -> int:
        """Return the money of the decoded genes (see ``sequences.decode``)."""
        c = self.catalogue
        if since == 0:
            self.begin(work)
        money = decode(
            c.book.mill, self.rules, c.blocks, work, self.start, genes, len(genes), since, keep
        )
        return int(money)

    def inserted_money(
        self, genes: IntArray, work: Workspace, place: int, rest: int, bound: int
    ) -> int:
        """Return the money of genes with one more at ``place`` (``sequences.decode_inserted``)."""
        c = self.catalogue
        money = decode_inserted(
            c.book.mill, self.rules, c.blocks, work, self.start, genes, len(genes), place, rest,
            bound,
        )  # fmt: skip
        return int(money)

    def schedule(self, genes: IntArray) -> Schedule:
        """Return the schedule that the genes decode to."""
        c, work = self.catalogue, self.workspace(len(genes))
        lines = [list(lots) for lots in self.frozen]
        line = 0
        for g in range(len(genes)):
            if genes[g, BLOCK] == LINE_END:
                line += 1
                begin_line(work, self.start, line)
                continue
            number = place_block(c.book.mill, self.rules, c.blocks, work, genes, g)
            lines[line] += [self._lot(work, i) for i in range(number)]
        plans = (
            LinePlan(name, tuple(lots)) for name, lots in zip(self.names.lines, lines, strict=True)
        )
        return Schedule(tuple(plan for plan in plans if plan.lots))

    def _lot(self, work: Workspace, i: int) -> Lot:
        lots, names = work.lots, self.names
        cuts = tuple(
            Cut(
                names.stock[lots.stock[c]],
                int(lots.billets[c]),
                tuple(
                    (names.orders[lots.order[p]], int(lots.pieces[p]))
                    for p in range(lots.piece_ptr[c], lots.piece_ptr[c + 1])
                ),
            )
            for c in range(lots.cut_ptr[i], lots.cut_ptr[i + 1])
        )
        section, grade = names.sections[lots.section[i]], names.grades[lots.grade[i]]
        return Lot(int(work.lot_start[i]), section, grade, cuts, bool(work.lot_groove[i]))


def room_of(blocks: Blocks, lots: int) -> tuple[int, int]:
    """Return room for the cuts of a block in ``lots``, now or cut later, and for their pieces.

    Twice what the largest has, as heats and grooves part cuts; what needs more is left out.
    """
    cuts = int((blocks.block.end_cut - blocks.block.first_cut).max(initial=0))
    return max(LEAST_CUTS, 2 * (cuts + lots)), max(LEAST_PIECES, 4 * most_pieces(blocks))


def most_pieces(blocks: Blocks) -> int:
    """Return the most rows of pieces that a block has, and so no fewer than it has orders."""
    ends = np.append(blocks.cut.first_piece, len(blocks.piece))
    block = blocks.block
    return int((ends[block.end_cut] - ends[block.first_cut]).max(initial=0))


@dataclass(frozen=True, slots=True)
class Names:
    """The ids behind the indices."""

    lines: tuple[str, ...]
    sections: tuple[str, ...]
    grades: tuple[str, ...]
    stock: tuple[str, ...]
    orders: tuple[str, ...]


def names_of(problem: MillProblem) -> Names:
    """Return the problem's ids in order."""
    return Names(
        tuple(line.id for line in problem.lines),
        tuple(section.id for section in problem.sections),
        tuple(grade.id for grade in problem.grades),
        tuple(row.id for row in problem.stock),
        tuple(order.id for order in problem.orders),
    )


def scratch_lots(lots: int, cuts: int, pieces: int) -> LotArrays:
    """Return room for so many lots of one block, with so many cuts and pieces in all."""
    return LotArrays(
        section=zeros(lots + 1),
        grade=zeros(lots + 1),
        cut_ptr=zeros(lots + 2),
        stock=zeros(cuts),
        billets=zeros(cuts),
        piece_ptr=zeros(cuts + 1),
        order=zeros(pieces),
        pieces=zeros(pieces),
    )


def decoder_of(catalogue: Catalogue, *, keep_caps: bool = True) -> Decoder:
    """Return the decoder of a catalogue's problem; ``keep_caps``: of power, where there are any."""
    problem, mill = catalogue.book.problem, catalogue.book.mill
    frozen, timeline = frozen_lots(problem), frozen_timeline(problem, mill)
    lots = timeline.plan.lots
    used = zeros(len(mill.stock))
    np.add.at(used, lots.stock, lots.billets)
    line_of = np.full(len(mill.orders), NONE, dtype=np.int64)
    for line in range(len(problem.lines)):
        for i in timeline.positions(line):
            pieces = lots.piece_ptr[lots.cut_ptr[i]], lots.piece_ptr[lots.cut_ptr[i + 1]]
            line_of[lots.order[slice(*pieces)]] = line
    start = np.array([start_row(catalogue, timeline, i) for i in range(len(frozen))])
    return Decoder(
        catalogue=catalogue,
        rules=rules_of(problem),
        start=start,
        frozen=frozen,
        used=used,
        last=timeline.last,
        line_of=line_of,
        power=frozen_power(catalogue, timeline, start, keep_caps),
        names=names_of(problem),
    )


def frozen_power(
    catalogue: Catalogue, timeline: Timeline, start: IntArray, keep_caps: bool
) -> IntArray:
    """Return the J (L, Q) that lines draw until their ``start``; Q is 0 where no cap is kept."""
    problem, mill = catalogue.book.problem, catalogue.book.mill
    caps = [problem.tariff.power_cap, *(line.power_cap for line in problem.lines)]
    if not keep_caps or all(cap is None for cap in caps):
        return zeros(len(problem.lines), 0)
    power = slot_energy(mill, timeline)
    for line, plant in enumerate(problem.lines):
        if timeline.positions(line):
            end = timeline.span(line)[1]
            add_power(mill, line, end, int(start[line, END]), plant.base_load, 1, power)
    return power


def start_row(catalogue: Catalogue, timeline: Timeline, line: int) -> IntArray:
    """Return a line's state after its frozen lots, as ``workspace.begin_line`` reads it."""
    mill, lots = catalogue.book.mill, timeline.plan.lots
    row = mill.lines[line]
    wear = mill.wear[line].copy()
    head = [row.ready, row.section, row.grade, row.temperature, FAR, 0, 0, 0, 0, 0]
    positions = timeline.positions(line)
    family = mill.sections.family[lots.section], mill.grades.family[lots.grade]
    for k, i in enumerate(positions):
        section, grade = int(lots.section[i]), int(lots.grade[i])
        wear[section] = timeline.outcome[i, WEAR_AFTER]
        same = k > 0 and (section, grade) == (head[1], head[2])
        mass = int(timeline.outcome[i, CHARGED])
        head[5] += timeline.outcome[i, ROLLING]
        head[6] = mass + (head[6] if same else 0)
        head[7] += not same
        for column, of in zip((8, 9), family, strict=True):
            head[column] = mass + (head[column] if k > 0 and of[i] == of[i - 1] else 0)
        head[1:4] = [section, grade, int(mill.grades.temperature[grade])]
    if positions:
        head[4], head[0] = timeline.span(line)
    if catalogue.book.problem.freeze is not None:
        head[0] = max(head[0], catalogue.book.problem.freeze.until)
    return np.array([*head, *wear], dtype=np.int64)
