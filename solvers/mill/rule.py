"""The planner's rule: the declared baseline, and the colony's starting point.

Campaigns by size progression within a family, earliest due date inside a campaign, first-fit
decreasing cutting within the lot from the standard billet, groove changes when worn, no idling for
price. The horizon is parted into equal rounds; each round rolls all that is due in it, sizes up one
family and down the next, grades by discharge temperature. The best number of rounds is taken, as a
planner would after a look at the result; lots that miss a deadline or the horizon are moved to the
cheapest place that has room.
"""

from typing import Any, NamedTuple

import numpy as np

from scheduler.arrays import FAR, IntArray
from solvers.mill.catalogue import Book, Catalogue, Run, block_arrays
from solvers.mill.decoding import UNBOUNDED, Decoder, decoder_of
from solvers.mill.products import Item, most_by_grooves
from solvers.mill.replay import left_out
from solvers.mill.rule_cuts import rule_cuts
from solvers.mill.workspace import BLOCK, GENE_COLUMNS, LINE_END

ROUNDS = (1, 2, 3, 4, 5, 6, 8, 10, 12)
"""Numbers of rounds that a planner would try."""


class Draft(NamedTuple):
    """A lot under way: its round, place in the product, and what may still join it.

    mass: g of its targets; most: g that it may have; alone: whether nothing may join it, as an
    order with a deadline, a lock or predecessors may have to move; lines: that its orders ask for.
    """

    when: int
    first: int
    length: int
    mass: int
    most: int
    alone: bool
    lines: tuple[str, ...]

    def joined(self, other: "Draft") -> "Draft | None":
        """Return this lot with ``other`` behind it, None where they may not be one."""
        mass, most = self.mass + other.mass, min(self.most, other.most)
        same = (self.when, self.lines) == (other.when, other.lines)
        if self.alone or other.alone or not same or mass > most:
            return None
        return self._replace(length=self.length + other.length, mass=mass, most=most)


def lots_of(book: Book, rounds: int) -> list[tuple[int, Run]]:
    """Return (round, run) of the lots when each product is rolled once a round."""
    length = max(1, -(-book.mill.horizon // rounds))
    lots: list[tuple[int, Run]] = []
    for p, product in enumerate(book.products):
        drafts: list[Draft] = []
        for i, item in enumerate(product.items):
            one = draft(book, item, i, round_of(book, item.order, length, rounds))
            together = drafts[-1].joined(one) if drafts else None
            if together is None:
                drafts.append(one)
            else:
                drafts[-1] = together
        lots += [(lot.when, Run(p, lot.first, lot.length)) for lot in drafts]
    return lots


def round_of(book: Book, order: int, length: int, rounds: int) -> int:
    """Return the round in which an order is rolled: that of its due date or deadline."""
    row = book.orders[order]
    return min(max(0, min(row.due_date, row.deadline) // length), rounds - 1)


def draft(book: Book, item: Item, place: int, when: int) -> Draft:
    """Return a lot of one item, the product's item number ``place``."""
    row, order = book.orders[item.order], book.problem.orders[item.order]
    life = int(book.mill.sections.groove_life[row.section])
    return Draft(
        when=when,
        first=place,
        length=1,
        mass=item.target * row.unit,
        most=min(book.problem.campaign.lot_max or FAR, most_by_grooves(row, life)),
        alone=bool(order.lock or order.predecessors or order.deadline is not None),
        lines=order.lines,
    )


def progression(book: Book) -> dict[int, tuple[int, int, int]]:
    """Return each product's place: family, size up or down the family, discharge temperature."""
    sections, grades = book.problem.sections, book.problem.grades
    families = list(dict.fromkeys(s.family for s in sorted(sections, key=by_size)))
    place = {}
    for p, product in enumerate(book.products):
        section = sections[product.section]
        family = families.index(section.family)
        size = section.mass_per_metre if family % 2 == 0 else -section.mass_per_metre
        place[p] = (family, size, grades[product.grade].discharge_temperature)
    return place


def by_size(section: Any) -> int:
    """Return what sizes are sorted by."""
    return int(section.mass_per_metre)


def sequence(book: Book, lots: list[tuple[int, Run]]) -> list[int]:
    """Return the lots' numbers in rolling order: rounds, then the progression, up and down."""
    place = progression(book)

    def rank(i: int) -> tuple[int, ...]:
        when, run = lots[i]
        family, size, heat = place[run.product]
        forward = 1 if when % 2 == 0 else -1
        return when, forward * family, forward * size, heat, run.first

    return sorted(range(len(lots)), key=rank)


def dealt(book: Book, lots: list[tuple[int, Run]], order: list[int]) -> IntArray:
    """Return genes that deal the lots to the lines: each to the eligible line with least work."""
    mill, lines = book.mill, len(book.mill.lines)
    per_line: list[list[int]] = [[] for _ in range(lines)]
    busy = mill.lines.ready.astype(float)
    for i in order:
        run = lots[i][1]
        product = book.products[run.product]
        fit = [
            line
            for line in range(lines)
            if mill.can_roll[line, product.section]
            and all(mill.line_ok[item.order, line] for item in book.items(run))
        ] or list(range(lines))
        line = min(fit, key=lambda x: busy[x])
        mass = sum(item.target * int(mill.orders.unit[item.order]) for item in book.items(run))
        busy[line] += 3600 * mass / mill.rate[line, product.section, product.grade]
        per_line[line].append(i)
    blocks: list[int] = []
    for line in range(lines):
        blocks += per_line[line] if line == 0 else [LINE_END, *per_line[line]]
    genes = np.zeros((len(blocks), GENE_COLUMNS), dtype=np.int64)
    genes[:, BLOCK] = blocks
    genes[:, 2] = -FAR
    return genes


def repaired(decoder: Decoder, genes: IntArray, most: int) -> tuple[int, IntArray]:
    """Return money and genes after moving every left-out lot to its cheapest place.

    A lot gains at most what it costs as left out; given up when ``most`` cannot be gone below.
    """
    skip = decoder.catalogue.blocks.block.skip
    work = decoder.workspace(len(genes))
    money, missing = decoder.money(genes, work), left_out(decoder, genes)
    hope = int(skip[missing].sum())
    for g in missing:
        if money - hope >= most:
            break
        hope -= int(skip[g])
        here = int(np.flatnonzero(genes[:, BLOCK] == g)[0])
        moved, rest = genes[here : here + 1], np.delete(genes, here, axis=0)
        without = decoder.money(rest, work)  # leaves a checkpoint before every gene
        for place in range(len(genes)):
            trial = np.concatenate((rest[:place], moved, rest[place:]))
            cost = decoder.inserted_money(trial, work, place, without, money)
            if cost < money:
                money, genes = cost, trial
    return money, genes


def rule_plan(book: Book) -> tuple[Decoder, IntArray, int]:
    """Return the rule's decoder, genes and money: the best over the numbers of rounds.

    Those that could become the best are repaired, the cheapest as they are first: the sooner a
    good one is known, the sooner others are given up.
    """
    drafts = []
    for rounds in ROUNDS:
        lots = lots_of(book, rounds)
        runs = [run for _, run in lots]
        blocks = block_arrays(book, runs, [rule_cuts(book, run) for run in runs], 0, 0)
        decoder = decoder_of(Catalogue(book, blocks))
        genes = dealt(book, lots, sequence(book, lots))
        money = decoder.money(genes, decoder.workspace(len(genes)))
        missing = sum(int(blocks.block.skip[g]) for g in left_out(decoder, genes))
        drafts.append((money, rounds, money - missing, decoder, genes))
    best: tuple[Decoder, IntArray, int] | None = None
    for _, _, least, decoder, genes in sorted(drafts, key=lambda draft: draft[:2]):
        if best is not None and least >= best[2]:
            continue
        money, genes = repaired(decoder, genes, UNBOUNDED if best is None else best[2])
        if best is None or money < best[2]:
            best = decoder, genes, money
    assert best is not None
    return best
