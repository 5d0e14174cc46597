"""Whether horizon, calendars, price series and dates fit together, and whether time suffices."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from scheduler.arrays import MILLION
from scheduler.clock import instant
from scheduler.issues import Issue, pointer
from scheduler.mill import CLOSURE_KINDS, Line, MillProblem, Order, Series
from scheduler.mill_checks.cases import Case, Cases, open_seconds
from scheduler.mill_quantities import merged

Severity = Literal["error", "warning"]
LONGEST_HORIZON = 400 * 86_400
HOUR = 3600


def stamp(problem: MillProblem, seconds: int) -> str:
    """Return the instant ``seconds`` after the horizon's start, on the mill's clock."""
    return instant(problem.origin, seconds).isoformat()


def check_calendar(problem: MillProblem, _: Cases) -> Iterator[Issue]:
    """Yield faults of horizon, closures and series."""
    if not 0 < problem.horizon <= LONGEST_HORIZON:
        detail = "the horizon must end after its start, at most 400 days later"
        yield Issue("bad_horizon", pointer("horizon", "end"), detail)
        return
    for index, line in enumerate(problem.lines):
        yield from _closures(index, line)
    closed = [open_seconds(line, problem.horizon) <= 0 for line in problem.lines]
    for index in (k for k, whole in enumerate(closed) if whole):
        yield Issue(
            "no_open_time",
            pointer("lines", index, "closures"),
            f"line '{problem.lines[index].id}' is not open for a second of the horizon",
            "error" if all(closed) else "warning",
            hint="shorten its closures, move 'ready', or lengthen the horizon",
        )
    yield from _series(problem, "electricity", "price_per_mwh", problem.tariff.electricity)
    if problem.tariff.carbon_intensity is not None:
        yield from _series(
            problem, "carbon_intensity", "g_per_kwh", problem.tariff.carbon_intensity
        )
    if problem.freeze is not None and problem.freeze.until > problem.horizon:
        detail = f"it freezes beyond the horizon's end, {stamp(problem, problem.horizon)}"
        yield Issue("freeze_beyond_horizon", pointer("freeze", "until"), detail)


def _closures(index: int, line: Line) -> Iterator[Issue]:
    place = pointer("lines", index, "closures")
    for k, window in enumerate(line.closures):
        if window.end <= window.start:
            yield Issue("empty_closure", f"{place}/{k}/end", "a closure must end after its start")
    for kind in CLOSURE_KINDS:
        windows = [(c.start, c.end) for c in line.closures if c.kind == kind]
        if sum(b - a for a, b in windows) != sum(b - a for a, b in merged(windows)):
            detail = f"{kind} windows of line '{line.id}' overlap"
            yield Issue("closures_overlap", place, detail, "warning", hint="they count as one")


def _series(problem: MillProblem, name: str, values: str, series: Series) -> Iterator[Issue]:
    place = pointer("tariff", name, values)
    if series.slot < 1 or not series.values:
        yield Issue("empty_series", place, "a series needs values, of slots of a second or more")
        return
    end = series.start + series.slot * len(series.values)
    if series.start > 0:
        yield Issue(
            "series_too_short",
            pointer("tariff", name, "start"),
            f"the series starts at {stamp(problem, series.start)}, after the horizon",
            expected=f"at {stamp(problem, 0)} or before",
        )
    if end < problem.horizon:
        needed = -(-(problem.horizon - series.start) // series.slot)
        yield Issue(
            "series_too_short",
            place,
            f"{len(series.values)} values of {series.slot / 60:g} min end at {stamp(problem, end)}",
            expected=f"at least {needed} values, to the horizon's end",
        )


def check_dates(problem: MillProblem, _: Cases | None = None) -> Iterator[Issue]:
    """Yield orders whose dates contradict each other or the horizon, and stock without a date."""
    for number, order in enumerate(problem.orders):
        if order.release is not None or order.deadline is not None or order.due_date < 0:
            yield from _dates(problem, number, order)
    yield from _cooling(problem)


def check_reach(problem: MillProblem, cases: Cases) -> Iterator[Issue]:
    """Yield warnings for orders whose dates cannot be met."""
    of = cases.columns
    dates = zip(of.due_date, of.release, of.deadline, strict=True)
    rows = zip(cases.routes, cases.masses, dates, strict=True)
    for number, (route, mass, (due, release, deadline)) in enumerate(rows):
        free, (start, room, rate) = release is None and deadline is None, route.first
        # Most orders are done in time on one line before it first closes.
        if free and mass <= room and start - (-mass * HOUR // rate) <= due:
            continue
        if route.lines and route.stock:
            case = cases[number]
            earliest = earliest_end(case)
            if deadline is not None or earliest is None or due < earliest:
                yield from _reach(problem, case, earliest)


def _dates(problem: MillProblem, number: int, order: Order) -> Iterator[Issue]:
    release, due, deadline = order.release, order.due_date, order.deadline
    found: list[tuple[str, str, Severity, str]] = []
    if release is not None and due < release:
        detail = "the order is due before its release"
        found.append(("due_before_release", "due_date", "error", detail))
    if release is not None and deadline is not None and deadline < release:
        detail = "the deadline lies before the release"
        found.append(("deadline_before_release", "deadline", "error", detail))
    if due < 0:
        detail = "the order is due before the horizon"
        found.append(("due_in_the_past", "due_date", "warning", detail))
    if deadline is not None and deadline < 0:
        detail = "the deadline lies before the horizon, so that the order cannot be made"
        found.append(("deadline_in_the_past", "deadline", "warning", detail))
    if release is not None and release >= problem.horizon:
        detail = "the order is released after the horizon, so that it cannot be made"
        found.append(("release_beyond_horizon", "release", "warning", detail))
    for code, field, severity, detail in found:
        yield Issue(code, pointer("orders", number, field), detail, severity, order=order.id)


def _warning(case: Case, code: str, field: str, detail: str) -> Issue:
    place = pointer("orders", case.number, field)
    return Issue(code, place, detail, "warning", order=case.order.id)


def _reach(problem: MillProblem, case: Case, earliest: int | None) -> Iterator[Issue]:
    """Yield warnings for dates before the earliest end of the order, were it made alone."""
    for code, field, date in (
        ("unreachable_due_date", "due_date", case.order.due_date),
        ("unreachable_deadline", "deadline", case.order.deadline),
    ):
        if date is not None and date >= 0 and (earliest is None or date < earliest):
            detail = "even alone the order is not done within the horizon"
            if earliest is not None:
                detail = (
                    f"even alone the order is done at {stamp(problem, earliest)} at the earliest"
                )
            if earliest is not None or date < problem.horizon or field == "deadline":
                yield _warning(case, code, field, detail)


def earliest_end(case: Case) -> int | None:
    """Return a lower bound (s) of the order's end, without changes and other orders."""
    release, windows = case.order.release, case.route.windows
    if release is not None:
        windows = [(max(a, release), b, rate) for a, b, rate in windows if b > release]
    work = case.order.lower * case.unit * HOUR
    return _done(work, windows) if len(case.route.lines) == 1 else _done_by_all(work, windows)


def _done(work: int, windows: list[tuple[int, int, int]]) -> int | None:
    """Return when ``work`` is done in windows that follow each other."""
    for start, end, rate in windows:
        if rate * (end - start) >= work:
            return start + -(-work // rate)
        work -= rate * (end - start)
    return None


def _done_by_all(work: int, windows: list[tuple[int, int, int]]) -> int | None:
    """Return when ``work`` is done if every window's rate adds up while it is open."""
    moments = sorted({t for window in windows for t in window[:2]})
    for start, end in pairwise(moments):
        rate = sum(rate for a, b, rate in windows if a <= start and end <= b)
        if rate * (end - start) >= work:
            return start + -(-work // rate) if work else start
        work -= rate * (end - start)
    return None


def _cooling(problem: MillProblem) -> Iterator[Issue]:
    for index, row in enumerate(problem.stock):
        if row.cooling_time_constant is not None and row.available_from is None:
            place = pointer("stock", index, "available_from")
            detail = "billets that cool must say since when they are there"
            yield Issue("cooling_since_when", place, detail, hint="add 'available_from'")


def check_load(problem: MillProblem, cases: Cases) -> Iterator[Issue]:
    """Yield warnings where rolling alone takes longer than lines are open."""
    alone: dict[str, float] = {line.id: 0.0 for line in problem.lines}
    total = 0.0
    for route, mass in cases.needed.items():
        if (best := route.fastest) is None:
            continue
        hours = mass / route.fastest_rate
        total += hours * best.rate_factor
        if len(route.lines) == 1:
            alone[best.id] += hours
    room = {line.id: open_seconds(line, problem.horizon) / HOUR for line in problem.lines}
    for index, line in enumerate(problem.lines):
        if alone[line.id] > room[line.id]:
            yield _overload(pointer("lines", index), f"line '{line.id}'", alone, room[line.id])
    speed = sum(room[line.id] * line.rate_factor for line in problem.lines)
    if total > speed and not any(alone[name] > room[name] for name in room):
        hours, there = total / MILLION, speed / MILLION
        yield _overload(pointer("orders"), "all lines together", {"": hours}, there)


def _overload(place: str, what: str, hours: dict[str, float], room: float) -> Issue:
    need = max(hours.values())
    return Issue(
        "load_above_capacity",
        place,
        f"rolling the orders takes {what} at least {need:.1f} h, open are {room:.1f} h",
        "warning",
        hint="some orders will be short or late; lengthen the horizon or leave some out",
    )
