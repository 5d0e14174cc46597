"""Large bodies are read in processes of their own, with the answers of reading them here."""

import json
import os
import signal
import time

import pytest

from api.errors import Problem
from api.reading.readers import Readers
from api.reading.tasks import NewBook, read_job
from api.settings import Settings
from api.store.room import Room
from api.wire.body import Body
from instances import mill_json
from instances.generator import generate
from scheduler.issues import InvalidInput

from .conftest import job, service


@pytest.fixture(scope="module")
def readers():
    """One reading process, ready."""
    readers = Readers(Settings(readers=1))
    readers.start()
    ready(readers)
    yield readers
    readers.close()


def ready(readers, seconds=120):
    end = time.monotonic() + seconds
    while not readers.ready:
        assert time.monotonic() < end
        time.sleep(0.05)


def body(**members):
    problem = mill_json.to_tree(generate("bar", "week", seed=1, orders=30))
    return Body(json.dumps(job(problem, "aco", **members)).encode(), "application/json")


def test_a_process_reads_what_this_one_reads(readers):
    here = read_job(readers.settings, body())
    assert isinstance(here.book, NewBook)
    assert readers.submit("read_job", body()).result(60) == here


def test_refusals_come_back_whole(readers):
    for wrong in (body(seed=-1), body(threads=1000), Body(b'{"problem": {}}', "application/json")):
        with pytest.raises(Problem) as here:
            read_job(readers.settings, wrong)
        with pytest.raises(Problem) as there:
            readers.submit("read_job", wrong).result(60)
        assert there.value.document() == here.value.document()
        assert there.value.status == here.value.status
    with pytest.raises(InvalidInput) as invalid:
        readers.submit("read_book", Body(b"{}", "application/json")).result(60)
    assert invalid.value.total == len(invalid.value.issues) > 0


def test_a_killed_process_is_replaced_and_its_body_read_all_the_same(readers):
    process = readers.threads[0].process
    os.kill(process.pid, signal.SIGSTOP)
    future = readers.submit("read_job", body())
    time.sleep(0.2)
    os.kill(process.pid, signal.SIGKILL)
    assert future.result(120).book is not None
    assert readers.threads[0].process.pid != process.pid


def test_a_service_takes_large_and_small_bodies_through_its_readers(tmp_path, book):
    with service(tmp_path, slots=0, readers=1) as client:
        ready(client.app.state.services.readers)
        large = json.loads(body().raw)
        assert client.post("/v1/jobs", json=large).status_code == 202
        made = client.post("/v1/order-books", json=large["problem"]).json()
        named = {"order_book": made["id"], "solver": "aco"}
        assert client.post("/v1/jobs", json=named).status_code == 202
        large["problem"]["orders"][3]["weight"] = -1
        refused = client.post("/v1/jobs", json=large).json()
        assert refused["errors"][0]["pointer"] == "/problem/orders/3/weight"


def test_room_is_counted_again_only_when_it_may_be_used_up():
    counted = []

    def count():
        counted.append(2)
        return 2

    room = Room(shared=False)
    assert [room.take("a", 4, count) for _ in range(2)] == [None, None]
    assert len(counted) == 1
    assert room.take("a", 2, count) == 2
    shared = Room(shared=True)
    assert [shared.take("a", 4, count) for _ in range(3)] == [None, None, None]
    assert len(counted) == 5
