"""The catalogue: every block that a plan may be made of, with its cuts and fixed costs.

A block is a run of consecutive items of one product, cut in one go. It comes in variants: cut from
all formats, or from a single one (the one that lies hot in the yard, say). Blocks have dense ids:

    id = first_id[product] + ((first item * longest + length - 1) * variants + variant

so that splitting and merging are arithmetic. An id whose block does not exist has no cuts.
"""

from dataclasses import dataclass
from typing import NamedTuple

from scheduler.arrays import FAR, IntArray, MillArrays
from scheduler.mill import MillProblem, Weights
from scheduler.mill_arrays import arrays_of, ints, pointers
from solvers.mill.block_cuts import BlockCut, cut_block, offer_of
from solvers.mill.products import Formats, Item, Product, formats_of, products_of

MOST_RUNS = 480
LONGEST_RUN = 4
"""Longer runs cut hardly better, and the time of a cut plan grows with the cube of its items."""


class Blocks(NamedTuple):
    """Blocks as arrays; N ids, C cuts, P piece rows, R products.

    product, first, length, variant (N,): which block an id is. cut_ptr (N + 1,), format, billets
    (C,), piece_ptr (C + 1,), order, pieces (P,): its cuts, as in LotArrays. cost (N,): money that
    does not depend on when or where it is rolled (stock, crop, cut, surplus, margin, shortage).
    skip (N,): shortage and margin money when it is not made. first_id, items, grade, section (R,)
    of the products. longest, variants: as in the module's formula. format_ptr, format_row: stock
    rows by format, latest heat first.
    """

    product: IntArray
    first: IntArray
    length: IntArray
    variant: IntArray
    cut_ptr: IntArray
    format: IntArray
    billets: IntArray
    piece_ptr: IntArray
    order: IntArray
    pieces: IntArray
    cost: IntArray
    skip: IntArray
    mass: IntArray
    first_id: IntArray
    items: IntArray
    grade: IntArray
    section: IntArray
    longest: int
    variants: int
    format_ptr: IntArray
    format_row: IntArray


@dataclass(frozen=True, eq=False)
class Catalogue:
    """A problem with its products, formats and blocks."""

    problem: MillProblem
    mill: MillArrays
    products: tuple[Product, ...]
    formats: Formats
    blocks: Blocks

    def block_id(self, product: int, first: int, length: int, variant: int = 0) -> int:
        """Return the id of a block (see the module's formula)."""
        b = self.blocks
        run = (first * b.longest + length - 1) * b.variants + variant
        return int(b.first_id[product]) + run


def catalogue_of(problem: MillProblem) -> Catalogue:
    """Return the catalogue of a problem; runs are as long as the number of blocks allows."""
    mill = arrays_of(problem)
    formats, by_grade = formats_of(mill)
    products = tuple(products_of(problem, mill, by_grade))
    items = sum(len(product.items) for product in products)
    variants = 1 + max((len(p.formats) for p in products if len(p.formats) > 1), default=0)
    longest = min(LONGEST_RUN, max(2, MOST_RUNS // max(1, items)))
    rows = [
        (p, first, length, variant)
        for p, product in enumerate(products)
        for first in range(len(product.items))
        for length in range(1, longest + 1)
        for variant in range(variants)
    ]
    cuts = [_cuts(problem.weights, mill, formats, products[p], *rest) for p, *rest in rows]
    blocks = _block_arrays(problem.weights, mill, formats, products, rows, cuts, longest, variants)
    return Catalogue(problem, mill, products, formats, blocks)


def _cuts(
    weights: Weights,
    mill: MillArrays,
    formats: Formats,
    product: Product,
    first: int,
    length: int,
    variant: int,
) -> tuple[BlockCut, ...]:
    items = product.items[first : first + length]
    if len(items) < length or variant > len(product.formats) or not product.formats:
        return ()
    if variant and len(product.formats) == 1:
        return ()
    chosen = product.formats if variant == 0 else (product.formats[variant - 1],)
    return cut_block(mill, weights, items, offer_of(mill, weights, formats, product, chosen))


def _block_arrays(
    weights: Weights,
    mill: MillArrays,
    formats: Formats,
    products: tuple[Product, ...],
    rows: list[tuple[int, int, int, int]],
    cuts: list[tuple[BlockCut, ...]],
    longest: int,
    variants: int,
) -> Blocks:
    flat = [cut for block in cuts for cut in block]
    pieces = [piece for cut in flat for piece in cut.pieces]
    cost, skip, mass = [], [], []
    for (p, first, length, _), block in zip(rows, cuts, strict=True):
        items = products[p].items[first : first + length]
        cost.append(fixed_cost(weights, mill, formats, products[p], items, block) if block else FAR)
        skip.append(quantity_cost(weights, mill, items, {}))
        mass.append(sum(billet_mass(mill, formats, cut.format) * cut.billets for cut in block))
    return Blocks(
        product=ints(row[0] for row in rows),
        first=ints(row[1] for row in rows),
        length=ints(row[2] for row in rows),
        variant=ints(row[3] for row in rows),
        cut_ptr=pointers(map(len, cuts)),
        format=ints(cut.format for cut in flat),
        billets=ints(cut.billets for cut in flat),
        piece_ptr=pointers(len(cut.pieces) for cut in flat),
        order=ints(order for order, _ in pieces),
        pieces=ints(number for _, number in pieces),
        cost=ints(cost),
        skip=ints(skip),
        mass=ints(mass),
        first_id=pointers(len(p.items) * longest * variants for p in products)[:-1],
        items=ints(len(p.items) for p in products),
        grade=ints(p.grade for p in products),
        section=ints(p.section for p in products),
        longest=longest,
        variants=variants,
        format_ptr=ints(formats.ptr),
        format_row=ints(formats.row),
    )


def billet_mass(mill: MillArrays, formats: Formats, f: int) -> int:
    """Return the g of a billet of format ``f``."""
    return int(mill.stock.mass[formats.rows(f)[0]])


def fixed_cost(
    weights: Weights,
    mill: MillArrays,
    formats: Formats,
    product: Product,
    items: tuple[Item, ...],
    cuts: tuple[BlockCut, ...],
) -> int:
    """Return the block's money that no sequence changes: steel, scrap's resale, quantities."""
    money, made = 0, dict[int, int]()
    crop = int(mill.sections.crop[product.section])
    for cut in cuts:
        row = int(formats.rows(cut.format)[0])
        usable = int(mill.usable[row, product.section])
        used = 0
        for o, number in cut.pieces:
            piece = int(mill.orders.piece[o])
            used += number * (piece or usable)
            made[o] = made.get(o, 0) + cut.billets * number * (1 if piece else usable)
        steel = int(mill.stock.mass[row]) * int(mill.stock.cost[row])
        left = crop * weights.crop_resale + (usable - used) * weights.cut_resale
        money += cut.billets * (steel - left) // 1_000_000
    return money + quantity_cost(weights, mill, items, made)


def quantity_cost(
    weights: Weights, mill: MillArrays, items: tuple[Item, ...], made: dict[int, int]
) -> int:
    """Return margin, shortage and surplus money of ``made`` against the items' bounds."""
    money = 0
    for o in dict.fromkeys(item.order for item in items):
        shares = [item for item in items if item.order == o]
        lower, upper = sum(i.lower for i in shares), sum(i.upper for i in shares)
        target, amount, row = sum(i.target for i in shares), made.get(o, 0), mill.orders[o]
        inside = min(max(amount, lower), upper) - target
        unit = int(row.unit)
        money -= unit * inside * int(row.margin) // 1_000_000
        money += unit * max(0, lower - amount) * int(row.shortage) // 1_000_000
        money -= unit * max(0, amount - upper) * weights.surplus_resale // 1_000_000
    return money
