"""What the mill's ants are told before they start: arc costs, candidates, hot heats, line hours."""

from typing import NamedTuple

import numpy as np

from scheduler.arrays import FAR, MILLION, IntArray
from scheduler.kernel import inner_kernel, kernel_in_place
from scheduler.mill import MONEY
from scheduler.walk import END
from solvers.ant_colony.mill_plan import Heats, Hints
from solvers.ant_colony.mill_tail import Tails, late_hours
from solvers.mill.catalogue import Book
from solvers.mill.decoding import Decoder
from solvers.mill.workspace import BLOCK, LEFT_OUT, LINE, LINE_END, PENALTY, Workspace

HOUR_APART = 3
MINUTE_OF_CHANGE = 10
"""Money that an hour between due dates and a minute of changeover count in candidate lists."""
SCARCE = 10
"""One part in so many of what an hour of a left-out order makes counts as an hour's price."""
FORBIDDEN = FAR // 1024
"""Money that a forbidden change counts there."""


def changes_of(book: Book) -> tuple[IntArray, IntArray, IntArray]:
    """Return money, seconds and forbidden parts of changeovers between products, all (P, P)."""
    mill, weights = book.mill, book.problem.weights
    section = np.array([product.section for product in book.products], dtype=np.int64)
    grade = np.array([product.grade for product in book.products], dtype=np.int64)
    pair, heat = np.ix_(section, section), np.ix_(grade, grade)
    sections, grades = mill.section_changes, mill.grade_changes
    scrap = sections.scrap[pair] + grades.scrap[heat]
    money = scrap * (weights.transition_steel - weights.transition_resale) // MILLION
    money += np.where(section[:, None] != section, weights.section_change, 0)
    money += np.where(grade[:, None] != grade, weights.grade_change, 0)
    seconds = np.maximum(sections.time[pair], grades.time[heat])
    return money, seconds, sections.forbidden[pair] + grades.forbidden[heat]


class Arcs(NamedTuple):
    """What it costs, roughly, to roll one item right after another; never kept for all pairs.

    change (P, P): money from product to product, its time included; product (items,); due
    (items,) s.
    """

    change: IntArray
    product: IntArray
    due: IntArray


def arcs_of(book: Book) -> Arcs:
    """Return the arcs between the items of a book."""
    product = np.repeat(np.arange(len(book.products)), [len(p.items) for p in book.products])
    money, seconds, forbidden = changes_of(book)
    money = money + seconds * (MINUTE_OF_CHANGE * MONEY) // 60
    change = np.where(forbidden > 0, money + FORBIDDEN, money)
    return Arcs(change, product, book.mill.orders.due_date[orders_of(book)].astype(np.int64))


@inner_kernel
def arc_cost(arcs: Arcs, i: int, j: int) -> int:
    """Return what it costs to roll item j right after item i."""
    apart = abs(arcs.due[i] - arcs.due[j])
    return arcs.change[arcs.product[i], arcs.product[j]] + apart * (HOUR_APART * MONEY) // 3600


def orders_of(book: Book) -> IntArray:
    """Return every item's order (items,)."""
    return np.array([item.order for p in book.products for item in p.items], dtype=np.int64)


def likely_successors(arcs: Arcs, k: int) -> tuple[IntArray, IntArray]:
    """Return each item's k cheapest successors and their costs, both (items, k)."""
    n = len(arcs.product)
    near = np.zeros((n, max(1, min(k, n - 1))), dtype=np.int64)
    cost = np.zeros(near.shape, dtype=np.int64)
    pick_cheapest(arcs, near, cost)
    return near, cost


@kernel_in_place
def pick_cheapest(arcs: Arcs, near: IntArray, cost: IntArray) -> None:
    """Fill ``near`` and ``cost`` (items, k), equals in the order of items."""
    most = near.shape[1] - 1
    for i in range(near.shape[0]):
        found = 0
        for j in range(near.shape[0]):
            money = arc_cost(arcs, i, j)
            if j == i or (found > most and money >= cost[i, most]):
                continue
            place = min(found, most)
            while place > 0 and cost[i, place - 1] > money:
                near[i, place], cost[i, place] = near[i, place - 1], cost[i, place - 1]
                place -= 1
            near[i, place], cost[i, place] = j, money
            found += 1


def hints_of(book: Book, candidates: int) -> Hints:
    """Return what ants know of a book."""
    mill, products, order = book.mill, book.products, orders_of(book)
    near, cost = likely_successors(arcs_of(book), candidates)
    scale = max(1.0, float(np.minimum(cost, np.median(cost) * 4).mean()))
    money, seconds, _ = changes_of(book)
    shares = np.bincount(order, minlength=len(mill.orders))[order]
    hour = mill.orders.weight[order] * book.problem.weights.tardiness // (1000 * shares)
    sections, grades = [p.section for p in products], [p.grade for p in products]
    return Hints(
        near=near,
        cost=cost,
        odds=np.asarray(scale / (scale + cost), dtype=np.float64),
        money=np.pad(money, (0, 1)),
        seconds=np.pad(seconds, (0, 1)),
        due=mill.orders.due_date[order].astype(np.int64),
        hour=hour.astype(np.int64),
        rate=np.ascontiguousarray(mill.rate[:, sections, grades]),
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
    nothing = np.zeros(room + 1, dtype=np.int64)
    return Tails(nothing, nothing.copy(), nothing.copy(), span_hour(book))


def span_hour(book: Book) -> IntArray:
    """Return the money that an hour of each line's span costs on average (L,): holding and base."""
    tariff, lines = book.mill.tariff, book.mill.lines
    gas = tariff.gas + tariff.gas_emissions * tariff.co2 // MILLION
    price = int(tariff.electricity.value.mean())
    hour = (lines.holding * gas + lines.base_load * price) // MILLION
    return np.asarray(hour.astype(np.int64))


def hour_price(decoder: Decoder, genes: IntArray) -> int:
    """Return the money that an hour of line time costs in a plan, on average over its span.

    A delay makes every late order behind it later, the span longer, and pushes orders over the
    horizon's end where lines are full.
    """
    book, work = decoder.catalogue.book, decoder.workspace(len(genes))
    decoder.money(genes, work)
    begin, end = int(decoder.start[:, END].min()), int(work.last.max())
    hours = late_hours(book.mill.orders, decoder.rules.tardiness, work.last)
    shares = (work.last - begin) / max(1, end - begin)
    late = hours > 0
    money = float((hours[late] * shares[late]).sum()) / len(book.mill.lines)
    return int(money + span_hour(book).mean() + scarce_hour(decoder, genes, work))


def scarce_hour(decoder: Decoder, genes: IntArray, work: Workspace) -> int:
    """Return what an hour is worth where lines are too short for all: 0 where they are not.

    A share of the least that an hour makes of what a decoded plan leaves out at the horizon's end:
    orders shrink to their lower bounds then, but none is left out for it. What its lock wants made
    has no price.
    """
    mill, blocks = decoder.catalogue.book.mill, decoder.catalogue.blocks
    line_ends = [*np.flatnonzero(genes[:, BLOCK] == LINE_END).tolist(), len(genes)]
    change, worth = int(mill.section_changes.time.max(initial=0)), []
    for g in np.flatnonzero(np.diff(work.saved[: len(genes) + 1, LEFT_OUT]) > 0).tolist():
        line, block = int(work.saved[g, LINE]), blocks.block[genes[g, BLOCK]]
        if not 0 < block.skip < PENALTY:
            continue
        product = blocks.product[block.product]
        seconds = 3600 * int(block.mass) // int(mill.rate[line, product.section, product.grade])
        if int(work.saved[line_ends[line], END]) + change + seconds > mill.horizon:
            worth.append(3600 * int(block.skip) // max(1, seconds))
    return min(worth, default=0) // SCARCE
