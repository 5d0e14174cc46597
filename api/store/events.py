"""What happened to a job, in order, for replay to those who listen."""

from typing import Any

from sqlalchemy import Connection, Row, select

from api.store.ids import now
from api.store.prepared import Insert
from api.store.tables import job_events

INSERT = Insert(job_events, "job", "kind", "at", "data")


def add_event(connection: Connection, job: str, kind: str, data: dict[str, Any]) -> None:
    """Append an event in the transaction of the change that it tells of."""
    INSERT.run(connection, {"job": job, "kind": kind, "at": now(), "data": data})


def events_after(connection: Connection, job: str, after: int, limit: int = 500) -> list[Row[Any]]:
    """Return the job's events (id, kind, at, data) with an id above ``after``, oldest first."""
    query = (
        select(job_events.c.id, job_events.c.kind, job_events.c.at, job_events.c.data)
        .where(job_events.c.job == job, job_events.c.id > after)
        .order_by(job_events.c.id)
        .limit(limit)
    )
    return list(connection.execute(query))
