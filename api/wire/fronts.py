"""Fronts on the wire: plans of one job, none of which is better in every goal."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field
from sqlalchemy import Row

from api.wire.models import Response
from scheduler.goals import GOALS


class GoalOut(Response):
    """A goal, and the unit of its values; less is better."""

    name: str
    meaning: str
    unit: str


class FrontPlanOut(Response):
    """A plan of a front; it is a schedule of its own."""

    schedule: str
    cost: float
    feasible: bool
    goals: dict[str, float] = Field(description="value of each goal in its unit")
    cheapest: bool = Field(description="whether it is the job's own schedule")
    links: dict[str, str]


class FrontOut(Response):
    """A front: none of its plans is better in one goal without being worse in another."""

    job: str
    currency: str
    goals: list[GoalOut]
    items: list[FrontPlanOut] = Field(description="empty where the job found no front")
    links: dict[str, str]


def front_document(job: Row[Any], rows: Sequence[Row[Any]]) -> dict[str, Any]:
    """Return a job's front as ``FrontOut`` has it."""
    currency = rows[0].evaluation["currency"] if rows else ""
    names = list(rows[0].goals) if rows else []
    return {
        "job": job.id,
        "currency": currency,
        "goals": [
            {
                "name": name,
                "meaning": GOALS[name].meaning,
                "unit": currency if GOALS[name].unit == "money" else GOALS[name].unit,
            }
            for name in names
        ],
        "items": [
            {
                "schedule": row.schedule,
                "cost": row.evaluation["cost"],
                "feasible": row.feasible,
                "goals": row.goals,
                "cheapest": row.schedule == job.schedule,
                "links": {
                    "schedule": f"/v1/schedules/{row.schedule}",
                    "page": f"/schedules/{row.schedule}",
                },
            }
            for row in rows
        ],
        "links": {"self": f"/v1/jobs/{job.id}/front", "page": f"/fronts/{job.id}"},
    }
