"""Keeps one reading process alive: a thread, which starts it and waits for its end."""

import asyncio
import logging
import os
import socket
import subprocess
import sys
import threading
import time

from api.reading.line import Desk, Line
from api.reading.messages import ReaderConfig
from api.settings import Settings

log = logging.getLogger(__name__)
SLOWEST = 120.0
"""Seconds after which a body, or a start, is given up."""
LOOK = 0.5
"""Seconds between two looks at a process."""


class Keeper(threading.Thread):
    """Starts a process, opens the line to it in the event loop, and starts another after its end.

    The thread lives as long as its process may: the kernel ends the process with the thread that
    started it.
    """

    def __init__(self, settings: Settings, desk: Desk, number: int) -> None:
        super().__init__(name=f"reader-{number}", daemon=True)
        self.settings, self.desk = settings, desk
        self.ending = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Keep a process until told to end."""
        while not self.ending.is_set():
            try:
                self._keep()
            except Exception:
                log.exception("%s", self.name)
            if not self.ending.wait(0.2):
                log.warning("%s: starts another process", self.name)

    def _keep(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "api.reading.process", str(theirs.fileno())]
            self.process = subprocess.Popen(
                command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
            )
        unsaid = self.settings.model_copy(update={"database": "", "oidc_keys": ""})
        line = Line(self.desk, ReaderConfig(unsaid, os.getpid()))
        opening = self.desk.loop.create_connection(lambda: line, sock=ours)
        asyncio.run_coroutine_threadsafe(opening, self.desk.loop)
        try:
            self._watch(self.process, line)
        finally:
            self.process.kill()
            self.process.wait()

    def _watch(self, process: subprocess.Popen[bytes], line: Line) -> None:
        """Return when the process has ended, or should."""
        while not self.ending.is_set():
            try:
                process.wait(LOOK)
            except subprocess.TimeoutExpired:
                if time.monotonic() - line.since > SLOWEST and line.busy:
                    return
            else:
                return

    def close(self) -> None:
        """End the process and the thread."""
        self.ending.set()
        if self.process is not None:
            self.process.kill()
