"""``/v1/order-books``: keep what is to be planned, and say what is wrong with it."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from api.errors import issue_document
from api.planning.problems import problem_text, read_problem, summary
from api.security.identity import Client, Planner, Reader
from api.services import Here, Services
from api.store import order_books
from api.store.documents import packed
from api.wire.body import Body, read_body, read_json
from api.wire.models import problems
from api.wire.order_books import OrderBookList, OrderBookOut, ValidationOut, order_book_document
from api.wire.sizes import check_size
from scheduler.issues import InvalidInput

router = APIRouter(prefix="/v1/order-books", tags=["order books"])
Etag = Annotated[str | None, Header(alias="If-None-Match", max_length=200)]


@router.post(
    "",
    status_code=201,
    response_model=OrderBookOut,
    responses=problems(400, 408, 413, 415, 422),
    openapi_extra={"x-body": "MillProblem"},
)
async def add_order_book(request: Request, here: Here, client: Planner) -> Response:
    """Store an order book with its plant and prices. Refused with every fault named."""
    body = await read_body(request)
    row = await run_in_threadpool(_store, here, client, body)
    headers = {"Location": f"/v1/order-books/{row['id']}", "ETag": f'"{row["digest"]}"'}
    return JSONResponse(row, 201, headers)


def _store(here: Services, client: Client, body: Body) -> dict[str, Any]:
    tree = read_json(body)
    check_size(here.settings, tree)
    problem, warnings = read_problem(tree)
    row = here.act(
        client,
        "order-book.add",
        order_books.add_order_book,
        mill=client.mill,
        client=client.name,
        name=problem.name,
        body=packed(body.text),
        summary=summary(problem),
        issues=[issue_document(issue) for issue in warnings],
    )
    return order_book_document(row)


@router.post(
    ":validate",
    response_model=ValidationOut,
    responses=problems(400, 408, 413, 415),
    openapi_extra={"x-body": "MillProblem"},
)
async def validate_order_book(request: Request, here: Here, client: Reader) -> Response:
    """Say everything that is wrong with an order book, and store nothing."""
    body = await read_body(request)
    return JSONResponse(await run_in_threadpool(_validate, here, body))


def _validate(here: Services, body: Body) -> dict[str, Any]:
    tree = read_json(body)
    check_size(here.settings, tree)
    try:
        problem, warnings = read_problem(tree)
    except InvalidInput as error:
        issues = [issue_document(issue) for issue in error.issues]
        return {"valid": False, "issues": issues, "issues_total": error.total, "summary": None}
    return {
        "valid": True,
        "issues": [issue_document(issue) for issue in warnings[:100]],
        "issues_total": len(warnings),
        "summary": summary(problem),
    }


@router.get("", response_model=OrderBookList, responses=problems(422))
def list_order_books(
    here: Here,
    client: Reader,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
) -> Any:
    """List the mill's order books, newest first."""
    rows = here.store.read(
        order_books.list_order_books, client.mill, limit=limit + 1, before=cursor
    )
    following = rows[limit - 1].id if len(rows) > limit else None
    return {"items": [order_book_document(row) for row in rows[:limit]], "next": following}


@router.get(
    "/{order_book}",
    response_model=OrderBookOut,
    responses={304: {"description": "Still the same."}, **problems(404)},
)
def get_order_book(
    order_book: str, here: Here, client: Reader, if_none_match: Etag = None
) -> Response:
    """Return what is known of an order book."""
    row = here.store.read(order_books.order_book_row, client.mill, order_book)
    headers = {"ETag": f'"{row.digest}"'}
    if if_none_match is not None and row.digest in if_none_match:
        return Response(status_code=304, headers=headers)
    return JSONResponse(order_book_document(row), headers=headers)


@router.get("/{order_book}/content", responses=problems(404))
def get_content(order_book: str, here: Here, client: Reader) -> Response:
    """Return the problem file itself; it can be posted again as it is."""
    document = here.store.read(order_books.order_book_document, client.mill, order_book)
    return Response(problem_text(document), media_type="application/json")
