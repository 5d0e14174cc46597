"""Taking in a job: checked against the limits, then written with all that belongs to it at once."""

import hashlib
import math
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from api.errors import Problem, issue_document
from api.planning.problems import read_problem, stored_problem, summary
from api.planning.solvers import check_solver
from api.security.identity import Client
from api.services import Services
from api.store import idempotency, jobs, order_books, schedules
from api.store.documents import packed
from api.store.idempotency import Answer
from api.wire.body import Body, read_json, read_model
from api.wire.jobs import JobRequest, job_document
from api.wire.sizes import check_size
from scheduler.issues import InvalidInput, Issue, shown
from scheduler.mill import MillProblem


@dataclass(frozen=True, slots=True)
class InlineBook:
    """A problem that came inside a job, as the store keeps it."""

    body: bytes
    name: str
    summary: dict[str, Any]
    issues: list[dict[str, Any]]


def accept(here: Services, client: Client, body: Body, key: str | None) -> Answer:
    """Return the answer to a posted job after it is durable; raise Problem where it is refused."""
    digest = hashlib.sha256(body.raw).hexdigest()
    if key and (answer := here.store.read(idempotency.recall, client.mill, key, digest)):
        return answer
    asked = read_model(JobRequest, read_json(body), raw_members=("problem",))
    _check_limits(here, asked)
    problem, book = _problem(here, client, asked, body)
    try:
        check_solver(asked.solver, problem)
    except InvalidInput as error:
        raise Problem.of(error) from error

    def work(connection: Connection) -> Answer:
        row = add(connection, here, client, asked, book)
        return Answer(202, job_document(row))

    def work_once(connection: Connection) -> Answer:
        return idempotency.once(connection, client.mill, key, digest, lambda: work(connection))

    return here.act(client, "job.submit", work_once)


def add(
    connection: Connection,
    here: Services,
    client: Client,
    asked: JobRequest,
    book: InlineBook | None,
    **members: Any,
) -> Row[Any]:
    """Write a job and the problem that came with it; ``members`` add to the stored request."""
    _check_quota(connection, here, client)
    owner = {"mill": client.mill, "client": client.name}
    order_book = asked.order_book
    if book is not None:
        order_book = order_books.add_order_book(
            connection,
            **owner,
            body=book.body,
            name=book.name,
            summary=book.summary,
            issues=book.issues,
            inline=True,
        ).id
    assert order_book is not None
    if asked.warm_start is not None:
        schedules.schedule_row(connection, client.mill, asked.warm_start)
    return jobs.add_job(
        connection,
        **owner,
        order_book=order_book,
        request=asked.stored() | members,
        limit_s=math.ceil(asked.termination.time_s),
    )


def _problem(
    here: Services, client: Client, asked: JobRequest, body: Body
) -> tuple[MillProblem, InlineBook | None]:
    if asked.order_book is not None:
        document = here.store.read(order_books.order_book_document, client.mill, asked.order_book)
        return stored_problem(document), None
    check_size(here.settings, asked.problem, "/problem")
    try:
        problem, warnings = read_problem(asked.problem)
    except InvalidInput as error:
        raise Problem.of(error, at="/problem") from error
    issues = [issue_document(issue) for issue in warnings]
    return problem, InlineBook(packed(body.text), problem.name, summary(problem), issues)


def _check_limits(here: Services, asked: JobRequest) -> None:
    settings = here.settings
    limits = [
        ("/termination/time_s", asked.termination.time_s, settings.max_time_s, " s"),
        ("/threads", asked.threads, settings.max_threads, ""),
    ]
    issues = [
        Issue(
            "out_of_range",
            place,
            "more than this service allows",
            value=shown(value),
            expected=f"at most {most:g}{unit}",
        )
        for place, value, most, unit in limits
        if value > most
    ]
    if issues:
        raise Problem(422, "invalid", issues[0].detail, issues=issues)


def _check_quota(connection: Connection, here: Services, client: Client) -> None:
    active, stored = jobs.counts(connection, client.mill, client.name)
    settings = here.settings
    if active >= settings.queued_per_client:
        detail = f"{active} jobs of this client wait or run; at most {settings.queued_per_client}"
        raise Problem(429, "too_many_jobs", detail, headers={"Retry-After": "10"})
    if stored >= settings.stored_per_mill:
        detail = f"this mill keeps {stored} jobs, as many as it may; delete some"
        raise Problem(429, "too_many_jobs", detail)
