"""API keys: only a hash of the secret is kept."""

from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from api.store.ids import now
from api.store.jobs import NotFoundError
from api.store.tables import api_keys

SHOWN = [column for column in api_keys.c if column.name != "hash"]


def add_key(
    connection: Connection,
    *,
    key: str,
    mill: str,
    name: str,
    role: str,
    scopes: list[str],
    hash: bytes,
    created_by: str,
    expires_at: int | None,
) -> Row[Any]:
    """Store a key and return its row."""
    statement = insert(api_keys).values(
        id=key,
        mill=mill,
        name=name,
        role=role,
        scopes=scopes,
        hash=hash,
        created_at=now(),
        created_by=created_by,
        expires_at=expires_at,
    )
    return connection.execute(statement.returning(*SHOWN)).one()


def key_row(connection: Connection, key: str) -> Row[Any] | None:
    """Return the key with its hash, whatever its mill, or None."""
    return connection.execute(select(api_keys).where(api_keys.c.id == key)).one_or_none()


def list_keys(connection: Connection, mill: str) -> list[Row[Any]]:
    """Return the mill's keys, oldest first, revoked ones too."""
    query = select(*SHOWN).where(api_keys.c.mill == mill).order_by(api_keys.c.id)
    return list(connection.execute(query))


def revoke_key(connection: Connection, mill: str, key: str) -> None:
    """Make a key useless; it stays in the list."""
    found = update(api_keys).where(api_keys.c.id == key, api_keys.c.mill == mill)
    if not connection.execute(found.values(revoked_at=now())).rowcount:
        raise NotFoundError(key)


def any_key(connection: Connection) -> bool:
    """Whether a key was ever made here, even one that is revoked or expired by now."""
    return connection.execute(select(api_keys.c.id).limit(1)).scalar() is not None
