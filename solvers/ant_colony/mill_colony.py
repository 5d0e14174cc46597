"""The mill colony: cut plan, lots, sequence, groove changes and idle times, decided together."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from scheduler.arrays import IntArray
from solvers.ant_colony.mill_ants import Kept, keep, run_ants, take
from solvers.ant_colony.mill_plan import Model, Plan, rebase
from solvers.ant_colony.mill_recuts import recut_plan
from solvers.ant_colony.mill_setting import FORBIDDEN, heats_of, hints_of, tails_of
from solvers.ant_colony.random import Stream, stream
from solvers.mill.catalogue import Catalogue
from solvers.mill.custom_blocks import CustomBlocks
from solvers.mill.decoding import Decoder, decoder_of
from solvers.mill.peak import below_lower_cap, cap_money, cap_of, with_cap
from solvers.mill.workspace import BLOCK, GENE_COLUMNS


@dataclass(frozen=True, slots=True)
class MillParams:
    """How the mill colony searches.

    ants an iteration, candidates per item; ants per item in a cooling cycle; most ants of the first
    cycle (each has twice as many as the last, up to ``cycle`` an item, so that a large book has a
    good plan early); temperature at a cycle's start and end, in shares of the mean cost of a
    candidate arc; margin of the guess that a trial is decoded by, in temperatures.
    joint, recuts (between cycles), line_time (the price of line time in cut plans) and exchange (of
    best plans between colonies) switch those parts off, for ablations; without joint moves there
    are no recuts.
    """

    ants: int = 256
    candidates: int = 10
    cycle: int = 600
    first_cycle: int = 40_000
    hot: float = 2.0
    cold: float = 0.05
    margin: float = 2.0
    joint: bool = True
    recuts: bool = True
    line_time: bool = True
    exchange: bool = True


CAP_EVERY = 20
"""Iterations between two looks whether a lower power cap pays."""


@dataclass(eq=False)
class MillColony:
    """One colony: its plan, its best one, and its random stream.

    Cycles of ants at falling temperature, each from the best plan, take turns with recuts.
    """

    decoder: Decoder
    params: MillParams
    model: Model
    plan: Plan
    customs: CustomBlocks
    best_plan: Kept
    stream: Stream
    cycle: float = 0.0
    longest: float = 0.0
    sent: int = 0
    iterations: int = 0

    def __post_init__(self) -> None:
        """Set the temperature's scale and the cycles' lengths."""
        arcs = self.model.hints.cost
        self.ants = self.params.ants
        allowed = arcs[arcs < FORBIDDEN // 2]
        self.scale = float(allowed.mean()) if allowed.size else 0.0
        self.longest = float(self.params.cycle * len(self.plan.place))
        self.cycle = min(self.longest, float(self.params.first_cycle))
        self.lower_cap()

    def run(self, iterations: int) -> None:
        """Run that many iterations."""
        for _ in range(iterations):
            self.iterate()
            self.iterations += 1
            if self.sent >= self.cycle:
                self.end_cycle()
            if self.iterations % CAP_EVERY == 0:
                self.lower_cap()

    def iterate(self) -> None:
        """Send out ants from the plan."""
        params = self.params
        share = min(1.0, self.sent / self.cycle)
        heat = self.scale * params.hot * (params.cold / params.hot) ** share
        run_ants(
            self.model, self.plan, self.best_plan, self.stream, params.ants, heat, params.margin,
            params.joint,
        )  # fmt: skip
        self.sent += params.ants

    def end_cycle(self) -> None:
        """Recut the best plan, and go on from it in a new cycle."""
        self.restart()
        recuts = self.params.joint and self.params.recuts
        if recuts and recut_plan(self.model, self.plan, self.customs, blocks_of(self.best_plan)):
            keep(self.plan, self.best_plan)
        self.sent = 0
        self.cycle = min(self.longest, 2 * self.cycle)

    def lower_cap(self) -> None:
        """Go on below a lower power cap where the best plan with its peak then costs less."""
        genes = self.best_plan.genes[: int(self.best_plan.length[0])]
        decoder, money = below_lower_cap(self.decoder, genes, int(self.best_plan.money[0]))
        if decoder is not self.decoder:
            self.best_plan.money[0] = money
            self.decode_with(decoder)

    def decode_with(self, decoder: Decoder) -> None:
        """Go on with a decoder of the same blocks."""
        self.decoder = decoder
        self.model = self.model._replace(mill=decoder.catalogue.book.mill)
        rebase(self.model, self.plan, 0)

    def restart(self) -> None:
        """Go on from the best plan."""
        take(self.model, self.best_plan, self.plan)
        rebase(self.model, self.plan, 0)

    @property
    def measure(self) -> float:
        """The money of the best plan; the peak counts where a cap is kept."""
        return float(int(self.best_plan.money[0]) + cap_money(self.decoder))

    def best(self) -> tuple[float, Any]:
        """Return the measure and schedule of the best plan."""
        genes = self.best_plan.genes[: int(self.best_plan.length[0])]
        return self.measure, self.decoder.schedule(genes)

    def adopt(self, other: "MillColony") -> None:
        """Take over the best plan of ``other``, to go on from when the cycle is over."""
        mine = self.best_plan
        keep_copy(other.best_plan, mine)
        taken = self.plan.genes[: int(self.plan.length[0]), BLOCK].tolist()
        for gene in mine.genes[: int(mine.length[0])]:
            if int(gene[BLOCK]) in other.customs.contents:
                spare = self.customs.free(taken)
                assert spare is not None
                self.customs.put(spare, *other.customs.contents[int(gene[BLOCK])])
                taken.append(spare)
                gene[BLOCK] = spare
        if cap_of(self.decoder) != cap_of(other.decoder):
            self.decode_with(with_cap(self.decoder, cap_of(other.decoder)))


def mill_colony(
    catalogue: Catalogue, genes: IntArray, params: MillParams, seed: int, index: int
) -> MillColony:
    """Return colony ``index`` of a catalogue's problem, starting from ``genes``."""
    book = catalogue.book
    customs = CustomBlocks(catalogue, 2 * sum(len(p.items) for p in book.products) + 8)
    blocks = customs.blocks
    decoder = decoder_of(Catalogue(book, blocks))
    items = int(blocks.product["items"].sum())
    room = items + len(book.mill.lines) + 4
    work = decoder.workspace(room)
    hints = hints_of(book, params.candidates)
    model = Model(book.mill, decoder.rules, blocks, decoder.start, heats_of(book), hints)
    plan = Plan(
        genes=np.zeros((room, GENE_COLUMNS), dtype=np.int64),
        length=np.array([len(genes)]),
        money=np.zeros(1, dtype=np.int64),
        trial=np.zeros((room, GENE_COLUMNS), dtype=np.int64),
        trial_length=np.zeros(1, dtype=np.int64),
        place=np.zeros(items, dtype=np.int64),
        work=work,
        tails=tails_of(book, room),
        trial_saved=np.zeros_like(work.saved),
        trial_wait=np.zeros(room + 1, dtype=np.int64),
    )
    plan.genes[: len(genes)] = genes
    rebase(model, plan, 0)
    best = kept(room)
    keep(plan, best)
    return MillColony(
        decoder=decoder,
        params=params,
        model=model,
        plan=plan,
        customs=customs,
        best_plan=best,
        stream=stream(seed, index),
    )


def blocks_of(plan: Kept) -> IntArray:
    """Return the blocks of a plan kept aside."""
    return plan.genes[: int(plan.length[0]), BLOCK]


def keep_copy(source: Kept, target: Kept) -> None:
    """Copy a plan kept aside."""
    for of, to in zip(source, target, strict=True):
        to[:] = of


def kept(room: int) -> Kept:
    """Return room for one plan kept aside."""
    genes = np.zeros((room, GENE_COLUMNS), dtype=np.int64)
    return Kept(genes, np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64))
