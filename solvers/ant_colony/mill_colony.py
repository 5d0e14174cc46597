"""The mill colony: cut plan, lots, sequence, groove changes and idle times, decided together."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scheduler.arrays import FAR, IntArray
from scheduler.schedule import Schedule
from solvers.ant_colony.mill_ants import Candidates, Kept, deposit, keep, run_ants, take
from solvers.ant_colony.mill_plan import Heats, Model, Plan, rebase
from solvers.ant_colony.mill_recuts import recut_plan
from solvers.ant_colony.mill_search import improve_items
from solvers.ant_colony.mill_tail import Tails
from solvers.ant_colony.pheromone import fresh_trails, lowest_trail
from solvers.ant_colony.random import Stream, stream
from solvers.mill.catalogue import Book, Catalogue
from solvers.mill.custom_blocks import CustomBlocks
from solvers.mill.decoding import Decoder, decoder_of
from solvers.mill.workspace import BLOCK, GENE_COLUMNS

HOUR_APART = 3
MINUTE_OF_CHANGE = 10
"""Money that an hour between due dates and a minute of changeover count in candidate lists."""


@dataclass(frozen=True, slots=True)
class MillParams:
    """How the mill colony searches.

    ants an iteration, candidates per item, items around which a descent searches in one iteration;
    ants per item in the first cooling cycle and how much longer every further one is; temperature
    at a cycle's start and end, in shares of the mean cost of a candidate arc; persistence of the
    trail. joint, pheromone and search switch those parts off, for ablations.
    """

    ants: int = 256
    candidates: int = 10
    chunk: int = 4
    cycle: int = 300
    cycle_growth: float = 2.0
    hot: float = 2.0
    cold: float = 0.05
    persistence: float = 0.9
    best_probability: float = 0.1
    joint: bool = True
    pheromone: bool = True
    search: bool = True


def item_costs(book: Book) -> IntArray:
    """Return what it costs, roughly, to roll item j right after item i; shape (items, items)."""
    mill, weights = book.mill, book.problem.weights
    product = np.repeat(np.arange(len(book.products)), [len(p.items) for p in book.products])
    section = np.array([p.section for p in book.products])[product]
    grade = np.array([p.grade for p in book.products])[product]
    due = mill.orders.due_date[[item.order for p in book.products for item in p.items]]
    sections, grades = mill.section_changes, mill.grade_changes
    pair, heat = np.ix_(section, section), np.ix_(grade, grade)
    seconds = np.maximum(sections.time[pair], grades.time[heat])
    scrap = sections.scrap[pair] + grades.scrap[heat]
    money = scrap * (weights.transition_steel - weights.transition_resale) // 1_000_000
    money += seconds * (MINUTE_OF_CHANGE * 10_000) // 60
    money += np.where(section[:, None] != section[None, :], weights.section_change, 0)
    money += np.abs(due[:, None] - due[None, :]) * (HOUR_APART * 10_000) // 3600
    forbidden = sections.forbidden[pair] | grades.forbidden[heat]
    return np.where(forbidden > 0, money + FAR // 1024, money)


def candidates_of(costs: IntArray, k: int) -> Candidates:
    """Return each item's k cheapest successors and predecessors."""
    n = len(costs)
    k = max(1, min(k, n - 1))
    free = costs + np.diag(np.full(n, FAR // 4))
    near = np.argsort(free, axis=1, kind="stable")[:, :k]
    back = np.argsort(free, axis=0, kind="stable")[:k].T
    return Candidates(np.ascontiguousarray(near), np.ascontiguousarray(back))


@dataclass(eq=False)
class MillColony:
    """One colony: its plan, trails, candidates and random stream.

    Cycles of ants at falling temperature, each from the best plan and longer than the one before,
    take turns with descents and recuts.
    """

    decoder: Decoder
    params: MillParams
    model: Model
    plan: Plan
    candidates: Candidates
    customs: CustomBlocks
    best_plan: Kept
    stream: Stream
    costs: IntArray
    cursor: int = 0
    pass_money: int = 0
    fresh: bool = False
    cycle: float = 0.0
    sent: int = 0
    shown: tuple[int, Schedule] | None = field(default=None)

    def __post_init__(self) -> None:
        """Set the trails to their upper limit."""
        rows = np.arange(len(self.candidates.near))[:, None]
        arcs = self.costs[rows, self.candidates.near]
        self.ants = self.params.ants
        self.trails = fresh_trails(arcs, 1.0)
        self.scale = float(arcs[arcs < FAR // 1024].mean()) if len(arcs) else 0.0
        self.cycle = float(self.params.cycle * len(self.plan.place))
        size = max(2, len(self.candidates.near))
        k, chance = self.candidates.near.shape[1], self.params.best_probability
        self.tau_min = lowest_trail(size, k, chance)

    def run(self, iterations: int) -> None:
        """Run that many iterations."""
        for _ in range(iterations):
            if self.fresh:
                self.descend()
            else:
                self.iterate()

    def descend(self) -> None:
        """Improve the plan around the next items, pass by pass while that gains."""
        params, items = self.params, np.arange(len(self.plan.place))
        if self.cursor == 0:
            self.pass_money = int(self.plan.money[0])
        chunk = items[self.cursor : self.cursor + params.chunk]
        if params.search:
            near, back = self.candidates
            budget = 2 * params.chunk
            improve_items(
                self.model, self.plan, chunk, len(chunk), near, back, params.joint, budget
            )
        self.cursor += params.chunk
        if self.cursor >= len(items):
            self.end_pass()
        self.keep_better()

    def end_pass(self) -> None:
        """Recut the plan; the descent is over when the pass has gained less than 1 in 10 000."""
        self.cursor = 0
        if self.params.joint:
            recut_plan(self.model, self.plan, self.customs, blocks_of(self.best_plan))
        gained = self.pass_money - int(self.plan.money[0])
        self.fresh = self.params.search and gained * 10_000 > abs(self.pass_money)
        if not self.fresh:
            self.keep_better()
            self.restart()

    def keep_better(self) -> None:
        """Keep the plan if it is the best."""
        if self.plan.money[0] < self.best_plan.money[0]:
            keep(self.plan, self.best_plan)

    def restart(self) -> None:
        """Go on from the best plan."""
        take(self.model, self.best_plan, self.plan)
        rebase(self.model, self.plan, 0)

    def iterate(self) -> None:
        """Send out ants from the plan and update the trail; descend when the cycle is over."""
        params = self.params
        share = min(1.0, self.sent / self.cycle)
        heat = self.scale * params.hot * (params.cold / params.hot) ** share
        run_ants(
            self.model, self.plan, self.best_plan, self.candidates, self.trails, self.stream,
            params.ants, heat, params.joint,
        )  # fmt: skip
        self.sent += params.ants
        if params.pheromone:
            deposit(
                self.model, self.plan, self.trails, self.candidates, params.persistence,
                self.tau_min,
            )  # fmt: skip
        if self.sent >= self.cycle:
            self.sent, self.cycle = 0, self.cycle * params.cycle_growth
            self.fresh = True

    def best(self) -> tuple[float, Any]:
        """Return the money and schedule of the best plan."""
        money = int(self.best_plan.money[0])
        if self.shown is None or self.shown[0] != money:
            genes = self.best_plan.genes[: int(self.best_plan.length[0])]
            self.shown = money, self.decoder.schedule(genes)
        return float(money), self.shown[1]

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
        self.shown = other.shown


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
    model = Model(book.mill, decoder.rules, blocks, decoder.start, heats_of(book))
    plan = Plan(
        genes=np.zeros((room, GENE_COLUMNS), dtype=np.int64),
        length=np.array([len(genes)]),
        money=np.zeros(1, dtype=np.int64),
        trial=np.zeros((room, GENE_COLUMNS), dtype=np.int64),
        trial_length=np.zeros(1, dtype=np.int64),
        place=np.zeros(items, dtype=np.int64),
        work=decoder.workspace(room),
        tails=tails_of(book, room),
    )
    plan.genes[: len(genes)] = genes
    rebase(model, plan, 0)
    best = kept(room)
    keep(plan, best)
    costs = item_costs(book)
    return MillColony(
        decoder=decoder,
        params=params,
        model=model,
        plan=plan,
        candidates=candidates_of(costs, params.candidates),
        customs=customs,
        best_plan=best,
        stream=stream(seed, index),
        costs=costs,
    )


def heats_of(book: Book) -> Heats:
    """Return the stock that comes hot, by grade and time, with the variants cut from it."""
    stock, grades = book.mill.stock, len(book.mill.grades)
    hot = np.flatnonzero(stock.minutes > 1)
    row = hot[np.lexsort((stock.available[hot], stock.grade[hot]))]
    ptr = np.searchsorted(stock.grade[row], np.arange(grades + 1))
    variant = np.zeros(len(stock), dtype=np.int64)
    for product in book.products:
        if len(product.formats) > 1:
            for number, f in enumerate(product.formats, start=1):
                variant[book.formats.rows(f)] = number
    return Heats(ptr.astype(np.int64), row.astype(np.int64), variant)


def tails_of(book: Book, room: int) -> Tails:
    """Return room for tails, with the money that an hour of each line's span costs on average."""
    tariff, lines = book.mill.tariff, book.mill.lines
    gas = tariff.gas + tariff.gas_emissions * tariff.co2 // 1_000_000
    price = int(tariff.electricity.value.mean())
    hour = (lines.holding * gas + lines.base_load * price) // 1_000_000
    nothing = np.zeros(room + 1, dtype=np.int64)
    return Tails(nothing, nothing.copy(), nothing.copy(), hour.astype(np.int64))


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
