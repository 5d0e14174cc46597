"""Schedules on the wire."""

from typing import Any

from pydantic import Field
from sqlalchemy import Row

from api.store.ids import instant
from api.wire.models import EvaluationOut, Id, Request, Response


class ScheduleOut(Response):
    """A schedule: an immutable revision of a plan."""

    id: str
    order_book: str
    job: str | None
    parent: str | None = Field(description="the revision that this one replaces")
    revision: int
    created_at: str
    created_by: str
    feasible: bool
    evaluation: EvaluationOut
    run: dict[str, Any] = Field(description="where the plan comes from, and how to repeat it")
    schedule: dict[str, Any] | None = Field(description="the file, `antmill-schedule-1`")
    links: dict[str, str]


class ScheduleList(Response):
    """A page of schedules, newest first."""

    items: list[ScheduleOut]
    next: str | None


class KpiOut(Response):
    """A key figure, with the same figure of the planner's rule beside it."""

    key: str
    group: str
    label: str
    unit: str
    value: float
    reference: float | None = Field(description="the planner's rule's")
    better: str
    share: float | None
    share_of: str
    difference: float | None
    difference_percent: float | None
    verdict: str
    digits: int = Field(description="decimals to show")


class KpisOut(Response):
    """All key figures of a schedule, and what they say."""

    schedule: str
    reference: str
    summary: list[str]
    kpis: list[KpiOut]


class LotRef(Response):
    """A lot of a line, counted from 1."""

    line: str
    number: int


class OrderStoryOut(Response):
    """What becomes of an order, and why."""

    order: str
    section: str
    grade: str
    status: str
    cause: str
    reasons: list[str]
    due: str
    first: str | None
    last: str | None
    late_min: float
    made: float
    target: float
    lower: float
    unit: str
    mass_t: float
    missing_t: float
    lots: list[LotRef]
    cost: float


class ChangeStoryOut(Response):
    """What a change costs."""

    line: str
    lot: int
    label: str
    start: str
    end: str
    section: bool
    grade: bool
    groove: bool
    scrap_kg: float
    scrap_cost: float
    change_cost: float


class ExplanationOut(Response):
    """Every order's story, and every change's price."""

    schedule: str
    summary: list[str]
    orders: list[OrderStoryOut]
    changes: list[ChangeStoryOut]


class EvaluateRequest(Request):
    """A hand-made plan, and the problem that it answers; exactly one of two ways."""

    problem: Any = Field(default=None, description="a problem file, `antmill-problem-1`")
    order_book: Id | None = None
    schedule: Any = Field(description="a schedule file, `antmill-schedule-1`")


def schedule_document(row: Row[Any], content: Any = None) -> dict[str, Any]:
    """Return a schedule's row as ``ScheduleOut`` has it."""
    own = f"/v1/schedules/{row.id}"
    views = {"self": "", "kpis": "/kpis", "explanation": "/explanation", "gantt": "/gantt.svg"}
    return {
        "id": row.id,
        "order_book": row.order_book,
        "job": row.job,
        "parent": row.parent,
        "revision": row.revision,
        "created_at": instant(row.created_at),
        "created_by": row.created_by,
        "feasible": row.feasible,
        "evaluation": row.evaluation,
        "run": row.run,
        "schedule": content,
        "links": {name: own + view for name, view in views.items()}
        | {"report": f"{own}/report.html"},
    }
