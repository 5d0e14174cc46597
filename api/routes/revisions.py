"""Revisions of schedules: plan again after a disruption, and compare two plans."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from sqlalchemy import Connection

from api import rendering, submission
from api.errors import Problem
from api.planning.actuals import actuals_document, up_to_date_with
from api.planning.revisions import revised
from api.planning.solvers import solver_names
from api.reading import checks
from api.reading.tasks import NewBook
from api.routes.jobs import Key
from api.security.identity import Client, Planner, Reader
from api.services import Here, Services
from api.store import job_orders, schedules
from api.store.idempotency import Answer
from api.wire.body import Body, read_body, read_json, read_model
from api.wire.entity_tags import LONGEST, if_match
from api.wire.jobs import JobOut, job_document
from api.wire.models import problems
from api.wire.revisions import ActualsOut, DifferenceOut, ReplanRequest
from scheduler.difference import Move, difference
from scheduler.issues import InvalidInput, Issue, shown
from scheduler.report import Report

router = APIRouter(prefix="/v1/schedules", tags=["revisions"])
Match = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=LONGEST,
        description="the ETag of the schedule, a list of such or `*`; 412 where none is its own",
    ),
]


@router.post(
    "/{schedule}:replan",
    status_code=202,
    response_model=JobOut,
    responses=problems(400, 404, 408, 409, 412, 413, 415, 422),
    openapi_extra={"x-body": "ReplanRequest"},
)
async def replan(
    schedule: str,
    request: Request,
    here: Here,
    client: Planner,
    idempotency_key: Key = None,
    match: Match = None,
) -> Response:
    """Plan again after a breakdown, a rush order or a late heat; what is frozen stays."""
    await run_in_threadpool(here.store.read, schedules.schedule_row, client.mill, schedule)
    body = await read_body(request)
    answer = await run_in_threadpool(_replan, here, client, schedule, body, idempotency_key, match)
    here.supervisor.wake()
    headers = {"Location": f"/v1/jobs/{answer.body['id']}", "Retry-After": "1"}
    return JSONResponse(answer.body, answer.status, headers)


def _replan(
    here: Services, client: Client, schedule: str, body: Body, key: str | None, match: str | None
) -> Answer:
    def ask() -> submission.Work:
        asked = read_model(ReplanRequest, read_json(body))
        _check_solver(asked.solver)
        checks.check_limits(here.settings, asked.termination, asked.threads)
        checks.check_webhook(here.settings, asked.webhook)
        why = "the plan that is revised is none for the changed order book"
        checks.check_needs_no_plan([asked.profile], "/profile", why)
        checks.check_goals(asked.profile, asked.goals, asked.solver, warm_start=False)
        stored = here.store.read(schedules.stored_plan, client.mill, schedule)
        disruptions = [one.model_dump() for one in asked.disruptions]
        rows = here.store.read(job_orders.of_lineage, client.mill, schedule)
        try:
            book = revised(stored, asked.freeze_until, disruptions, up_to_date_with(schedule, rows))
        except InvalidInput as error:
            raise Problem.of(error) from error
        checks.fitting(asked.solver, book.problem)
        new = NewBook.revised(book)

        def work(connection: Connection) -> Answer:
            check_fresh(connection, schedule, match)
            request = asked.stored(schedule)
            row = submission.add(connection, here, client, new, request, parent=schedule)
            return Answer(202, job_document(row))

        return work

    return submission.once(here, client, "schedule.replan", body, key, ask, schedule)


def etag(schedule: str, revisions: int) -> str:
    """Return the ETag of a schedule: it changes as soon as somebody plans a revision of it."""
    return f'"{schedule}.{revisions}"'


def check_fresh(connection: Connection, schedule: str, match: str | None) -> None:
    """Raise Problem 412 where ``match`` does not name the schedule's ETag."""
    current = etag(schedule, schedules.revisions_of(connection, schedule))
    if not if_match(match, current):
        detail = "the schedule has been revised meanwhile; look at its revisions first"
        raise Problem(412, "stale", detail, headers={"ETag": current})


def _check_solver(name: str) -> None:
    if name not in (names := solver_names()):
        issue = Issue(
            "value_error", "/solver", f"the solvers here are {', '.join(names)}", value=shown(name)
        )
        raise Problem(422, "invalid", issue.detail, issues=[issue])


@router.get("/{first}/diff/{second}", response_model=DifferenceOut, responses=problems(404))
def diff(first: str, second: str, here: Here, client: Reader) -> Any:
    """Say what changed from the first plan to the second: every figure, every order that moved."""
    one, two = (
        rendering.report_of(here.store.read(schedules.stored_plan, client.mill, schedule))
        for schedule in (first, second)
    )
    found = difference(one, two)
    return {
        "first": first,
        "second": second,
        "kpis": [rendering.kpi_document(kpi) for kpi in found.kpis],
        "moves": [_move_document(one, two, move) for move in found.moves],
        "unmoved": found.unmoved,
    }


def _move_document(one: Report, two: Report, move: Move) -> dict[str, Any]:
    return {
        "order": move.order,
        "later_min": None if move.later is None else move.later / 60,
        "before": move.before and rendering.order_document(one, move.before),
        "after": move.after and rendering.order_document(two, move.after),
    }


@router.get("/{schedule}/actuals", response_model=ActualsOut, responses=problems(404))
def get_actuals(schedule: str, here: Here, client: Reader) -> Any:
    """Return what the mill confirmed of the plan's lots, and its rates beside the planned ones."""
    stored = here.store.read(schedules.stored_plan, client.mill, schedule)
    rows = here.store.read(job_orders.of_lineage, client.mill, schedule)
    return {"schedule": schedule, **actuals_document(stored, rows)}
