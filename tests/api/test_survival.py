"""Dying workers, endless loops, too much memory, a killed service, zombies."""

import os
import signal
import time

import pytest

from api.store import leases
from api.store.documents import packed
from api.store.schedules import Plan

from .conftest import Server, job, service, wait


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """A service that gives a job 400 MiB."""
    folder = tmp_path_factory.mktemp("survival")
    with service(folder, job_memory_mb=400, grace_s=4.0) as client:
        yield client


def run(client, book, solver, **members):
    job_id = client.post("/v1/jobs", json=job(book, solver, **members)).json()["id"]
    return wait(client, job_id, seconds=400)


def slot(client):
    return client.app.state.services.supervisor.slots[0]


def worker_pid(client):
    slot(client).ready.wait(20)
    return slot(client).worker.process.pid


def test_a_job_that_kills_its_worker_fails_after_three_attempts(client, book):
    done = run(client, book, "crash")
    assert (done["state"], done["failure"], done["attempt"]) == ("failed", "crash", 3)
    assert run(client, book, "stub")["state"] == "succeeded"


def test_an_exception_fails_a_job_at_once(client, book):
    done = run(client, book, "wrong")
    assert (done["state"], done["failure"], done["attempt"]) == ("failed", "crash", 1)
    assert "ZeroDivisionError: wrong on purpose" in done["detail"]


def test_an_endless_loop_is_killed_a_grace_after_its_limit(client, book):
    begin = time.monotonic()
    done = run(client, book, "loop")
    assert (done["state"], done["failure"]) == ("failed", "timeout")
    assert time.monotonic() - begin > 1 + 4  # its limit and the grace


def test_a_solver_that_must_be_killed_leaves_the_best_plan_it_told_of(client, book):
    done = run(client, book, "stubborn")
    assert (done["state"], done["result"]["stop_reason"]) == ("succeeded", "killed")
    assert client.get(done["links"]["schedule"]).json()["feasible"] is True


def test_too_much_memory_is_fatal_to_the_job_only(client, book):
    done = run(client, book, "greedy", termination={"time_s": 60})
    assert (done["state"], done["failure"], done["attempt"]) == ("failed", "out_of_memory", 1)
    assert "400 MiB" in done["detail"]


def test_a_loop_that_is_cancelled_does_not_block_the_slot(client, book):
    job_id = client.post("/v1/jobs", json=job(book, "loop", termination={"time_s": 600})).json()[
        "id"
    ]
    wait(client, job_id, ["running"])
    client.post(f"/v1/jobs/{job_id}:cancel")
    assert run(client, book, "stub")["state"] == "succeeded"


def test_a_worker_killed_while_idle_is_replaced(client, book):
    assert run(client, book, "stub")["state"] == "succeeded"
    killed = worker_pid(client)
    os.kill(killed, signal.SIGKILL)
    done = run(client, book, "stub")
    assert done["state"] == "succeeded"
    assert worker_pid(client) != killed


def test_a_worker_killed_at_work_is_replaced_and_its_job_runs_again(client, book):
    job_id = client.post("/v1/jobs", json=job(book, "slow")).json()["id"]
    wait(client, job_id, ["running"])
    os.kill(worker_pid(client), signal.SIGKILL)
    done = wait(client, job_id)
    assert (done["state"], done["attempt"]) == ("succeeded", 2)


def test_a_stopped_worker_loses_its_job(client, book):
    job_id = client.post("/v1/jobs", json=job(book, "slow")).json()["id"]
    wait(client, job_id, ["running"])
    os.kill(worker_pid(client), signal.SIGSTOP)
    done = wait(client, job_id)
    assert (done["state"], done["attempt"]) == ("succeeded", 2)


def test_a_worker_that_holds_its_interpreter_keeps_its_job(client, book):
    done = run(client, book, "holding", termination={"time_s": 60})
    assert (done["state"], done["attempt"]) == ("succeeded", 1)


def test_a_zombie_s_writes_are_refused(idle, book):
    store = idle.app.state.services.store
    job_id = idle.post("/v1/jobs", json=job(book)).json()["id"]
    claims = iter(lambda: store.write(leases.claim, "worker"), None)
    zombie = next(claim for claim in claims if claim.job == job_id)
    assert store.write(leases.beat, job_id, zombie.attempt) == "running"
    assert store.write(leases.lapse, job_id, zombie.attempt, 3, "no sign of life")
    fresh = store.write(leases.claim, "another")
    assert (fresh.job, fresh.attempt) == (job_id, zombie.attempt + 1)

    plan = Plan(packed("{}"), True, {"cost": 1}, {})
    assert store.write(leases.beat, job_id, zombie.attempt, {"cost": 0}) is None
    assert not store.write(leases.finish, job_id, zombie.attempt, "succeeded", {}, plan)
    assert store.write(leases.fail, job_id, zombie.attempt, "crash", "late") is False
    found = idle.get(f"/v1/jobs/{job_id}").json()
    assert (found["state"], found["progress"], found["schedule"]) == ("running", None, None)

    assert store.write(leases.finish, job_id, fresh.attempt, "infeasible", {}) is True
    assert idle.get(f"/v1/jobs/{job_id}").json()["state"] == "infeasible"


def test_a_full_disk_refuses_what_it_cannot_keep_and_still_shows_the_rest(tmp_path, book):
    def pages(most):
        return lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count={most}")

    with service(tmp_path, slots=0) as client:
        store = client.app.state.services.store
        kept = client.post("/v1/jobs", json=job(book)).json()["id"]
        used = store.write(lambda c: c.exec_driver_sql("PRAGMA page_count").scalar())
        store.write(pages(used))
        answers = [client.post("/v1/jobs", json=job(book)) for _ in range(8)]
        refused = [answer for answer in answers if answer.status_code != 202]
        assert {answer.status_code for answer in refused} == {503}
        assert client.get(f"/v1/jobs/{kept}").status_code == 200
        accepted = [answer.json()["id"] for answer in answers if answer.status_code == 202]
        listed = {item["id"] for item in client.get("/v1/jobs").json()["items"]}
        assert listed == {kept, *accepted}
        store.write(pages(1 << 30))
        assert client.post("/v1/jobs", json=job(book)).status_code == 202


@pytest.mark.slow
def test_nothing_accepted_is_lost_when_the_service_is_killed(tmp_path, book):
    server = Server(tmp_path).start()
    try:
        accepted = [
            server.client.post("/v1/jobs", json=job(book, "slow")).json()["id"] for _ in range(3)
        ]
        wait(server.client, accepted[0], ["running"])
        server.kill()
        server.start()
        done = [wait(server.client, job_id, seconds=400) for job_id in accepted]
        assert [found["state"] for found in done] == ["succeeded"] * 3
        assert done[0]["attempt"] == 2
    finally:
        server.close()


@pytest.mark.slow
def test_an_orderly_end_hands_the_running_job_back(tmp_path, book):
    server = Server(tmp_path, attempts=1).start()
    try:
        job_id = server.client.post("/v1/jobs", json=job(book, "slow")).json()["id"]
        wait(server.client, job_id, ["running"])
        assert server.kill(signal.SIGTERM) in (0, -signal.SIGTERM)
        server.start()
        done = wait(server.client, job_id)
        assert done["state"] == "succeeded", done
    finally:
        server.close()
