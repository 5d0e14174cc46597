"""``/v1/jobs``: submit, look, stop, cancel, delete."""

import hashlib
import math
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from sqlalchemy import Connection

from api import planning
from api.errors import Problem, issue_document
from api.security.identity import Client, Planner, Reader
from api.services import Here, Services
from api.store import idempotency, jobs, order_books, schedules
from api.store.documents import packed
from api.store.idempotency import Answer
from api.wire.body import Body, read_body, read_json, read_model
from api.wire.jobs import JobList, JobOut, JobRequest, job_document
from api.wire.models import problems
from api.wire.sizes import check_size
from scheduler.issues import InvalidInput, Issue, shown

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,255}$",
        description="a text of your own; a repeated request gets the first answer again",
    ),
]


@router.post(
    "",
    status_code=202,
    response_model=JobOut,
    responses=problems(400, 404, 408, 409, 413, 415, 422),
    openapi_extra={"x-body": "JobRequest"},
)
async def submit_job(
    request: Request, here: Here, client: Planner, idempotency_key: Key = None
) -> Response:
    """Queue a planning job. Answered only after the job is durable: it is never lost."""
    body = await read_body(request)
    answer = await run_in_threadpool(_accept, here, client, body, idempotency_key)
    here.supervisor.wake()
    headers = {"Location": f"/v1/jobs/{answer.body['id']}", "Retry-After": "1"}
    return JSONResponse(answer.body, answer.status, headers)


def _accept(here: Services, client: Client, body: Body, key: str | None) -> Answer:
    digest = hashlib.sha256(body.raw).hexdigest()
    if key and (answer := here.store.read(idempotency.recall, client.mill, key, digest)):
        return answer
    tree = read_json(body)
    asked = read_model(JobRequest, tree, raw_members=("problem",))
    _check_limits(here, asked)
    book = None if asked.problem is None else _read_problem(here, asked.problem)

    def work(connection: Connection) -> Answer:
        _check_quota(connection, here, client)
        order_book = asked.order_book
        if book is not None:
            order_book = order_books.add_order_book(
                connection,
                mill=client.mill,
                client=client.name,
                body=packed(body.text),
                inline=True,
                **book,
            ).id
        assert order_book is not None
        _check_references(connection, client, order_book, asked)
        row = jobs.add_job(
            connection,
            mill=client.mill,
            client=client.name,
            order_book=order_book,
            request=asked.stored(),
            limit_s=math.ceil(asked.termination.time_s),
        )
        return Answer(202, job_document(row))

    def work_once(connection: Connection) -> Answer:
        return idempotency.once(connection, client.mill, key, digest, lambda: work(connection))

    return here.act(client, "job.submit", work_once)


def _read_problem(here: Services, tree: Any) -> dict[str, Any]:
    """Return what the store keeps beside a problem; raise Problem where it cannot be used."""
    check_size(here.settings, tree, "/problem")
    try:
        problem, warnings = planning.read_problem(tree)
    except InvalidInput as error:
        raise Problem.of(error, at="/problem") from error
    return {
        "name": problem.name,
        "summary": planning.summary(problem),
        "issues": [issue_document(issue) for issue in warnings],
    }


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


def _check_references(
    connection: Connection, client: Client, order_book: str, asked: JobRequest
) -> None:
    order_books.order_book_row(connection, client.mill, order_book)
    if asked.warm_start is not None:
        schedules.schedule_row(connection, client.mill, asked.warm_start)


@router.get("", response_model=JobList, responses=problems(422))
def list_jobs(
    here: Here,
    client: Reader,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=64, description="`next` of a page")] = None,
    state: Annotated[list[str] | None, Query(max_length=8)] = None,
    solver: Annotated[str | None, Query(max_length=64)] = None,
    order_book: Annotated[str | None, Query(max_length=64)] = None,
) -> Any:
    """List the mill's jobs, newest first."""
    rows = here.store.read(
        jobs.list_jobs,
        client.mill,
        limit=limit + 1,
        before=cursor,
        states=state,
        solver=solver,
        order_book=order_book,
    )
    following = rows[limit - 1].id if len(rows) > limit else None
    return {"items": [job_document(row) for row in rows[:limit]], "next": following}


@router.get("/{job}", response_model=JobOut, responses=problems(404))
def get_job(job: str, here: Here, client: Reader) -> Any:
    """Return a job with its live progress, or with its result."""
    row = here.store.read(jobs.job_row, client.mill, job)
    headers = {} if row.finished_at else {"Retry-After": "1"}
    return JSONResponse(job_document(row), headers=headers)


@router.post("/{job}:stop", status_code=202, response_model=JobOut, responses=problems(404, 409))
def stop_job(job: str, here: Here, client: Planner) -> Any:
    """End the search soon and keep the best plan. A job that still waits is cancelled."""
    return JSONResponse(
        job_document(here.act(client, "job.stop", jobs.stop_job, client.mill, job)), 202
    )


@router.post("/{job}:cancel", response_model=JobOut, responses=problems(404, 409))
def cancel_job(job: str, here: Here, client: Planner) -> Any:
    """End the job now and discard what it found."""
    return JSONResponse(
        job_document(here.act(client, "job.cancel", jobs.cancel_job, client.mill, job))
    )


@router.delete("/{job}", status_code=204, responses=problems(404, 409))
def delete_job(job: str, here: Here, client: Planner) -> Response:
    """Purge the job, its events and its schedule; a running one is ended."""
    here.act(client, "job.delete", jobs.delete_job, client.mill, job)
    return Response(status_code=204)
