"""Which candidate lots and starts a model is made of, so that CP-SAT can carry it.

Tiny books get every single-cut lot: the model then covers all gridded plans (``complete``). Larger
ones get the blocks of the mill's catalogue (runs of orders of one product, cut in one go), their
halves, and the lots of a known plan at their own starts, so that this plan is one of the model's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from scheduler.arrays import IntArray
from scheduler.mill import MillProblem
from scheduler.mill_arrays import arrays_of, index_of, ints
from scheduler.schedule import Cut, Schedule
from solvers.mill.block_cuts import BlockCut
from solvers.mill.catalogue import Book, Run, book_of, run_cuts
from solvers.or_tools.mill.candidates import (
    Candidate,
    Content,
    all_candidates,
    frozen_candidates,
)

MOST_OPTIONS = 100_000
"""Contents x starts of all lots: what CP-SAT presolves in some seconds."""
MOST_LOTS = 600
COMPLETE_GRIDS = (60, 120, 300)
BLOCK_GRIDS = tuple(
    (longest, grid)
    for longest, grids in ((4, (60, 120, 300, 600)), (2, (300, 600)), (1, (600, 900, 1800, 3600)))
    for grid in grids
)
"""(longest run of orders in a block, seconds between starts), the richest first."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Candidates, the grid (s) of their starts, and whether they cover every gridded plan."""

    candidates: tuple[Candidate, ...]
    grid: int
    complete: bool

    def starts(self, horizon: int) -> IntArray:
        """Return the instants of the grid."""
        return ints(range(0, horizon, self.grid))


def choose(problem: MillProblem, known: Schedule | None) -> Choice | None:
    """Return the richest choice within the model's size, or None when even the least exceeds it."""
    frozen = frozen_candidates(problem)
    for grid in COMPLETE_GRIDS:
        contents = MOST_OPTIONS // max(1, problem.horizon // grid)
        every = all_candidates(problem, contents, most_lots=60)
        if every is not None:
            return Choice((*frozen, *every), grid, complete=True)
    for longest, grid in BLOCK_GRIDS:
        blocks = block_candidates(problem, longest, known)
        options = sum(len(c.contents) for c in blocks) * (problem.horizon // grid)
        if options <= MOST_OPTIONS and len(blocks) <= MOST_LOTS:
            gridded = (_on_grid(c, grid, problem.horizon) for c in blocks)
            return Choice((*frozen, *gridded), grid, complete=False)
    return None


def _on_grid(candidate: Candidate, grid: int, horizon: int) -> Candidate:
    """Return the candidate with the grid's starts beside its own."""
    if candidate.starts is None:
        return candidate
    return replace(candidate, starts=tuple(sorted({*candidate.starts, *range(0, horizon, grid)})))


def block_candidates(problem: MillProblem, longest: int, known: Schedule | None) -> list[Candidate]:
    """Return the blocks as candidates on every line that may roll them, and the known lots."""
    book = book_of(problem)
    result = list(known_candidates(problem, known))
    for p, product in enumerate(book.products):
        for first in range(len(product.items)):
            whole = list(runs_from(book, p, first, longest))
            parts = [half for content in whole[:1] for half in halves(content)]
            for contents in (whole, *([half] for half in parts)):
                result += on_lines(problem, product.section, product.grade, contents)
    return result


def runs_from(book: Book, p: int, first: int, longest: int) -> Iterator[Content]:
    """Yield the different contents of the runs that begin with an item, the shortest first."""
    seen: set[Content] = set()
    product = book.products[p]
    variants = 1 + (len(product.formats) if len(product.formats) > 1 else 0)
    for length in range(1, min(longest, len(product.items) - first) + 1):
        for variant in range(variants if length == 1 else 1):
            cuts = run_cuts(book, Run(p, first, length, variant))
            for latest_first in (False, True):
                content = with_rows(book, cuts, latest_first=latest_first)
                if content and content not in seen:
                    seen.add(content)
                    yield content


def with_rows(book: Book, cuts: tuple[BlockCut, ...], *, latest_first: bool) -> Content | None:
    """Return the cuts with their billets taken from stock rows; None where there are too few."""
    left = dict(enumerate(book.mill.stock.limit.tolist()))
    result = []
    for cut in cuts:
        rows = book.formats.rows(cut.format).tolist()
        wanted = cut.billets
        for row in rows if latest_first else reversed(rows):
            number = min(wanted, left[row])
            if number:
                result.append(Cut(book.problem.stock[row].id, number, named(book, cut)))
                left[row] -= number
                wanted -= number
        if wanted:
            return None
    return tuple(result)


def named(book: Book, cut: BlockCut) -> tuple[tuple[str, int], ...]:
    """Return a block cut's pieces by the orders' ids."""
    return tuple((book.problem.orders[o].id, n) for o, n in cut.pieces)


def halves(content: Content) -> list[Content]:
    """Return the first and the second half of a content's billets; none when it is a single one."""
    total = sum(cut.count for cut in content)
    first: list[Cut] = []
    second: list[Cut] = []
    left = total // 2
    for cut in content:
        here = min(left, cut.count)
        left -= here
        if here:
            first.append(replace(cut, count=here))
        if cut.count > here:
            second.append(replace(cut, count=cut.count - here))
    return [tuple(first), tuple(second)] if first else []


def on_lines(
    problem: MillProblem, section: int, grade: int, contents: list[Content]
) -> Iterator[Candidate]:
    """Yield a candidate on each line that can roll the section, with what may go there."""
    mill, order = arrays_of(problem), index_of(problem.orders)
    for line in range(len(problem.lines)):
        if not mill.can_roll[line, section]:
            continue
        fitting = tuple(
            content
            for content in contents
            if all(mill.line_ok[order[o], line] for cut in content for o, _ in cut.pieces)
            and all(
                mill.orders[order[o]].length <= mill.lines[line].cooling_bed
                for cut in content
                for o, _ in cut.pieces
            )
        )
        if fitting:
            yield Candidate(line, section, grade, fitting)


def known_candidates(problem: MillProblem, known: Schedule | None) -> Iterator[Candidate]:
    """Yield the lots of a known plan: on their line at their own start too, and on the others."""
    if known is None:
        return
    lines, sections = index_of(problem.lines), index_of(problem.sections)
    grades = index_of(problem.grades)
    until = 0 if problem.freeze is None else problem.freeze.until
    for plan in known.lines:
        for lot in plan.lots:
            if problem.freeze is not None and lot.start < until:
                continue
            for candidate in on_lines(
                problem, sections[lot.section], grades[lot.grade], [lot.cuts]
            ):
                here = candidate.line == lines[plan.line]
                yield replace(candidate, starts=(lot.start,)) if here else candidate
