"""Claiming jobs and writing for them, fenced by the attempt.

Whoever claims a job gets its attempt number. Every later write names it and happens only while the
row still has that attempt and is held (compare and swap), so a worker that lost its lease writes
nothing, however late it wakes up. Execution is at least once; one result is published.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, update

from api.jobs.states import HELD, Failure, State
from api.store.documents import Document
from api.store.events import add_event
from api.store.ids import new_id, now
from api.store.schedules import Plan, add_front, add_schedule
from api.store.tables import jobs
from api.store.webhooks import announce


@dataclass(frozen=True, slots=True)
class Claim:
    """A job to run: its id, the fencing attempt, and its own limit in s of wall time."""

    job: str
    attempt: int
    limit_s: int


def claim(connection: Connection, executor: str, per_client: int = 1 << 30) -> Claim | None:
    """Take the most urgent queued job, oldest first, or None.

    Jobs of a client that has ``per_client`` running ones already have to wait.
    """
    busy = (
        select(jobs.c.created_by)
        .where(jobs.c.state.in_(HELD))
        .group_by(jobs.c.created_by)
        .having(func.count() >= per_client)
    )
    oldest = (
        select(jobs.c.id)
        .where(jobs.c.state == State.QUEUED, jobs.c.created_by.not_in(busy))
        .order_by(jobs.c.priority.desc(), jobs.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if (job := connection.execute(oldest).scalar()) is None:
        return None
    row = connection.execute(
        update(jobs)
        .where(jobs.c.id == job, jobs.c.state == State.QUEUED)
        .values(
            state=State.RUNNING,
            attempt=jobs.c.attempt + 1,
            beat=jobs.c.beat + 1,
            beat_at=now(),
            started_at=now(),
            executor=executor,
            progress=None,
            checkpoint=None,
        )
        .returning(jobs.c.id, jobs.c.attempt, jobs.c.limit_s)
    ).one_or_none()
    if row is None:
        return None
    add_event(connection, row.id, "state", {"state": State.RUNNING, "attempt": row.attempt})
    return Claim(row.id, row.attempt, row.limit_s)


def beat(
    connection: Connection,
    job: str,
    attempt: int,
    progress: dict[str, Any] | None = None,
    checkpoint: bytes | None = None,
) -> str | None:
    """Renew the lease and write progress; return the job's state, or None if the lease is lost."""
    values: dict[str, Any] = {"beat": jobs.c.beat + 1, "beat_at": now()}
    if progress is not None:
        values["progress"] = progress
    if checkpoint is not None:
        values["checkpoint"] = checkpoint
    state = connection.execute(
        _held(job, attempt).values(**values).returning(jobs.c.state)
    ).scalar_one_or_none()
    if state is not None and progress is not None:
        add_event(connection, job, "progress", progress)
    return state


def finish(
    connection: Connection,
    job: str,
    attempt: int,
    state: str,
    outcome: dict[str, Any],
    plan: Plan | None = None,
) -> bool:
    """Publish the job's result; return False, with nothing written, if the lease is lost."""
    schedule = new_id("sch") if plan is not None else None
    values = {"state": state, "outcome": outcome, "schedule": schedule}
    if not _end(connection, job, attempt, values):
        return False
    if plan is not None:
        row = connection.execute(select(jobs).where(jobs.c.id == job)).one()
        add_schedule(
            connection,
            schedule=schedule,
            mill=row.mill,
            client=row.created_by,
            order_book=row.order_book,
            job=job,
            parent=row.parent,
            plan=plan,
        )
        add_front(connection, row, str(schedule), plan)
    add_event(connection, job, "state", {"state": state, "schedule": schedule})
    return True


def fail(connection: Connection, job: str, attempt: int, failure: str, detail: str) -> bool:
    """End the job as failed; return False if the lease is lost."""
    values = {"state": State.FAILED, "failure": failure, "detail": detail[:2000]}
    if not _end(connection, job, attempt, values):
        return False
    add_event(connection, job, "state", {"state": State.FAILED, "failure": failure})
    return True


def lapse(connection: Connection, job: str, attempt: int, most: int, detail: str) -> bool:
    """Take a job from a dead worker: queue it again, or fail it at its ``most``-th lapse.

    A job that was being stopped fails at once: running it again would not keep the stopped plan.
    """
    held = (
        select(jobs.c.state, jobs.c.lapses)
        .where(jobs.c.id == job, jobs.c.attempt == attempt, jobs.c.state.in_(HELD))
        .with_for_update()
    )
    if (row := connection.execute(held).one_or_none()) is None:
        return False
    if row.lapses + 1 >= most or row.state == State.STOPPING:
        connection.execute(update(jobs).where(jobs.c.id == job).values(lapses=row.lapses + 1))
        return fail(connection, job, attempt, Failure.CRASH, detail)
    return _requeue(connection, job, attempt, lapses=row.lapses + 1)


def hand_back(connection: Connection, job: str, attempt: int) -> bool:
    """Queue a job again that is given up in good order; this counts as no lapse."""
    return _requeue(connection, job, attempt)


def held_jobs(connection: Connection) -> list[tuple[str, int, int, int]]:
    """Return (job, attempt, beat, limit_s) of every job that a worker holds."""
    query = select(jobs.c.id, jobs.c.attempt, jobs.c.beat, jobs.c.limit_s)
    rows = connection.execute(query.where(jobs.c.state.in_(HELD)))
    return [(row.id, row.attempt, row.beat, row.limit_s) for row in rows]


def is_waiting(connection: Connection) -> bool:
    """Whether any job is queued."""
    query = select(jobs.c.id).where(jobs.c.state == State.QUEUED).limit(1)
    return connection.execute(query).scalar() is not None


def _held(job: str, attempt: int) -> Any:
    """Return the compare and swap: an update that only the holder of ``attempt`` can do."""
    return update(jobs).where(jobs.c.id == job, jobs.c.attempt == attempt, jobs.c.state.in_(HELD))


def _end(connection: Connection, job: str, attempt: int, values: dict[str, Any]) -> bool:
    statement = _held(job, attempt).values(finished_at=now(), checkpoint=None, **values)
    if not connection.execute(statement).rowcount:
        return False
    announce(connection, job)
    return True


def _requeue(connection: Connection, job: str, attempt: int, **values: Any) -> bool:
    statement = _held(job, attempt).values(state=State.QUEUED, executor=None, **values)
    if not connection.execute(statement).rowcount:
        return False
    add_event(connection, job, "state", {"state": State.QUEUED, "after_attempt": attempt})
    return True


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The best plan that a running job told of, and the progress it told of last."""

    checkpoint: Document
    progress: dict[str, Any]


def checkpoint_of(connection: Connection, job: str, attempt: int) -> Checkpoint | None:
    """Return the last checkpoint of a job that ``attempt`` holds, or None."""
    query = select(jobs.c.checkpoint, jobs.c.progress).where(
        jobs.c.id == job, jobs.c.attempt == attempt, jobs.c.state.in_(HELD)
    )
    row = connection.execute(query).one_or_none()
    if row is None or row.checkpoint is None:
        return None
    return Checkpoint(Document(bytes(row.checkpoint)), dict(row.progress or {}))


def held_state(connection: Connection, job: str, attempt: int) -> str | None:
    """Return the state of a job that ``attempt`` holds, or None if it does not."""
    query = select(jobs.c.state).where(
        jobs.c.id == job, jobs.c.attempt == attempt, jobs.c.state.in_(HELD)
    )
    state: str | None = connection.execute(query).scalar_one_or_none()
    return state
