"""Scenarios and profiles on the wire."""

from typing import Any

from pydantic import Field, field_validator
from sqlalchemy import Row

from api.planning.solvers import solver_names
from api.store.ids import instant
from api.wire.jobs import Termination
from api.wire.models import EvaluationOut, Id, ProfileName, Request, Response, Seed
from scheduler.profiles import DEFAULT

MOST_JOBS = 100


class ProfileOut(Response):
    """A named way to weigh a plan's terms."""

    name: str
    default: bool
    description: str
    goals: list[str] = Field(description="that a job may choose and order otherwise; else empty")
    needs_plan: bool = Field(description="whether a job must give a `warm_start`")


class ScenarioRequest(Request):
    """Every order book with every profile, solver and seed: a job each."""

    name: str = Field(default="", max_length=200)
    order_books: list[Id] = Field(
        min_length=1, max_length=20, description="ids, also of books of jobs"
    )
    profiles: list[ProfileName] = Field(default=[DEFAULT], min_length=1, max_length=20)
    solvers: list[str] = Field(default=["aco"], min_length=1, max_length=10)
    seeds: list[Seed] = Field(default=[0], min_length=1, max_length=50)
    termination: Termination = Field(default_factory=lambda: Termination.model_validate({}))
    threads: int = Field(default=1, ge=1, le=1024)
    priority: int = Field(default=-10, ge=-100, le=100)

    @field_validator("solvers")
    @classmethod
    def solvers_are_known(cls, values: list[str]) -> list[str]:
        """Refuse a solver that this service has not."""
        if any(value not in (names := solver_names()) for value in values):
            raise ValueError(f"the solvers here are {', '.join(names)}")
        return values


class RunOut(Response):
    """One job of a scenario."""

    job: str
    state: str
    order_book: str
    name: str = Field(description="of the order book")
    profile: str
    solver: str
    seed: int
    schedule: str | None
    evaluation: EvaluationOut | None = Field(
        description="of the plan, with the order book's own prices whatever the profile"
    )
    best: bool = Field(description="the cheapest feasible plan of its order book")


class ScenarioOut(Response):
    """A scenario, and its runs side by side."""

    id: str
    name: str
    created_at: str
    created_by: str
    finished: bool
    runs: list[RunOut]
    links: dict[str, str]


class ScenarioRow(Response):
    """A scenario in a list."""

    id: str
    name: str
    created_at: str
    created_by: str
    jobs: int


class ScenarioList(Response):
    """A page of scenarios, newest first."""

    items: list[ScenarioRow]
    next: str | None


def scenario_document(row: Row[Any], runs: list[Row[Any]], final: set[str]) -> dict[str, Any]:
    """Return a scenario as ``ScenarioOut`` has it."""
    best: dict[str, float] = {}
    for run in runs:
        if run.evaluation is not None and run.evaluation["feasible"]:
            cost = run.evaluation["cost"]
            best[run.order_book] = min(cost, best.get(run.order_book, cost))
    own = f"/v1/scenarios/{row.id}"
    return {
        "id": row.id,
        "name": row.name,
        "created_at": instant(row.created_at),
        "created_by": row.created_by,
        "finished": all(run.state in final for run in runs),
        "runs": [_run(run, best.get(run.order_book)) for run in runs],
        "links": {"self": own, "page": f"/scenarios/{row.id}"},
    }


def _run(run: Row[Any], best: float | None) -> dict[str, Any]:
    evaluation = run.evaluation
    cheapest = evaluation is not None and evaluation["feasible"] and evaluation["cost"] == best
    return {
        "job": run.id,
        "state": run.state,
        "order_book": run.order_book,
        "name": run.book,
        "profile": run.request.get("profile", DEFAULT),
        "solver": run.request["solver"],
        "seed": run.request["seed"],
        "schedule": run.schedule,
        "evaluation": evaluation,
        "best": cheapest,
    }
