"""Exhaustive search over all gridded plans of a tiny mill, scored by the naive checker.

A gridded plan: every lot has one cut, every billet at least one piece and none too many, and every
lot but a frozen one starts on the grid. Sequences, billets a lot, groove changes, idle times and
lines are all tried.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.mill import Coil, Line, MillProblem
from scheduler.schedule import Cut, LinePlan, Lot, Schedule
from tests.naive_mill import check
from tests.naive_mill_time import (
    RolledLot,
    all_windows,
    billets,
    by_id,
    piece_mass,
    prepared,
    usable_mass,
)


@dataclass(frozen=True)
class Best:
    """The cheapest feasible plan found (None: there is none), and how many plans were scored."""

    cost: int | None
    schedule: Schedule | None
    scored: int


def brute_force(problem: MillProblem, grid: int, most: int = 200_000) -> Best:
    """Return the best gridded plan; raise when there are more than ``most``."""
    best, found, scored = None, None, 0
    for schedule in all_plans(problem, grid):
        scored += 1
        if scored > most:
            raise RuntimeError(f"more than {most} plans")
        cost, _, violations = check(problem, schedule)
        if not violations and (best is None or cost < best):
            best, found = cost, schedule
    return Best(best, found, scored)


def all_plans(problem: MillProblem, grid: int) -> Iterator[Schedule]:
    for plans in line_plans(problem, grid, list(problem.lines), Counter()):
        yield Schedule(tuple(plan for plan in plans if plan.lots))


def line_plans(
    problem: MillProblem, grid: int, lines: list[Line], used: Counter[str]
) -> Iterator[tuple[LinePlan, ...]]:
    if not lines:
        yield ()
        return
    for lots in sequences(problem, grid, lines[0], frozen_lots(problem, lines[0]), used):
        plan = LinePlan(lines[0].id, tuple(rolled.lot for rolled in lots))
        more = Counter(cut.stock for lot in plan.lots for cut in lot.cuts for _ in range(cut.count))
        for rest in line_plans(problem, grid, lines[1:], used + more):
            yield (plan, *rest)


def frozen_lots(problem: MillProblem, line: Line) -> list[RolledLot]:
    rolled: list[RolledLot] = []
    if problem.freeze is None:
        return rolled
    for plan in problem.freeze.schedule.lines:
        for lot in plan.lots:
            if plan.line == line.id and lot.start < problem.freeze.until:
                rolled.append(roll(problem, line, lot, rolled))
    return rolled


def roll(problem: MillProblem, line: Line, lot: Lot, before: list[RolledLot]) -> RolledLot:
    result = prepared(problem, line, lot, before[-1] if before else None)
    result.billets = billets(problem, line, lot, before)
    return result


def sequences(
    problem: MillProblem, grid: int, line: Line, lots: list[RolledLot], used: Counter[str]
) -> Iterator[list[RolledLot]]:
    """Yield ``lots`` and every way to go on from there."""
    yield lots
    taken = used + Counter(b.cut.stock for lot in lots for b in lot.billets)
    free = lots[-1].end if lots else line.ready
    for section, cut in all_cuts(problem, taken):
        grade = by_id(problem.stock, cut.stock).grade
        for groove_change in (False, True):
            for start in range(-(-max(0, free) // grid) * grid, problem.horizon, grid):
                lot = Lot(start, section, grade, (cut,), groove_change)
                rolled = roll(problem, line, lot, lots)
                if may_be(problem, line, rolled):
                    yield from sequences(problem, grid, line, [*lots, rolled], used)


def may_be(problem: MillProblem, line: Line, rolled: RolledLot) -> bool:
    """Whether the lot breaks nothing that later lots could not mend."""
    first = rolled.billets[0]
    return (
        rolled.lot.start >= rolled.ready
        and rolled.end <= problem.horizon
        and not any(first.start < v and u < first.end for u, v in all_windows(line))
    )


def all_cuts(problem: MillProblem, taken: Counter[str]) -> Iterator[tuple[str, Cut]]:
    """Yield (section, cut) for every pattern and number of billets that are left."""
    for row in problem.stock:
        for section in problem.sections:
            for pieces in patterns(problem, row.id, section.id):
                for count in range(1, row.count - taken[row.id] + 1):
                    yield section.id, Cut(row.id, count, pieces)


def patterns(problem: MillProblem, row: str, section: str) -> list[tuple[tuple[str, int], ...]]:
    grade, room = by_id(problem.stock, row).grade, usable_mass(problem, row, section)
    found: list[tuple[tuple[str, int], ...]] = []
    cuts: list[tuple[tuple[tuple[str, int], ...], int]] = [((), room)]
    for order in problem.orders:
        if (order.grade, order.section) != (grade, section):
            continue
        if isinstance(order.piece, Coil):
            found.append(((order.id, 1),))
            continue
        mass = piece_mass(problem, order)
        cuts += [
            ((*pieces, (order.id, n)), left - n * mass)
            for pieces, left in cuts
            for n in range(1, left // mass + 1)
        ]
    return found + [pieces for pieces, _ in cuts if pieces]
