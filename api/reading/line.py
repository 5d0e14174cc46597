"""The lines to the reading processes, and who asks what down which; all in the event loop."""

import asyncio
import logging
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from api.errors import Problem
from api.reading.messages import Messages, ReaderConfig, Reply, packed

log = logging.getLogger(__name__)
TRIES = 2
AHEAD = 2
"""Requests that a process is given at once, so that it need not wait for the next one."""


@dataclass(slots=True, eq=False)
class Asked:
    """A request: its message, the future of its answer, and how many processes it ended."""

    message: bytes
    future: asyncio.Future[Any]
    ended: int = 0

    def refuse(self) -> None:
        """Answer that it cannot be read now."""
        if not self.future.done():
            detail = "the body could not be read now"
            problem = Problem(503, "unavailable", detail, headers={"Retry-After": "5"})
            self.future.set_exception(problem)


class Desk:
    """Hands requests to the line that has the fewest, in the order in which they come."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.lines: list[Line] = []
        self.waiting: deque[Asked] = deque()
        self.closed = False

    @property
    def open(self) -> int:
        """How many requests have no answer yet."""
        return len(self.waiting) + sum(len(line.asked) for line in self.lines)

    def ask(self, task: str, arguments: tuple[Any, ...]) -> asyncio.Future[Any]:
        """Return a future of what one of ``api.reading.tasks`` returns, or raises."""
        asked = Asked(packed((task, arguments)), self.loop.create_future())
        self.waiting.append(asked)
        self.hand_on()
        return asked.future

    def hand_on(self) -> None:
        """Give waiting requests to lines that have room; refuse them when the service ends."""
        while self.closed and self.waiting:
            self.waiting.popleft().refuse()
        while self.waiting and self.lines:
            line = min(self.lines, key=lambda line: len(line.asked))
            if len(line.asked) >= AHEAD:
                return
            line.ask(self.waiting.popleft())

    def take_back(self, line: "Line", *, ended: bool) -> None:
        """Let others read what a line was asked; ``ended``: its first body ended the process."""
        if line in self.lines:
            self.lines.remove(line)
        if ended and line.asked:
            log.warning("a body ended its reading process")
            line.asked[0].ended += 1
            if line.asked[0].ended >= TRIES:
                line.asked.popleft().refuse()
        self.waiting.extendleft(reversed(line.asked))
        line.asked.clear()
        self.hand_on()

    def close(self) -> None:
        """Hand on nothing more."""
        self.closed = True
        self.hand_on()


class Line(asyncio.Protocol):
    """The line to one process, which answers in the order in which it is asked.

    since: when (s, monotonic) the process began what it is busy with.
    """

    def __init__(self, desk: Desk, config: ReaderConfig) -> None:
        self.desk, self.config = desk, config
        self.messages = Messages()
        self.asked: deque[Asked] = deque()
        self.starting = True
        self.since = time.monotonic()
        self.transport: asyncio.Transport | None = None

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited."""
        return self.starting or bool(self.asked)

    def ask(self, asked: Asked) -> None:
        """Send a request."""
        assert self.transport is not None
        if not self.asked:
            self.since = time.monotonic()
        self.asked.append(asked)
        self.transport.write(asked.message)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Tell the process who it is; its first answer says that it is ready."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(packed(self.config))

    def data_received(self, data: bytes) -> None:
        """Take answers in."""
        for reply in self.messages.feed(data):
            self._take(reply)

    def _take(self, reply: Reply) -> None:
        self.since = time.monotonic()
        if self.starting:
            self.starting = False
            self.desk.lines.append(self)
        else:
            future = self.asked.popleft().future
            if not future.done():  # or whoever asked is gone
                (future.set_result if reply.fine else future.set_exception)(reply.answer)
        if reply.last:
            self.desk.take_back(self, ended=False)
        self.desk.hand_on()

    def connection_lost(self, _: Exception | None) -> None:
        """Have the rest read by another process."""
        self.desk.take_back(self, ended=True)
