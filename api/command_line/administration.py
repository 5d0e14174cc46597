"""Keys and backups of the service's database."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from api.command_line.errors import FEASIBLE, UnusableError
from api.command_line.serving import settings_of
from api.command_line.summary import show
from api.security.keys import create_key
from api.security.scopes import Role
from api.store import Store, audit, keys
from api.store import backup as copies
from api.store.audit import Act
from api.store.database import DatabaseInUseError
from api.store.engine import is_sqlite
from api.store.ids import instant
from api.store.jobs import NotFoundError
from api.webhooks.signing import mill_secrets, new_secret

HINT = "while the service runs, use its API: POST /v1/keys"


def add_key(
    database: str | None, *, name: str, role: str, mill: str, release: bool, days: float
) -> int:
    """Make a key, print it, and return the exit code."""
    if role not in set(Role):
        raise UnusableError(f"--role: '{role}' is unknown; known are {', '.join(Role)}")
    with _store(database) as store:
        key, row = create_key(
            store, mill=mill, name=name, role=Role(role), release=release, days=days
        )
        store.write(audit.append, _act(mill, "key.add", row.id))
    show([key])
    return FEASIBLE


def show_keys(database: str | None, mill: str) -> int:
    """Print a mill's keys."""
    with _store(database) as store:
        rows = store.read(keys.list_keys, mill)
    for row in rows:
        end = "revoked" if row.revoked_at else f"until {instant(row.expires_at) or 'revoked'}"
        show([f"{row.id}  {row.role:<8} {end:<32} {row.name}"])
    return FEASIBLE


def revoke_key(database: str | None, mill: str, key: str) -> int:
    """Revoke a key."""
    with _store(database) as store:
        try:
            store.write(keys.revoke_key, mill, key)
        except NotFoundError as error:
            raise UnusableError(f"the mill '{mill}' has no key {key}") from error
        store.write(audit.append, _act(mill, "key.revoke", key))
    show([f"{key} is revoked"])
    return FEASIBLE


def make_webhook_secret() -> int:
    """Print a new secret for the service."""
    show([new_secret()])
    return FEASIBLE


def show_webhook_secrets(mill: str) -> int:
    """Print what the receivers of a mill's webhooks are given."""
    secrets = settings_of({}).webhook_secret.get_secret_value()
    if not secrets:
        hint = "make one: antmill webhook-secret --new"
        raise UnusableError(f"ANTMILL_WEBHOOK_SECRET is not set; {hint}")
    show(list(mill_secrets(secrets, mill)))
    return FEASIBLE


def back_up(database: str | None, target: Path) -> int:
    """Copy the database."""
    url = _file(database)
    try:
        size = copies.back_up(url, target)
    except (copies.BackupError, sqlite3.Error, OSError) as error:
        raise UnusableError(str(error)) from error
    show([f"{target}: {size:,} bytes, checked"])
    return FEASIBLE


def restore(database: str | None, source: Path) -> int:
    """Put a backup in the database's place."""
    try:
        copies.restore(_file(database), source)
    except (copies.BackupError, DatabaseInUseError, OSError) as error:
        raise UnusableError(str(error)) from error
    show([f"restored from {source}; the former database is kept beside it"])
    return FEASIBLE


@contextmanager
def _store(database: str | None) -> Iterator[Store]:
    url = settings_of({} if database is None else {"database": database}).database_url
    try:
        store = Store.open(url)
    except DatabaseInUseError as error:
        raise UnusableError(f"{error}; {HINT}") from error
    except (OSError, SQLAlchemyError) as error:
        raise UnusableError(f"--database: cannot open it: {error}") from error
    try:
        yield store
    finally:
        store.close()


def _file(database: str | None) -> str:
    url = settings_of({} if database is None else {"database": database}).database_url
    if not is_sqlite(url):
        raise UnusableError("--database: a PostgreSQL database is copied with pg_dump")
    return url


def _act(mill: str, action: str, key: str) -> Act:
    return Act(mill, "command line", "", action, key, "done", "")
