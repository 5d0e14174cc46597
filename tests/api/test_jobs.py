"""Jobs over HTTP, with a real worker process."""

import json

import pytest

from .conftest import job, wait


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
    again = {"order_book": done["order_book"], "schedule": schedule["schedule"]}
    scored = client.post("/v1/schedules:evaluate", json=again).json()
    assert scored == schedule["evaluation"]


def test_a_bound_is_proven_after_the_search_where_asked_for(client, book):
    job_id = client.post("/v1/jobs", json=job(book, bound_s=5)).json()["id"]
    result = wait(client, job_id)["result"]
    assert result["bound"]["value"] == result["lower_bound"] <= result["cost"]
    parts = result["bound"]["parts"].values()
    assert sum(part["cost"] for part in parts) == pytest.approx(result["cost"], abs=0.01)
    assert 0 <= result["gap"] <= result["bound"]["avoidable_gap"]


def test_a_job_ends_once_its_plan_is_proven_near_enough_to_the_best(client, book):
    wanted = {"time_s": 600, "target_gap": 0.5}
    body = job(book, "aco", termination=wanted, bound_s=5)
    done = wait(client, client.post("/v1/jobs", json=body).json()["id"])
    result = done["result"]
    assert result["stop_reason"] == "gap"
    assert result["bound"]["value"] == result["lower_bound"]
    assert 0 <= result["gap"] <= 0.5
    assert done["progress"]["lower_bound"] == result["lower_bound"]
    listed = client.get("/v1/jobs").json()["items"]
    assert listed[0]["termination"]["target_gap"] == 0.5


@pytest.mark.parametrize(
    ("members", "words"),
    [({}, "needs 'bound_s'"), ({"bound_s": 5, "profile": "low_energy"}, "own prices")],
)
def test_a_gap_that_could_not_be_proven_is_refused(client, book, members, words):
    answer = client.post("/v1/jobs", json=job(book, termination={"target_gap": 0.1}, **members))
    assert answer.status_code == 422
    assert words in answer.json()["errors"][0]["detail"]


def test_progress_is_live(client, book):
    job_id = client.post("/v1/jobs", json=job(book, "slow", termination={"time_s": 600})).json()[
        "id"
    ]
    running = wait(client, job_id, ["running"])
    while running["progress"] is None:
        running = client.get(f"/v1/jobs/{job_id}").json()
    first = running["progress"]
    assert first["cost"] == pytest.approx(
        sum(term["money"] for term in first["terms"].values()), abs=0.01
    )
    while running["progress"]["iterations"] == first["iterations"]:
        running = client.get(f"/v1/jobs/{job_id}").json()
    assert running["progress"]["iterations"] > first["iterations"]

    assert client.post(f"/v1/jobs/{job_id}:stop").json()["state"] == "stopping"
    stopped = wait(client, job_id)
    assert (stopped["state"], stopped["result"]["stop_reason"]) == ("succeeded", "stopped")
    assert client.get(stopped["links"]["schedule"]).status_code == 200


def test_cancel_discards_and_delete_purges(client, book):
    job_id = client.post("/v1/jobs", json=job(book, "slow")).json()["id"]
    wait(client, job_id, ["running"])
    assert client.post(f"/v1/jobs/{job_id}:cancel").json()["state"] == "cancelled"
    assert client.post(f"/v1/jobs/{job_id}:stop").status_code == 409
    after = client.post("/v1/jobs", json=job(book)).json()["id"]
    done = wait(client, after)
    assert client.get(f"/v1/jobs/{job_id}").json()["schedule"] is None

    schedule = done["links"]["schedule"]
    assert client.delete(f"/v1/jobs/{after}").status_code == 204
    for gone in (f"/v1/jobs/{after}", schedule, f"/v1/order-books/{done['order_book']}"):
        assert client.get(gone).status_code == 404, gone
    assert client.get(f"/v1/jobs/{job_id}").status_code == 200


def test_a_running_job_can_be_deleted(client, book):
    job_id = client.post("/v1/jobs", json=job(book, "slow")).json()["id"]
    wait(client, job_id, ["running"])
    assert client.delete(f"/v1/jobs/{job_id}").status_code == 204
    after = client.post("/v1/jobs", json=job(book)).json()["id"]
    assert wait(client, after)["state"] == "succeeded"


def test_a_plan_of_another_book_is_no_plan_to_begin_with(client, book):
    made = client.post("/v1/jobs", json=job(book, "planner_rule")).json()["id"]
    plan = wait(client, made)["schedule"]
    orders = [{**order, "id": f"next-{order['id']}"} for order in book["orders"]]
    other = {**book, "orders": orders}
    stored = client.post("/v1/order-books", json=other).json()["id"]
    asked = job(other, warm_start=plan)
    by_id = {**asked, "problem": None, "order_book": stored}
    for body in (asked, by_id, {**by_id, "freeze_until": "2026-01-06T06:00:00+01:00"}):
        answer = client.post("/v1/jobs", json=body)
        assert answer.status_code == 422, answer.text
        (fault,) = answer.json()["errors"]
        assert (fault["code"], fault["pointer"]) == ("unusable_warm_start", "/warm_start")
        assert "unknown order" in fault["detail"]


def test_a_plan_that_a_waiting_job_begins_with_is_not_deleted(client, book):
    first = wait(client, client.post("/v1/jobs", json=job(book)).json()["id"])
    busy = client.post("/v1/jobs", json=job(book, "slow")).json()["id"]
    waiting = client.post("/v1/jobs", json=job(book, warm_start=first["schedule"])).json()["id"]
    refused = client.delete(f"/v1/jobs/{first['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "state_conflict")
    assert waiting in refused.json()["detail"]
    client.post(f"/v1/jobs/{busy}:cancel")
    assert wait(client, waiting)["state"] == "succeeded"
    assert client.delete(f"/v1/jobs/{first['id']}").status_code == 204


def test_events_are_replayed_from_any_point(client, book):
    job_id = client.post("/v1/jobs", json=job(book)).json()["id"]
    whole = events(client, job_id)
    assert [data["state"] for _, kind, data in whole if kind == "state"] == [
        "queued",
        "running",
        "succeeded",
    ]
    ids = [number for number, _, _ in whole]
    assert ids == sorted(ids)
    assert events(client, job_id, after=ids[0]) == whole[1:]


def events(client, job_id, after=None):
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    text = client.get(f"/v1/jobs/{job_id}/events", headers=headers).text
    blocks = [block.split("\n") for block in text.split("\n\n") if block.startswith("id:")]
    return [(int(number[4:]), kind[7:], json.loads(data[6:])) for number, kind, data in blocks]


def test_the_most_urgent_job_runs_first(client, book):
    blocking = client.post("/v1/jobs", json=job(book, "slow")).json()["id"]
    wait(client, blocking, ["running"])
    low, high = (
        client.post("/v1/jobs", json=job(book, priority=priority)).json()["id"]
        for priority in (0, 5)
    )
    low, high = wait(client, low), wait(client, high)
    assert high["started_at"] < low["started_at"]


def test_jobs_are_listed_in_pages_and_by_state(idle, book):
    body = {"order_book": idle.post("/v1/order-books", json=book).json()["id"], "solver": "stub"}
    made = [idle.post("/v1/jobs", json=body).json()["id"] for _ in range(5)]
    idle.post(f"/v1/jobs/{made[0]}:cancel")
    found, page = [], {"next": "job-" + 26 * "z"}
    while page["next"] is not None:
        page = idle.get("/v1/jobs", params={"limit": 2, "cursor": page["next"]}).json()
        found += [item["id"] for item in page["items"]]
    assert found[:5] == made[::-1]
    states = idle.get("/v1/jobs", params={"state": "cancelled"}).json()["items"]
    assert [item["id"] for item in states] == [made[0]]


def test_an_idempotency_key_gives_the_first_answer_again(idle, book):
    headers = {"Idempotency-Key": "mes-4711"}
    first = idle.post("/v1/jobs", json=job(book), headers=headers)
    again = idle.post("/v1/jobs", json=job(book), headers=headers)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    assert again.headers["location"] == first.headers["location"]
    other = idle.post("/v1/jobs", json=job(book, seed=1), headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert idle.post("/v1/jobs", json=job(book)).json()["id"] != first.json()["id"]


def test_a_refused_request_does_not_use_up_its_key(idle, book):
    headers = {"Idempotency-Key": "mes-4712"}
    assert idle.post("/v1/jobs", json=job(book, seed=-1), headers=headers).status_code == 422
    assert idle.post("/v1/jobs", json=job(book), headers=headers).status_code == 202
