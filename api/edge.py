"""The edge: what is checked of every request and put on every answer, whatever its route."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Problem
from api.settings import Settings
from api.store.ids import new_id

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


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
        request = new_id("req")
        scope.setdefault("state", {})["request"] = request

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/v1/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        problem = self._refusal(scope)
        app = self.app if problem is None else problem.response()
        await app(scope, receive, answer)

    def _refusal(self, scope: Scope) -> Problem | None:
        size = len(scope["raw_path"]) + len(scope["query_string"])
        size += sum(len(name) + len(value) + 4 for name, value in scope["headers"])
        if size > self.most:
            detail = f"request line and headers have {size} bytes; at most {self.most} are read"
            return Problem(431, "headers_too_large", detail, headers={"Connection": "close"})
        if b"%00" in scope["query_string"] or "\0" in scope["path"]:
            return Problem(400, "not_text", "the address holds a NUL character")
        return None
