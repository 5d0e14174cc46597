"""The single writer: group commit, savepoints, and what is durable."""

import asyncio
import threading
from concurrent.futures import Future

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import IntegrityError

from api.store.engine import reading_engine, writing_engine
from api.store.gathering import Gathering
from api.store.writer import GroupWriter

numbers = Table("numbers", MetaData(), Column("n", Integer, primary_key=True))


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/numbers.db"


@pytest.fixture
def writer(url):
    writer = GroupWriter(writing_engine(url))
    writer.run(numbers.metadata.create_all)
    yield writer
    writer.close()


def add(number):
    return lambda connection: connection.execute(insert(numbers).values(n=number))


def stored(url):
    with reading_engine(url).begin() as connection:
        return set(connection.execute(select(numbers.c.n)).scalars())


def held(writer):
    """Let the writer's thread wait inside a piece of work until the event is set."""
    go = threading.Event()
    return go, writer.submit([lambda _: go.wait(10)])


def outcome(future):
    """Return what the only work of a submission returned, or raise what it raised."""
    ((value, failure),) = future.result(10)
    if failure is not None:
        raise failure
    return value


def test_what_waits_is_committed_together(writer, url):
    go, first = held(writer)
    futures = [writer.submit([add(n), add(n + 100)]) for n in range(50)]
    assert stored(url) == set()
    go.set()
    for future in [first, *futures]:
        future.result(10)
    assert stored(url) == {*range(50), *range(100, 150)}


def test_a_failing_piece_takes_nothing_else_with_it(writer, url):
    def half(connection):
        add(7)(connection)
        raise ZeroDivisionError

    go, _ = held(writer)
    alone, together = writer.submit([add(1)]), writer.submit([half, add(2)])
    go.set()
    outcome(alone)
    (_, failure), (_, none) = together.result(10)
    assert isinstance(failure, ZeroDivisionError)
    assert none is None
    assert stored(url) == {1, 2}


def test_nobody_hears_of_success_before_the_commit(writer, url):
    go, _ = held(writer)
    future = writer.submit([add(1)])
    seen: Future = Future()
    future.add_done_callback(lambda _: seen.set_result(stored(url)))
    go.set()
    assert seen.result(10) == {1}


def test_a_failed_commit_fails_every_piece_of_it(url, monkeypatch):
    def fail(_):
        raise OSError("disk full")

    engine = writing_engine(url)
    writer = GroupWriter(engine)
    writer.run(numbers.metadata.create_all)
    go, first = held(writer)
    futures = [writer.submit([add(n)]) for n in range(3)]
    monkeypatch.setattr(engine.dialect, "do_commit", fail)
    go.set()
    for future in futures:
        with pytest.raises(OSError, match="disk full"):
            future.result(10)
    monkeypatch.undo()
    first.exception(10)
    writer.run(add(9))
    assert stored(url) == {9}
    writer.close()


def submitted(writer, coming, works):
    """Return the sizes of the submissions that an event loop's works become, and the outcomes."""
    sizes = []

    class Counting:
        def submit(self, works):
            sizes.append(len(works))
            return writer.submit(works)

    async def ask():
        gathering = Gathering(Counting(), lambda: coming.pop())  # type: ignore[arg-type]
        futures = [gathering.submit(work) for work in works]
        return await asyncio.wait_for(asyncio.gather(*futures, return_exceptions=True), 10)

    return sizes, asyncio.run(ask())


def test_works_wait_for_others_only_while_some_are_coming(writer, url):
    sizes, _ = submitted(writer, [0, 0, 1, 2], [add(n) for n in range(4)])
    assert sizes == [3, 1]
    assert stored(url) == {0, 1, 2, 3}


def test_works_are_handed_on_though_nobody_else_comes(writer, url):
    sizes, found = submitted(writer, [1, 1, 1], [add(1), add(1), add(2)])
    assert sizes == [3]
    assert [isinstance(one, IntegrityError) for one in found] == [False, True, False]
    assert stored(url) == {1, 2}


def test_works_for_a_closed_store_are_refused(writer):
    writer.close()
    _, (failure,) = submitted(writer, [0], [add(1)])
    assert isinstance(failure, RuntimeError)


def test_after_closing_nothing_is_taken(writer):
    writer.close()
    with pytest.raises(RuntimeError):
        writer.submit([add(1)])
