"""Leases are judged by heartbeats seen on the observer's own clock."""

import pytest

from api.jobs.supervisor import Observer
from api.settings import Settings
from api.store import Store, jobs, leases, order_books

LEASE = 10.0


@pytest.fixture
def store(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/a.db")
    yield store
    store.close()


@pytest.fixture
def claim(store):
    """A running job with a limit of 60 s."""

    def add(connection):
        owner: dict = {"mill": "m", "client": "c"}
        book = order_books.add_order_book(
            connection, **owner, name="b", body=b"", summary={}, issues=[]
        )
        request = {"solver": "stub", "priority": 0, "tags": []}
        jobs.add_job(connection, **owner, order_book=book.id, request=request, limit_s=60)

    store.write(add)
    return store.write(leases.claim, "worker")


@pytest.fixture
def observer(store, tmp_path):
    return Observer(Settings(database=str(tmp_path / "x"), lease_s=LEASE, grace_s=5), store)


def state(store, claim):
    row = store.read(jobs.job_row, "m", claim.job)
    return row.state, row.failure


def test_a_silent_worker_loses_its_job_after_the_lease(store, observer, claim):
    for second in range(11):
        assert state(store, claim) == ("running", None)
        observer.look(1000.0 + second)
    assert state(store, claim) == ("queued", None)
    assert observer.taken == 1


def test_a_beating_worker_keeps_its_job_whatever_the_wall_clock_says(
    store, observer, claim, monkeypatch
):
    for second in range(0, 60, 6):
        monkeypatch.setattr("api.store.leases.now", lambda n=second: (-1) ** n * 10**15)
        store.write(leases.beat, claim.job, claim.attempt)
        observer.look(1000.0 + second)
    assert state(store, claim) == ("running", None)


def test_a_job_far_beyond_its_limit_fails_even_if_its_worker_beats(store, observer, claim):
    for second in range(0, 80, 5):
        store.write(leases.beat, claim.job, claim.attempt)
        observer.look(1000.0 + second)
    assert state(store, claim) == ("failed", "timeout")


def test_a_job_fails_at_its_third_lapse(store, observer, claim):
    attempts = [claim.attempt]
    for _ in range(2):
        observer.take_all("gone")
        attempts.append(store.write(leases.claim, "worker").attempt)
    observer.take_all("gone")
    assert attempts == [1, 2, 3]
    assert state(store, claim) == ("failed", "crash")


def test_handing_back_is_no_lapse(store, observer, claim):
    for attempt in range(1, 6):
        assert store.write(leases.hand_back, claim.job, attempt)
        assert store.write(leases.claim, "worker").attempt == attempt + 1
    observer.take_all("gone")
    assert state(store, claim) == ("queued", None)


def test_a_job_that_is_stopping_is_not_run_again(store, observer, claim):
    store.write(jobs.stop_job, "m", claim.job)
    observer.take_all("gone")
    assert state(store, claim) == ("failed", "crash")
