"""``/v1/schedules``: plans as files, and the evaluator's word on them."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from api.errors import Problem
from api.planning.problems import read_problem, stored_problem
from api.planning.scores import evaluation_document, score
from api.routes.revisions import etag
from api.security.identity import Client, Reader
from api.services import Here, Services
from api.store import order_books, schedules
from api.wire.body import Body, read_body, read_json, read_model
from api.wire.entity_tags import LONGEST, if_none_match
from api.wire.models import EvaluationOut, problems
from api.wire.parameters import Cursor
from api.wire.schedules import (
    EvaluateRequest,
    ScheduleList,
    ScheduleOut,
    schedule_document,
)
from api.wire.sizes import check_size
from instances import schedule_json
from scheduler.issues import InvalidInput

Etag = Annotated[str | None, Header(alias="If-None-Match", max_length=LONGEST)]
router = APIRouter(prefix="/v1/schedules", tags=["schedules"])


@router.get("", response_model=ScheduleList, responses=problems(422))
def list_schedules(
    here: Here,
    client: Reader,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Cursor = None,
) -> Any:
    """List the mill's schedules, newest first, without their content."""
    rows = here.store.read(schedules.list_schedules, client.mill, limit=limit + 1, before=cursor)
    following = rows[limit - 1].id if len(rows) > limit else None
    return {"items": [schedule_document(row) for row in rows[:limit]], "next": following}


@router.post(
    ":evaluate",
    response_model=EvaluationOut,
    responses=problems(400, 404, 408, 413, 415, 422),
    openapi_extra={"x-body": "EvaluateRequest"},
)
async def evaluate_schedule(request: Request, here: Here, client: Reader) -> Response:
    """Score a plan that a person or another program made: every term, every violation."""
    body = await read_body(request)
    return JSONResponse(await run_in_threadpool(_evaluate, here, client, body))


def _evaluate(here: Services, client: Client, body: Body) -> dict[str, Any]:
    asked = read_model(EvaluateRequest, read_json(body), raw_members=("problem", "schedule"))
    if (asked.problem is None) == (asked.order_book is None):
        raise Problem(422, "invalid", "give either 'problem' or 'order_book'")
    if asked.order_book is not None:
        document = here.store.read(order_books.order_book_document, client.mill, asked.order_book)
        problem = stored_problem(document)
    else:
        check_size(here.settings, asked.problem, "/problem")
        try:
            problem, _ = read_problem(asked.problem)
        except InvalidInput as error:
            raise Problem.of(error, at="/problem") from error
    try:
        schedule = schedule_json.from_tree(asked.schedule, problem.start)
        return evaluation_document(problem, score(problem, schedule))
    except InvalidInput as error:
        raise Problem.of(error, at="/schedule") from error


@router.get(
    "/{schedule}",
    response_model=ScheduleOut,
    responses={304: {"description": "Still the same, and not revised."}, **problems(404)},
)
def get_schedule(schedule: str, here: Here, client: Reader, match: Etag = None) -> Response:
    """Return a schedule with its file and the evaluator's word on it."""
    stored = here.store.read(schedules.stored_plan, client.mill, schedule)
    revisions = here.store.read(schedules.revisions_of, schedule)
    headers = {"ETag": etag(schedule, revisions)}
    if not if_none_match(match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    document = schedule_document(stored.row, json.loads(stored.schedule.text))
    return JSONResponse(document, headers=headers)
