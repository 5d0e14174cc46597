"""Answers by Idempotency-Key: the first answer is the answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from api.store.tables import idempotency_keys
from api.store.tables import service_age as ages

keys = idempotency_keys.c
AGE = select(ages.c.seconds)


class KeyReusedError(Exception):
    """The key was used before, with another body."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A stored answer: its status and its JSON body."""

    status: int
    body: dict[str, Any]

    @property
    def id(self) -> str:
        """The id of the object that the answer tells of."""
        return str(self.body.get("id", ""))


def recall(connection: Connection, mill: str, key: str, digest: str) -> Answer | None:
    """Return the answer given to ``key``; raise KeyReusedError if the body was another."""
    query = select(idempotency_keys).where(keys.mill == mill, keys.key == key)
    if (row := connection.execute(query).one_or_none()) is None:
        return None
    if row.digest != digest:
        raise KeyReusedError(key)
    return Answer(row.status, dict(row.answer))


def once(
    connection: Connection, mill: str, key: str | None, digest: str, work: Callable[[], Answer]
) -> Answer:
    """Return what ``work`` answers, or what it answered when ``key`` was first used.

    The key is taken before the work, in the same transaction: of two requests at once the second
    waits for the first one's commit and then gets its answer.
    """
    if key is None:
        return work()
    if not _taken(connection, mill, key, digest):
        answer = recall(connection, mill, key, digest)
        assert answer is not None
        return answer
    answer = work()
    connection.execute(
        update(idempotency_keys)
        .where(keys.mill == mill, keys.key == key)
        .values(status=answer.status, answer=answer.body)
    )
    return answer


def service_age(connection: Connection) -> int:
    """Return how many seconds the service has served."""
    return int(connection.execute(AGE).scalar_one())


def grow_older(connection: Connection, seconds: int) -> int:
    """Let the service have served so long, or longer where another server counted more already."""
    older = update(ages).where(ages.c.seconds < seconds).values(seconds=seconds)
    connection.execute(older)
    return service_age(connection)


def forget_older(connection: Connection, seconds: int) -> int:
    """Drop keys older than so many seconds of service and return how many there were."""
    limit = service_age(connection) - seconds
    statement = delete(idempotency_keys).where(keys.made_at_s < limit)
    return int(connection.execute(statement).rowcount)


def _taken(connection: Connection, mill: str, key: str, digest: str) -> bool:
    """Insert the key; return False if it was there already."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(idempotency_keys).values(
        mill=mill, key=key, digest=digest, status=0, answer={}, made_at_s=AGE.scalar_subquery()
    )
    made = statement.on_conflict_do_nothing().returning(keys.key)
    return connection.execute(made).scalar() is not None
