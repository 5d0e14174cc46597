"""What the model is made of: every single-cut lot of a tiny book, or a window of a known plan.

Tiny books get all candidates, so that the model covers every gridded plan. In larger ones the model
frees a few lots of a known plan, with their halves, merged with one another and cut anew, and keeps
all others where they are: a large neighbourhood of the plan (Shaw 1998), searched by CP-SAT.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scheduler.mill import MillProblem
from scheduler.mill_arrays import arrays_of, index_of
from scheduler.schedule import Lot, Schedule
from scheduler.timeline import Timeline, timeline_of
from scheduler.walk import LOT_END, LOT_START
from solvers.mill.freeze import frozen_lots
from solvers.or_tools.mill.candidates import Candidate, all_candidates, frozen_candidates
from solvers.or_tools.mill.contents import Group, free_contents, on_line
from solvers.or_tools.mill.starts import Before, Product, chained_starts

MOST_OPTIONS = 20_000
"""Contents x starts of a complete model."""
MOST_LOTS = 60
GRIDS = (60, 120, 300, 600, 900)
"""Seconds between starts, the finest first."""
WINDOW_STARTS = 24
WINDOW_GRID = 60
"""A window has at most so many starts on a grid of at least so many seconds."""
MOST_CHAINED = 6
"""Free lots whose sequences are walked for starts."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Candidates, and the grid (s) of the starts of those that have none of their own."""

    candidates: tuple[Candidate, ...]
    grid: int


def every_plan(problem: MillProblem) -> Choice | None:
    """Return a choice that covers all gridded plans, or None where that is too large."""
    for grid in GRIDS:
        contents = MOST_OPTIONS // max(1, problem.horizon // grid)
        candidates = all_candidates(problem, contents, MOST_LOTS)
        if candidates is not None:
            return Choice((*frozen_candidates(problem), *candidates), grid)
    return None


@dataclass(frozen=True, slots=True)
class Room:
    """A window on one line: lots ``first:last`` are free, between the s ``begin`` and ``end``."""

    line: int
    first: int
    last: int
    begin: int
    end: int


@dataclass(frozen=True, eq=False)
class Rolled:
    """A plan as windows are cut from it: its walk, and the number of frozen lots of each line."""

    problem: MillProblem
    timeline: Timeline
    frozen: tuple[int, ...]


def rolled(problem: MillProblem, plan: Schedule) -> Rolled:
    """Return what windows of a plan are cut from."""
    frozen = tuple(len(lots) for lots in frozen_lots(problem))
    return Rolled(problem, timeline_of(problem, plan), frozen)


def rooms_around(plan: Rolled, line: int, first: int, lots: int) -> list[Room]:
    """Return the window of ``lots`` lots of a line, and of those rolled beside them elsewhere."""
    problem, timeline = plan.problem, plan.timeline
    mine = list(timeline.positions(line)[first : first + lots])
    begin = min((int(timeline.outcome[i, LOT_START]) for i in mine), default=0)
    end = max((int(timeline.outcome[i, LOT_END]) for i in mine), default=problem.horizon)
    rooms = []
    for other in range(len(problem.lines)):
        beside = [
            number
            for number, i in enumerate(timeline.positions(other))
            if timeline.outcome[i, LOT_START] < end and begin < timeline.outcome[i, LOT_END]
        ]
        numbers = list(range(first, first + len(mine))) if other == line else beside[:lots]
        rooms.append(_room(plan, other, numbers))
    return rooms


def _room(plan: Rolled, line: int, numbers: Sequence[int]) -> Room:
    """Return the room of some consecutive lots: from the lot before them to the one after."""
    problem, timeline = plan.problem, plan.timeline
    positions = timeline.positions(line)
    first = max(plan.frozen[line], numbers[0]) if numbers else len(positions)
    last = max(first, numbers[-1] + 1) if numbers else len(positions)
    before = positions[first - 1] if first > 0 else None
    after = positions[last] if last < len(positions) else None
    ready = max(0, problem.lines[line].ready)
    return Room(
        line,
        first,
        last,
        begin=ready if before is None else int(timeline.outcome[before, LOT_END]),
        end=problem.horizon if after is None else int(timeline.outcome[after, LOT_START]),
    )


def window_choice(problem: MillProblem, plan: Schedule, rooms: Sequence[Room]) -> Choice:
    """Return the kept lots of a plan, and what its free ones may become."""
    lots = {index_of(problem.lines)[p.line]: p.lots for p in plan.lines}
    result = [
        kept_candidate(problem, room.line, number, lot)
        for room in rooms
        for number, lot in enumerate(lots.get(room.line, ()))
        if not room.first <= number < room.last
    ]
    free = {room.line: lots.get(room.line, ())[room.first : room.last] for room in rooms}
    groups = free_contents(problem, plan, [lot for some in free.values() for lot in some])
    for room in rooms:
        starts = starts_in(problem, lots.get(room.line, ()), room, free.values())
        for group in groups:
            here = starts.get((group.section, group.grade), starts[None])
            result += candidates_of(problem, room.line, group, tuple(sorted(here)))
    return Choice(tuple(result), WINDOW_GRID)


def starts_in(
    problem: MillProblem, lots: Sequence[Lot], room: Room, free: Iterable[Sequence[Lot]]
) -> dict[Product | None, set[int]]:
    """Return by product the starts in a room; None stands for products without lots there."""
    every = [lot for some in free for lot in some][:MOST_CHAINED]
    before = state_before(problem, room, lots[room.first - 1] if room.first > 0 else None)
    chained = chained_starts(problem, room.line, before, every, room.end)
    own = {lot.start for lot in lots[room.first : room.last]}
    step = max(WINDOW_GRID, -(-(room.end - room.begin) // WINDOW_STARTS))
    grid = {*range(room.begin, room.end, step), *own}
    return {None: grid, **{product: {*some, *grid} for product, some in chained.items()}}


def state_before(problem: MillProblem, room: Room, lot: Lot | None) -> Before:
    """Return what the line has rolled before a room."""
    mill = arrays_of(problem)
    if lot is None:
        line = mill.lines[room.line]
        return Before(int(line.section), int(line.grade), int(line.temperature), room.begin)
    section, grade = index_of(problem.sections)[lot.section], index_of(problem.grades)[lot.grade]
    return Before(section, grade, int(mill.grades[grade].temperature), room.begin)


def kept_candidate(problem: MillProblem, line: int, number: int, lot: Lot) -> Candidate:
    """Return a lot that stays as it is."""
    return Candidate(
        line,
        index_of(problem.sections)[lot.section],
        index_of(problem.grades)[lot.grade],
        (lot.cuts,),
        starts=(lot.start,),
        kept=number,
        groove_change=lot.groove_change,
        frozen=problem.freeze is not None and problem.freeze.holds(lot),
    )


def candidates_of(
    problem: MillProblem, line: int, group: Group, starts: tuple[int, ...]
) -> Iterator[Candidate]:
    """Yield a group's candidate on a line, where any of its contents may go there."""
    contents = on_line(problem, line, group)
    if contents and starts:
        yield Candidate(line, group.section, group.grade, contents, starts=starts)
