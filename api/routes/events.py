"""``/v1/jobs/{id}/events``: what happens to a job, as server-sent events with replay."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection

from api.errors import Problem
from api.jobs.states import FINAL
from api.security.identity import Reader
from api.services import Here, Services
from api.store import events, jobs
from api.store.ids import instant
from api.wire.models import problems

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])
INTERVAL = 0.5
KEEP_ALIVE = 15.0
EventId = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID", pattern=r"^\d{1,18}$", description="replay what came after this one"
    ),
]


@router.get(
    "/{job}/events",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Events `state` and `progress`; the stream ends with the job.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **problems(404, 422),
    },
)
async def job_events(
    job: str, request: Request, here: Here, client: Reader, last_event_id: EventId = None
) -> StreamingResponse:
    """Tell of every change of a job, at most twice a second, from the start or from an event."""
    await run_in_threadpool(here.store.read, jobs.job_row, client.mill, job)
    known = partial(_known, here, request.headers.get("authorization"), client.mill)
    stream = _stream(here, known, client.mill, job, int(last_event_id or 0))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


def _known(here: Services, authorization: str | None, mill: str) -> bool:
    """Whether the key or token that a stream began with still counts."""
    try:
        return here.gate.client(authorization).mill == mill
    except Problem:
        return False


async def _stream(
    here: Services, known: Callable[[], bool], mill: str, job: str, after: int
) -> AsyncIterator[str]:
    yield "retry: 1000\n\n"
    silent = 0.0
    while await run_in_threadpool(known):
        rows, over = await run_in_threadpool(here.store.read, _look, mill, job, after)
        for row in rows:
            after = row.id
            data = json.dumps({"at": instant(row.at), **row.data}, allow_nan=False)
            yield f"id: {row.id}\nevent: {row.kind}\ndata: {data}\n\n"
        if over and not rows:
            return
        silent = 0.0 if rows else silent + INTERVAL
        if silent >= KEEP_ALIVE:
            silent = 0.0
            yield ": alive\n\n"
        if not rows:
            await asyncio.sleep(INTERVAL)


def _look(connection: Connection, mill: str, job: str, after: int) -> tuple[list[Any], bool]:
    """Return the new events, and whether none will follow."""
    try:
        over = jobs.job_row(connection, mill, job).state in FINAL
    except jobs.NotFoundError:
        return [], True
    return events.events_after(connection, job, after), over
