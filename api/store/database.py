"""The store as the rest of the service holds it: a writer, and connections for reading."""

import fcntl
import os
from collections.abc import Callable
from typing import Any, Self, TypeVar

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection, Engine

from api.store.engine import is_sqlite, reading_engine, sqlite_path, writing_engine
from api.store.migrate import upgrade
from api.store.writer import GroupWriter, PoolWriter, Writer

T = TypeVar("T")


class DatabaseInUseError(RuntimeError):
    """Another Antmill already serves this SQLite file."""


class Store:
    """An open database.

    ``embedded`` is true for SQLite: then one process is the only one that writes, and a lock on
    ``<file>.lock`` keeps it so. Close it after use.
    """

    def __init__(self, url: str, reading: Engine, writer: Writer | None, lock: int | None) -> None:
        self.url = url
        self.embedded = is_sqlite(url)
        self._reading = reading
        self._looking = reading_engine(url, connections=1)
        self._look: Connection | None = None
        self._writer = writer
        self._lock = lock

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the database for the service: bring its tables up to date, and be able to write."""
        lock = claim_file(url) if is_sqlite(url) else None
        engine = writing_engine(url)
        writer: Writer = GroupWriter(engine) if is_sqlite(url) else PoolWriter(engine)
        writer.run(upgrade)
        return cls(url, reading_engine(url), writer, lock)

    @classmethod
    def for_worker(cls, url: str) -> Self:
        """Open the database for a worker: for SQLite it can only read."""
        writer = None if is_sqlite(url) else PoolWriter(writing_engine(url))
        return cls(url, reading_engine(url, connections=2), writer, None)

    @property
    def writer(self) -> Writer:
        """Whoever writes here; RuntimeError where nobody may."""
        if self._writer is None:
            raise RuntimeError("this process must not write to an embedded database")
        return self._writer

    def read(self, work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Return ``work(connection, ...)`` from one consistent view of the database."""
        with self._reading.begin() as connection:
            return work(connection, *args, **kwargs)

    async def look(self, work: Callable[..., T], *args: Any) -> T:
        """Return ``work(connection, ...)`` to the event loop, for a row or two that are indexed.

        A local file gives them sooner than a thread would be asked; a server may let wait.
        """
        if not self.embedded:
            return await run_in_threadpool(self.read, work, *args)
        if self._look is None:
            self._look = self._looking.connect()
        try:
            return work(self._look, *args)
        finally:
            if self._look.in_transaction():
                self._look.rollback()

    def write(self, work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Return ``work(connection, ...)`` after its commit."""

        def bound(connection: Connection) -> T:
            return work(connection, *args, **kwargs)

        return self.writer.run(bound)

    def close(self) -> None:
        """Finish writing and let go of the database."""
        if self._writer is not None:
            self._writer.close()
        self._reading.dispose()
        if self._look is not None:
            self._look.close()
        self._looking.dispose()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def claim_file(url: str) -> int:
    """Return the descriptor of a lock that the kernel frees even when this process is killed."""
    path = sqlite_path(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise DatabaseInUseError(
            f"{path} is in use by another Antmill; stop it, or choose another --database"
        ) from None
    return descriptor
