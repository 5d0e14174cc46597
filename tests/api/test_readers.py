"""Large bodies are read in processes of their own, with the answers of reading them here."""

import asyncio
import json
import os
import signal
import threading
import time

import pytest

from api.errors import Problem
from api.reading.line import Desk, Line
from api.reading.messages import ReaderConfig, Reply, packed
from api.reading.readers import Readers
from api.reading.tasks import NewBook, read_job
from api.settings import Settings
from api.store.room import Room
from api.wire.body import Body
from instances import mill_json
from instances.generator import generate
from scheduler.issues import InvalidInput

from .conftest import job, service


class Service:
    """Reading processes with an event loop in a thread of its own."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.readers = self.run(self.made()).result(10)

    async def made(self):
        readers = Readers(Settings(readers=1))
        readers.start()
        return readers

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop)

    def submit(self, task, body):
        async def asked():
            return await self.readers.desk.ask(task, (body,))

        return self.run(asked())


@pytest.fixture(scope="module")
def there():
    """One reading process, ready."""
    there = Service()
    ready(there.readers)
    yield there
    there.run(there.readers.close()).result(30)
    there.loop.call_soon_threadsafe(there.loop.stop)


def ready(readers, seconds=120):
    end = time.monotonic() + seconds
    while not readers.ready:
        assert time.monotonic() < end
        time.sleep(0.05)


def body(**members):
    problem = mill_json.to_tree(generate("bar", "week", seed=1, orders=30))
    return Body(json.dumps(job(problem, "aco", **members)).encode(), "application/json")


def test_a_process_reads_what_this_one_reads(there):
    here = read_job(there.readers.settings, body())
    assert isinstance(here.book, NewBook)
    assert there.submit("read_job", body()).result(60) == here


def test_refusals_come_back_whole(there):
    for wrong in (body(seed=-1), body(threads=1000), Body(b'{"problem": {}}', "application/json")):
        with pytest.raises(Problem) as here:
            read_job(there.readers.settings, wrong)
        with pytest.raises(Problem) as theirs:
            there.submit("read_job", wrong).result(60)
        assert theirs.value.document() == here.value.document()
        assert theirs.value.status == here.value.status
    with pytest.raises(InvalidInput) as invalid:
        there.submit("read_book", Body(b"{}", "application/json")).result(60)
    assert invalid.value.total == len(invalid.value.issues) > 0


def test_a_killed_process_is_replaced_and_its_bodies_read_all_the_same(there):
    process = stopped(there)
    futures = [there.submit("read_job", body(seed=seed)) for seed in range(4)]
    os.kill(process.pid, signal.SIGKILL)
    assert [future.result(120).request["seed"] for future in futures] == [0, 1, 2, 3]
    assert there.readers.keepers[0].process.pid != process.pid


def test_a_body_that_ends_two_processes_is_refused_and_those_behind_it_are_read():
    class Deaf(asyncio.Transport):
        def write(self, data):
            assert data

    async def asked():
        desk = Desk(asyncio.get_running_loop())

        def line():
            line = Line(desk, ReaderConfig(Settings(), 1))
            line.connection_made(Deaf())
            line.data_received(packed(Reply(True, None)))
            return line

        first = line()
        deadly, behind, after = (desk.ask("task", ()) for _ in range(3))
        first.connection_lost(None)
        second = line()
        assert not deadly.done()
        second.connection_lost(None)
        third = line()
        answer = packed(Reply(True, "behind", last=True))
        third.data_received(answer[:5])
        third.data_received(answer[5:])
        fourth = line()
        fourth.data_received(packed(Reply(False, ValueError("after"))))
        with pytest.raises(Problem) as refused:
            await deadly
        assert refused.value.status == 503
        assert await behind == "behind"
        with pytest.raises(ValueError, match="after"):
            await after

    asyncio.run(asked())


def stopped(there):
    """Stop the process, once it is ready, and return it."""
    ready(there.readers)
    process = there.readers.keepers[0].process
    os.kill(process.pid, signal.SIGSTOP)
    return process


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
