"""Released lots and confirmations on the wire."""

from typing import Any

from pydantic import Field
from sqlalchemy import Row

from api.store.ids import instant
from api.store.job_orders import FOLLOWS, JobOrderState
from api.wire.instants import Instant
from api.wire.models import Id, Request, Response
from api.wire.revisions import Name


class LotChoice(Request):
    """A lot of a line, counted from 1."""

    line: Name
    lot: int = Field(ge=1, le=100_000)


class ReleaseRequest(Request):
    """What of a plan the mill shall roll: all, what starts before an instant, or some lots."""

    until: Instant | None = None
    lots: list[LotChoice] | None = Field(default=None, min_length=1, max_length=10_000)


class ConfirmationRequest(Request):
    """What the mill tells of a released lot."""

    job_order: Id
    state: str = Field(json_schema_extra={"enum": [*JobOrderState]}, max_length=24)
    at: Instant
    billets: int | None = Field(default=None, ge=0, le=10**6, description="rolled since its start")
    mass_kg: float | None = Field(default=None, ge=0, le=1e9, description="charged so far")
    note: str | None = Field(default=None, max_length=500)


class JobOrderOut(Response):
    """A released lot and what became of it."""

    id: str
    schedule: str
    line: str
    lot: int
    state: str
    released_at: str
    released_by: str
    planned: dict[str, Any]
    confirmations: list[dict[str, Any]]
    may_become: list[str] = Field(description="what may be confirmed next, the usual state first")


class JobOrderList(Response):
    """Released lots, newest first."""

    items: list[JobOrderOut]
    next: str | None


def job_order_document(row: Row[Any]) -> dict[str, Any]:
    """Return a released lot as ``JobOrderOut`` has it."""
    return {
        "id": row.id,
        "schedule": row.schedule,
        "line": row.line,
        "lot": row.lot,
        "state": row.state,
        "released_at": instant(row.released_at),
        "released_by": row.released_by,
        "planned": row.planned,
        "confirmations": row.actual["confirmations"],
        "may_become": list(FOLLOWS[row.state]),
    }
