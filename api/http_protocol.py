"""HTTP with deadlines: late or oversized headers and too many connections end here.

uvicorn by itself keeps idle and half-sent requests open for ever. Bodies have their own deadline
where they are read (``api.wire.body``).
"""

import asyncio
import json
import sys
from http import HTTPStatus
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.errors import MEDIA_TYPE, Problem
from api.settings import Settings

MUCH = 65_536
"""Bytes that do not wait for the end of a turn."""


def protocol_of(settings: Settings) -> type[H11Protocol]:
    """Return the protocol class with the deadlines and limits of ``settings``."""

    class Protocol(_Protocol):
        header_timeout = settings.header_timeout_s
        most = settings.max_connections

    return Protocol


class Joined:
    """A transport that sends what is written in one turn of the event loop at once.

    uvicorn writes the head and the body of an answer one after the other: two system calls and two
    packets, for each of which the client wakes up.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self.transport, self.loop = transport, loop
        self.parts: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> None:
        """Send ``data`` soon; at once where much is waiting."""
        if not self.parts:
            self.loop.call_soon(self.flush)
        self.parts.append(data)
        self.size += len(data)
        if self.size > MUCH:
            self.flush()

    def flush(self) -> None:
        """Send what waits."""
        if self.parts:
            self.transport.write(b"".join(self.parts))
            self.parts.clear()
            self.size = 0

    def close(self) -> None:
        """Send what waits, and close."""
        self.flush()
        self.transport.close()

    def __getattr__(self, name: str) -> Any:
        """Return whatever else the transport has."""
        return getattr(self.transport, name)


class _Protocol(H11Protocol):
    header_timeout = 10.0
    most = 512
    timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(Joined(transport, self.loop))  # type: ignore[arg-type]
        if len(self.connections) > self.most:
            self._refuse(503, "unavailable", "too many connections; try again later")
        else:
            self._expect_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_timer()
        elif self.timer is None and self.conn.our_state is h11.IDLE:
            self._expect_headers()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._stop_timer()
        if self.conn.their_state is h11.SEND_BODY:
            self.loop.call_later(self.header_timeout, self._rest_late, self.cycle)

    def _rest_late(self, answered: Any) -> None:
        """Close if a request that was answered early still sends: nothing else ends its drips."""
        if self.cycle is answered and self.conn.their_state is h11.SEND_BODY:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP; called inside the handler of h11's error, which has a hint."""
        error = sys.exc_info()[1]
        status = getattr(error, "error_status_hint", 400)
        code = "headers_too_large" if status == 431 else "not_http"
        self._refuse(status, code, msg)

    def _expect_headers(self) -> None:
        self.timer = self.loop.call_later(self.header_timeout, self._headers_late)

    def _stop_timer(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def _headers_late(self) -> None:
        self.timer = None
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self._refuse(408, "headers_timeout", "the request's headers did not arrive in time")

    def _refuse(self, status: int, code: str, detail: str) -> None:
        """Answer with problem details, past h11, and close."""
        body = json.dumps(Problem(status, code, detail).document()).encode()
        lines = [
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            f"Content-Type: {MEDIA_TYPE}",
            f"Content-Length: {len(body)}",
            "Connection: close",
        ]
        self.transport.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        self.transport.close()


def uvicorn_options(settings: Settings) -> dict[str, Any]:
    """Return what uvicorn's Config takes from ``settings``."""
    return {
        "http": protocol_of(settings),
        "ws": "none",
        "h11_max_incomplete_event_size": settings.max_header_kb * 1024,
        "timeout_keep_alive": 30,
        "server_header": False,
        "proxy_headers": False,
    }
