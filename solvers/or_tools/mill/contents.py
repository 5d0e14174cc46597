"""What the free lots of a window may become: themselves, halves, merged, or cut anew."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice

from scheduler.mill import MillProblem
from scheduler.mill_arrays import arrays_of, index_of
from scheduler.schedule import Cut, Lot, Schedule
from solvers.mill.block_cuts import BlockCut
from solvers.mill.catalogue import LONGEST_RUN, Book, Run, book_of, offer, run_cuts
from solvers.or_tools.mill.candidates import Content

MOST_BLOCKS = 8
"""Newly cut contents of a product."""


@dataclass(frozen=True, slots=True)
class Group:
    """Alternative contents of one lot of a section and grade (indices)."""

    section: int
    grade: int
    contents: tuple[Content, ...]


def free_contents(problem: MillProblem, plan: Schedule, lots: Sequence[Lot]) -> list[Group]:
    """Return the groups of contents that free lots may be replaced by.

    A group for each lot (itself, or merged with one other), one for each of its halves, and one
    for each product with blocks of its orders cut anew, those that the plan leaves out among them.
    """
    sections, grades = index_of(problem.sections), index_of(problem.grades)
    result = []
    for i, lot in enumerate(lots):
        section, grade = sections[lot.section], grades[lot.grade]
        same = [x.cuts for x in lots[i + 1 :] if (x.section, x.grade) == (lot.section, lot.grade)]
        merged = [lot.cuts + cuts for cuts in same]
        result.append(Group(section, grade, (lot.cuts, *merged)))
        result += [Group(section, grade, (half,)) for half in halves(lot.cuts)]
    book = book_of(problem)
    orders = {o for lot in lots for o in orders_of(lot)} | left_out(problem, plan)
    for p, product in enumerate(book.products):
        blocks = tuple(islice(new_blocks(book, p, orders), MOST_BLOCKS))
        if blocks:
            result.append(Group(product.section, product.grade, blocks))
    return result


def orders_of(lot: Lot) -> set[str]:
    """Return the orders that a lot makes."""
    return {order for cut in lot.cuts for order, _ in cut.pieces}


def left_out(problem: MillProblem, plan: Schedule) -> set[str]:
    """Return the orders of which the plan makes nothing."""
    made = {order for line in plan.lines for lot in line.lots for order in orders_of(lot)}
    return {order.id for order in problem.orders} - made


def halves(content: Content) -> list[Content]:
    """Return the first and the second half of the billets; nothing of a single one."""
    left = sum(cut.count for cut in content) // 2
    first: list[Cut] = []
    second: list[Cut] = []
    for cut in content:
        here = min(left, cut.count)
        left -= here
        if here:
            first.append(replace(cut, count=here))
        if cut.count > here:
            second.append(replace(cut, count=cut.count - here))
    return [tuple(first), tuple(second)] if first else []


def new_blocks(book: Book, p: int, orders: set[str]) -> Iterator[Content]:
    """Yield different blocks of a product that make only ``orders``, the longest first."""
    product, seen = book.products[p], set[Content]()
    items, cold = product.items, offer(book, product, product.formats)
    wanted = [book.problem.orders[item.order].id in orders for item in items]
    for first, last in sorted(combinations(range(len(items) + 1), 2), key=lambda r: r[0] - r[1]):
        if last - first <= LONGEST_RUN and all(wanted[first:last]):
            cuts = run_cuts(book, Run(p, first, last - first), cold)
            for latest_first in (False, True):
                content = with_rows(book, cuts, latest_first=latest_first)
                if content and content not in seen:
                    seen.add(content)
                    yield content


def with_rows(book: Book, cuts: Sequence[BlockCut], *, latest_first: bool) -> Content | None:
    """Return the cuts with their billets taken from stock rows; None where there are too few."""
    left = book.mill.stock.limit.tolist()
    result = []
    for cut in cuts:
        rows, wanted = book.formats.rows(cut.format).tolist(), cut.billets
        for row in rows if latest_first else reversed(rows):
            if number := min(wanted, left[row]):
                pieces = tuple((book.problem.orders[o].id, n) for o, n in cut.pieces)
                result.append(Cut(book.problem.stock[row].id, number, pieces))
                left[row] -= number
                wanted -= number
        if wanted:
            return None
    return tuple(result)


def on_line(problem: MillProblem, line: int, group: Group) -> tuple[Content, ...]:
    """Return the group's contents that may go on a line."""
    mill, index = arrays_of(problem), index_of(problem.orders)
    if not mill.can_roll[line, group.section]:
        return ()

    def may(content: Content) -> bool:
        orders = {index[order] for cut in content for order, _ in cut.pieces}
        return all(mill.line_ok[o, line] for o in orders)

    return tuple(content for content in group.contents if may(content))
