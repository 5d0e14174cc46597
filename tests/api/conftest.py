"""Services for the tests: in this process, and as a server process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.demo import document
from api.planning.solvers import warm_up
from api.settings import Settings

from .browser import chromium
from .stubs import stub_solvers

stub_solvers.register()
STUBS = Path(__file__).parent / "stubs"
FINAL = ("succeeded", "infeasible", "failed", "cancelled")
FAST = {
    "warm_up": False,
    "lease_s": 3.0,
    "beat_s": 0.1,
    "grace_s": 20.0,
    "nice": 0,
    "readers": 0,
    "max_threads": 4,
}


@pytest.fixture(scope="session", autouse=True)
def workers_know_the_stubs():
    """Let worker processes find the stub solvers, and compiled kernels in their cache."""
    warm_up(("planner_rule",))
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(STUBS), os.getcwd(), before)))
    yield
    os.environ["PYTHONPATH"] = before or ""


@pytest.fixture(scope="module", autouse=True)
def a_browser_ends_with_its_module():
    yield
    chromium.end()


@contextmanager
def service(folder, **changes):
    """Serve in this process; the client is given the application as ``client.app``."""
    settings = Settings(**{"database": str(folder / "antmill.db"), "slots": 1, **FAST, **changes})
    app = create_app(settings)
    with TestClient(app, "http://localhost", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """A service with one worker, shared by the tests of a module."""
    with service(tmp_path_factory.mktemp("service")) as client:
        yield client


@pytest.fixture(scope="module")
def idle(tmp_path_factory):
    """A service without workers: what is queued stays queued."""
    with service(tmp_path_factory.mktemp("idle"), slots=0) as client:
        yield client


@pytest.fixture(scope="session")
def book():
    """A small order book."""
    return document("bar-small")


def job(book, solver="stub", **members):
    """Return a job request."""
    return {"problem": book, "solver": solver, "termination": {"time_s": 1}, **members}


def wait(client, job_id, states=FINAL, seconds=400):
    """Return the job once it is in one of ``states``."""
    end = time.monotonic() + seconds
    while True:
        found = client.get(f"/v1/jobs/{job_id}").json()
        if found["state"] in states:
            return found
        assert time.monotonic() < end, found
        time.sleep(0.05)


def free_port():
    """Return a port that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """A service in a process of its own."""

    def __init__(self, folder, **changes):
        self.port = free_port()
        values = {"database": folder / "antmill.db", "slots": 1, **FAST, **changes}
        self.environment = {
            **os.environ,
            "ANTMILL_PORT": str(self.port),
            **{f"ANTMILL_{name.upper()}": str(value) for name, value in values.items()},
        }
        self.process = None
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=120)
        self.log = folder / "server.log"

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", "from api.server import serve; serve()"],
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self.wait_ready()
        return self

    def wait_ready(self, seconds=600):
        end = time.monotonic() + seconds
        while True:
            try:
                if self.client.get("/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.1)

    def kill(self, number=signal.SIGKILL):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(timeout=120)
        return self.process and self.process.returncode

    def close(self):
        self.kill()
        self.client.close()


@pytest.fixture
def server(tmp_path):
    """A server process, started."""
    server = Server(tmp_path).start()
    yield server
    server.close()
