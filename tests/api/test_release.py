"""Releasing lots to the mill and confirming what became of them."""

import pytest

from .conftest import job, wait

AT = "2026-01-05T07:00:00+01:00"


@pytest.fixture(scope="module")
def plan(client, book):
    job_id = client.post("/v1/jobs", json=job(book, "planner_rule")).json()["id"]
    return wait(client, job_id)["schedule"]


def release(client, plan, **members):
    return client.post(f"/v1/schedules/{plan}:release", json=members)


def confirm(client, job_order, state, **members):
    body = {"job_order": job_order, "state": state, "at": AT, **members}
    return client.post("/v1/confirmations", json=body)


def test_lots_are_released_once(client, plan):
    one = release(client, plan, lots=[{"line": "L1", "lot": 1}])
    assert one.status_code == 200, one.text
    (first,) = one.json()["items"]
    assert (first["state"], first["lot"]) == ("AllowedToStart", 1)
    assert first["planned"]["billets"] > 0
    everything = release(client, plan).json()["items"]
    assert len(everything) > 3
    assert first in everything
    assert release(client, plan).json()["items"] == everything
    found = client.get("/v1/job-orders", params={"schedule": plan, "limit": 2}).json()
    assert found["items"] == everything[:2]
    assert found["next"]


def test_only_lots_before_an_instant_are_released(client, book):
    job_id = client.post("/v1/jobs", json=job(book, "planner_rule")).json()["id"]
    plan = wait(client, job_id)["schedule"]
    until = "2026-01-05T12:00:00+01:00"
    items = release(client, plan, until=until).json()["items"]
    assert items
    assert all(item["planned"]["start"] < until for item in items)
    assert client.delete(f"/v1/jobs/{job_id}").status_code == 409


def test_a_lot_goes_through_its_states_and_no_others(client, plan):
    lot = release(client, plan).json()["items"][-1]["id"]
    assert confirm(client, lot, "Ended").status_code == 409
    assert confirm(client, lot, "Running").json()["state"] == "Running"
    assert confirm(client, lot, "Running").json()["state"] == "Running"
    confirm(client, lot, "Interrupted", note="cobble")
    confirm(client, lot, "Running")
    ended = confirm(client, lot, "Ended", billets=12, mass_kg=25_000.5).json()
    told = ended["confirmations"]
    assert [one["state"] for one in told] == ["Running", "Interrupted", "Running", "Ended"]
    assert told[-1]["mass_kg"] == 25_000.5
    refused = confirm(client, lot, "Running")
    assert (refused.status_code, refused.json()["code"]) == (409, "state_conflict")


@pytest.mark.parametrize(
    "members",
    [
        {"state": "Flying"},
        {"state": "Running", "at": "yesterday"},
        {"state": "Running", "billets": -1},
        {"state": "Running", "mass_kg": "12"},
        {"state": "Running", "colour": "red"},
    ],
    ids=str,
)
def test_a_bad_confirmation_is_refused(client, plan, members):
    lot = release(client, plan).json()["items"][0]["id"]
    body = {"job_order": lot, "at": AT, **members}
    assert client.post("/v1/confirmations", json=body).status_code == 422


def test_what_is_not_there_is_not_released_or_confirmed(client, plan):
    assert confirm(client, "jo-" + "0" * 26, "Running").status_code == 404
    assert release(client, "sch-" + "0" * 26).status_code == 404
    assert release(client, plan, lots=[{"line": "L1", "lot": 999}]).status_code == 422
