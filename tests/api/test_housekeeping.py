"""Idempotency keys age with the service and not with the clock on the wall."""

import time

import pytest

from api.jobs.housekeeping import HOUR, Housekeeping
from api.store import Store, idempotency
from api.store.idempotency import Answer

FIRST = Answer(202, {"id": "first"})
DAY = 86_400 * 10**9


@pytest.fixture
def store(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path / 'antmill.db'}")
    yield store
    store.close()


def use(store, key):
    """Use a key and return whether it was new."""
    made = []

    def answer():
        made.append(key)
        return FIRST

    def work(connection):
        return idempotency.once(connection, "mill", key, "digest", answer)

    assert store.write(work) == FIRST
    return bool(made)


def test_a_wall_clock_that_jumps_makes_no_key_be_forgotten(store, monkeypatch):
    house = Housekeeping(store, idempotency_h=72)
    assert use(store, "a")
    begin = time.monotonic()
    for days in (400, -400, 20_000):
        monkeypatch.setattr(time, "time_ns", lambda jump=days: 10**18 + jump * DAY)
        begin += HOUR
        house.look(begin)
        Housekeeping(store, idempotency_h=72).look(time.monotonic())  # started again
    assert not use(store, "a")


def test_keys_are_forgotten_after_their_hours_of_service(store):
    house, begin = Housekeeping(store, idempotency_h=2), time.monotonic()
    house.look(begin)
    assert use(store, "a")
    house.look(begin + HOUR)
    assert use(store, "b")
    house.look(begin + 2 * HOUR)
    assert not use(store, "a")
    house.look(begin + 2.5 * HOUR)
    assert use(store, "a")
    assert not use(store, "b")


def test_two_servers_of_a_database_do_not_make_time_run_faster(store):
    begin = time.monotonic()
    servers = [Housekeeping(store, idempotency_h=2) for _ in range(2)]
    assert use(store, "a")
    for hours in (0, 0.5, 1, 1.5, 2):
        for server in servers:
            server.look(begin + hours * HOUR)
    assert store.read(idempotency.service_age) <= 2 * HOUR
    assert not use(store, "a")
