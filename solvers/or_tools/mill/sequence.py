"""Constraints on the sequence of lots: routes, changeovers, and what a line carries along."""

from typing import Any

import numpy as np

from scheduler.arrays import NONE, IntArray, Windows
from scheduler.timing import changeover_time
from scheduler.walk import forbidden_changes
from solvers.or_tools.mill.model import (
    DEPOT,
    Expression,
    MillModel,
    Route,
    Visit,
    kept_visits,
    twins,
)


def take_one_option(model: MillModel) -> None:
    """Give each present lot exactly one option, and that option's times and mass."""
    for visit in model.visits:
        model.cp.add_exactly_one([*visit.chosen, visit.present.Not()])
        model.cp.add(visit.start == visit.total(visit.options.start))
        model.cp.add(visit.end == visit.total(visit.options.end))
        model.cp.add(visit.charged == visit.total(visit.options.charged))
        model.cp.add_implication(visit.groove, visit.present)
        if visit.candidate.groove_change is not None:
            model.cp.add(visit.groove == int(visit.candidate.groove_change))


def route_lines(model: MillModel) -> None:
    """Make the present lots of each line one path from depot to depot."""
    for route in model.routes:
        node = {i: number for number, i in enumerate([DEPOT, *route.visits])}
        arcs: list[Any] = [(node[i], node[j], arc) for (i, j), arc in route.arcs.items()]
        arcs.append((0, 0, route.used.Not()))
        arcs += [(node[i], node[i], model.visits[i].present.Not()) for i in route.visits]
        model.cp.add_circuit(arcs)
        for i in route.visits:
            model.cp.add_implication(model.visits[i].present, route.used)


def forbid_transitions(model: MillModel) -> None:
    """Take away arcs where the section's or the grade's change is forbidden."""
    for route in model.routes:
        for (i, j), arc in route.arcs.items():
            if j == DEPOT:
                continue
            section, grade, _ = state_after(model, route, i)
            b = model.visits[j].candidate
            if forbidden_changes(model.mill, section, grade, b.section, b.grade):
                model.cp.add(arc == 0)


def fix_first_and_last(model: MillModel) -> None:
    """Make a line's first and last lots of the kinds it asks for."""
    for route in model.routes:
        line = model.problem.lines[route.line]
        for (i, j), arc in route.arcs.items():
            for end, other, kind in ((i, j, line.first_lot), (j, i, line.last_lot)):
                if end == DEPOT and kind is not None:
                    lot = model.visits[other].candidate
                    section = model.problem.sections[lot.section].id
                    grade = model.problem.grades[lot.grade].id
                    if section != kind.section or kind.grade not in (None, grade):
                        model.cp.add(arc == 0)


def state_after(model: MillModel, route: Route, i: int) -> tuple[int, int, int]:
    """Return section, grade and furnace temperature of a line after lot i, or at its start."""
    if i == DEPOT:
        line = model.mill.lines[route.line]
        return int(line.section), int(line.grade), int(line.temperature)
    lot = model.visits[i].candidate
    return lot.section, lot.grade, int(model.mill.grades[lot.grade].temperature)


def setup(model: MillModel, route: Route, i: int, j: int) -> int:
    """Return the changeover s from lot i (or the line's start) to lot j."""
    section, grade, temperature = state_after(model, route, i)
    b = model.visits[j].candidate
    return int(
        changeover_time(model.mill, route.line, section, grade, temperature, b.section, b.grade)
    )


def changeovers(model: MillModel) -> None:
    """Let a lot start when its line is changed over to it, and its groove changed.

    With F(t) the seconds before t in which changes may run, ``advance(e, w) <= s`` is the same as
    ``F(s) - F(e) >= w`` for w > 0, and ``s >= e`` for w = 0: so linear, whatever the calendar.
    """
    for route in model.routes:
        opened = {i: open_times(model, route, model.visits[i]) for i in route.visits}
        ready = int(model.mill.lines[route.line].ready)
        at_ready = int(open_seconds(model.mill.closed, route.line, np.array([ready]))[0])
        for (i, j), arc in route.arcs.items():
            if j == DEPOT:
                continue
            b = model.visits[j]
            free = at_ready if i == DEPOT else opened[i][1]
            groove = int(model.mill.sections[b.candidate.section].groove_time)
            wait = setup(model, route, i, j)
            if wait > 0:
                model.cp.add(opened[j][0] - free >= wait).only_enforce_if(arc)
            if groove > wait:
                model.cp.add(opened[j][0] - free >= groove).only_enforce_if(arc, b.groove)
            if i != DEPOT:
                model.cp.add(b.start >= model.visits[i].end).only_enforce_if(arc)


def open_times(model: MillModel, route: Route, visit: Visit) -> tuple[Expression, Expression]:
    """Return the seconds in which changes may run before the lot's start, and before its end."""
    closed = model.mill.closed
    if closed.ptr[route.line] == closed.ptr[route.line + 1]:
        return visit.start, visit.end
    start = open_seconds(closed, route.line, visit.options.start)
    end = open_seconds(closed, route.line, visit.options.end)
    return visit.total(start), visit.total(end)


def open_seconds(closed: Windows, line: int, t: IntArray) -> IntArray:
    """Return the seconds of [0, t) outside the line's ``closed`` windows (negative for t < 0)."""
    result = t.astype(np.int64)
    for w in range(closed.ptr[line], closed.ptr[line + 1]):
        start, end = int(closed.start[w]), int(closed.end[w])
        result = result - np.clip(t, start, end) + min(max(0, start), end)
    return result


def keep_lots_apart(model: MillModel) -> None:
    """Keep lots of a line from overlapping (the route implies it; this propagates better)."""
    for route in model.routes:
        intervals = []
        for i in route.visits:
            visit = model.visits[i]
            size = model.integer(0, model.problem.horizon)
            intervals.append(
                model.cp.new_optional_interval_var(
                    visit.start, size, visit.end, visit.present, f"lot{i}"
                )
            )
        model.cp.add_no_overlap(intervals)


def span_lines(model: MillModel) -> None:
    """Set first start and last end of each line; 0 when it rolls nothing."""
    for route in model.routes:
        for (i, j), arc in route.arcs.items():
            if i == DEPOT:
                start = model.visits[j].start
                model.cp.add(route.first_start == start).only_enforce_if(arc)
            if j == DEPOT:
                model.cp.add(route.last_end == model.visits[i].end).only_enforce_if(arc)
        model.cp.add(route.first_start == 0).only_enforce_if(route.used.Not())
        model.cp.add(route.last_end == 0).only_enforce_if(route.used.Not())


def order_twins(model: MillModel) -> None:
    """Use interchangeable lots from the first on, in order of time."""
    for a, b in twins(model):
        model.cp.add_implication(b.present, a.present)
        model.cp.add(b.start >= a.end).only_enforce_if(b.present)


def keep_lots(model: MillModel) -> None:
    """Roll every kept lot (the arcs keep their order); the frozen ones before all others."""
    if model.impossible:
        model.cp.add_bool_or([])
    for route in model.routes:
        before = DEPOT
        for i in kept_visits(model.visits, route.visits):
            model.cp.add(model.visits[i].present == 1)
            if model.visits[i].candidate.frozen:
                arc = route.arcs.get((before, i))
                model.cp.add_bool_or([] if arc is None else [arc])
            before = i


def changes_on(model: MillModel, route: Route, i: int, j: int) -> tuple[int, int]:
    """Return how many section and grade changes (0 or 1 each) the arc (i, j) makes."""
    section, grade, _ = state_after(model, route, i)
    b = model.visits[j].candidate
    return int(section not in (NONE, b.section)), int(grade not in (NONE, b.grade))
