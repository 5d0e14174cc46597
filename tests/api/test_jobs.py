"""Jobs over HTTP, with a real worker process."""

import pytest

from .conftest import job, service, wait


def test_a_job_is_queued_run_and_published(client, book):
    answer = client.post("/v1/jobs", json=job(book, seed=7, tags=["night"]))
    assert answer.status_code == 202
    accepted = answer.json()
    assert accepted["state"] == "queued"
    assert answer.headers["location"] == f"/v1/jobs/{accepted['id']}"
    assert answer.headers["retry-after"] == "1"

    done = wait(client, accepted["id"])
    assert done["state"] == "succeeded"
    assert done["result"]["stop_reason"] == "time"
    assert done["result"]["seed"] == 7
    assert done["tags"] == ["night"]
    assert done["result"]["versions"]["antmill"]

    schedule = client.get(done["links"]["schedule"]).json()
    assert schedule["evaluation"]["cost"] == done["result"]["cost"]
    assert schedule["schedule"]["format"] == "antmill-schedule-1"
    assert schedule["job"] == accepted["id"]
