"""Routes that are asked most: served without FastAPI's solving of dependencies.

It takes half a millisecond a request. Signatures stay the truth, for OpenAPI and for requests that
need more than a look: those go FastAPI's way.
"""

import re
from collections.abc import Callable, Coroutine
from inspect import signature
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

KEY_PATTERN = r"^[\x21-\x7e]{1,255}$"
KEY = re.compile(KEY_PATTERN)
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Direct(APIRoute):
    """A route of an async function that returns a Response.

    It may take the ``request``, the services ``here``, the ``client``, texts of the path and an
    ``idempotency_key``, and nothing else. Other functions are served as usual.
    """

    def get_route_handler(self) -> Handler:
        """Return what serves a request."""
        careful = super().get_route_handler()
        if not getattr(self.endpoint, "direct", False):
            return careful
        endpoint, takes = self.endpoint, signature(self.endpoint).parameters
        calls = (one.call for one in self.dependant.dependencies)
        allowed: Any = next(call for call in calls if hasattr(call, "scope"))

        async def handle(request: Request) -> Response:
            keys = request.headers.getlist("idempotency-key") if "idempotency_key" in takes else []
            odd = len(keys) > 1 or (keys and not KEY.fullmatch(keys[0]))
            if odd or request.scope["query_string"]:
                return await careful(request)
            given: dict[str, Any] = {"client": await allowed(request, None), **request.path_params}
            given["here"] = request.app.state.services
            if "request" in takes:
                given["request"] = request
            if keys:
                given["idempotency_key"] = keys[0]
            answer: Response = await endpoint(**given)
            return answer

        return handle


def direct(endpoint: Any) -> Any:
    """Let a ``Direct`` route serve this function directly."""
    endpoint.direct = True
    return endpoint
