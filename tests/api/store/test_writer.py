"""The single writer: group commit, savepoints, and what is durable."""

import threading
from concurrent.futures import Future

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select

from api.store.engine import reading_engine, writing_engine
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
    return go, writer.submit(lambda _: go.wait(10))


def test_what_waits_is_committed_together(writer, url):
    go, first = held(writer)
    futures = [writer.submit(add(n)) for n in range(50)]
    assert stored(url) == set()
    go.set()
    for future in [first, *futures]:
        future.result(10)
    assert stored(url) == set(range(50))


def test_a_failing_piece_takes_nothing_else_with_it(writer, url):
    def half(connection):
        add(7)(connection)
        raise ZeroDivisionError

    go, _ = held(writer)
    futures = [writer.submit(add(1)), writer.submit(half), writer.submit(add(2))]
    go.set()
    futures[0].result(10)
    futures[2].result(10)
    with pytest.raises(ZeroDivisionError):
        futures[1].result(10)
    assert stored(url) == {1, 2}


def test_nobody_hears_of_success_before_the_commit(writer, url):
    go, _ = held(writer)
    future = writer.submit(add(1))
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
    futures = [writer.submit(add(n)) for n in range(3)]
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


def test_after_closing_nothing_is_taken(writer):
    writer.close()
    with pytest.raises(RuntimeError):
        writer.submit(add(1))
