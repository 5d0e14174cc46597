"""Jobs as clients see them: submitted, listed, stopped, cancelled, deleted."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update

from api.jobs.states import ACTIVE, FINAL, State
from api.store.documents import Origin
from api.store.events import add_event
from api.store.fronts import delete_schedules, schedules_of
from api.store.ids import new_id, now
from api.store.prepared import Insert, Lookup, Record
from api.store.tables import job_orders, jobs, order_books, schedules
from api.store.webhooks import announce

SHOWN = [column for column in jobs.c if column.name != "checkpoint"]
INSERT = Insert(
    jobs,
    *("id", "mill", "order_book", "parent", "scenario", "state", "request", "solver", "priority"),
    *("tags", "created_at", "created_by", "limit_s"),
)
JOB = Lookup(
    select(*SHOWN).where(jobs.c.id == bindparam("job"), jobs.c.mill == bindparam("of")),
    "of",
    "job",
)
UNTOUCHED = {column.name: None for column in SHOWN} | {"attempt": 0, "lapses": 0, "beat": 0}
"""What a job's row holds beside the values that it begins with."""


class NotFoundError(Exception):
    """No such object in this mill."""


class StateConflictError(Exception):
    """The object's state does not allow this."""


def add_job(
    connection: Connection,
    *,
    mill: str,
    client: str,
    order_book: str,
    request: dict[str, Any],
    limit_s: int,
    parent: str | None = None,
    scenario: str | None = None,
) -> Record:
    """Queue a job and return its row."""
    values = {
        "id": new_id("job"),
        "mill": mill,
        "order_book": order_book,
        "parent": parent,
        "scenario": scenario,
        "state": State.QUEUED,
        "request": request,
        "solver": request["solver"],
        "priority": request["priority"],
        "tags": request["tags"],
        "created_at": now(),
        "created_by": client,
        "limit_s": limit_s,
    }
    INSERT.run(connection, values)
    add_event(connection, values["id"], "state", {"state": State.QUEUED})
    return Record(**{**UNTOUCHED, **values})


def job_row(connection: Connection, mill: str, job: str) -> Any:
    """Return the job's row, or raise NotFoundError if this mill has none of that id."""
    if (row := JOB.find(connection, mill, job)) is None:
        raise NotFoundError(job)
    return row


def list_jobs(
    connection: Connection,
    mill: str,
    *,
    limit: int,
    before: str | None = None,
    states: Sequence[str] | None = None,
    solver: str | None = None,
    order_book: str | None = None,
) -> list[Row[Any]]:
    """Return at most ``limit`` jobs, newest first, older than the id ``before``."""
    query = select(*SHOWN).where(jobs.c.mill == mill).order_by(jobs.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(jobs.c.id < before)
    if states:
        query = query.where(jobs.c.state.in_(states))
    if solver is not None:
        query = query.where(jobs.c.solver == solver)
    if order_book is not None:
        query = query.where(jobs.c.order_book == order_book)
    return list(connection.execute(query))


def count_by_state(connection: Connection) -> dict[str, int]:
    """Return the number of jobs in each state, of all mills."""
    query = select(jobs.c.state, func.count()).group_by(jobs.c.state)
    return {row[0]: row[1] for row in connection.execute(query)}


def count_active(connection: Connection, client: str) -> int:
    """Return how many jobs of the client wait or run."""
    query = select(func.count()).where(jobs.c.created_by == client, jobs.c.state.in_(ACTIVE))
    return connection.execute(query).scalar_one()


def count_stored(connection: Connection, mill: str) -> int:
    """Return how many jobs the mill keeps."""
    query = select(func.count()).where(jobs.c.mill == mill)
    return connection.execute(query).scalar_one()


def stop_job(connection: Connection, mill: str, job: str) -> Any:
    """Ask the worker to end its search and keep the best plan; a queued job is cancelled."""
    row = job_row(connection, mill, job)
    if row.state == State.RUNNING:
        _move(connection, job, State.RUNNING, State.STOPPING)
    elif row.state in (State.ACCEPTED, State.QUEUED):
        _move(connection, job, row.state, State.CANCELLED)
    elif row.state != State.STOPPING:
        raise StateConflictError(f"the job is {row.state} already")
    return job_row(connection, mill, job)


def cancel_job(connection: Connection, mill: str, job: str) -> Any:
    """End a job without a result; what its worker still writes is refused."""
    row = job_row(connection, mill, job)
    if row.state in ACTIVE:
        _move(connection, job, row.state, State.CANCELLED)
    elif row.state != State.CANCELLED:
        raise StateConflictError(f"the job is {row.state} already")
    return job_row(connection, mill, job)


def delete_job(connection: Connection, mill: str, job: str) -> None:
    """Purge a job with its events, its schedules, and the order book that came inside it."""
    row = job_row(connection, mill, job)
    made = schedules_of(connection, job)
    if connection.execute(select(schedules.c.id).where(schedules.c.parent.in_(made))).first():
        raise StateConflictError("other schedules are revisions of this job's schedule")
    released = select(job_orders.c.id).where(job_orders.c.schedule.in_(made))
    if connection.execute(released.limit(1)).first():
        raise StateConflictError("lots of this job's schedule are released to the mill")
    begins = jobs.c.request["warm_start"].as_string()
    needed = select(jobs.c.id).where(begins.in_(made), jobs.c.state.in_(ACTIVE)).limit(1)
    if (other := connection.execute(needed).scalar()) is not None:
        detail = f"{other}, which waits or runs, begins with this job's schedule"
        raise StateConflictError(f"{detail}; let it end, or cancel it first")
    delete_schedules(connection, made)
    connection.execute(delete(jobs).where(jobs.c.id == job))
    used = select(jobs.c.id).where(jobs.c.order_book == row.order_book)
    planned = select(schedules.c.id).where(schedules.c.order_book == row.order_book)
    connection.execute(
        delete(order_books).where(
            order_books.c.id == row.order_book,
            order_books.c.origin != Origin.POSTED,
            ~used.exists(),
            ~planned.exists(),
        )
    )


def _move(connection: Connection, job: str, source: str, target: str) -> None:
    values: dict[str, Any] = {"state": target}
    if target in FINAL:
        values["finished_at"] = now()
    statement = update(jobs).where(jobs.c.id == job, jobs.c.state == source).values(**values)
    if not connection.execute(statement).rowcount:
        raise StateConflictError("the job changed its state at this moment; look again")
    add_event(connection, job, "state", {"state": target})
    if target in FINAL:
        announce(connection, job)
