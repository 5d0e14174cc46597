"""``/v1/order-books``: keep what is to be planned, and say what is wrong with it."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from api.errors import Problem, issue_document
from api.planning.books import TableForm, orders_table, template_csv, template_xlsx
from api.planning.problems import problem_text
from api.reading.tasks import NewBook
from api.security.identity import Client, Planner, Reader
from api.services import Here, Services
from api.store import order_books
from api.store.documents import Origin
from api.submission import store_book
from api.wire.body import CSV, JSON, XLSX, Body, read_body
from api.wire.entity_tags import LONGEST, if_none_match
from api.wire.models import problems
from api.wire.order_books import OrderBookList, OrderBookOut, ValidationOut, order_book_document
from api.wire.parameters import Cursor
from scheduler.issues import InvalidInput, Issue

router = APIRouter(prefix="/v1/order-books", tags=["order books"])
Etag = Annotated[str | None, Header(alias="If-None-Match", max_length=LONGEST)]
TYPES = (JSON, CSV, XLSX)


@dataclass(frozen=True, slots=True)
class Table:
    """What a table of orders does not say itself; a JSON file needs none of it."""

    plant: Annotated[
        str | None,
        Query(max_length=64, description="order book whose plant, stock and prices count"),
    ] = None
    name: Annotated[str, Query(max_length=200, description="of the new book")] = ""
    decimal: Annotated[Literal[".", ","] | None, Query(description="decimal sign")] = None
    zone: Annotated[
        str | None, Query(max_length=64, description="IANA time zone of local times")
    ] = None
    sheet: Annotated[str | None, Query(max_length=64, description="sheet of a workbook")] = None


@router.post(
    "",
    status_code=201,
    response_model=OrderBookOut,
    responses=problems(400, 404, 408, 413, 415, 422),
    openapi_extra={"x-body": "MillProblem", "x-also": [CSV, XLSX]},
)
async def add_order_book(
    request: Request, here: Here, client: Planner, table: Annotated[Table, Depends()]
) -> Response:
    """Store an order book: a problem file, or a table of orders (CSV, XLSX) for a known plant."""
    body = await read_body(request, TYPES)
    book = await _read(here, client, body, table)
    row = await run_in_threadpool(_store, here, client, book)
    headers = {"Location": f"/v1/order-books/{row['id']}", "ETag": f'"{row["digest"]}"'}
    return JSONResponse(row, 201, headers)


def _store(here: Services, client: Client, book: NewBook) -> dict[str, Any]:
    return order_book_document(here.act(client, "order-book.add", store_book, client, book))


async def _read(here: Services, client: Client, body: Body, table: Table) -> NewBook:
    if body.media_type == JSON:
        return await here.readers.read("read_book", body)
    if table.plant is None:
        issue = Issue("missing", "/plant", "a table of orders needs the parameter 'plant'")
        raise Problem(422, "invalid", issue.detail, issues=[issue])
    read = order_books.order_book_document
    plant = await run_in_threadpool(here.store.read, read, client.mill, table.plant)
    form = TableForm(table.decimal, table.zone, table.sheet)
    return await here.readers.read("read_table", body, plant, form, table.name)


@router.post(
    ":validate",
    response_model=ValidationOut,
    responses=problems(400, 404, 408, 413, 415, 422),
    openapi_extra={"x-body": "MillProblem", "x-also": [CSV, XLSX]},
)
async def validate_order_book(
    request: Request, here: Here, client: Reader, table: Annotated[Table, Depends()]
) -> Response:
    """Say everything that is wrong with an order book, and store nothing."""
    body = await read_body(request, TYPES)
    return JSONResponse(await _validate(here, client, body, table))


async def _validate(here: Services, client: Client, body: Body, table: Table) -> dict[str, Any]:
    try:
        book = await _read(here, client, body, table)
    except InvalidInput as error:
        issues = [issue_document(issue) for issue in error.issues]
        return {"valid": False, "issues": issues, "issues_total": error.total, "summary": None}
    return {
        "valid": True,
        "issues": book.issues[:100],
        "issues_total": len(book.issues),
        "summary": book.summary,
    }


@router.get(
    "/template",
    response_class=Response,
    responses={200: {"description": "The file.", "content": {CSV: {}, XLSX: {}}}},
)
def get_template(
    client: Reader,
    format: Annotated[Literal["csv", "xlsx"], Query()] = "xlsx",
) -> Response:
    """Return an empty table of orders to fill in; the workbook explains its columns."""
    return _table(format, template_csv() if format == "csv" else template_xlsx(), "orders")


def _table(format: str, content: str | bytes, name: str) -> Response:
    media_type = f"{CSV}; charset=utf-8" if format == "csv" else XLSX
    headers = {"Content-Disposition": f'attachment; filename="{name}.{format}"'}
    return Response(content, media_type=media_type, headers=headers)


@router.get("", response_model=OrderBookList, responses=problems(422))
def list_order_books(
    here: Here,
    client: Reader,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Cursor = None,
    origin: Annotated[
        list[Origin] | None, Query(max_length=3, description="`posted` where none is named")
    ] = None,
) -> Any:
    """List the mill's order books, newest first; those that came with a job on demand."""
    rows = here.store.read(
        order_books.list_order_books,
        client.mill,
        limit=limit + 1,
        before=cursor,
        origins=origin or (Origin.POSTED,),
    )
    following = rows[limit - 1].id if len(rows) > limit else None
    return {"items": [order_book_document(row) for row in rows[:limit]], "next": following}


@router.get(
    "/{order_book}",
    response_model=OrderBookOut,
    responses={304: {"description": "Still the same."}, **problems(404)},
)
def get_order_book(order_book: str, here: Here, client: Reader, match: Etag = None) -> Response:
    """Return what is known of an order book."""
    row = here.store.read(order_books.order_book_row, client.mill, order_book)
    headers = {"ETag": f'"{row.digest}"'}
    if not if_none_match(match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return JSONResponse(order_book_document(row), headers=headers)


@router.get(
    "/{order_book}/orders",
    response_class=Response,
    responses={200: {"description": "The file.", "content": {CSV: {}, XLSX: {}}}, **problems(404)},
)
def get_orders(
    order_book: str,
    here: Here,
    client: Reader,
    format: Annotated[Literal["csv", "xlsx"], Query()] = "xlsx",
) -> Response:
    """Return the orders as a table that can be edited and posted again for the same plant."""
    document = here.store.read(order_books.order_book_document, client.mill, order_book)
    return _table(format, orders_table(document, format), order_book)


@router.get("/{order_book}/content", responses=problems(404))
def get_content(order_book: str, here: Here, client: Reader) -> Response:
    """Return the problem file itself; it can be posted again as it is."""
    document = here.store.read(order_books.order_book_document, client.mill, order_book)
    return Response(problem_text(document), media_type="application/json")
