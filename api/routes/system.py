"""Solvers, schemas, demo data, and whether the service is alive and ready."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from api import demo
from api.planning.solvers import solver_texts
from api.security.identity import Monitor, Reader
from api.services import Here
from api.store import leases
from api.wire.models import Response as Model
from api.wire.models import problems
from solvers.versions import versions

router = APIRouter()


class SolverOut(Model):
    """A solver that a job may name."""

    name: str
    default: bool
    description: str


class DemoOut(Model):
    """A document that can be posted as it is."""

    id: str
    description: str
    post_to: str
    link: str


class HealthOut(Model):
    """Whether the process runs."""

    status: str
    version: str


class ReadyOut(Model):
    """Whether jobs are accepted and run."""

    status: str
    database: str
    workers_ready: int
    workers: int


@router.get("/v1/solvers", response_model=list[SolverOut], tags=["planning"])
def list_solvers(client: Reader) -> Any:
    """List the solvers, the default first."""
    return [
        {"name": name, "default": index == 0, "description": text}
        for index, (name, text) in enumerate(solver_texts().items())
    ]


@router.get("/v1/demo-data", response_model=list[DemoOut], tags=["demo data"])
def list_demo_data(client: Reader) -> Any:
    """List documents that can be posted as they are. All are generated and seeded."""
    return [
        {
            "id": name,
            "description": item.description,
            "post_to": item.post_to,
            "link": f"/v1/demo-data/{name}",
        }
        for name, item in demo.ITEMS.items()
    ]


@router.get("/v1/demo-data/{item}", responses=problems(404), tags=["demo data"])
def get_demo_data(item: str, client: Reader) -> Response:
    """Return a document to post."""
    return Response(demo.text_of(item), media_type="application/json")


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}, "description": "Prometheus' text form."}},
    tags=["operations"],
)
def metrics(here: Here, client: Monitor) -> Response:
    """Return the metrics of this process."""
    return Response(here.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get("/healthz", response_model=HealthOut, tags=["operations"])
def healthz() -> Any:
    """Say that the process runs."""
    return {"status": "alive", "version": versions()["antmill"]}


@router.get(
    "/readyz",
    response_model=ReadyOut,
    responses={503: {"model": ReadyOut, "description": "Not ready."}},
    tags=["operations"],
)
def readyz(here: Here) -> Response:
    """Say whether the store answers and workers are ready."""
    slots = here.supervisor.slots
    ready = sum(slot.ready.is_set() for slot in slots)
    try:
        here.store.read(leases.is_waiting)
        reachable = True
    except Exception:
        reachable = False
    good = reachable and (ready > 0 or not slots)
    document = {
        "status": "ready" if good else "not ready",
        "database": "reachable" if reachable else "out of reach",
        "workers_ready": ready,
        "workers": len(slots),
    }
    return JSONResponse(document, 200 if good else 503)
