"""Where the mill colony starts: genes from a schedule, the rule's or one to go on from."""

from collections.abc import Iterable, Sequence

import numpy as np

from scheduler.arrays import FAR, IntArray
from scheduler.schedule import Lot, Schedule
from solvers.mill.catalogue import Book, Catalogue, Run
from solvers.mill.workspace import BLOCK, GENE_COLUMNS, LINE_END, NOT_BEFORE


def genes_of(catalogue: Catalogue, schedule: Schedule) -> IntArray:
    """Return genes that roll what ``schedule`` rolls, in its order, cut anew.

    Every item is rolled once, where its first piece was; items that the schedule leaves out come
    last on the first line.
    """
    book = catalogue.book
    lots = {plan.line: plan.lots for plan in schedule.lines}
    seen: set[tuple[int, int]] = set()
    lines = [
        [run for lot in lots.get(line.id, ()) for run in runs_of(book, lot, seen)]
        for line in book.problem.lines
    ]
    lines[0] += missing_runs(book, seen)
    return genes(catalogue, lines)


def runs_of(book: Book, lot: Lot, seen: set[tuple[int, int]]) -> list[Run]:
    """Return the runs of items that a lot makes and that were not ``seen`` before."""
    sections = [section.id for section in book.problem.sections]
    grades = [grade.id for grade in book.problem.grades]
    names = {name for cut in lot.cuts for name, _ in cut.pieces}
    orders, found = book.problem.orders, list[Run]()
    for p, product in enumerate(book.products):
        if (sections[product.section], grades[product.grade]) == (lot.section, lot.grade):
            new = [
                i
                for i, item in enumerate(product.items)
                if orders[item.order].id in names and (p, i) not in seen
            ]
            seen.update((p, i) for i in new)
            found += runs(p, new)
    return found


def missing_runs(book: Book, seen: set[tuple[int, int]]) -> list[Run]:
    """Return the runs of all items not ``seen``."""
    return [
        run
        for p, product in enumerate(book.products)
        for run in runs(p, [i for i in range(len(product.items)) if (p, i) not in seen])
    ]


def runs(product: int, items: Iterable[int]) -> list[Run]:
    """Return sorted items of a product as runs of consecutive ones."""
    result: list[Run] = []
    for i in items:
        if result and result[-1].first + result[-1].length == i:
            result[-1] = result[-1]._replace(length=result[-1].length + 1)
        else:
            result.append(Run(product, i, 1))
    return result


def genes(catalogue: Catalogue, lines: Sequence[Sequence[Run]]) -> IntArray:
    """Return the genes of runs line by line, in blocks of the catalogue."""
    longest = catalogue.blocks.longest
    ids: list[int] = []
    for number, line in enumerate(lines):
        ids += [LINE_END] if number else []
        for run in line:
            for i in range(0, run.length, longest):
                size = min(longest, run.length - i)
                ids.append(catalogue.block_id(run.product, run.first + i, size))
    rows = np.zeros((len(ids), GENE_COLUMNS), dtype=np.int64)
    rows[:, BLOCK], rows[:, NOT_BEFORE] = ids, -FAR
    return rows
