"""Confirmations of the mill as what they say of a plan's lots."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Row

from api.planning.problems import stored_problem, stored_schedule
from api.planning.revisions import UpToDate, seconds
from api.store.job_orders import BEGUN, JobOrderState, superseded_by
from api.store.schedules import StoredPlan
from scheduler.actuals import Actual, Rate, observed_rates, with_rates
from scheduler.clock import instant
from scheduler.issues import InvalidInput, Issue
from scheduler.mill import TONNE, MillProblem
from scheduler.moved_plan import moved_to
from scheduler.schedule import Lot, Schedule


@dataclass(frozen=True, slots=True)
class Told:
    """What the mill told of a plan by the ``present`` (s; None: nothing)."""

    actuals: tuple[Actual, ...]
    job_orders: tuple[tuple[str, int, str], ...]
    present: int | None


def matched(
    name: str, schedule: Schedule, job_orders: Sequence[Row[Any]]
) -> dict[tuple[str, int], Row[Any]]:
    """Return the job order of each released lot of the plan ``name``, by (line, lot number).

    Revisions keep what was released, but its numbers may change: of an earlier revision's job order
    it is the first lot of its line, of those left, that is the same or what was rolled of it; the
    earliest revision chooses first, and what has begun before what has not, as it stands before it.
    What such a lot was aborted of is planned anew, so that an aborted one counts only where some of
    it was rolled.
    """
    found = {}
    counted = [
        row
        for row in job_orders
        if row.state != JobOrderState.ABORTED or row.schedule == name or _rolled(row)
    ]
    own = {(row.line, row.lot): row for row in counted if row.schedule == name}
    order = list(dict.fromkeys(row.schedule for row in job_orders))
    for plan in schedule.lines:
        rows = [row for row in counted if row.line == plan.line and row.schedule != name]
        left = dict(enumerate(plan.lots, 1))
        for number in list(left):
            if (plan.line, number) in own:
                found[plan.line, number] = own[plan.line, number]
                del left[number]
        rows.sort(key=lambda row: (order.index(row.schedule), not _begun(row), row.lot))
        for row in rows:
            same = next((n for n, lot in left.items() if _is(lot, row)), None)
            if same is not None:
                found[plan.line, same] = row
                del left[same]
    return found


def _begun(row: Row[Any]) -> bool:
    return row.state in BEGUN or bool(_rolled(row))


def _is(lot: Lot, row: Row[Any]) -> bool:
    """Whether a lot is a job order's, as it was planned or with the billets that it came to."""
    planned = row.planned
    orders = {name for cut in lot.cuts for name, _ in cut.pieces}
    if (lot.section, lot.grade) != (planned["section"], planned["grade"]):
        return False
    if lot.billets == planned["billets"]:
        return orders == set(planned["orders"])
    return lot.billets == _rolled(row) and orders <= set(planned["orders"])


def _rolled(row: Row[Any]) -> int | None:
    """Return the billets that the mill told of a lot that ended or was given up."""
    told = row.actual["confirmations"]
    if row.state == JobOrderState.ENDED:
        return told[-1].get("billets")
    counts = [one["billets"] for one in told if one.get("billets")]
    return counts[-1] if row.state == JobOrderState.ABORTED and counts else None


def carried_over(stored: StoredPlan, before: Sequence[Row[Any]]) -> dict[tuple[str, int], Row[Any]]:
    """Return the job orders of earlier revisions that are lots of this plan too.

    They have begun, or start as they were released.
    """
    problem = stored_problem(stored.problem)
    schedule = stored_schedule(stored.schedule, problem)
    lots = {plan.line: plan.lots for plan in schedule.lines}
    return {
        (line, number): row
        for (line, number), row in matched(stored.row.id, schedule, before).items()
        if _begun(row) or seconds(problem, row.planned["start"]) == lots[line][number - 1].start
    }


def released_up_to(stored: StoredPlan, job_orders: Sequence[Row[Any]]) -> dict[str, int]:
    """Return the last lot of each line that the mill was told to roll and did not abort."""
    problem = stored_problem(stored.problem)
    schedule = stored_schedule(stored.schedule, problem)
    last: dict[str, int] = {}
    for (line, number), row in matched(stored.row.id, schedule, job_orders).items():
        if row.state != JobOrderState.ABORTED:
            last[line] = max(number, last.get(line, 0))
    return last


def told_of(
    problem: MillProblem, name: str, schedule: Schedule, job_orders: Sequence[Row[Any]]
) -> Told:
    """Return what the confirmations of a plan's released lots say."""
    rows = matched(name, schedule, job_orders)
    billets = {
        (plan.line, number): lot.billets
        for plan in schedule.lines
        for number, lot in enumerate(plan.lots, 1)
    }
    actuals = tuple(
        _actual(problem, place, row, billets[place])
        for place, row in sorted(rows.items())
        if row.actual["confirmations"]
    )
    by_mill = (row for row in rows.values() if not superseded_by(row))
    instants = [seconds(problem, one["at"]) for one in _confirmations(by_mill)]
    names = tuple((*place, row.id) for place, row in sorted(rows.items()))
    return Told(actuals, names, max(instants, default=None))


def _confirmations(rows: Iterable[Row[Any]]) -> list[dict[str, Any]]:
    return [one for row in rows for one in row.actual["confirmations"]]


def _actual(problem: MillProblem, place: tuple[str, int], row: Row[Any], billets: int) -> Actual:
    told = [(one["state"], seconds(problem, one["at"]), one) for one in _confirmations([row])]
    told.sort(key=lambda one: one[1])
    begun = [at for state, at, _ in told if state == JobOrderState.RUNNING]
    ended = row.state in (JobOrderState.ENDED, JobOrderState.ABORTED)
    counted = {at: one["billets"] for _, at, one in told if one.get("billets")}
    if row.state == JobOrderState.ENDED and _rolled(row) is None:
        counted[told[-1][1]] = billets
    reports = tuple(counted.items())
    pauses = tuple(
        (before[1], after[1])
        for before, after in pairwise(told)
        if before[0] == JobOrderState.INTERRUPTED
    )
    return Actual(
        line=place[0],
        number=place[1],
        start=begun[0] if begun else None,
        reports=reports,
        pauses=pauses,
        ended=ended and bool(reports),
        dropped=ended and not reports,
    )


def up_to_date_with(name: str, job_orders: Sequence[Row[Any]]) -> UpToDate:
    """Return what moves a problem and its plan to what the mill told of the plan ``name``."""

    def up_to_date(
        problem: MillProblem, schedule: Schedule, at: str, learn_rates: bool
    ) -> tuple[MillProblem, Schedule, str]:
        told = told_of(problem, name, schedule, job_orders)
        if told.present is None:
            detail = "the mill has confirmed nothing of this plan"
            raise InvalidInput([Issue("no_actuals", at, detail, hint="release it and confirm")])
        actuals = list(told.actuals)
        if learn_rates:
            problem = with_rates(problem, observed_rates(problem, schedule, actuals))
        # What began at the present itself is frozen: lots before the next second stay.
        problem, schedule = moved_to(problem, schedule, actuals, told.present + 1)
        until = 1 + max(told.present, *_last_begun(schedule, actuals))
        return problem, schedule, instant(problem.origin, until).isoformat()

    return up_to_date


def _last_begun(schedule: Schedule, actuals: Sequence[Actual]) -> Iterator[int]:
    """Yield the start of each line's last lot that has begun, in a plan moved to the actuals.

    It lies after the present where the lot before took less time than its rate says.
    """
    begun = Counter(one.line for one in actuals if one.start is not None and not one.dropped)
    for plan in schedule.lines:
        if begun[plan.line]:
            yield plan.lots[begun[plan.line] - 1].start


def actuals_document(stored: StoredPlan, job_orders: Sequence[Row[Any]]) -> dict[str, Any]:
    """Return what the mill told of a plan's lots, and the rates it had, as JSON values."""
    problem = stored_problem(stored.problem)
    schedule = stored_schedule(stored.schedule, problem)
    told = told_of(problem, stored.row.id, schedule, job_orders)
    rates = observed_rates(problem, schedule, list(told.actuals))
    ids = {(line, number): job_order for line, number, job_order in told.job_orders}
    starts = {
        (plan.line, number): lot.start
        for plan in schedule.lines
        for number, lot in enumerate(plan.lots, 1)
    }

    def moment(at: int | None) -> str | None:
        return None if at is None else instant(problem.origin, at).isoformat()

    return {
        "present": moment(told.present),
        "lots": [
            {
                "line": one.line,
                "lot": one.number,
                "job_order": ids[one.line, one.number],
                "planned_start": moment(starts[one.line, one.number]),
                "start": moment(one.start),
                "end": moment(one.reports[-1][0]) if one.ended else None,
                "billets": one.reports[-1][1] if one.reports else None,
                "interrupted_min": one.paused / 60,
            }
            for one in told.actuals
        ],
        "rates": [_rate_document(rate) for rate in rates],
    }


def _rate_document(rate: Rate) -> dict[str, Any]:
    return {
        "section": rate.section,
        "grade": rate.grade,
        "planned_t_per_h": rate.planned / TONNE,
        "actual_t_per_h": rate.actual / TONNE,
        "lots": rate.lots,
        "mass_t": rate.mass / TONNE,
        "slowest_t_per_h": rate.slowest / TONNE,
        "quickest_t_per_h": rate.quickest / TONNE,
        "learned_t_per_h": rate.learned / TONNE,
        "plausible": rate.plausible,
    }
