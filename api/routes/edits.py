"""Where one more order would stand best, and plans changed by hand."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from sqlalchemy import Connection

from api import rendering, submission
from api.errors import Problem
from api.planning.actuals import released_up_to
from api.planning.edits import advice, edited, places_of
from api.planning.search import hand_made
from api.reading.tasks import NewBook
from api.routes.jobs import Key
from api.routes.revisions import Match, check_fresh
from api.security.identity import Client, Planner, Reader
from api.services import Here, Services
from api.store import job_orders, schedules
from api.store.idempotency import Answer
from api.store.jobs import NotFoundError
from api.wire.body import Body, read_body, read_json, read_model
from api.wire.edits import AdviceOut, EditRequest, OrderDetailOut, RecommendRequest
from api.wire.models import problems
from api.wire.schedules import ScheduleOut, schedule_document
from scheduler.issues import InvalidInput

router = APIRouter(prefix="/v1/schedules", tags=["revisions"])


@router.post(
    "/{schedule}:recommend",
    response_model=AdviceOut,
    responses=problems(400, 404, 408, 413, 415, 422),
    openapi_extra={"x-body": "RecommendRequest"},
)
async def recommend(schedule: str, request: Request, here: Here, client: Reader) -> Response:
    """Say where one more order would stand best: cost, lateness, and who else becomes later."""
    await run_in_threadpool(here.store.read, schedules.schedule_row, client.mill, schedule)
    body = await read_body(request)
    return JSONResponse(await run_in_threadpool(_recommend, here, client, schedule, body))


def _recommend(here: Services, client: Client, schedule: str, body: Body) -> dict[str, Any]:
    asked = read_model(RecommendRequest, read_json(body), raw_members=("order",))
    stored = here.store.read(schedules.stored_plan, client.mill, schedule)
    try:
        found = advice(stored, asked.order, asked.not_before, asked.slots)
    except InvalidInput as error:
        raise Problem.of(error, at="/order") from error
    return {"schedule": schedule, **found}


@router.post(
    "/{schedule}:edit",
    status_code=201,
    response_model=ScheduleOut,
    responses=problems(400, 404, 408, 409, 412, 413, 415, 422),
    openapi_extra={"x-body": "EditRequest"},
)
async def edit(
    schedule: str,
    request: Request,
    here: Here,
    client: Planner,
    idempotency_key: Key = None,
    match: Match = None,
) -> Response:
    """Change a plan by hand; it is timed and scored anew and becomes the next revision."""
    await run_in_threadpool(here.store.read, schedules.schedule_row, client.mill, schedule)
    body = await read_body(request)
    answer = await run_in_threadpool(_edit, here, client, schedule, body, idempotency_key, match)
    headers = {"Location": f"/v1/schedules/{answer.body['id']}"}
    return JSONResponse(answer.body, answer.status, headers)


def _edit(
    here: Services, client: Client, schedule: str, body: Body, key: str | None, match: str | None
) -> Answer:
    def ask() -> submission.Work:
        asked = read_model(EditRequest, read_json(body))
        edits = [one.model_dump() for one in asked.edits]
        stored = here.store.read(schedules.stored_plan, client.mill, schedule)
        rows = here.store.read(job_orders.of_lineage, client.mill, schedule)
        try:
            plan = hand_made(stored, edited(stored, edits, released_up_to(stored, rows)), edits)
        except InvalidInput as error:
            raise Problem.of(error) from error

        def work(connection: Connection) -> Answer:
            check_fresh(connection, schedule, match)
            book = stored.row.order_book
            if plan.book is not None:
                new = NewBook.revised(plan.book)
                book = submission.add_book(connection, client, new)
            row = schedules.add_schedule(
                connection,
                mill=client.mill,
                client=client.name,
                order_book=book,
                parent=schedule,
                plan=plan.plan,
            )
            return Answer(201, schedule_document(row))

        return work

    return submission.once(here, client, "schedule.edit", body, key, ask, schedule)


@router.get(
    "/{schedule}/orders/{order:path}", response_model=OrderDetailOut, responses=problems(404, 422)
)
def get_order(schedule: str, order: str, here: Here, client: Reader) -> Any:
    """Say why one order is late or not made, what its neighbours cost, and what would help."""
    stored = here.store.read(schedules.stored_plan, client.mill, schedule)
    report = rendering.report_of(stored)
    story = next((one for one in report.orders if one.order == order), None)
    if story is None:
        raise NotFoundError(order)
    helps = story.status in ("late", "not made")
    return {
        "schedule": schedule,
        "currency": stored.row.evaluation["currency"],
        "order": rendering.order_document(report, story),
        "lots": rendering.order_lots(report, order),
        "places": places_of(stored, order) if helps else [],
    }
