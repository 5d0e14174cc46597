"""Engines for SQLite and PostgreSQL, and what each needs to be told."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.pool import QueuePool, StaticPool

Version = tuple[int, ...]


def has_wal_reset_bug(version: Version) -> bool:
    """Whether this SQLite can corrupt a WAL database that several connections write.

    Present from 3.7.0 to 3.51.2; fixed in 3.51.3, and in the backports 3.50.7 and 3.44.6.
    """
    fixed: dict[Version, int] = {(3, 44): 6, (3, 50): 7}
    if (patch := fixed.get(version[:2])) is not None and version[2] >= patch:
        return False
    return (3, 7, 0) <= version < (3, 51, 3)


def sqlite_warning(version: Version = sqlite3.sqlite_version_info) -> str | None:
    """Return what an operator should know of this SQLite, or None."""
    if not has_wal_reset_bug(version):
        return None
    return (
        f"SQLite {'.'.join(map(str, version))} has the WAL-reset bug (fixed in 3.51.3, 3.50.7 and "
        "3.44.6). Antmill is safe from it because one connection does all writing: let no other "
        "program write to this database while Antmill runs."
    )


def is_sqlite(url: str) -> bool:
    """Whether ``url`` names an SQLite database."""
    return make_url(url).get_backend_name() == "sqlite"


def sqlite_path(url: str) -> Path:
    """Return the file of an SQLite URL."""
    return Path(str(make_url(url).database))


def writing_engine(url: str) -> Engine:
    """Return the engine for writing: for SQLite exactly one connection, durable at each commit."""
    if not is_sqlite(url):
        return create_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True)
    engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    _begin_with(engine, "BEGIN IMMEDIATE")

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _: Any) -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=10000",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    return engine


def reading_engine(url: str, connections: int = 16) -> Engine:
    """Return the engine for reading; it opens SQLite read-only, and so never checkpoints."""
    if not is_sqlite(url):
        return create_engine(
            url, pool_size=connections, pool_pre_ping=True, isolation_level="REPEATABLE READ"
        )
    read_only = f"sqlite:///file:{sqlite_path(url)}?mode=ro&uri=true"
    engine = create_engine(
        read_only,
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=connections,
        connect_args={"check_same_thread": False, "timeout": 10},
    )
    _begin_with(engine, "BEGIN")
    return engine


def _begin_with(engine: Engine, statement: str) -> None:
    """Let ``engine`` open its transactions with ``statement``; the driver opens none itself."""

    @event.listens_for(engine, "connect")
    def _leave_transactions_alone(connection: Any, _: Any) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(statement)
