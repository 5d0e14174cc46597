"""Releasing plans to the mill, and hearing back what became of the lots."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from sqlalchemy import Connection, Row

from api import rendering
from api.errors import Problem
from api.planning.actuals import carried_over
from api.security.identity import Client, Confirmer, Reader, Releaser
from api.services import Here, Services
from api.store import job_orders, schedules
from api.store.ids import instant as moment
from api.store.ids import now
from api.store.job_orders import JobOrderState
from api.store.jobs import StateConflictError
from api.wire.body import read_body, read_json, read_model
from api.wire.job_orders import (
    ConfirmationRequest,
    JobOrderList,
    JobOrderOut,
    ReleaseRequest,
    job_order_document,
)
from api.wire.models import problems
from api.wire.parameters import Cursor
from scheduler.clock import instant
from scheduler.gantt import LotBar
from scheduler.issues import Issue, shown
from scheduler.report import Report

router = APIRouter(prefix="/v1", tags=["release"])


@router.post(
    "/schedules/{schedule}:release",
    response_model=JobOrderList,
    responses=problems(400, 404, 408, 409, 413, 415, 422),
    openapi_extra={"x-body": "ReleaseRequest"},
)
async def release(schedule: str, request: Request, here: Here, client: Releaser) -> Response:
    """Release lots of a feasible plan to the mill.

    What a plan that this one revises released stays with its job orders where this plan has the
    same lots; all else that this plan, its revisions or other plans of their order book released
    and the mill has not begun is aborted.
    """
    await run_in_threadpool(here.store.read, schedules.schedule_row, client.mill, schedule)
    asked = read_model(ReleaseRequest, read_json(await read_body(request)))
    rows = await run_in_threadpool(_release, here, client, schedule, asked)
    return JSONResponse({"items": [job_order_document(row) for row in rows], "next": None})


def _release(here: Services, client: Client, schedule: str, asked: ReleaseRequest) -> list[Any]:
    stored = here.store.read(schedules.stored_plan, client.mill, schedule)
    if not stored.row.feasible:
        raise StateConflictError("the plan breaks constraints; it cannot be released")
    report = rendering.report_of(stored)
    lots = [lot for line in report.gantt.lines for lot in line.lots]

    def work(connection: Connection, schedule: str) -> list[Any]:
        ours = {row.id for row in job_orders.of_lineage(connection, client.mill, schedule)}
        released = job_orders.of_alternatives(connection, schedule)
        before = [row for row in released if row.schedule != schedule]
        kept = carried_over(stored, [row for row in before if row.id in ours])
        chosen = [
            _planned(report, lot)
            for lot in _chosen(report, lots, asked)
            if (lot.line, lot.number) not in kept
        ]
        own = [row for row in released if row.schedule == schedule]
        _check_not_superseded(own, {(lot["line"], lot["lot"]) for lot in chosen})
        _supersede(connection, before, {row.id for row in kept.values()}, schedule)
        owner = {"mill": client.mill, "client": client.name}
        return job_orders.release(connection, **owner, schedule=schedule, lots=chosen)

    return here.act(client, "schedule.release", work, schedule)


def _check_not_superseded(own: Sequence[Row[Any]], chosen: set[tuple[str, int]]) -> None:
    """Raise StateConflictError where lots of this plan gave way to another plan's release."""
    for row in own:
        if (row.line, row.lot) in chosen and (other := job_orders.superseded_by(row)):
            detail = f"lot {row.line}/{row.lot} gave way to the release of {other}"
            hint = "what was withdrawn does not come back; plan again from this plan, release that"
            raise StateConflictError(f"{detail}; {hint}")


def _supersede(
    connection: Connection, before: Sequence[Row[Any]], kept: set[str], schedule: str
) -> None:
    """Withdraw what another plan released and this one has not; refuse if it has begun."""
    gone = [row for row in before if row.id not in kept and job_orders.FOLLOWS[row.state]]
    begun = [row for row in before if row.id not in kept and row.state in job_orders.BEGUN]
    if begun:
        names = ", ".join(f"{row.line}/{row.lot} ({row.id})" for row in begun[:5])
        detail = "the plan is without lots that the mill has begun"
        raise StateConflictError(f"{detail}: {names}; plan again from {begun[0].schedule}")
    job_orders.supersede(connection, gone, schedule, str(moment(now())))


def _chosen(report: Report, lots: list[LotBar], asked: ReleaseRequest) -> list[LotBar]:
    if asked.lots is not None:
        known = {(lot.line, lot.number): lot for lot in lots}
        issues = [
            Issue("unknown_lot", f"/lots/{n}", "the plan has no such lot", value=shown(one.lot))
            for n, one in enumerate(asked.lots)
            if (one.line, one.lot) not in known
        ]
        if issues:
            raise Problem(422, "invalid", issues[0].detail, issues=issues)
        lots = [known[one.line, one.lot] for one in asked.lots]
    if asked.until is not None:
        until = datetime.fromisoformat(asked.until)
        lots = [lot for lot in lots if instant(report.gantt.origin, lot.start) < until]
    return lots


def _planned(report: Report, lot: LotBar) -> dict[str, Any]:
    return {
        "line": lot.line,
        "lot": lot.number,
        "section": lot.section,
        "grade": lot.grade,
        "start": instant(report.gantt.origin, lot.start).isoformat(),
        "end": instant(report.gantt.origin, lot.end).isoformat(),
        "billets": lot.billets,
        "mass_kg": lot.charged / 1000,
        "orders": list(lot.orders),
    }


@router.get("/job-orders", response_model=JobOrderList, responses=problems(422))
def list_job_orders(
    here: Here,
    client: Reader,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    cursor: Cursor = None,
    schedule: Annotated[str | None, Query(max_length=64)] = None,
    state: JobOrderState | None = None,
) -> Any:
    """List released lots, newest first."""
    rows = here.store.read(
        job_orders.list_job_orders,
        client.mill,
        limit=limit + 1,
        before=cursor,
        schedule=schedule,
        state=state,
    )
    following = rows[limit - 1].id if len(rows) > limit else None
    return {"items": [job_order_document(row) for row in rows[:limit]], "next": following}


@router.post(
    "/confirmations",
    response_model=JobOrderOut,
    responses=problems(400, 404, 408, 409, 413, 415, 422),
    openapi_extra={"x-body": "ConfirmationRequest"},
)
async def confirm(request: Request, here: Here, client: Confirmer) -> Response:
    """Tell what the mill does with a released lot. The same message again changes nothing."""
    asked = read_model(ConfirmationRequest, read_json(await read_body(request)))
    if asked.state not in set(JobOrderState):
        issue = Issue(
            "unknown_choice",
            "/state",
            "no such state",
            value=shown(asked.state),
            expected=", ".join(JobOrderState),
        )
        raise Problem(422, "invalid", issue.detail, issues=[issue])
    told = {**asked.model_dump(exclude={"job_order"}, exclude_none=True), "by": client.name}
    row = await run_in_threadpool(
        here.act,
        client,
        "job-order.confirm",
        job_orders.confirm,
        client.mill,
        asked.job_order,
        asked.state,
        told,
    )
    return JSONResponse(job_order_document(row))
