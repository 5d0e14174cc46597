"""The reading processes of a service: started with it, replaced when they die, never waited for.

Each has a thread here that hands it one body after the other. A body that kills its process is
tried once more and then refused; it cannot take the service along.
"""

import asyncio
import logging
import os
import queue
import socket
import subprocess
import sys
import threading
from concurrent.futures import Future
from multiprocessing.connection import Connection as Pipe
from typing import Any

from fastapi.concurrency import run_in_threadpool

from api.errors import Problem
from api.jobs.limits import memory_of
from api.reading.process import READY, ReaderConfig
from api.reading.tasks import TASKS
from api.settings import MEBIBYTE, Settings
from api.wire.body import Body

log = logging.getLogger(__name__)
SLOWEST = 120.0
"""Seconds after which a body is given up."""
START = 120.0
"""Seconds that a process may take to start."""
FATTEST = 768 * MEBIBYTE
"""A process that holds more after a body is replaced."""
TRIES = 2
SMALL = 8192
"""Bytes of a body below which asking a process would take longer than reading."""

Request = tuple[str, tuple[Any, ...], "Future[Any]"]


class Readers:
    """Hands bodies to ``settings.readers`` processes."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.inbox: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self.threads = [_Reader(settings, self.inbox, n) for n in range(settings.readers)]

    def start(self) -> None:
        """Start the processes; they are ready some seconds later."""
        for thread in self.threads:
            thread.start()

    @property
    def ready(self) -> bool:
        """Whether any process would read now."""
        return any(thread.ready.is_set() for thread in self.threads)

    async def read(self, task: str, body: Body, *arguments: Any) -> Any:
        """Return what a task makes of a body: a large one in a process, a small one in a thread."""
        if len(body.raw) < SMALL or not self.ready:
            return await run_in_threadpool(TASKS[task], self.settings, body, *arguments)
        return await asyncio.wrap_future(self.submit(task, body, *arguments))

    def submit(self, task: str, *arguments: Any) -> "Future[Any]":
        """Return a future of what one of ``api.reading.tasks`` returns, or raises."""
        future: Future[Any] = Future()
        self.inbox.put((task, arguments, future))
        return future

    def close(self) -> None:
        """End the processes; who still waits is told that the service ends."""
        for thread in self.threads:
            thread.ending.set()
            self.inbox.put(None)
        for thread in self.threads:
            if thread.is_alive():
                thread.join(10)


class _Reader(threading.Thread):
    """Keeps one process and hands it bodies.

    The thread lives as long as its process may: the kernel ends the process with the thread that
    started it.
    """

    def __init__(
        self, settings: Settings, inbox: "queue.SimpleQueue[Request | None]", number: int
    ) -> None:
        super().__init__(name=f"reader-{number}", daemon=True)
        self.settings, self.inbox = settings, inbox
        self.ready = threading.Event()
        self.ending = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.pipe: Pipe[Any, Any] | None = None

    def run(self) -> None:
        """Serve until told to end."""
        while not self.ending.is_set():
            try:
                self._start()
                self._serve()
            except (EOFError, OSError) as error:
                log.warning("%s: its process ended (%s)", self.name, error or "no answer")
                self.ending.wait(0.2)
            except Exception:
                log.exception("%s", self.name)
                self.ending.wait(1)
            finally:
                self._end()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "api.reading.process", str(theirs.fileno())]
            self.process = subprocess.Popen(
                command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
            )
        self.pipe = Pipe(ours.detach())
        unsaid = self.settings.model_copy(update={"database": "", "oidc_keys": ""})
        self.pipe.send(ReaderConfig(unsaid, os.getpid()))
        while not self.pipe.poll(0.1):
            if self.ending.is_set() or self.process.poll() is not None:
                raise EOFError
        if self.pipe.recv() != READY:
            raise EOFError
        self.ready.set()

    def _serve(self) -> None:
        """Hand on bodies until the process is too fat or dead."""
        assert self.process is not None
        while (request := self.inbox.get()) is not None:
            task, arguments, future = request
            if not future.set_running_or_notify_cancel():
                continue
            self._settle(task, arguments, future)
            if memory_of(self.process.pid) > FATTEST:
                return

    def _settle(self, task: str, arguments: tuple[Any, ...], future: "Future[Any]") -> None:
        for _ in range(TRIES):
            try:
                fine, answer = self._ask(task, arguments)
            except (EOFError, OSError) as error:
                log.warning("%s: a body ended its process (%s)", self.name, error or "no answer")
                self._end()
                if self.ending.is_set():
                    break
                self._start()
            else:
                (future.set_result if fine else future.set_exception)(answer)
                return
        detail = "the body could not be read now"
        future.set_exception(Problem(503, "unavailable", detail, headers={"Retry-After": "5"}))

    def _ask(self, task: str, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
        assert self.pipe is not None
        self.pipe.send((task, arguments))
        if not self.pipe.poll(SLOWEST):
            raise EOFError
        answer: tuple[bool, Any] = self.pipe.recv()
        return answer

    def _end(self) -> None:
        self.ready.clear()
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
        if self.pipe is not None:
            self.pipe.close()
            self.pipe = None
