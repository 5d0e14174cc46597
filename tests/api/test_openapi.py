"""The OpenAPI document: as it is checked in, and with examples that are accepted as they stand."""

from pathlib import Path

import pytest

from api.openapi import contract
from api.wire.body import CSV
from solvers.registry import SOLVERS

from .conftest import job, wait

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"


def test_the_document_is_the_one_that_is_checked_in(monkeypatch):
    own = [name for name, one in SOLVERS.items() if type(one).__module__.startswith("solvers")]
    monkeypatch.setattr("api.openapi.solver_names", lambda: own)
    renew = "if this is meant: python -m api.cli schema api > docs/openapi.json"
    assert contract() == DOCUMENT.read_text(encoding="utf-8"), renew


@pytest.fixture(scope="module")
def plan(client, book):
    """A plan of the example job, released."""
    done = wait(client, client.post("/v1/jobs", json=job(book, "planner_rule")).json()["id"])
    client.post(f"/v1/schedules/{done['schedule']}:release", json={})
    return done["schedule"]


def examples(client):
    """Return (path, name, body) of every example."""
    paths = client.get("/openapi.json").json()["paths"]
    return [
        (path, name, example["value"])
        for path, methods in paths.items()
        for operation in methods.values()
        for name, example in (
            operation.get("requestBody", {})
            .get("content", {})
            .get("application/json", {})
            .get("examples", {})
            .items()
        )
    ]


def test_every_example_can_be_sent(client, plan):
    sent = {}
    for path, name, body in examples(client):
        body = {**body, "solver": "stub"} if path == "/v1/jobs" else body
        answer = client.post(path.replace("{schedule}", plan), json=body)
        sent[path, name] = answer.status_code
    own = {key for key, status in sent.items() if status == 404}
    assert {path for path, _ in own} == {"/v1/scenarios", "/v1/confirmations"}
    late = {key for key, status in sent.items() if status == 422}
    # Nothing is confirmed, and the first lots are released.
    assert late == {
        ("/v1/schedules/{schedule}:replan", "actuals"),
        ("/v1/schedules/{schedule}:edit", "move"),
    }
    assert {status for key, status in sent.items() if key not in own | late} <= {200, 201, 202}
    assert len(sent) > 10


def test_the_example_of_a_table_can_be_sent(client, book):
    plant = client.post("/v1/order-books", json=book).json()["id"]
    paths = client.get("/openapi.json").json()["paths"]
    for path in ("/v1/order-books", "/v1/order-books:validate"):
        table = paths[path]["post"]["requestBody"]["content"][CSV]["example"]
        headers = {"content-type": CSV}
        sent = client.post(path, content=table, params={"plant": plant}, headers=headers)
        assert sent.status_code == 201 or sent.json()["valid"], sent.text
