"""``/v1/jobs``: submit, look, stop, cancel, delete."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import JSONResponse, Response

from api.jobs.states import State
from api.routes.direct import KEY_PATTERN, Direct, direct
from api.security.identity import Planner, Reader
from api.services import Here
from api.store import fronts, jobs, webhooks
from api.submission import accept
from api.wire.body import read_body
from api.wire.fronts import FrontOut, front_document
from api.wire.jobs import JobList, JobOut, job_document, webhook_document
from api.wire.models import problems
from api.wire.parameters import Cursor

router = APIRouter(prefix="/v1/jobs", tags=["jobs"], route_class=Direct)
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=KEY_PATTERN,
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
@direct
async def submit_job(
    request: Request, here: Here, client: Planner, idempotency_key: Key = None
) -> Response:
    """Queue a planning job. Answered only after the job is durable: it is never lost."""
    body = await read_body(request)
    answer = await accept(here, client, body, idempotency_key)
    here.supervisor.wake()
    headers = {"Location": f"/v1/jobs/{answer.body['id']}", "Retry-After": "1"}
    return JSONResponse(answer.body, answer.status, headers)


@router.get("", response_model=JobList, responses=problems(422))
def list_jobs(
    here: Here,
    client: Reader,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Cursor = None,
    state: Annotated[list[State] | None, Query(max_length=8)] = None,
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
@direct
async def get_job(job: str, here: Here, client: Reader) -> Response:
    """Return a job with its live progress, or with its result."""
    row = await here.store.look(jobs.job_row, client.mill, job)
    headers = {} if row.finished_at else {"Retry-After": "1"}
    document = job_document(row)
    if row.request.get("webhook") is not None and row.finished_at:
        rows = here.store.read(webhooks.of_job, client.mill, job)
        document["deliveries"] = [webhook_document(one) for one in rows]
    return JSONResponse(document, headers=headers)


@router.get("/{job}/front", response_model=FrontOut, responses=problems(404))
def get_front(job: str, here: Here, client: Reader) -> Any:
    """Return the plans that a job with the profile `pareto` found; each is a schedule."""
    row = here.store.read(jobs.job_row, client.mill, job)
    return front_document(row, here.store.read(fronts.plans_of, client.mill, job))


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
