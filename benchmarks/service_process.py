"""A service of a measurement's own: started in a folder, killed, started again."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

SERVE = "from api.server import serve; serve()"


class ServiceProcess:
    """``antmill serve`` in a process; ``settings`` are those of ``api.settings``, by name."""

    def __init__(self, folder: Path, program: str = SERVE, **settings: Any) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "service.log"
        self.program = program
        given = {"database": folder / "antmill.db", "port": self.port, **settings}
        own = {f"ANTMILL_{name.upper()}": str(value) for name, value in given.items()}
        self.environment = {**os.environ, **own}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start it and return at once."""
        with self.log.open("ab") as log:
            command = [sys.executable, "-c", self.program]
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        return self

    def wait_ready(self, path: str = "/readyz", seconds: float = 600) -> Self:
        """Return once it answers; RuntimeError with the end of its log where it does not."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process is not None and self.process.poll() is None:
            try:
                with urllib.request.urlopen(self.url + path, timeout=10):
                    return self
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                time.sleep(0.05)
        raise RuntimeError(f"the service did not start:\n{self.log.read_text()[-2000:]}")

    def end(self, number: int = signal.SIGTERM) -> None:
        """Send a signal and wait for the end."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(60)


@contextmanager
def running(service: ServiceProcess, ready: str = "/readyz") -> Iterator[ServiceProcess]:
    """Start a service, yield it once it is ready, and end it."""
    try:
        yield service.start().wait_ready(ready)
    finally:
        service.end()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
