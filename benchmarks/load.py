"""How fast the service answers, beside the bare framework: ``python -m benchmarks.load``.

Both run at the same time and are asked in turns, so that whatever else the machine does slows both.
The bare application is FastAPI on the same uvicorn: a POST that reads its body (and one that parses
it), a GET that answers a line. Ours checks an API key, validates the problem, writes it, the job,
its event and the audit record, and answers after the commit is on the disk.
"""

import argparse
import json
import os
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from api.command_line.summary import show
from api.planning.solvers import warm_up
from api.security.keys import create_key
from api.security.scopes import Role
from api.store import Store
from benchmarks.http_load import Load, drive, message
from benchmarks.machine import environment
from benchmarks.service_process import ServiceProcess, running
from benchmarks.table import markdown
from instances import mill_json
from instances.generator import generate

ORDERS = 90  # makes 50 kB
BOOKS = 16
NUMBER = "week-00000000"
BARE = "from benchmarks.bare_service import serve; serve()"
UNLIMITED = {
    "requests_per_minute": 10**9,
    "queued_per_client": 10**9,
    "stored_per_mill": 10**9,
    "log_level": "WARNING",
}
HEAD = ("request", "answers/s", "of the bare", "wanted", "p50 ms", "p99 ms", "wanted")


@dataclass(slots=True)
class Line:
    """A line of the table: what is asked of whom, beside which line, and what is wanted."""

    name: str
    service: ServiceProcess
    request: bytes | Iterator[bytes]
    beside: str = ""
    share: float | None = None
    p99: float | None = None
    load: Load = field(default_factory=Load)

    def cells(self, lines: Mapping[str, "Line"]) -> tuple[str, ...]:
        """Return the line's cells under ``HEAD``."""
        ratio = f"{self.load.rate / lines[self.beside].load.rate:.2f}" if self.beside else "-"
        return (
            self.name,
            f"{self.load.rate:.0f}",
            ratio,
            "-" if self.share is None else f"{self.share:.2f}",
            f"{1000 * self.load.quantile(0.5):.1f}",
            f"{1000 * self.load.quantile(0.99):.1f}",
            "-" if self.p99 is None else f"{self.p99:.0f}",
        )


def measure(lines: list[Line], *, clients: int, rounds: int, seconds: float) -> str:
    """Ask all services in turns; return the table. An answer that is no success is an error."""
    for number in range(rounds + 1):
        for line in lines:
            load = drive(line.service.port, line.request, clients=clients, seconds=seconds)
            if any(not 200 <= status < 300 for status in load.statuses):
                raise RuntimeError(f"{line.name}: {dict(load.statuses)}")
            if number:  # the first round warms up
                line.load.add(load)
    named = {line.name: line for line in lines}
    return markdown(HEAD, [line.cells(named) for line in lines])


def new_service(folder: Path, **settings: Any) -> tuple[ServiceProcess, str]:
    """Return a service in ``folder`` and a key to it."""
    folder.mkdir()
    service = ServiceProcess(folder, **{**UNLIMITED, **settings})
    store = Store.open(f"sqlite:///{folder / 'antmill.db'}")
    try:
        return service, create_key(store, mill="load", name="load", role=Role.MES)[0]
    finally:
        store.close()


def bare_service(folder: Path) -> AbstractContextManager[ServiceProcess]:
    """Return the bare application, to be entered."""
    return running(ServiceProcess(folder, BARE), "/jobs/x")


def job(seconds: float, seed: int = 1) -> bytes:
    """Return a job request of 50 kB.

    ``NUMBER`` is in its name and in the ids of a line, a billet and an order.
    """
    problem = mill_json.to_tree(generate("bar", "week", seed=seed, orders=ORDERS))
    names = {problem[part][0]["id"] for part in ("lines", "stock", "orders")}
    problem["name"] = NUMBER
    text = json.dumps({"problem": problem, "termination": {"time_s": seconds}})
    for name in names:
        text = text.replace(f'"{name}"', f'"{name}-{NUMBER}"')
    return text.encode()


def posts(path: str, key: str = "") -> Iterator[bytes]:
    """Yield posts of jobs of some mills, each the next week's.

    The plant of a mill is the same every time, as an MES posts it; its lines, stock and orders
    are never twice alike.
    """
    bodies = [job(600, seed) for seed in range(BOOKS)]
    for number in count():
        body = bodies[number % BOOKS].replace(NUMBER.encode(), b"week-%08d" % number)
        yield message("POST", path, key, body)


def post(service: ServiceProcess, key: str, body: bytes) -> str:
    """Post a job and return its path."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{service.url}/v1/jobs", body, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(answer.headers["Location"])


def status_lines(
    ours: ServiceProcess, key: str, bare: ServiceProcess, share: float | None, p99: float
) -> list[Line]:
    """Return the lines that ask for a job's state."""
    path = post(ours, key, job(600))
    name = "GET /v1/jobs/{id}"
    return [
        Line("bare GET", bare, message("GET", path.removeprefix("/v1"))),
        Line(name, ours, message("GET", path, key), "bare GET", share, p99),
    ]


def at_rest(folder: Path, bare: ServiceProcess, **shape: Any) -> str:
    """Return the table of a service that runs no jobs."""
    ours, key = new_service(folder / "at-rest", slots=0)
    with running(ours):
        lines = [
            Line("bare POST", bare, posts("/jobs")),
            Line("bare POST, parsed", bare, posts("/parsed-jobs")),
            Line(
                f"POST /v1/jobs, {len(job(600)) / 1000:.0f} kB",
                ours,
                posts("/v1/jobs", key),
                "bare POST",
                0.15,
                100,
            ),
            *status_lines(ours, key, bare, 0.35, 25),
        ]
        table = measure(lines, **shape)
    ratio = lines[2].load.rate / lines[1].load.rate
    return f"{table}\nThe POST beside the one that parses its body: {ratio:.2f}.\n"


def with_solvers(folder: Path, bare: ServiceProcess, **shape: Any) -> str:
    """Return the table of a service whose solvers keep all cores busy."""
    warm_up(("aco",))
    cores = len(os.sched_getaffinity(0))
    ours, key = new_service(folder / "busy", slots=cores, warm_up=False)
    with running(ours):
        for _ in range(cores):
            post(ours, key, job(600))
        time.sleep(20)  # until all search
        return measure(status_lines(ours, key, bare, None, 50), **shape)


def main() -> None:
    """Measure at rest and with solvers on all cores, and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3, help="of a line in a round")
    asked = parser.parse_args()
    shape = {"clients": asked.clients, "rounds": asked.rounds, "seconds": asked.seconds}
    machine = environment()
    with tempfile.TemporaryDirectory() as name, bare_service(Path(name)) as bare:
        show([at_rest(Path(name), bare, **shape), "With solvers on all cores:", ""])
        show([with_solvers(Path(name), bare, **shape)])
    show(
        [
            f"{asked.clients} clients; commit {machine['commit']}, {machine['time']}, "
            f"{machine['cores']} cores of {machine['processor']}, load {machine['load_1_min']} "
            "before the start."
        ]
    )


if __name__ == "__main__":
    main()
