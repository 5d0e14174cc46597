"""Taking in a job: checked against the limits, then written with all that belongs to it at once."""

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from api.errors import Problem, issue_document
from api.planning.books import Book
from api.planning.problems import read_problem, stored_problem, summary
from api.planning.revisions import frozen
from api.planning.solvers import check_solver
from api.security.identity import Client
from api.services import Services
from api.store import idempotency, jobs, order_books, schedules
from api.store.documents import packed
from api.store.idempotency import Answer
from api.webhooks.policy import Policy
from api.wire.body import Body, read_json, read_model
from api.wire.jobs import JobRequest, Termination, job_document
from api.wire.sizes import check_size
from instances.search_weights import seen_with
from scheduler.issues import InvalidInput, Issue, shown
from scheduler.mill import MillProblem
from solvers.profiled import check_profile

Work = Callable[[Connection], Answer]


@dataclass(frozen=True, slots=True)
class NewBook:
    """A problem that is stored together with its job."""

    body: bytes
    problem: MillProblem
    warnings: tuple[Issue, ...]
    origin: str

    @classmethod
    def revised(cls, book: Book) -> "NewBook":
        """Return the book of a revision, which no list of order books shows."""
        return cls(packed(book.text), book.problem, book.warnings, order_books.REVISED)


def accept(here: Services, client: Client, body: Body, key: str | None) -> Answer:
    """Return the answer to a posted job after it is durable; raise Problem where it is refused."""

    def ask() -> Work:
        asked = read_model(JobRequest, read_json(body), raw_members=("problem",))
        check_limits(here, asked.termination, asked.threads)
        check_webhook(here, asked.webhook)
        check_goals(asked.profile, asked.goals, asked.solver, asked.warm_start is not None)
        return _work(here, client, asked, body)

    return once(here, client, "job.submit", body, key, ask)


def once(
    here: Services,
    client: Client,
    action: str,
    body: Body,
    key: str | None,
    ask: Callable[[], Work],
) -> Answer:
    """Return what the work that ``ask`` prepares answers, or answered when ``key`` was new."""
    digest = hashlib.sha256(body.raw).hexdigest()
    if key and (answer := here.store.read(idempotency.recall, client.mill, key, digest)):
        return answer
    work = ask()

    def work_once(connection: Connection) -> Answer:
        return idempotency.once(connection, client.mill, key, digest, lambda: work(connection))

    return here.act(client, action, work_once)


def add(
    connection: Connection,
    here: Services,
    client: Client,
    book: NewBook | str,
    request: dict[str, Any],
    *,
    parent: str | None = None,
    scenario: str | None = None,
) -> Row[Any]:
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
    row = order_books.add_order_book(
        connection,
        mill=client.mill,
        client=client.name,
        body=book.body,
        name=book.problem.name,
        summary=summary(book.problem),
        issues=[issue_document(issue) for issue in book.warnings],
        origin=book.origin,
    )
    return str(row.id)


def _work(here: Services, client: Client, asked: JobRequest, body: Body) -> Work:
    """Return the transaction that takes in a job; everything slow is done before it."""
    book: NewBook | str
    if asked.order_book is None:
        check_size(here.settings, asked.problem, "/problem")
        try:
            problem, warnings = read_problem(asked.problem)
        except InvalidInput as error:
            raise Problem.of(error, at="/problem") from error
        book = NewBook(packed(body.text), problem, warnings, order_books.INLINE)
    else:
        document = here.store.read(order_books.order_book_document, client.mill, asked.order_book)
        problem, book = stored_problem(document), asked.order_book
    if asked.freeze_until is not None and asked.warm_start is not None:
        problem, book = _frozen(here, client, asked, problem)
    fitting(asked.solver, problem)
    if asked.weights is not None:
        _check_weights(problem, asked.weights)

    def work(connection: Connection) -> Answer:
        return Answer(202, job_document(add(connection, here, client, book, asked.stored())))

    return work


def _frozen(
    here: Services, client: Client, asked: JobRequest, problem: MillProblem
) -> tuple[MillProblem, NewBook]:
    """Return the problem with the start of ``warm_start`` frozen in it."""
    assert asked.warm_start is not None
    assert asked.freeze_until is not None
    stored = here.store.read(schedules.stored_plan, client.mill, asked.warm_start)
    try:
        book = frozen(problem, stored.schedule, asked.freeze_until.isoformat())
    except InvalidInput as error:
        raise Problem.of(error, at="/freeze_until") from error
    return book.problem, NewBook.revised(book)


def fitting(solver: str, problem: MillProblem) -> None:
    """Raise Problem where the solver cannot take the problem."""
    try:
        check_solver(solver, problem)
    except InvalidInput as error:
        raise Problem.of(error) from error


def check_limits(here: Services, termination: Termination, threads: int) -> None:
    """Raise Problem where a job asks for more than this service gives."""
    settings = here.settings
    limits = [
        ("/termination/time_s", termination.time_s, settings.max_time_s, " s"),
        ("/threads", threads, settings.max_threads, ""),
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


def check_goals(
    profile: str, goals: Sequence[str], solver: str, warm_start: bool, at: str = ""
) -> None:
    """Raise Problem where the profile cannot be searched with what was given."""
    try:
        check_profile(profile, tuple(goals), solver, warm_start=warm_start)
    except InvalidInput as error:
        raise Problem.of(error, at) from error


def _check_weights(problem: MillProblem, weights: dict[str, Any]) -> None:
    try:
        seen_with(problem, weights)
    except InvalidInput as error:
        raise Problem.of(error, at="/weights") from error


def check_webhook(here: Services, url: str | None) -> None:
    """Raise Problem where a job names a webhook that this service does not send."""
    if url is None:
        return
    policy = Policy.of(here.settings.webhook_hosts, here.settings.webhook_networks)
    if not policy.enabled:
        detail, hint = "this service sends no webhooks", "follow the job's events instead"
    else:
        try:
            policy.target(url)
        except ValueError as error:
            detail, hint = str(error), "ask the service's operator to allow the receiver"
        else:
            return
    issue = Issue("webhook_not_allowed", "/webhook", detail, value=shown(url), hint=hint)
    raise Problem(422, "invalid", detail, issues=[issue])


def _check_quota(connection: Connection, here: Services, client: Client) -> None:
    active, stored = jobs.counts(connection, client.mill, client.name)
    settings = here.settings
    if active >= settings.queued_per_client:
        detail = f"{active} jobs of this client wait or run; at most {settings.queued_per_client}"
        raise Problem(429, "too_many_jobs", detail, headers={"Retry-After": "10"})
    if stored >= settings.stored_per_mill:
        detail = f"this mill keeps {stored} jobs, as many as it may; delete some"
        raise Problem(429, "too_many_jobs", detail)
