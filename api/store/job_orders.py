"""Lots released to the mill, and what became of them (states of OPC UA ISA-95 Job Control)."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects import postgresql, sqlite

from api.store.ids import new_id, now
from api.store.jobs import NotFoundError, StateConflictError
from api.store.tables import job_orders, schedules

column = job_orders.c


class JobOrderState(StrEnum):
    """States of a job order (OPC 10031-4, section 6.3)."""

    NOT_ALLOWED_TO_START = "NotAllowedToStart"
    ALLOWED_TO_START = "AllowedToStart"
    RUNNING = "Running"
    INTERRUPTED = "Interrupted"
    ENDED = "Ended"
    ABORTED = "Aborted"


FOLLOWS: dict[str, set[str]] = {
    JobOrderState.NOT_ALLOWED_TO_START: {JobOrderState.ALLOWED_TO_START, JobOrderState.ABORTED},
    JobOrderState.ALLOWED_TO_START: {
        JobOrderState.NOT_ALLOWED_TO_START,
        JobOrderState.RUNNING,
        JobOrderState.ABORTED,
    },
    JobOrderState.RUNNING: {
        JobOrderState.INTERRUPTED,
        JobOrderState.ENDED,
        JobOrderState.ABORTED,
    },
    JobOrderState.INTERRUPTED: {
        JobOrderState.RUNNING,
        JobOrderState.ENDED,
        JobOrderState.ABORTED,
    },
    JobOrderState.ENDED: set(),
    JobOrderState.ABORTED: set(),
}


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


def supersede(connection: Connection, rows: Sequence[Row[Any]], schedule: str, at: str) -> None:
    """Abort job orders that have not begun: the revision ``schedule`` has other lots instead."""
    for row in rows:
        told = {"state": JobOrderState.ABORTED, "at": at, "note": f"superseded by {schedule}"}
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


def later(instant: str, other: str) -> bool:
    """Whether one instant of ISO 8601 lies after another."""
    return datetime.fromisoformat(instant) > datetime.fromisoformat(other)


def confirm(
    connection: Connection, mill: str, job_order: str, state: str, told: dict[str, Any]
) -> Row[Any]:
    """Move a job order to the state that the mill tells of; the same again changes nothing.

    Raise StateConflictError where the state may not follow, or lies before what was told.
    """
    query = select(job_orders).where(column.id == job_order, column.mill == mill)
    row = connection.execute(query.with_for_update()).one_or_none()
    if row is None:
        raise NotFoundError(job_order)
    if state == row.state:
        return row
    if state not in FOLLOWS[row.state]:
        allowed = ", ".join(sorted(FOLLOWS[row.state])) or "nothing"
        raise StateConflictError(f"after {row.state} comes {allowed}, not {state}")
    for last in row.actual["confirmations"][-1:]:
        if later(last["at"], told["at"]):
            before = f"lies before {last['state']} at {last['at']}"
            raise StateConflictError(f"{state} at {told['at']} {before}; correct the instant")
    actual = {**row.actual, "confirmations": [*row.actual["confirmations"], told]}
    change = update(job_orders).where(column.id == job_order).values(state=state, actual=actual)
    return connection.execute(change.returning(*job_orders.c)).one()
