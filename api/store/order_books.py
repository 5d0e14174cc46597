"""Order books: what a mill is to plan, as it was posted."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from api.store.documents import Document, Origin
from api.store.ids import new_id, now
from api.store.jobs import NotFoundError
from api.store.prepared import Insert, Record
from api.store.tables import order_books

SHOWN = [column for column in order_books.c if column.name != "body"]
INSERT = Insert(order_books, *order_books.c.keys())


def add_order_book(
    connection: Connection,
    *,
    mill: str,
    client: str,
    name: str,
    body: bytes,
    summary: dict[str, Any],
    issues: list[dict[str, Any]],
    origin: str = Origin.POSTED,
) -> Record:
    """Store a packed problem and return its row."""
    values = {
        "id": new_id("ob"),
        "mill": mill,
        "name": name[:200],
        "created_at": now(),
        "created_by": client,
        "digest": hashlib.sha256(body).hexdigest(),
        "size": len(body),
        "summary": summary,
        "issues": issues,
        "body": body,
        "origin": origin,
    }
    INSERT.run(connection, values)
    return Record(**values)


def order_book_row(connection: Connection, mill: str, order_book: str) -> Row[Any]:
    """Return the order book without its body, or raise NotFoundError."""
    query = select(*SHOWN).where(order_books.c.id == order_book, order_books.c.mill == mill)
    if (row := connection.execute(query).one_or_none()) is None:
        raise NotFoundError(order_book)
    return row


def order_book_document(connection: Connection, mill: str, order_book: str) -> Document:
    """Return the problem as it was posted, or raise NotFoundError."""
    query = select(order_books.c.body, order_books.c.origin).where(
        order_books.c.id == order_book, order_books.c.mill == mill
    )
    if (row := connection.execute(query).one_or_none()) is None:
        raise NotFoundError(order_book)
    return Document(bytes(row.body), row.origin == Origin.INLINE)


def list_order_books(
    connection: Connection,
    mill: str,
    *,
    limit: int,
    before: str | None = None,
    origins: Sequence[str] = (Origin.POSTED,),
) -> list[Row[Any]]:
    """Return at most ``limit`` order books of these origins, newest first."""
    query = (
        select(*SHOWN)
        .where(order_books.c.mill == mill, order_books.c.origin.in_(origins))
        .order_by(order_books.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(order_books.c.id < before)
    return list(connection.execute(query))
