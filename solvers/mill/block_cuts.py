"""The cut plan of a block: its items from given billet formats, at least cost.

Fixed lengths go to ``solvers.cutting_lot``; coils, one a billet, to a small enumeration here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from scheduler.arrays import FAR, MILLION, IntArray, MillArrays
from scheduler.costs import billet_energy, gas_after
from scheduler.mill import Weights
from solvers.cutting_lot import plan_lot
from solvers.mill.products import Formats, Item, Product


@dataclass(frozen=True, slots=True)
class BlockCut:
    """``billets`` of ``format``, each cut to ``pieces``: (order, pieces) pairs."""

    format: int
    billets: int
    pieces: tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class Offer:
    """The formats a block may be cut from: usable g, money a billet, and billets there are."""

    formats: tuple[int, ...]
    usable: IntArray
    cost: IntArray
    limit: IntArray


class Worth(NamedTuple):
    """What a piece of each order weighs (0 of coils), gains inside its bounds, and costs missing.

    g and money, all (O,) int64.
    """

    piece: IntArray
    value: IntArray
    shortage: IntArray


def worth_of(mill: MillArrays, weights: Weights) -> Worth:
    """Return the worth of every order's pieces, above what they would be resold for."""
    orders, piece = mill.orders, mill.orders.piece.astype(np.int64)
    value = piece * (orders.margin - weights.cut_resale) // MILLION
    return Worth(piece, value, piece * orders.shortage // MILLION)


def plain(row: np.record) -> Any:
    """Return a record's fields as Python's own integers: a record takes a microsecond for each."""
    return SimpleNamespace(**dict(zip(row.dtype.names or (), row.item(), strict=True)))


def offer_of(
    mill: MillArrays,
    weights: Weights,
    formats: Formats,
    item: Product,
    chosen: Sequence[int],
    hour: int = 0,
) -> Offer:
    """Return the offer of ``chosen`` formats; a billet costs its steel and its variable making.

    ``hour`` is what an hour of line time costs, which every billet takes its share of.
    """
    rows = [int(formats.rows(f)[0]) for f in chosen]
    rate = max(1, int(mill.rate[:, item.section, item.grade].max()))
    cost = [
        billet_cost(mill, weights, item.section, row, gas_after(mill, 0, item.grade, row, FAR))
        + hour * int(mill.stock.mass[row]) // rate
        for row in rows
    ]
    usable = mill.usable[rows, item.section]
    limit = [min(FAR, int(mill.stock.limit[formats.rows(f)].sum())) for f in chosen]
    return Offer(
        tuple(chosen),
        usable.astype(np.int64),
        np.array(cost, dtype=np.int64),
        np.array([-1 if n >= FAR else n for n in limit], dtype=np.int64),
    )


def billet_cost(mill: MillArrays, weights: Weights, section: int, row: int, gas: int) -> int:
    """Return what a billet costs: steel, crop's resale, ``gas`` (Wh), electricity at mean price.

    The CO2 of both is in it.
    """
    stock, tariff = mill.stock[row], mill.tariff
    power = int(billet_energy(mill, section, stock.mass))
    price = int(tariff.electricity.value.mean())
    if tariff.watch_carbon:
        price += int(tariff.carbon.value.mean()) * tariff.co2 // MILLION
    gas, money = int(gas), int(stock.mass) * int(stock.cost)
    money -= int(mill.sections.crop[section]) * weights.crop_resale
    money += gas * (tariff.gas + tariff.gas_emissions * tariff.co2 // MILLION) + power * price
    return money // MILLION


def cut_block(
    mill: MillArrays, weights: Weights, worth: Worth, items: Sequence[Item], offer: Offer
) -> tuple[BlockCut, ...]:
    """Return the cuts of a block, early orders first; empty where the offer cannot make it."""
    if worth.piece[items[0].order] == 0:
        return tuple(cut for item in items for cut in coil_cuts(mill, weights, item, offer))
    return bar_cuts(worth, weights.cut_resale, items, offer)


def bar_cuts(
    worth: Worth, resale: int, items: Sequence[Item], offer: Offer
) -> tuple[BlockCut, ...]:
    """Return the cuts of a block of fixed lengths; what is left of a billet is resold."""
    orders = [item.order for item in items]
    plan, _ = plan_lot(
        worth.piece[orders],
        np.array([item.lower for item in items], dtype=np.int64),
        np.array([item.target for item in items], dtype=np.int64),
        np.array([item.upper for item in items], dtype=np.int64),
        worth.value[orders],
        worth.shortage[orders],
        offer.usable,
        offer.cost - offer.usable * resale // MILLION,
        offer.limit,
    )
    return tuple(
        BlockCut(
            offer.formats[int(plan.stock[r])],
            int(plan.units[r]),
            merged_pieces(items, plan.pattern[r]),
        )
        for r in range(len(plan.units))
    )


def merged_pieces(items: Sequence[Item], pattern: IntArray) -> tuple[tuple[int, int], ...]:
    """Return the pieces by order; shares of one order in one block count together."""
    total: dict[int, int] = {}
    for item, pieces in zip(items, pattern.tolist(), strict=True):
        if pieces:
            total[item.order] = total.get(item.order, 0) + pieces
    return tuple(total.items())


def coil_cuts(mill: MillArrays, weights: Weights, item: Item, offer: Offer) -> tuple[BlockCut, ...]:
    """Return the cheapest mix of formats whose coils lie in the order's window.

    Short of the order where the billets are too few.
    """
    order = plain(mill.orders[item.order])
    fits = (offer.usable >= order.coil_min) & (offer.usable <= order.coil_max)
    fitting = np.flatnonzero(fits).tolist()
    if not fitting:
        return ()
    usable, price = offer.usable[fitting].tolist(), offer.cost[fitting].tolist()
    ranges = [range(item.upper // u + 2) for u in usable[1:]]
    there = int(offer.limit[fitting[0]])
    best, chosen = coil_cost(weights, order, item, 0), [0] * len(fitting)
    for others in product(*(thinned(r) for r in ranges)):
        made = sum(n * u for n, u in zip(others, usable[1:], strict=True))
        least = max(0, -(-(item.lower - made) // usable[0]))
        for wanted in {least, max(0, (item.upper - made) // usable[0])}:
            first = wanted if there < 0 else min(wanted, there)
            counts = [first, *others]
            total = made + first * usable[0]
            if not within(offer.limit, fitting, counts):
                continue
            steel = sum(cost * n for cost, n in zip(price, counts, strict=True))
            money = steel + coil_cost(weights, order, item, total)
            if money < best:
                best, chosen = money, counts
    return tuple(
        BlockCut(offer.formats[s], n, ((item.order, 1),))
        for s, n in zip(fitting, chosen, strict=True)
        if n
    )


def thinned(counts: range) -> list[int]:
    """Return small counts of a second format: a few billets are enough to hit any weight."""
    return list(counts)[:8]


def within(limit: IntArray, fitting: Sequence[int], counts: Sequence[int]) -> bool:
    """Whether there are that many billets."""
    pairs = zip(fitting, counts, strict=True)
    return all(limit[s] < 0 or n <= limit[s] for s, n in pairs)


def coil_cost(weights: Weights, order: Any, item: Item, made: int) -> int:
    """Return margin, shortage and surplus money of ``made`` g against an item's bounds."""
    inside = min(max(made, item.lower), item.upper) - item.target
    money = -inside * order.margin + max(0, item.lower - made) * order.shortage
    money -= max(0, made - item.upper) * weights.surplus_resale
    return int(money // MILLION)


def row_coil_cuts(mill: MillArrays, items: Sequence[Item], offer: Offer) -> tuple[BlockCut, ...]:
    """Return coils from an offer of stock rows: the cheapest steel first, then the weight met.

    Greedy: billets are taken in order of cost per usable g while a coil is worth it or still owed.
    """
    left = offer.limit.copy()
    cuts: list[BlockCut] = []
    for item in items:
        for s, billets in greedy_coils(mill, item, offer, left):
            left[s] -= billets
            cuts.append(BlockCut(offer.formats[s], billets, ((item.order, 1),)))
    return tuple(cuts)


def greedy_coils(
    mill: MillArrays, item: Item, offer: Offer, left: IntArray
) -> list[tuple[int, int]]:
    """Return (format, billets) for one coil item; ``left`` are the billets there are."""
    order = mill.orders[item.order]
    fits = (offer.usable >= order.coil_min) & (offer.usable <= order.coil_max) & (left > 0)
    ranked = sorted(np.flatnonzero(fits).tolist(), key=lambda s: offer.cost[s] / offer.usable[s])
    made, taken = 0, list[tuple[int, int]]()
    for s in ranked:
        coil = int(offer.usable[s])
        paid = int(offer.cost[s]) * MILLION < coil * int(order.margin)
        owed = -(-max(0, item.lower - made) // coil)
        room = (item.upper - made) // coil
        if billets := min(room if paid else owed, room, int(left[s])):
            taken.append((s, billets))
            made += billets * coil
    return taken if made >= item.lower else topped_up(offer, ranked, taken, item, made, left)


def topped_up(
    offer: Offer,
    ranked: list[int],
    taken: list[tuple[int, int]],
    item: Item,
    made: int,
    left: IntArray,
) -> list[tuple[int, int]]:
    """Add the lightest coil that closes the gap to the lower bound, if there is one."""
    counts = dict(taken)
    spare = [s for s in ranked if left[s] > counts.get(s, 0)]
    closing = [s for s in spare if made + int(offer.usable[s]) >= item.lower]
    if closing:
        s = min(closing, key=lambda s: int(offer.usable[s]))
        counts[s] = counts.get(s, 0) + 1
    return list(counts.items())
