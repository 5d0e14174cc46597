"""The same service on PostgreSQL, alone and as several servers on one database."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from sqlalchemy import inspect

from api.store import Store, jobs, leases, webhooks
from api.store.tables import metadata, order_books

from .conftest import Server, job, service, wait
from .postgresql import new_database, postgresql_server, program

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(
        program("initdb") is None, reason="no PostgreSQL server; run .ci/install_system_tools"
    ),
]
NUMBERS = count()


@pytest.fixture(scope="module")
def cluster():
    with postgresql_server() as folder:
        yield folder


@pytest.fixture
def url(cluster):
    return new_database(cluster, f"antmill{next(NUMBERS)}")


@pytest.fixture(scope="module")
def client(cluster, tmp_path_factory):
    """A service in this process, on PostgreSQL."""
    database = new_database(cluster, "shared")
    with service(tmp_path_factory.mktemp("pg"), database=database) as client:
        yield client


def test_a_job_is_run_and_published(client, book):
    headers = {"Idempotency-Key": "one"}
    accepted = client.post("/v1/jobs", json=job(book), headers=headers).json()
    assert client.post("/v1/jobs", json=job(book), headers=headers).json() == accepted
    done = wait(client, accepted["id"])
    assert done["state"] == "succeeded"
    assert client.get(done["links"]["gantt"]).status_code == 200
    assert client.get(f"/v1/jobs/{accepted['id']}/events").text.count("event: state") == 3
    assert client.delete(f"/v1/jobs/{accepted['id']}").status_code == 204
    assert client.get(done["links"]["schedule"]).status_code == 404


def test_a_front_is_published_whole_and_goes_with_its_job(client, book):
    body = {"problem": book, "profile": "pareto", "goals": ["lateness", "energy"]}
    body["termination"] = {"time_s": 120, "iterations": 320}
    done = wait(client, client.post("/v1/jobs", json=body).json()["id"])
    items = client.get(done["links"]["front"]).json()["items"]
    assert len(items) > 1
    assert client.delete(f"/v1/jobs/{done['id']}").status_code == 204
    assert {client.get(item["links"]["schedule"]).status_code for item in items} == {404}


def test_of_plans_released_at_once_the_mill_gets_one(client, book):
    known = client.post("/v1/order-books", json=book).json()["id"]
    body = {"order_book": known, "solver": "planner_rule"}
    ids = [client.post("/v1/jobs", json=body).json()["id"] for _ in range(3)]
    plans = [wait(client, one)["schedule"] for one in ids]

    def release(plan):
        return client.post(f"/v1/schedules/{plan}:release", json={}).status_code

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(release, plans)) == [200] * 3
    found = client.get("/v1/job-orders", params={"state": "AllowedToStart"}).json()["items"]
    assert len({item["schedule"] for item in found} & set(plans)) == 1


def ended_with_a_webhook(connection):
    """Store an order book, and a job for it that has ended and is to be told of."""
    book = {"summary": {}, "issues": [], "body": b"", "size": 0, "created_at": 0}
    words = dict.fromkeys(("name", "digest", "created_by"), "")
    statement = order_books.insert().values(id="ob-1", mill="m", origin="posted", **words, **book)
    connection.execute(statement)
    request = {"solver": "aco", "priority": 0, "tags": [], "webhook": "https://mes.plant/"}
    owner = {"mill": "m", "client": "c", "order_book": "ob-1"}
    row = jobs.add_job(connection, **owner, request=request, limit_s=1)
    jobs.cancel_job(connection, "m", row.id)


def test_two_couriers_take_a_webhook_once_each_time_it_is_due(url):
    first = Store.open(url)
    first.write(ended_with_a_webhook)
    second = Store.open(url)
    taken = [store.write(webhooks.take, 5, 60_000_000) for store in (first, second)]
    assert [len(rows) for rows in taken] == [1, 0]
    message = taken[0][0].id
    told = {"at": 0, "status": 500, "error": None}
    first.write(webhooks.record, message, told, webhooks.PENDING, 0)
    (again,) = second.write(webhooks.take, 5, 60_000_000)
    assert (again.id, again.tries, again.attempts) == (message, 2, [told])
    first.close()
    second.close()


def test_a_killed_worker_s_job_runs_again(client, book):
    job_id = client.post("/v1/jobs", json=job(book, "slow")).json()["id"]
    wait(client, job_id, ["running"])
    (slot,) = client.app.state.services.supervisor.slots
    os.kill(slot.worker.process.pid, signal.SIGKILL)
    done = wait(client, job_id)
    assert (done["state"], done["attempt"]) == ("succeeded", 2)


def test_two_claims_at_once_never_get_the_same_job(url, tmp_path, book):
    with service(tmp_path, database=url, slots=0) as idle:
        ids = {idle.post("/v1/jobs", json=job(book)).json()["id"] for _ in range(20)}
        store = idle.app.state.services.store
        with ThreadPoolExecutor(8) as threads:
            claims = list(threads.map(lambda n: store.write(leases.claim, f"w{n}"), range(20)))
    claimed = [claim.job for claim in claims if claim is not None]
    assert len(claimed) == len(set(claimed))
    assert set(claimed) <= ids


def test_one_key_at_once_makes_one_job(url, tmp_path, book):
    with service(tmp_path, database=url, slots=0) as idle, ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(
                lambda _: idle.post(
                    "/v1/jobs", json=job(book), headers={"Idempotency-Key": "same"}
                ),
                range(8),
            )
        )
        assert {answer.status_code for answer in answers} == {202}
        assert len({answer.json()["id"] for answer in answers}) == 1
        assert len(idle.get("/v1/jobs").json()["items"]) == 1


def test_the_migrations_make_the_tables_of_the_code(url):
    store = Store.open(url)
    try:
        made = store.read(lambda connection: inspect(connection).get_table_names())
        assert set(made) == {*metadata.tables, "alembic_version"}
    finally:
        store.close()


@pytest.mark.slow
def test_another_server_takes_over_from_a_killed_one(url, tmp_path, book):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = Server(tmp_path / "a", database=url).start()
    second = Server(tmp_path / "b", database=url, slots=0)
    try:
        job_id = first.client.post("/v1/jobs", json=job(book, "slow")).json()["id"]
        wait(first.client, job_id, ["running"])
        first.kill()
        second.environment["ANTMILL_SLOTS"] = "1"
        second.start()
        done = wait(second.client, job_id)
        assert (done["state"], done["attempt"]) == ("succeeded", 2)
    finally:
        first.close()
        second.close()
