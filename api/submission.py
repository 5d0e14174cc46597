"""Taking in a job: checked against the limits, then written with all that belongs to it at once."""

import hashlib
import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection

from api.errors import Problem
from api.planning.problems import stored_problem
from api.planning.revisions import frozen
from api.reading.checks import check_start, check_weights, fitting
from api.reading.tasks import JobRead, NewBook
from api.security.identity import Client
from api.services import Services
from api.store import idempotency, jobs, order_books, schedules
from api.store.idempotency import Answer
from api.store.prepared import Record
from api.wire.body import Body
from api.wire.jobs import job_document
from scheduler.issues import InvalidInput

Work = Callable[[Connection], Answer]


async def accept(here: Services, client: Client, body: Body, key: str | None) -> Answer:
    """Return the answer to a posted job after it is durable; raise Problem where it is refused."""
    digest = _digest(body) if key else ""
    if key and (answer := await run_in_threadpool(_recall, here, client, key, digest)):
        return answer
    work = await _work(here, client, await here.readers.read("read_job", body))

    def work_once(connection: Connection) -> Answer:
        return idempotency.once(connection, client.mill, key, digest, lambda: work(connection))

    return await here.commit(client, "job.submit", work_once)


def once(
    here: Services,
    client: Client,
    action: str,
    body: Body,
    key: str | None,
    ask: Callable[[], Work],
    of: str = "",
) -> Answer:
    """Return what the work that ``ask`` prepares answers, or answered when ``key`` was new.

    A key belongs to one action ``of`` one object: the same body sent elsewhere asks for something
    else.
    """
    digest = _digest(body, f"{action} {of}\n")
    if key and (answer := _recall(here, client, key, digest)):
        return answer
    work = ask()

    def work_once(connection: Connection) -> Answer:
        return idempotency.once(connection, client.mill, key, digest, lambda: work(connection))

    return here.act(client, action, work_once)


def _digest(body: Body, asked: str = "") -> str:
    return hashlib.sha256(asked.encode() + body.raw).hexdigest()


def _recall(here: Services, client: Client, key: str, digest: str) -> Answer | None:
    return here.store.read(idempotency.recall, client.mill, key, digest)


def add(
    connection: Connection,
    here: Services,
    client: Client,
    book: NewBook | str,
    request: dict[str, Any],
    *,
    parent: str | None = None,
    scenario: str | None = None,
) -> Record:
    """Write a job for a stored order book, or for one that is stored along with it."""
    _check_quota(connection, here, client)
    order_book = add_book(connection, client, book) if isinstance(book, NewBook) else book
    if request["warm_start"] is not None:
        schedules.schedule_row(connection, client.mill, request["warm_start"])
    limit_s = math.ceil(request["termination"]["time_s"] + (request.get("bound_s") or 0))
    return jobs.add_job(
        connection,
        mill=client.mill,
        client=client.name,
        order_book=order_book,
        request=request,
        limit_s=limit_s,
        parent=parent,
        scenario=scenario,
    )


def add_book(connection: Connection, client: Client, book: NewBook) -> str:
    """Write an order book that comes with something else, and return its id."""
    return str(store_book(connection, client, book).id)


def store_book(connection: Connection, client: Client, book: NewBook) -> Record:
    """Write an order book and return its row."""
    return order_books.add_order_book(
        connection,
        mill=client.mill,
        client=client.name,
        body=book.body,
        name=book.name,
        summary=book.summary,
        issues=book.issues,
        origin=book.origin,
    )


async def _work(here: Services, client: Client, read: JobRead) -> Work:
    """Return the transaction that takes in a job; everything slow is done before it."""
    book = read.book
    if isinstance(book, str) or read.request["warm_start"] is not None:
        book = await run_in_threadpool(_stored_book, here, client, read)

    def work(connection: Connection) -> Answer:
        return Answer(202, job_document(add(connection, here, client, book, read.request)))

    return work


def _stored_book(here: Services, client: Client, read: JobRead) -> NewBook | str:
    """Return the book that the job is for: the one named, or one with a frozen start."""
    book, until = read.book, read.freeze_until
    solver, weights = read.request["solver"], read.request["weights"]
    begins = read.request["warm_start"]
    if isinstance(book, str) and begins is None and weights is None:
        check_fit(here, client, book, solver)
        return book
    stored = order_books.order_book_document
    document = (
        here.store.read(stored, client.mill, book) if isinstance(book, str) else book.document
    )
    problem = stored_problem(document)
    plan = None
    if begins is not None:
        plan = here.store.read(schedules.stored_plan, client.mill, begins).schedule
        check_start(problem, plan)
    if until is None or plan is None:
        fitting(solver, problem)
        check_weights(problem, weights or {})
        return book
    try:
        new = frozen(problem, plan, until.isoformat())
    except InvalidInput as error:
        issues = [replace(one, pointer="/freeze_until") for one in error.issues]
        raise Problem.of(InvalidInput(issues, total=error.total)) from error
    fitting(solver, new.problem)
    if weights is not None:
        check_weights(new.problem, weights)
    return NewBook.revised(new)


def check_fit(here: Services, client: Client, order_book: str, solver: str) -> None:
    """Raise NotFoundError where there is no such book, Problem where it is not for the solver."""
    here.store.read(order_books.order_book_row, client.mill, order_book)
    if not here.fits.knows(order_book, solver):
        document = here.store.read(order_books.order_book_document, client.mill, order_book)
        fitting(solver, stored_problem(document))
        here.fits.learn(order_book, solver)


def _check_quota(connection: Connection, here: Services, client: Client) -> None:
    most = here.settings.queued_per_client
    count = partial(jobs.count_active, connection, client.name)
    if (active := here.room.take(f"client {client.name}", most, count)) is not None:
        detail = f"{active} jobs of this client wait or run; at most {most}"
        raise Problem(429, "too_many_jobs", detail, headers={"Retry-After": "10"})
    count = partial(jobs.count_stored, connection, client.mill)
    most = here.settings.stored_per_mill
    if (stored := here.room.take(f"mill {client.mill}", most, count)) is not None:
        detail = f"this mill keeps {stored} jobs, as many as it may; delete some"
        raise Problem(429, "too_many_jobs", detail)
