"""Every error as RFC 9457 problem details, with a stable code, and never more than was asked."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from api.store.idempotency import KeyReusedError
from api.store.jobs import NotFoundError, StateConflictError
from scheduler.issues import SHOWN_ISSUES, InvalidInput, Issue, pointer, shown

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"

TITLES = {
    "invalid": "The content cannot be used",
    "not_gzip": "The body is no sound gzip stream",
    "not_json": "The body is not strict JSON",
    "not_text": "The request holds what is no text",
    "headers_too_large": "The request's line and headers are too large",
    "headers_timeout": "The request's headers did not arrive in time",
    "not_http": "This is no HTTP request",
    "too_large": "The content is too large",
    "too_many_orders": "The order book has too many orders",
    "unsupported_media_type": "This content type is not read here",
    "body_timeout": "The body did not arrive in time",
    "body_cut": "The connection ended before the body did",
    "unauthorized": "Who are you?",
    "forbidden": "This client may not do this",
    "not_local": "Without keys only this machine is served",
    "too_many_requests": "Too many requests",
    "too_many_jobs": "Too many jobs",
    "not_found": "No such object",
    "method_not_allowed": "This address does not take this method",
    "stale": "Somebody else was faster",
    "state_conflict": "The object's state does not allow this",
    "idempotency_key_reused": "The Idempotency-Key was used with another body",
    "unavailable": "The service cannot do this now",
    "internal": "The service failed",
}
WIRE = {"not_json", "too_deep", "duplicate_key", "duplicate_field", "not_text"}
"""Codes of issues that make a body malformed (400) rather than unusable (422)."""
STATUS_OF = {"too_many_orders": 413}


class Problem(Exception):
    """An answer that is an error: a status, a stable code, a sentence, and issues with places."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str = "",
        *,
        issues: Sequence[Issue] = (),
        total: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail or code)
        self.status, self.code, self.detail = status, code, detail
        self.issues = issues[:SHOWN_ISSUES]
        self.total = len(issues) if total is None else total
        self.headers = headers or {}

    def __reduce__(self) -> tuple[Any, ...]:
        """Let a process hand it to another."""
        made = partial(Problem, issues=self.issues, total=self.total, headers=self.headers)
        return made, (self.status, self.code, self.detail)

    @classmethod
    def of(cls, error: InvalidInput, at: str = "") -> "Problem":
        """Return the problem of an unusable input that stands at ``at`` in the body."""
        issues = [issue_at(issue, at) for issue in error.issues]
        codes = {issue.code for issue in issues}
        status = 400 if codes & WIRE else 422
        status = next((STATUS_OF[code] for code in sorted(codes) if code in STATUS_OF), status)
        code = {400: "not_json", 413: "too_large", 422: "invalid"}[status]
        detail = issues[0].detail if len(issues) == 1 else f"{error.total} faults"
        return cls(status, code, detail, issues=issues, total=error.total)

    def document(self) -> dict[str, Any]:
        """Return the members of RFC 9457, and ours."""
        document: dict[str, Any] = {
            "type": f"/problems/{self.code}",
            "title": TITLES.get(self.code, self.code),
            "status": self.status,
            "code": self.code,
        }
        if self.detail:
            document["detail"] = _sendable(self.detail)
        if self.issues:
            document["errors"] = [issue_document(issue) for issue in self.issues]
            document["errors_total"] = self.total
        return document

    def response(self) -> JSONResponse:
        """Return the answer."""
        return JSONResponse(self.document(), self.status, self.headers, MEDIA_TYPE)


def issue_at(issue: Issue, at: str) -> Issue:
    """Return ``issue`` with its pointer put below ``at``."""
    return replace(issue, pointer=at + issue.pointer) if at else issue


def issue_document(issue: Issue) -> dict[str, Any]:
    """Return an issue as JSON values, without what it does not say."""
    members = {
        "code": issue.code,
        "severity": issue.severity,
        "pointer": issue.pointer,
        "detail": issue.detail,
        "value": issue.value,
        "expected": issue.expected,
        "hint": issue.hint,
        "order": issue.order,
        "row": issue.row,
        "column": issue.column,
    }
    needed = ("code", "severity", "pointer", "detail")
    said = {name: value for name, value in members.items() if value or name in needed}
    return {
        name: _sendable(value) if isinstance(value, str) else value for name, value in said.items()
    }


def _sendable(text: str) -> str:
    """Return the text with halves of surrogate pairs escaped, which no UTF-8 can hold."""
    return text.encode("utf-8", "backslashreplace").decode()


def issues_of(errors: Sequence[Any], tree: Any = None) -> list[Issue]:
    """Return pydantic's errors as issues; of values only what ``shown`` lets through.

    Pointers are those of the body ``tree`` where it is given: pydantic's places also name which
    model of several it tried.
    """
    return [
        Issue(
            code=str(error["type"]),
            pointer=pointer(*(error["loc"] if tree is None else _place(error, tree))),
            detail=WORDS.get(error["type"]) or str(error["msg"]).removeprefix("Value error, "),
            value="" if error["type"] == "missing" else shown(error.get("input")),
            expected=_expected(error.get("ctx", {}), str(error["loc"][-1]) if error["loc"] else ""),
        )
        for error in errors
    ]


def _place(error: Any, tree: Any) -> list[str | int]:
    """Return the parts of an error's place that are places of the body."""
    *parts, last = error["loc"] or ("",)
    found: list[str | int] = []
    for part in (*parts, last):
        if (isinstance(tree, dict) and part in tree) or (
            isinstance(tree, list) and isinstance(part, int)
        ):
            found.append(part)
            tree = tree[part]
    return [*found, last] if error["type"] == "missing" else found


OUT_OF_RANGE = "the number is out of range"
WORDS = {
    "string_pattern_mismatch": "the text has not the form that is expected here",
    "extra_forbidden": "there is no such member here",
    "greater_than": OUT_OF_RANGE,
    "greater_than_equal": OUT_OF_RANGE,
    "less_than": OUT_OF_RANGE,
    "less_than_equal": OUT_OF_RANGE,
    "int_from_float": "a whole number is expected",
    "int_type": "a whole number is expected",
    "float_type": "a number is expected",
}
"""What is said instead of pydantic's own words, by the type of the error."""

FORMS = {
    r"^[a-z]{2,4}-[0-9a-z]{26}$": "an id as the service gives it, such as job- and 26 characters",
    r"^https://[\x21-\x7e]+$": "an address that begins with https://, of visible ASCII characters",
    r"^[\w.:/ -]{1,64}$": "1 to 64 letters, digits, blanks and any of _ . : / -",
    r"^[\w. -]{1,64}$": "1 to 64 letters, digits, blanks and any of _ . -",
    r"^[\x21-\x7e]{1,255}$": "1 to 255 visible ASCII characters without blanks",
    r"^\d{1,18}$": "a whole number of 1 to 18 digits",
    "^(viewer|planner|mes|admin)$": "viewer, planner, mes or admin",
}
"""The patterns of texts in requests, in words."""


def _expected(context: dict[str, Any], name: str) -> str:
    """Return what is allowed; a member whose name ends with ``_s`` is in seconds."""
    if "pattern" in context:
        return FORMS.get(context["pattern"], f"text that matches {context['pattern']}")
    names = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    unit = " s" if name.endswith("_s") else ""
    parts = [f"{text} {context[key]:.15g}{unit}" for key, text in names.items() if key in context]
    if "expected" in context:
        parts.append(str(context["expected"]))
    return " and ".join(parts)


def install(app: FastAPI) -> None:
    """Answer every exception with problem details."""

    def answer(problem: Problem) -> JSONResponse:
        return problem.response()

    @app.exception_handler(Problem)
    async def _problem(_: Request, error: Problem) -> JSONResponse:
        return answer(error)

    @app.exception_handler(InvalidInput)
    async def _invalid(_: Request, error: InvalidInput) -> JSONResponse:
        return answer(Problem.of(error))

    @app.exception_handler(NotFoundError)
    async def _not_found(_: Request, error: NotFoundError) -> JSONResponse:
        return answer(Problem(404, "not_found", f"there is no {shown(str(error))} here"))

    @app.exception_handler(StateConflictError)
    async def _conflict(_: Request, error: StateConflictError) -> JSONResponse:
        return answer(Problem(409, "state_conflict", str(error)))

    @app.exception_handler(KeyReusedError)
    async def _reused(_: Request, error: KeyReusedError) -> JSONResponse:
        detail = "this key was used for another call or body; take a new key for a new request"
        return answer(Problem(409, "idempotency_key_reused", detail))

    @app.exception_handler(OperationalError)
    async def _storage(_: Request, error: OperationalError) -> JSONResponse:
        log.error("storage: %s", error.orig)
        detail = "the storage does not take this now (out of reach, or full); nothing was changed"
        return answer(Problem(503, "unavailable", detail, headers={"Retry-After": "5"}))

    @app.exception_handler(RequestValidationError)
    async def _parameters(_: Request, error: RequestValidationError) -> JSONResponse:
        issues = issues_of(error.errors())
        return answer(Problem(422, "invalid", "parameters of the request", issues=issues))

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> JSONResponse:
        codes = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
        code = codes.get(error.status_code, "invalid")
        return answer(Problem(error.status_code, code, headers=dict(error.headers or {})))

    @app.exception_handler(Exception)
    async def _internal(request: Request, error: Exception) -> JSONResponse:
        log.error("%s %s", request.method, request.url.path, exc_info=error)
        return answer(Problem(500, "internal", "the fault is logged; please report it"))
