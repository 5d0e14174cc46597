"""Lots released to the mill, and what became of them (states of OPC UA ISA-95 Job Control)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects import postgresql, sqlite

from api.store.ids import new_id, now
from api.store.jobs import NotFoundError, StateConflictError
from api.store.tables import job_orders, order_books, schedules
from scheduler.issues import InvalidInput, Issue, shown

column = job_orders.c


class JobOrderState(StrEnum):
    """States of a job order (OPC 10031-4, section 6.3)."""

    NOT_ALLOWED_TO_START = "NotAllowedToStart"
    ALLOWED_TO_START = "AllowedToStart"
    RUNNING = "Running"
    INTERRUPTED = "Interrupted"
    ENDED = "Ended"
    ABORTED = "Aborted"


FOLLOWS: dict[str, tuple[str, ...]] = {
    JobOrderState.NOT_ALLOWED_TO_START: (JobOrderState.ALLOWED_TO_START, JobOrderState.ABORTED),
    JobOrderState.ALLOWED_TO_START: (
        JobOrderState.RUNNING,
        JobOrderState.NOT_ALLOWED_TO_START,
        JobOrderState.ABORTED,
    ),
    JobOrderState.RUNNING: (
        JobOrderState.ENDED,
        JobOrderState.INTERRUPTED,
        JobOrderState.ABORTED,
    ),
    JobOrderState.INTERRUPTED: (
        JobOrderState.RUNNING,
        JobOrderState.ENDED,
        JobOrderState.ABORTED,
    ),
    JobOrderState.ENDED: (),
    JobOrderState.ABORTED: (),
}
"""What a state may become, the usual first."""


BEGUN = (JobOrderState.RUNNING, JobOrderState.INTERRUPTED, JobOrderState.ENDED)


def release(
    connection: Connection,
    *,
    mill: str,
    client: str,
    schedule: str,
    lots: Sequence[dict[str, Any]],
) -> list[Row[Any]]:
    """Release lots; what is released already stays as it is. Return all of the schedule's."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    for lot in lots:
        statement = dialect.insert(job_orders).values(
            id=new_id("jo"),
            mill=mill,
            schedule=schedule,
            line=lot["line"],
            lot=lot["lot"],
            state=JobOrderState.ALLOWED_TO_START,
            released_at=now(),
            released_by=client,
            planned=lot,
            actual={"confirmations": []},
        )
        connection.execute(statement.on_conflict_do_nothing())
    return list_job_orders(connection, mill, limit=100_000, schedule=schedule)


FARTHEST = timedelta(days=31)
"""How far from the plan a confirmation may lie."""

SUPERSEDED = "superseded by "
"""How the note begins of a job order that gave way to another plan's."""


def superseded_by(row: Row[Any]) -> str:
    """Return the schedule whose release withdrew a job order; nothing where none did."""
    told = row.actual["confirmations"]
    note = told[-1].get("note", "") if told and "by" not in told[-1] else ""
    return str(note).removeprefix(SUPERSEDED) if note.startswith(SUPERSEDED) else ""


def supersede(connection: Connection, rows: Sequence[Row[Any]], schedule: str, at: str) -> None:
    """Abort job orders that have not begun: the plan ``schedule`` has other lots instead."""
    for row in rows:
        told = {"state": JobOrderState.ABORTED, "at": at, "note": f"{SUPERSEDED}{schedule}"}
        actual = {**row.actual, "confirmations": [*row.actual["confirmations"], told]}
        change = update(job_orders).where(column.id == row.id)
        connection.execute(change.values(state=JobOrderState.ABORTED, actual=actual))


def list_job_orders(
    connection: Connection,
    mill: str,
    *,
    limit: int,
    before: str | None = None,
    schedule: str | None = None,
    state: str | None = None,
) -> list[Row[Any]]:
    """Return at most ``limit`` job orders, newest first."""
    query = select(job_orders).where(column.mill == mill)
    if before is not None:
        query = query.where(column.id < before)
    if schedule is not None:
        query = query.where(column.schedule == schedule)
    if state is not None:
        query = query.where(column.state == state)
    return list(connection.execute(query.order_by(column.id.desc()).limit(limit)))


def of_lineage(connection: Connection, mill: str, schedule: str) -> list[Row[Any]]:
    """Return the job orders of a schedule and of all that it is a revision of."""
    names: list[str] = []
    following: str | None = schedule
    while following is not None:
        names.append(following)
        parent = select(schedules.c.parent).where(schedules.c.id == following)
        following = connection.execute(parent).scalar()
    query = select(job_orders).where(column.mill == mill, column.schedule.in_(names))
    return list(connection.execute(query.order_by(column.id)))


def of_alternatives(connection: Connection, schedule: str) -> list[Row[Any]]:
    """Return the job orders of all plans that may be rolled instead of this one, and lock them.

    These are the plans of the order book that it goes back to, with all revisions of any of them.
    Two releases of such plans wait for each other, and confirmations wait for a release.
    """
    book = _first_book(connection, schedule)
    connection.execute(
        select(order_books.c.id).where(order_books.c.id == book).with_for_update()
    ).one()
    tree = select(schedules.c.id).where(schedules.c.order_book == book).cte(recursive=True)
    tree = tree.union(select(schedules.c.id).where(schedules.c.parent == tree.c.id))
    query = select(job_orders).where(column.schedule.in_(select(tree.c.id)))
    return list(connection.execute(query.order_by(column.id).with_for_update()))


def _first_book(connection: Connection, schedule: str) -> str:
    """Return the order book of the plan that a plan's revisions began with."""
    while True:
        query = select(schedules.c.parent, schedules.c.order_book)
        row = connection.execute(query.where(schedules.c.id == schedule)).one()
        if row.parent is None:
            return str(row.order_book)
        schedule = row.parent


def confirm(
    connection: Connection, mill: str, job_order: str, state: str, told: dict[str, Any]
) -> Row[Any]:
    """Move a job order to the state that the mill tells of; a message told before changes nothing.

    Raise StateConflictError where the state may not follow, or lies before what was told, and
    InvalidInput where the billets or the instant cannot be.
    """
    query = select(job_orders).where(column.id == job_order, column.mill == mill)
    row = connection.execute(query.with_for_update()).one_or_none()
    if row is None:
        raise NotFoundError(job_order)
    before = row.actual["confirmations"]
    if any(_same(told, one) for one in before):
        _check_repeated(row, state, told)
        return row
    _check_state(row, state, told)
    _check_instant(row, told)
    _check_billets(row, told)
    actual = {**row.actual, "confirmations": [*before, told]}
    change = update(job_orders).where(column.id == job_order).values(state=state, actual=actual)
    return connection.execute(change.returning(*job_orders.c)).one()


def _same(told: dict[str, Any], before: dict[str, Any]) -> bool:
    """Whether two messages say the same, whoever sent them and however they write the instant."""
    one, other = ({**message, "by": "", "at": _at(message)} for message in (told, before))
    return one == other


def _check_repeated(row: Row[Any], state: str, told: dict[str, Any]) -> None:
    """Raise StateConflictError where a message told before may also be a new one."""
    last = row.actual["confirmations"][-1]
    if not _same(told, last) and _at(told) == _at(last) and state in FOLLOWS[row.state]:
        detail = f"{state} at this instant was told before {last['state']} at the same instant"
        raise StateConflictError(f"{detail}; if it is so again, tell the second, or add a note")


def _at(message: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(message["at"])


def _check_state(row: Row[Any], state: str, told: dict[str, Any]) -> None:
    """Raise StateConflictError where a state may not follow; running lots may tell of billets."""
    last = row.actual["confirmations"][-1] if row.actual["confirmations"] else None
    progress = state == row.state == JobOrderState.RUNNING and "billets" in told
    if state not in FOLLOWS[row.state] and not progress:
        allowed = ", ".join(FOLLOWS[row.state]) or "nothing"
        detail = f"after {row.state} comes {allowed}, not {state}"
        if state == row.state:
            since = f"as told at {last['at']}" if last else "since its release"
            detail = f"the lot is {state} already, {since}, and this message says something else"
            if state == JobOrderState.RUNNING:
                detail += "; to tell how far it is, add 'billets'"
        raise StateConflictError(detail)
    if last is not None and _at(last) > _at(told):
        earlier = f"lies before {last['state']} at {last['at']}"
        raise StateConflictError(f"{state} at {told['at']} {earlier}; correct the instant")


def _check_instant(row: Row[Any], told: dict[str, Any]) -> None:
    """Raise InvalidInput where an instant is so far from the plan that it must be a mistake.

    It would be the present of the plan for good: what is told is never taken back.
    """
    first, last = (datetime.fromisoformat(row.planned[name]) for name in ("start", "end"))
    if first - FARTHEST <= _at(told) <= last + FARTHEST:
        return
    detail = f"lot {row.lot} of line {row.line} is planned from {first.isoformat()} on"
    allowed = f"within {FARTHEST.days} days of the planned start and end"
    issue = Issue("out_of_range", "/at", detail, value=shown(told["at"]), expected=allowed)
    raise InvalidInput([replace(issue, hint="correct the instant; is it the right year?")])


def _check_billets(row: Row[Any], told: dict[str, Any]) -> None:
    """Raise InvalidInput where billets are more than the lot has, or fewer than told before."""
    counts = [one["billets"] for one in row.actual["confirmations"] if "billets" in one]
    billets, least, most = told.get("billets"), max(counts, default=0), row.planned["billets"]
    if billets == least == 0 and told.get("state") == JobOrderState.ENDED:
        detail = f"lot {row.lot} of line {row.line} ended without a billet rolled"
        issue = Issue(
            "out_of_range", "/billets", detail, value="0", expected=f"1 .. {most} billets"
        )
        raise InvalidInput([replace(issue, hint="confirm Aborted: the lot was given up")])
    if billets is None or least <= billets <= most:
        return
    lot = f"lot {row.lot} of line {row.line}"
    detail = f"{lot} is planned with {most} billets; more of them cannot be counted"
    hint = "confirm the planned ones, and leave the others out of the next order book's stock"
    if billets < least:
        detail, hint = f"of {lot} {least} billets were told before", "count all since its start"
    allowed = f"{least} .. {most} billets"
    issue = Issue("out_of_range", "/billets", detail, value=shown(billets), expected=allowed)
    raise InvalidInput([replace(issue, hint=hint)])
