"""Routes that are served directly answer as FastAPI would, and refuse what it would."""

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from api import errors
from api.edge import Edge
from api.routes import jobs
from api.settings import Settings

from .conftest import job

KEYS = ("mes-1", "", "a b", "x" * 255, "x" * 256, "\x7f")


@pytest.fixture(scope="module")
def careful(idle):
    """The routes of jobs as FastAPI serves them, in the same service."""
    router = APIRouter(prefix="/v1/jobs")
    for route in jobs.router.routes:
        assert isinstance(route, APIRoute)
        path, kinds = route.path.removeprefix("/v1/jobs"), list(route.methods or ())
        router.add_api_route(path, route.endpoint, methods=kinds, status_code=route.status_code)
    app = FastAPI()
    app.add_middleware(Edge, settings=Settings())
    errors.install(app)
    app.include_router(router)
    app.state.settings, app.state.services = idle.app.state.settings, idle.app.state.services
    return TestClient(app, "http://localhost")


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_checked_as_its_signature_says(idle, careful, book, key):
    headers = {"Idempotency-Key": key}
    asked = {"json": job(book, tags=["direct"]), "headers": headers}
    found, expected = (client.post("/v1/jobs", **asked) for client in (idle, careful))
    assert found.status_code == expected.status_code
    assert found.status_code == (202 if key in ("mes-1", "x" * 255) else 422)
    assert found.json() == expected.json()


def test_of_two_keys_the_same_one_counts(idle, careful, book):
    headers = [("Idempotency-Key", "first"), ("Idempotency-Key", "second")]
    asked = {"json": job(book), "headers": headers}
    found, expected = (client.post("/v1/jobs", **asked).json() for client in (idle, careful))
    assert found == expected


def test_a_job_is_shown_alike(idle, careful, book):
    path = idle.post("/v1/jobs", json=job(book)).headers["location"]
    found, expected = idle.get(path), careful.get(path)
    assert found.json() == expected.json()
    assert found.headers["retry-after"] == expected.headers["retry-after"] == "1"
    assert idle.get("/v1/jobs/none").json() == careful.get("/v1/jobs/none").json()
