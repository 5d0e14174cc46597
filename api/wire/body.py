"""Request bodies: read under limits of size and time, and parsed as strict JSON."""

import asyncio
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect

from api.errors import Problem, issues_of
from api.wire.gzipped import gunzipped
from instances.strict_json import JsonObject, parse
from scheduler.issues import InvalidInput, Issue, pointer, shown

M = TypeVar("M", bound=BaseModel)
JSON, CSV = "application/json", "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON_TYPES = (JSON,)
ENCODINGS = ("identity", "gzip")
UTF_8 = ("utf-8", "utf8")


class Body(NamedTuple):
    """A body's bytes and its media type, without parameters and in lower case."""

    raw: bytes
    media_type: str

    @property
    def text(self) -> str:
        """Return the text without a byte order mark; raise Problem where it is not UTF-8."""
        try:
            return self.raw.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            detail = f"not UTF-8 at byte {error.start}"
            raise Problem(400, "not_json", detail) from None


async def read_body(request: Request, types: tuple[str, ...] = JSON_TYPES) -> Body:
    """Return the body; raise Problem where its type, size or pace is not accepted."""
    settings = request.app.state.settings
    media_type = _media_type(request.headers.get("content-type", ""), types)
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ENCODINGS:
        detail = "send the body as it is, or compressed with gzip"
        raise Problem(415, "unsupported_media_type", detail, headers={"Accept-Encoding": "gzip"})
    try:
        async with asyncio.timeout(settings.body_timeout_s):
            raw = await _stream(request, settings.max_body, zipped=encoding == "gzip")
    except TimeoutError:
        headers = {"Connection": "close"}
        raise Problem(408, "body_timeout", headers=headers) from None
    except ClientDisconnect:  # nobody is left to read this
        raise Problem(400, "body_cut", headers={"Connection": "close"}) from None
    if not raw:
        raise Problem(400, "not_json", "the body is empty")
    return Body(raw, media_type)


def _media_type(header: str, types: tuple[str, ...]) -> str:
    """Return the media type that a header names; raise Problem where it is not read here."""
    media_type, *parameters = (part.strip().lower() for part in header.split(";"))
    detail = f"send one of {', '.join(types)}" if media_type not in types else ""
    for name, _, value in (part.partition("=") for part in parameters):
        charset = value.strip().strip('"')
        if name.strip() == "charset" and charset not in UTF_8 and not detail:
            detail = f"text is read as UTF-8 only, not as {shown(charset)}; send it as UTF-8"
    if detail:
        raise Problem(415, "unsupported_media_type", detail, headers={"Accept": ", ".join(types)})
    return media_type


async def _stream(request: Request, limit: int, *, zipped: bool) -> bytes:
    declared = request.headers.get("content-length", "0")
    parts, size = [], int(declared) if declared.isdigit() else 0
    if size <= limit:
        size = 0
        stream = request.stream()
        async for part in gunzipped(stream) if zipped else stream:
            size += len(part)
            if size > limit:
                break
            parts.append(part)
    if size > limit:
        detail = f"a body may have {limit} bytes" + (", unpacked" if zipped else "")
        raise Problem(413, "too_large", detail, headers={"Connection": "close"})
    return b"".join(parts)


def read_json(body: Body) -> Any:
    """Return the body's tree of values; raise Problem where it is not strict JSON."""
    try:
        return parse(body.text)
    except InvalidInput as error:
        raise Problem.of(error) from error


def read_model(model: type[M], tree: Any, raw_members: tuple[str, ...] = ()) -> M:
    """Return ``tree`` as a ``model``; its ``raw_members`` are left as they are, for other readers.

    Everything else becomes plain values first: a duplicate key, a number that is not finite or a
    text that is not Unicode is refused with its place.
    """
    if not isinstance(tree, dict):
        issue = Issue("not_an_object", "", "an object is expected", value=shown(tree))
        raise Problem(422, "invalid", issue.detail, issues=[issue])
    issues: list[Issue] = _duplicates(tree, "")
    values = {
        key: value if key in raw_members else _plain(value, pointer(key), issues)
        for key, value in tree.items()
    }
    if issues:
        raise Problem.of(InvalidInput(issues))
    try:
        return model.model_validate(values)
    except ValidationError as error:
        found = issues_of(error.errors(include_url=False), values)
        raise Problem.of(InvalidInput(found)) from None


def _plain(value: Any, at: str, issues: list[Issue]) -> Any:
    if isinstance(value, Decimal):
        return _number(value, at, issues)
    if isinstance(value, str):
        return _text(value, at, issues)
    if isinstance(value, list):
        return [_plain(item, at + pointer(n), issues) for n, item in enumerate(value)]
    if isinstance(value, dict):
        issues.extend(_duplicates(value, at))
        return {key: _plain(item, at + pointer(key), issues) for key, item in value.items()}
    return value


def _number(value: Decimal, at: str, issues: list[Issue]) -> float:
    number = float(value) if value.is_finite() else float("inf")
    if number in (float("inf"), float("-inf")):
        issues.append(Issue("not_finite", at, "the number is not finite", value=shown(value)))
    return number


def _text(value: str, at: str, issues: list[Issue]) -> str:
    if "\0" in value or (not value.isascii() and any(0xD800 <= ord(c) <= 0xDFFF for c in value)):
        detail = "the text holds NUL or half of a surrogate pair"
        issues.append(Issue("not_unicode", at, detail, value=shown(value)))
    return value


def _duplicates(tree: Any, at: str) -> list[Issue]:
    repeated = tree.duplicates if isinstance(tree, JsonObject) else ()
    return [
        Issue("duplicate_key", at + pointer(key), "the key is given more than once")
        for key in repeated
    ]
