"""Copies of an SQLite database that are whole, also while the service writes."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from api.store.database import claim_file
from api.store.engine import sqlite_path


class BackupError(Exception):
    """The copy cannot be made or is not whole."""


def back_up(url: str, target: Path) -> int:
    """Copy the database of ``url`` to the new file ``target``; return its size in bytes.

    The copy is one consistent state, checked before it gets its name; the service may go on.
    """
    source = sqlite_path(url)
    if not source.exists():
        raise BackupError(f"there is no database {source}")
    if target.exists():
        raise BackupError(f"{target} exists already")
    if not target.absolute().parent.is_dir():
        raise BackupError(f"{target}: its folder does not exist, make it first")
    with _part_of(target) as part:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as reading,
            closing(sqlite3.connect(part)) as writing,
        ):
            reading.backup(writing, pages=1000)
        _check(part, f"the copy of {source}")
        _make_durable(part)
        part.rename(target)
    return target.stat().st_size


def restore(url: str, source: Path) -> None:
    """Put a backup in the place of the database of ``url``, which no service may be using.

    The database before it stays beside it as ``<file>.before-restore``.
    """
    if not source.exists():
        raise BackupError(f"there is no backup {source}")
    _check(source, str(source))
    target = sqlite_path(url)
    lock = claim_file(url)
    try:
        with _part_of(target) as part:
            shutil.copyfile(source, part)
            _make_durable(part)
            if target.exists():
                _settle(target)
                target.replace(target.with_name(target.name + ".before-restore"))
            # A log of the former file must not be applied to this one.
            for suffix in ("-wal", "-shm"):
                target.with_name(target.name + suffix).unlink(missing_ok=True)
            part.rename(target)
    finally:
        os.close(lock)


@contextmanager
def _part_of(target: Path) -> Iterator[Path]:
    """Give the name of a file that becomes ``target`` when it is whole; what is not goes away."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _check(path: Path, name: str) -> None:
    """Raise BackupError, which calls the file ``name``, unless it is a whole database of ours."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as connection:
            answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{name} is no database of Antmill: {error}") from error
    if answer != "ok":
        raise BackupError(f"{name} is damaged: {answer}")


def _settle(path: Path) -> None:
    """Write the log of a database that nobody uses into its file, so that it is one file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _make_durable(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
