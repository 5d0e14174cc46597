"""Schedules: immutable revisions of plans."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from api.jobs.states import ACTIVE
from api.store.documents import Document, Origin
from api.store.ids import new_id, now
from api.store.jobs import NotFoundError
from api.store.tables import front_plans, jobs, order_books, schedules

SHOWN = [column for column in schedules.c if column.name not in ("body", "reference")]


@dataclass(frozen=True, slots=True)
class Plan:
    """A schedule to publish: packed files of plan and reference, the evaluator's word, its run.

    goals: what it is in each goal of its front, in the goal's unit. front: the front's other plans,
    None where it is of no front.
    """

    body: bytes
    feasible: bool
    evaluation: dict[str, Any]
    run: dict[str, Any]
    reference: bytes | None = None
    goals: dict[str, float] = field(default_factory=dict)
    front: tuple["Plan", ...] | None = None


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A schedule's row, its file, the reference plan's file, and the problem that it plans."""

    row: Row[Any]
    schedule: Document
    reference: Document | None
    problem: Document


def add_schedule(
    connection: Connection,
    *,
    mill: str,
    client: str,
    order_book: str,
    plan: Plan,
    parent: str | None = None,
    job: str | None = None,
    schedule: str | None = None,
) -> Row[Any]:
    """Store a plan, the next revision of ``parent``, and return its row."""
    query = select(schedules.c.revision).where(schedules.c.id == parent)
    statement = schedules.insert().values(
        id=schedule or new_id("sch"),
        mill=mill,
        order_book=order_book,
        job=job,
        parent=parent,
        revision=(connection.execute(query).scalar() or 0) + 1,
        created_at=now(),
        created_by=client,
        feasible=plan.feasible,
        evaluation=plan.evaluation,
        run=plan.run,
        body=plan.body,
        reference=plan.reference,
    )
    return connection.execute(statement.returning(*SHOWN)).one()


def add_front(connection: Connection, job: Row[Any], schedule: str, plan: Plan) -> None:
    """Store the other plans of a front beside ``plan``, which is stored as ``schedule``."""
    if plan.front is None:
        return
    owner = {"mill": job.mill, "client": job.created_by, "order_book": job.order_book}
    ids = [schedule]
    for other in plan.front:
        ids.append(add_schedule(connection, **owner, plan=other, parent=job.parent).id)
    rows = [
        {"job": job.id, "number": number, "schedule": name, "goals": one.goals}
        for number, (name, one) in enumerate(zip(ids, (plan, *plan.front), strict=True))
    ]
    connection.execute(insert(front_plans), rows)


def schedule_row(connection: Connection, mill: str, schedule: str) -> Row[Any]:
    """Return the schedule without its body, or raise NotFoundError."""
    query = select(*SHOWN).where(schedules.c.id == schedule, schedules.c.mill == mill)
    if (row := connection.execute(query).one_or_none()) is None:
        raise NotFoundError(schedule)
    return row


def stored_plan(connection: Connection, mill: str, schedule: str) -> StoredPlan:
    """Return the schedule with everything needed to show it, or raise NotFoundError."""
    row = schedule_row(connection, mill, schedule)
    bodies = connection.execute(
        select(
            schedules.c.body,
            schedules.c.reference,
            order_books.c.body.label("problem"),
            order_books.c.origin,
        )
        .join(order_books, order_books.c.id == schedules.c.order_book)
        .where(schedules.c.id == schedule)
    ).one()
    reference = None if bodies.reference is None else Document(bytes(bodies.reference))
    problem = Document(bytes(bodies.problem), bodies.origin == Origin.INLINE)
    return StoredPlan(row, Document(bytes(bodies.body)), reference, problem)


def list_schedules(
    connection: Connection, mill: str, *, limit: int, before: str | None = None
) -> list[Row[Any]]:
    """Return at most ``limit`` schedules, newest first."""
    query = select(*SHOWN).where(schedules.c.mill == mill)
    if before is not None:
        query = query.where(schedules.c.id < before)
    return list(connection.execute(query.order_by(schedules.c.id.desc()).limit(limit)))


def revisions_of(connection: Connection, schedule: str) -> int:
    """Return how many revisions of a schedule there are or are being planned."""
    made = select(func.count()).where(schedules.c.parent == schedule)
    planned = select(func.count()).where(jobs.c.parent == schedule, jobs.c.state.in_(ACTIVE))
    return connection.execute(made).scalar_one() + connection.execute(planned).scalar_one()


@dataclass(frozen=True, slots=True)
class JobInput:
    """What a worker needs: the job's request, its problem, and the schedule it starts from."""

    request: dict[str, Any]
    problem: Document
    warm_start: Document | None


def job_input(connection: Connection, job: str) -> JobInput:
    """Return what the worker of ``job`` needs, or raise NotFoundError."""
    row = connection.execute(
        select(jobs.c.mill, jobs.c.request, order_books.c.body, order_books.c.origin)
        .join(order_books, order_books.c.id == jobs.c.order_book)
        .where(jobs.c.id == job)
    ).one_or_none()
    if row is None:
        raise NotFoundError(job)
    warm = None
    if (schedule := row.request.get("warm_start")) is not None:
        query = select(schedules.c.body).where(
            schedules.c.id == schedule, schedules.c.mill == row.mill
        )
        warm = connection.execute(query).scalar_one_or_none()
    return JobInput(
        request=dict(row.request),
        problem=Document(bytes(row.body), row.origin == Origin.INLINE),
        warm_start=None if warm is None else Document(bytes(warm)),
    )
