"""The outbox of webhooks: written with a job's end, emptied by the courier."""

from typing import Any

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from api.store.ids import instant, new_id, now
from api.store.tables import jobs, webhooks

PENDING, DELIVERED, FAILED = "pending", "delivered", "failed"
DAY = 86_400_000_000


def announce(connection: Connection, job: str) -> None:
    """Put the webhook of a job that has just ended into the outbox, if its client wants one."""
    row = connection.execute(
        select(jobs.c.mill, jobs.c.request, jobs.c.state, jobs.c.schedule, jobs.c.failure).where(
            jobs.c.id == job
        )
    ).one()
    if (url := row.request.get("webhook")) is None:
        return
    present = now()
    told = {"id": job, "state": row.state, "schedule": row.schedule, "failure": row.failure}
    connection.execute(
        insert(webhooks).values(
            id=new_id("msg"),
            job=job,
            mill=row.mill,
            url=url,
            body={"type": f"job.{row.state}", "timestamp": instant(present), "data": told},
            state=PENDING,
            tries=0,
            next_at=present,
            attempts=[],
        )
    )


def is_due(connection: Connection) -> bool:
    """Whether any webhook is due."""
    query = select(webhooks.c.id).where(webhooks.c.state == PENDING, _due(now())).limit(1)
    return connection.execute(query).scalar() is not None


def take(connection: Connection, most: int, hold: int) -> list[Row[Any]]:
    """Take at most ``most`` webhooks to try now; nobody else tries them for ``hold`` us."""
    present = now()
    due = (
        select(webhooks.c.id)
        .where(webhooks.c.state == PENDING, _due(present))
        .order_by(webhooks.c.next_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    taken = list(connection.execute(due).scalars())
    statement = update(webhooks).where(webhooks.c.id.in_(taken))
    values = {"tries": webhooks.c.tries + 1, "next_at": present + hold}
    return list(connection.execute(statement.values(**values).returning(*webhooks.c)))


def record(
    connection: Connection, webhook: str, told: dict[str, Any], state: str, next_at: int
) -> None:
    """Write down how a try went (``at``, ``status``, ``error``), and when the next one is."""
    mine = webhooks.c.id == webhook
    before = connection.execute(select(webhooks.c.attempts).where(mine)).scalar_one_or_none()
    if before is not None:  # else its job was deleted meanwhile
        values = {"attempts": [*before, told], "state": state, "next_at": next_at}
        connection.execute(update(webhooks).where(mine).values(**values))


def of_job(connection: Connection, mill: str, job: str) -> list[Row[Any]]:
    """Return the webhooks of a job, oldest first."""
    query = select(webhooks).where(webhooks.c.mill == mill, webhooks.c.job == job)
    return list(connection.execute(query.order_by(webhooks.c.id)))


def count_by_state(connection: Connection) -> dict[str, int]:
    """Return the number of webhooks in each state, of all mills."""
    query = select(webhooks.c.state, func.count()).group_by(webhooks.c.state)
    return {row[0]: row[1] for row in connection.execute(query)}


def _due(present: int) -> Any:
    """Due by the clock; a date more than a day ahead is one of a clock that was set back."""
    return or_(webhooks.c.next_at <= present, webhooks.c.next_at > present + DAY)
