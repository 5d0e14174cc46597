"""The edge: what is checked of every request and put on every answer, whatever its route."""

import logging
import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Problem
from api.settings import Settings
from api.store.ids import new_id

log = logging.getLogger("antmill.access")
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
PRIVATE = (*HEADERS, (b"cache-control", b"no-store"))
"""What answers of the API get unless they say otherwise."""


class Edge:
    """Middleware: limits on the request's line and headers, a request id, and safe headers."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.most = settings.max_header_kb * 1024

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = time.perf_counter()
        state = scope.setdefault("state", {})
        state["request"] = request = new_id("req")
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message, request, scope["path"])
                self._tell(scope, status, time.perf_counter() - begun)
            await send(message)

        problem = self._refusal(scope)
        app = self.app if problem is None else problem.response()
        with structlog.contextvars.bound_contextvars(request=request):
            await app(scope, receive, answer)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        """Log and count an answer as it begins."""
        route = getattr(scope.get("route"), "path", "") or "other"
        client = scope["state"].get("client")
        log.info(
            "%s %s %d",
            scope["method"],
            scope["raw_path"].decode("ascii", "backslashreplace"),  # as sent: no line breaks
            status,
            extra={
                "ms": round(1000 * seconds, 1),
                "client": getattr(client, "name", None),
                "mill": getattr(client, "mill", None),
                "address": (scope.get("client") or ("",))[0],
            },
        )
        services = getattr(scope["app"].state, "services", None)
        if services is not None:
            services.metrics.observe(scope["method"], route, status, seconds)

    def _refusal(self, scope: Scope) -> Problem | None:
        size = len(scope["raw_path"]) + len(scope["query_string"])
        size += sum(len(name) + len(value) + 4 for name, value in scope["headers"])
        if size > self.most:
            detail = f"request line and headers have {size} bytes; at most {self.most} are read"
            return Problem(431, "headers_too_large", detail, headers={"Connection": "close"})
        if b"%00" in scope["query_string"] or "\0" in scope["path"]:
            return Problem(400, "not_text", "the address holds a NUL character")
        return None


def _add_headers(message: Message, request: str, path: str) -> None:
    given: list[tuple[bytes, bytes]] = [
        (name, value) for name, value in message["headers"] if name != b"x-request-id"
    ]
    names = {name for name, _ in given}
    more = PRIVATE if path.startswith("/v1/") else HEADERS
    given += [header for header in more if header[0] not in names]
    message["headers"] = [*given, (b"x-request-id", request.encode())]
