"""Answers by Idempotency-Key: the first answer is the answer."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from api.store.ids import now
from api.store.tables import idempotency_keys


class KeyReusedError(Exception):
    """The key was used before, with another body."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A stored answer: its status and its JSON body."""

    status: int
    body: dict[str, Any]


def recall(connection: Connection, mill: str, key: str, digest: str) -> Answer | None:
    """Return the answer given to ``key``; raise KeyReusedError if the body was another."""
    query = select(idempotency_keys).where(
        idempotency_keys.c.mill == mill, idempotency_keys.c.key == key
    )
    if (row := connection.execute(query).one_or_none()) is None:
        return None
    if row.digest != digest:
        raise KeyReusedError(key)
    return Answer(row.status, dict(row.answer))


def remember(connection: Connection, mill: str, key: str, digest: str, answer: Answer) -> None:
    """Keep ``answer``, in the same transaction as what it tells of."""
    connection.execute(
        insert(idempotency_keys).values(
            mill=mill,
            key=key,
            digest=digest,
            status=answer.status,
            answer=answer.body,
            created_at=now(),
        )
    )


def forget_before(connection: Connection, instant: int) -> int:
    """Drop keys made before ``instant`` and return how many there were."""
    statement = delete(idempotency_keys).where(idempotency_keys.c.created_at < instant)
    return int(connection.execute(statement).rowcount)
