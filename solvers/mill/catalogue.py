"""The catalogue: every block that a plan may be made of, with its cuts and fixed costs.

A block is a run of consecutive items of one product, cut in one go. It comes in variants: cut from
all formats, or from a single one (the one that lies hot in the yard, say). Line time is priced in
these, as it makes what is rolled behind later; the last variant, from all formats, is cut as if it
were free, and so makes more of what pays; of one order that its lock wants made it is a single
billet, as in its place there may be no time for more. Blocks have dense ids:

    id = first_id[product] + ((first item * longest + length - 1) * variants + variant

so that splitting and merging are arithmetic. An id whose block does not exist has no cuts.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from scheduler.arrays import FAR, MILLION, MillArrays
from scheduler.mill import MillProblem
from scheduler.mill_arrays import arrays_of, ints, pointers, records
from solvers.mill.block_cuts import BlockCut, Offer, Worth, cut_block, offer_of, plain, worth_of
from solvers.mill.blocks import BLOCK_ROW, CUT_ROW, PIECE_ROW, PRODUCT_ROW, Blocks
from solvers.mill.freeze import frozen_made
from solvers.mill.products import Formats, Item, Product, formats_of, products_of
from solvers.mill.workspace import PENALTY

MOST_RUNS = 480
LONGEST_RUN = 4
"""Longer runs cut hardly better, and the time of a cut plan grows with the cube of its items."""


class Run(NamedTuple):
    """The place of a block: product, first item, number of items, variant."""

    product: int
    first: int
    length: int
    variant: int = 0


@dataclass(frozen=True, eq=False)
class Book:
    """A problem with its arrays, products and billet formats."""

    problem: MillProblem
    mill: MillArrays
    products: tuple[Product, ...]
    formats: Formats

    def items(self, run: Run) -> tuple[Item, ...]:
        """Return the items of a run; fewer than its length where the product ends."""
        return self.products[run.product].items[run.first : run.first + run.length]

    @cached_property
    def worth(self) -> Worth:
        """Return what orders' pieces are worth."""
        return worth_of(self.mill, self.problem.weights)

    @cached_property
    def orders(self) -> list[Any]:
        """Return the orders, plain."""
        return [plain(row) for row in self.mill.orders]

    @cached_property
    def stock(self) -> list[Any]:
        """Return the stock rows, plain."""
        return [plain(row) for row in self.mill.stock]

    @cached_property
    def must_make(self) -> frozenset[int]:
        """Return the orders whose lock is broken where they are not made at all."""
        made = frozen_made(self.problem, self.mill)
        return frozenset(
            o
            for o, order in enumerate(self.problem.orders)
            if (lock := order.lock) is not None
            and (lock.position is not None or lock.start_exactly is not None)
            and made[o] == 0
        )


@dataclass(frozen=True, eq=False)
class Catalogue:
    """A book with its blocks."""

    book: Book
    blocks: Blocks

    def block_id(self, product: int, first: int, length: int, variant: int = 0) -> int:
        """Return the id of a block (see the module's formula)."""
        b = self.blocks
        run = (first * b.longest + length - 1) * b.variants + variant
        return int(b.product.first_id[product]) + run


def book_of(problem: MillProblem) -> Book:
    """Return the book of a problem."""
    mill = arrays_of(problem)
    formats, by_grade = formats_of(mill)
    return Book(problem, mill, tuple(products_of(problem, mill, by_grade)), formats)


def catalogue_of(book: Book, hour: int, threads: int = 1) -> Catalogue:
    """Return the catalogue of a book; runs are as long as the number of blocks allows.

    ``hour`` is the money that an hour of line time costs. Blocks are cut on ``threads`` threads.
    """
    products = book.products
    items = sum(len(product.items) for product in products)
    variants = 2 + max((len(p.formats) for p in products if len(p.formats) > 1), default=0)
    longest = min(LONGEST_RUN, max(2, MOST_RUNS // max(1, items)))
    rows = [
        Run(p, first, length, variant)
        for p, product in enumerate(products)
        for first in range(len(product.items))
        for length in range(1, longest + 1)
        for variant in range(variants)
    ]
    offers = [offers_of(book, product, variants, hour) for product in products]

    def cut(run: Run) -> tuple[BlockCut, ...]:
        if run.variant == variants - 1 and is_lone_lock(book, run):
            return least_cuts(book, run)
        return run_cuts(book, run, offers[run.product][run.variant])

    with ThreadPoolExecutor(threads) as pool:
        cuts = list(pool.map(cut, rows))
    return Catalogue(book, block_arrays(book, rows, cuts, longest, variants))


def offers_of(book: Book, product: Product, variants: int, hour: int) -> list[Offer | None]:
    """Return what each variant of a product's blocks is cut from; None where there is no such."""
    single = [(f,) for f in product.formats] if len(product.formats) > 1 else []
    missing: list[Offer | None] = [None] * (variants - 2 - len(single))
    priced = [offer(book, product, chosen, hour) for chosen in (product.formats, *single)]
    return [*priced, *missing, offer(book, product, product.formats)]


def offer(book: Book, product: Product, chosen: tuple[int, ...], hour: int = 0) -> Offer | None:
    """Return the offer of ``chosen`` formats at ``hour`` for an hour of line time."""
    if not chosen:
        return None
    return offer_of(book.mill, book.problem.weights, book.formats, product, chosen, hour)


def run_cuts(book: Book, run: Run, of: Offer | None) -> tuple[BlockCut, ...]:
    """Return the best cuts of a run from the offer ``of``; none where it does not exist."""
    items = book.items(run)
    if of is None or len(items) < run.length:
        return ()
    return cut_block(book.mill, book.problem.weights, book.worth, items, of)


def is_lone_lock(book: Book, run: Run) -> bool:
    """Whether a run is one item of an order that has to be made, if only in part."""
    items = book.items(run)
    return run.length == 1 and bool(items) and items[0].order in book.must_make


def least_cuts(book: Book, run: Run) -> tuple[BlockCut, ...]:
    """Return the run's cuts from one billet, the lightest that makes any of it."""
    product = book.products[run.product]
    for f in sorted(product.formats, key=lambda f: billet_mass(book, f)):
        of = offer(book, product, (f,))
        if of is None or of.limit[0] == 0:
            continue
        if cuts := run_cuts(book, run, replace(of, limit=np.ones_like(of.limit))):
            return cuts
    return ()


def block_arrays(
    book: Book,
    runs: Sequence[Run],
    cuts: Sequence[tuple[BlockCut, ...]],
    longest: int,
    variants: int,
) -> Blocks:
    """Return the blocks of ``runs`` cut as ``cuts``, with ids in the order given."""
    flat = [cut for block in cuts for cut in block]
    pieces = [piece for cut in flat for piece in cut.pieces]
    pairs = list(zip(runs, cuts, strict=True))
    cut_ends = np.cumsum([len(block) for block in cuts])
    piece_ends = np.cumsum([len(cut.pieces) for cut in flat])
    items = [len(product.items) for product in book.products]
    block = records(
        BLOCK_ROW,
        product=[run.product for run in runs],
        first=[run.first for run in runs],
        length=[run.length for run in runs],
        variant=[run.variant for run in runs],
        first_cut=cut_ends - [len(block) for block in cuts],
        end_cut=cut_ends,
        cost=[fixed_cost(book, run, block) if block else FAR for run, block in pairs],
        skip=[quantity_cost(book, book.items(run), {}) for run in runs],
        mass=[sum(billet_mass(book, c.format) * c.billets for c in block) for block in cuts],
    )
    return Blocks(
        block=block,
        cut=records(
            CUT_ROW,
            format=[cut.format for cut in flat],
            billets=[cut.billets for cut in flat],
            first_piece=piece_ends - [len(cut.pieces) for cut in flat],
            end_piece=piece_ends,
        ),
        piece=records(PIECE_ROW, order=[o for o, _ in pieces], pieces=[n for _, n in pieces]),
        product=records(
            PRODUCT_ROW,
            first_id=pointers(n * longest * variants for n in items)[:-1],
            first_item=pointers(items)[:-1],
            items=items,
            grade=[product.grade for product in book.products],
            section=[product.section for product in book.products],
        ),
        longest=longest,
        variants=variants,
        format_ptr=ints(book.formats.ptr),
        format_row=ints(book.formats.row),
    )


def billet_mass(book: Book, f: int) -> int:
    """Return the g of a billet of format ``f``."""
    return int(book.stock[book.formats.rows(f)[0]].mass)


def fixed_cost(book: Book, run: Run, cuts: tuple[BlockCut, ...]) -> int:
    """Return the block's money that no sequence changes: steel, scrap's resale, quantities."""
    mill, weights = book.mill, book.problem.weights
    section = book.products[run.product].section
    crop = int(mill.sections.crop[section])
    money, made = 0, dict[int, int]()
    for cut in cuts:
        row = int(book.formats.rows(cut.format)[0])
        usable = int(mill.usable[row, section])
        used = 0
        for o, number in cut.pieces:
            piece = book.orders[o].piece
            used += number * (piece or usable)
            made[o] = made.get(o, 0) + cut.billets * number * (1 if piece else usable)
        steel = book.stock[row].mass * book.stock[row].cost
        left = crop * weights.crop_resale + (usable - used) * weights.cut_resale
        money += cut.billets * (steel - left) // MILLION
    return money + quantity_cost(book, book.items(run), made)


def quantity_cost(book: Book, items: tuple[Item, ...], made: dict[int, int]) -> int:
    """Return margin, shortage and surplus money of ``made`` against the items' bounds.

    An order that a lock wants made costs a penalty where nothing of it is: such a plan is broken.
    """
    money = 0
    for o in dict.fromkeys(item.order for item in items):
        shares = [item for item in items if item.order == o]
        lower, upper = sum(i.lower for i in shares), sum(i.upper for i in shares)
        target, amount, row = sum(i.target for i in shares), made.get(o, 0), book.orders[o]
        inside = min(max(amount, lower), upper) - target
        money -= row.unit * inside * row.margin // MILLION
        money += row.unit * max(0, lower - amount) * row.shortage // MILLION
        surplus = row.unit * max(0, amount - upper)
        money -= surplus * book.problem.weights.surplus_resale // MILLION
        money += PENALTY if amount == 0 and o in book.must_make else 0
    return money
