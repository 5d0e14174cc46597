"""Order books on the wire."""

from typing import Any

from pydantic import Field

from api.store.ids import instant
from api.wire.models import IssueOut, Response


class SummaryOut(Response):
    """What a list shows of an order book."""

    orders: int
    lines: int
    start: str
    horizon_hours: float
    currency: str


class OrderBookOut(Response):
    """A stored order book, without its content."""

    id: str
    name: str
    created_at: str
    created_by: str
    origin: str = Field(
        description="`posted` as such, `inline` with a job, or `revised` from another one; the "
        "latter two go with their last job and schedule"
    )
    digest: str = Field(description="SHA-256 of the content as stored; also its ETag")
    summary: SummaryOut
    warnings: list[IssueOut]
    links: dict[str, str]


class OrderBookList(Response):
    """A page of order books, newest first."""

    items: list[OrderBookOut]
    next: str | None


class ValidationOut(Response):
    """What is wrong with an order book; `valid` says whether it can be planned."""

    valid: bool
    issues: list[IssueOut] = Field(description="errors first; the first 100")
    issues_total: int
    summary: SummaryOut | None


def order_book_document(row: Any) -> dict[str, Any]:
    """Return an order book's row as ``OrderBookOut`` has it."""
    own = f"/v1/order-books/{row.id}"
    return {
        "id": row.id,
        "name": row.name,
        "created_at": instant(row.created_at),
        "created_by": row.created_by,
        "origin": row.origin,
        "digest": row.digest,
        "summary": row.summary,
        "warnings": row.issues,
        "links": {"self": own, "content": f"{own}/content"},
    }
