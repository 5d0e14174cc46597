"""The audit log: append-only, each record chained to the one before it in its mill."""

import hashlib
import json
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from api.store.ids import now
from api.store.prepared import Insert, Lookup
from api.store.tables import audit

BEGINNING = "0" * 64
INSERT = Insert(audit, *audit.c.keys())
LAST = Lookup(
    select(audit.c.number, audit.c.digest)
    .where(audit.c.mill == bindparam("of"))
    .order_by(audit.c.number.desc())
    .limit(1),
    "of",
)


@dataclass(frozen=True, slots=True)
class Act:
    """Who did what to which object, from where, in which request, with what result."""

    mill: str
    client: str
    address: str
    action: str
    object: str
    result: str
    request: str


def append(connection: Connection, act: Act) -> None:
    """Add a record in the transaction of what it tells of."""
    if connection.dialect.name == "postgresql":  # one at a time, or the chain would fork
        lock = func.hashtext(f"audit {act.mill}")
        connection.execute(select(func.pg_advisory_xact_lock(lock)))
    last = LAST.find(connection, act.mill)
    number, previous = (1, BEGINNING) if last is None else (last.number + 1, last.digest)
    record = {**_members(act), "number": number, "at": now(), "previous": previous}
    INSERT.run(connection, {**record, "digest": digest_of(record)})


def _members(act: Act) -> dict[str, Any]:
    return {field.name: getattr(act, field.name) for field in fields(act)}


def records(
    connection: Connection, mill: str, *, limit: int, before: int | None = None
) -> list[Row[Any]]:
    """Return at most ``limit`` records, newest first, older than the number ``before``."""
    query = select(audit).where(audit.c.mill == mill)
    if before is not None:
        query = query.where(audit.c.number < before)
    return list(connection.execute(query.order_by(audit.c.number.desc()).limit(limit)))


def first_broken(connection: Connection, mill: str) -> tuple[int, int | None]:
    """Return how many records there are, and the number of the first that is not as written."""
    expected, previous, count = 1, BEGINNING, 0
    rows = connection.execute(
        select(audit).where(audit.c.mill == mill).order_by(audit.c.number)
    ).mappings()
    for row in rows:
        record = {name: value for name, value in row.items() if name != "digest"}
        sound = row["number"] == expected and row["previous"] == previous
        if not sound or row["digest"] != digest_of(record):
            return count, expected
        expected, previous, count = expected + 1, row["digest"], count + 1
    return count, None


def digest_of(record: dict[str, Any]) -> str:
    """Return the SHA-256 of a record without its digest, as canonical JSON."""
    text = json.dumps(record, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
