"""Work of the event loop for the writer: what comes within some milliseconds is handed on at once.

Every commit costs as much processor time as the statements of a job, and so do the threads that
wake each other for it. So a piece of work waits a little where others are coming.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

from api.store.writer import Outcome, Work, Writer

WAIT = 0.010
"""Seconds that a piece of work waits at most for others."""
MOST = 16
"""Pieces that wait for no more."""


class Gathering:
    """Hands works to a writer, made and used inside the event loop.

    coming: how many others are about to hand in work; where none is, nobody waits for it.
    """

    def __init__(self, writer: Writer, coming: Callable[[], int]) -> None:
        self.writer, self.coming = writer, coming
        self.loop = asyncio.get_running_loop()
        self.waiting: list[tuple[Work[Any], asyncio.Future[Any]]] = []
        self.timer: asyncio.TimerHandle | None = None

    def submit(self, work: Work[Any]) -> asyncio.Future[Any]:
        """Return a future that is set after ``work`` was committed, or to what it raised."""
        future: asyncio.Future[Any] = self.loop.create_future()
        self.waiting.append((work, future))
        if len(self.waiting) >= MOST or not self.coming():
            self._hand_on()
        elif self.timer is None:
            self.timer = self.loop.call_later(WAIT, self._hand_on)
        return future

    def _hand_on(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        works = [work for work, _ in self.waiting]
        futures = [future for _, future in self.waiting]
        self.waiting = []
        try:
            asked = self.writer.submit(works)
        except RuntimeError as error:  # the store is closed
            _answer(futures, error)
            return
        answer = partial(_answer, futures)
        asked.add_done_callback(lambda done: self.loop.call_soon_threadsafe(answer, _of(done)))


def _of(done: Future[list[Outcome]]) -> list[Outcome] | BaseException:
    """Return the outcomes, or why there are none."""
    return done.exception() or done.result()


def _answer(futures: list[asyncio.Future[Any]], outcomes: list[Outcome] | BaseException) -> None:
    if isinstance(outcomes, BaseException):
        outcomes = [(None, outcomes)] * len(futures)
    for future, (value, failure) in zip(futures, outcomes, strict=True):
        if future.done():  # whoever asked is gone
            continue
        if failure is None:
            future.set_result(value)
        else:
            future.set_exception(failure)
