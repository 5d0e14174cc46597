"""Candidate lots: which lots the model may put on a line, each with its possible contents.

A *content* is what a lot rolls: its cuts, in order. A *candidate* is a lot of one grade and section
on one line that takes at most one of its contents, or none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from scheduler.arrays import MillArrays
from scheduler.mill import NEVER, MillProblem
from scheduler.mill_arrays import arrays_of, index_of
from scheduler.schedule import Cut

Content = tuple[Cut, ...]
Pieces = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lot that may be rolled: indices of line, section and grade, and its possible contents.

    starts: the starts (s) it may have; None leaves them to the grid. Candidates of one ``twin``
    are interchangeable; the model uses them in order. ``kept`` is the number of a lot that must be
    rolled, in this order among the kept lots of its line; nothing comes before it on its line but
    other such lots when it is ``frozen``. ``groove_change``: whether there is one before it; None
    leaves that open.
    """

    line: int
    section: int
    grade: int
    contents: tuple[Content, ...]
    starts: tuple[int, ...] | None = None
    twin: int | None = None
    kept: int | None = None
    frozen: bool = False
    groove_change: bool | None = None


def every_pattern(
    problem: MillProblem, mill: MillArrays, line: int, row: int, section: int
) -> Iterator[Pieces]:
    """Yield every way to cut one billet of stock row ``row``: at least a piece, none too much.

    Patterns that leave room for another piece count too: an order's last piece decides its
    tardiness, so that a piece more is not always better.
    """
    fitting = [o for o in range(len(mill.orders)) if may_carry(mill, line, row, section, o)]
    room = int(mill.usable[row, section])
    coils = [o for o in fitting if mill.orders[o].piece == 0]
    bars = [o for o in fitting if mill.orders[o].piece > 0]
    for o in coils:
        yield ((problem.orders[o].id, 1),)
    for counts in _fillings([int(mill.orders[o].piece) for o in bars], room):
        if any(counts):
            yield tuple((problem.orders[o].id, n) for o, n in zip(bars, counts, strict=True) if n)


def may_carry(mill: MillArrays, line: int, row: int, section: int, o: int) -> bool:
    """Whether billets of a stock row may carry order ``o`` on a line."""
    order, usable = mill.orders[o], int(mill.usable[row, section])
    fits = order.coil_min <= usable <= order.coil_max if order.piece == 0 else True
    same = order.grade == mill.stock[row].grade and order.section == section
    short = order.length <= mill.lines[line].cooling_bed
    return bool(same and fits and short and mill.line_ok[o, line])


def _fillings(pieces: list[int], room: int) -> Iterator[tuple[int, ...]]:
    if not pieces:
        yield ()
        return
    for n in range(room // pieces[0] + 1):
        for rest in _fillings(pieces[1:], room - n * pieces[0]):
            yield (n, *rest)


def most_billets(problem: MillProblem, mill: MillArrays, line: int, row: int, section: int) -> int:
    """Return how many billets of a row there are, or the line could roll in the horizon."""
    stock = problem.stock[row]
    rate = int(mill.rate[line, section, mill.stock[row].grade])
    rollable = problem.horizon * rate // (3600 * stock.mass)
    return rollable if stock.count == NEVER else min(stock.count, rollable)


def all_candidates(
    problem: MillProblem, most_contents: int, most_lots: int
) -> list[Candidate] | None:
    """Return candidates for every plan whose lots have one cut each, or None if too many.

    On each line and for each product (grade and section) as many interchangeable lots as there are
    billets, each of which may take any number of billets of any stock row in any pattern.
    """
    mill = arrays_of(problem)
    result: list[Candidate] = []
    left = most_contents
    for line in range(len(problem.lines)):
        for grade, section in products(mill):
            if not mill.can_roll[line, section]:
                continue
            contents = single_cuts(problem, mill, line, grade, section, most_contents)
            billets = most_lots_of(problem, mill, line, grade, section)
            left -= billets * len(contents)
            if left < 0 or len(result) + billets > most_lots or len(contents) > most_contents:
                return None
            twin = len(result)
            lot = Candidate(line, section, grade, tuple(contents), twin=twin)
            result += [lot] * (billets if contents else 0)
    return result


def products(mill: MillArrays) -> list[tuple[int, int]]:
    """Return the (grade, section) pairs that have orders, sorted."""
    return sorted(set(zip(mill.orders.grade.tolist(), mill.orders.section.tolist(), strict=True)))


def single_cuts(
    problem: MillProblem, mill: MillArrays, line: int, grade: int, section: int, limit: int
) -> list[Content]:
    """Return the contents of one cut for a product, at most ``limit`` and one more."""
    rows = [k for k in range(len(problem.stock)) if mill.stock[k].grade == grade]
    most = {row: most_billets(problem, mill, line, row, section) for row in rows}
    every = (
        (Cut(problem.stock[row].id, count, pieces),)
        for row in rows
        if most[row] > 0  # of the others there is no content, however many patterns
        for pieces in every_pattern(problem, mill, line, row, section)
        for count in range(1, most[row] + 1)
    )
    return list(islice(every, limit + 1))


def most_lots_of(
    problem: MillProblem, mill: MillArrays, line: int, grade: int, section: int
) -> int:
    """Return how many lots of a product a line can have: one a billet."""
    rows = [k for k in range(len(problem.stock)) if mill.stock[k].grade == grade]
    return sum(most_billets(problem, mill, line, row, section) for row in rows)


def frozen_candidates(problem: MillProblem) -> list[Candidate]:
    """Return the lots that the freeze holds, each with its one content and start."""
    freeze = problem.freeze
    if freeze is None:
        return []
    lines, sections = index_of(problem.lines), index_of(problem.sections)
    grades = index_of(problem.grades)
    return [
        Candidate(
            lines[plan.line],
            sections[lot.section],
            grades[lot.grade],
            (lot.cuts,),
            starts=(lot.start,),
            kept=number,
            frozen=True,
            groove_change=lot.groove_change,
        )
        for plan in freeze.schedule.lines
        for number, lot in enumerate(filter(freeze.holds, plan.lots))
    ]
