"""``/v1/scenarios``: what if, over order books, profiles, solvers and seeds; ``/v1/profiles``."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from sqlalchemy import Connection

from api import submission
from api.errors import Problem
from api.jobs.states import FINAL
from api.reading import checks
from api.routes.jobs import Key
from api.security.identity import Client, Planner, Reader
from api.services import Here, Services
from api.store import scenarios
from api.store.idempotency import Answer
from api.store.ids import instant
from api.wire.body import Body, read_body, read_json, read_model
from api.wire.models import problems
from api.wire.parameters import Cursor
from api.wire.scenarios import (
    MOST_JOBS,
    ProfileOut,
    ScenarioList,
    ScenarioOut,
    ScenarioRequest,
    scenario_document,
)
from scheduler.issues import Issue
from scheduler.profiles import DEFAULT, PROFILES

router = APIRouter(prefix="/v1", tags=["planning"])


@router.get("/profiles", response_model=list[ProfileOut])
def list_profiles(client: Reader) -> Any:
    """List the profiles that a job may name: what a search prefers, never what a plan costs."""
    return [
        {
            "name": name,
            "default": name == DEFAULT,
            "description": profile.meaning,
            "goals": profile.goals,
            "needs_plan": profile.needs_plan,
        }
        for name, profile in PROFILES.items()
    ]


@router.post(
    "/scenarios",
    status_code=202,
    response_model=ScenarioOut,
    responses=problems(400, 404, 408, 409, 413, 415, 422),
    openapi_extra={"x-body": "ScenarioRequest"},
)
async def add_scenario(
    request: Request, here: Here, client: Planner, idempotency_key: Key = None
) -> Response:
    """Queue a job for every order book with every profile, solver and seed, all or none."""
    body = await read_body(request)
    answer = await run_in_threadpool(_add, here, client, body, idempotency_key)
    here.supervisor.wake()
    headers = {"Location": f"/v1/scenarios/{answer.body['id']}", "Retry-After": "1"}
    return JSONResponse(answer.body, answer.status, headers)


def _add(here: Services, client: Client, body: Body, key: str | None) -> Answer:
    def ask() -> submission.Work:
        asked = read_model(ScenarioRequest, read_json(body))
        checks.check_limits(here.settings, asked.termination, asked.threads)
        runs = list(product(asked.order_books, asked.profiles, asked.solvers, asked.seeds))
        if len(runs) > MOST_JOBS:
            detail = f"these are {len(runs)} jobs; a scenario may have {MOST_JOBS}"
            raise Problem(422, "invalid", detail, issues=[Issue("too_many", "", detail)])
        checks.check_needs_no_plan(asked.profiles, "/profiles", "a scenario begins with none")
        for number, solver in enumerate(asked.solvers):
            with _told_of(f"/solvers/{number}"):
                for profile in asked.profiles:
                    checks.check_goals(profile, (), solver, warm_start=False)
                for name in dict.fromkeys(asked.order_books):
                    submission.check_fit(here, client, name, solver)

        def work(connection: Connection) -> Answer:
            owner = {"mill": client.mill, "client": client.name}
            row = scenarios.add_scenario(connection, **owner, name=asked.name)
            for book, profile, solver, seed in runs:
                request = _request(asked, profile, solver, seed)
                submission.add(connection, here, client, book, request, scenario=row.id)
            made = scenarios.scenario_runs(connection, row.id)
            return Answer(202, scenario_document(row, made, set(FINAL)))

        return work

    return submission.once(here, client, "scenario.add", body, key, ask)


@contextmanager
def _told_of(place: str) -> Iterator[None]:
    """Let faults of a job's solver be told of its place in the scenario."""
    try:
        yield
    except Problem as problem:
        problem.issues = [
            replace(one, pointer=place) if one.pointer == "/solver" else one
            for one in problem.issues
        ]
        raise


def _request(asked: ScenarioRequest, profile: str, solver: str, seed: int) -> dict[str, Any]:
    return {
        "solver": solver,
        "profile": profile,
        "termination": asked.termination.model_dump(),
        "seed": seed,
        "threads": asked.threads,
        "priority": asked.priority,
        "tags": ["scenario"],
        "warm_start": None,
        "freeze_until": None,
    }


@router.get("/scenarios", response_model=ScenarioList, responses=problems(422))
def list_scenarios(
    here: Here,
    client: Reader,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Cursor = None,
) -> Any:
    """List the mill's scenarios, newest first."""
    rows = here.store.read(scenarios.list_scenarios, client.mill, limit=limit + 1, before=cursor)
    following = rows[limit - 1].id if len(rows) > limit else None
    items = [
        {
            "id": row.id,
            "name": row.name,
            "created_at": instant(row.created_at),
            "created_by": row.created_by,
            "jobs": row.jobs,
        }
        for row in rows[:limit]
    ]
    return {"items": items, "next": following}


@router.get("/scenarios/{scenario}", response_model=ScenarioOut, responses=problems(404))
def get_scenario(scenario: str, here: Here, client: Reader) -> Any:
    """Return a scenario's runs side by side; the cheapest plan of each order book is marked."""
    row = here.store.read(scenarios.scenario_row, client.mill, scenario)
    runs = here.store.read(scenarios.scenario_runs, row.id)
    return scenario_document(row, runs, set(FINAL))
