"""Workers are stopped (SIGSTOP) until their job is run again, and then continued.

Promised: what the zombie still writes is refused; the job's result is the later attempt's.
"""

import os
import random
import signal
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from api.planning.solvers import warm_up
from benchmarks.service_process import ServiceProcess
from benchmarks.survival.kills import FINAL, with_stubs, workers_of
from benchmarks.survival.posting import call, request
from benchmarks.survival.report import Report

SEARCH = 1.5
"""Seconds of search of each job."""


def run(folder: Path, *, seed: int, zombies: int, sabotage: str = "") -> Report:
    """Make so many zombies, one after the other; report."""
    warm_up(("planner_rule",))
    service, begin = with_stubs(folder, sabotage, lease_s=3.0, grace_s=60.0), time.monotonic()
    chance, faults = random.Random(seed), []
    try:
        service.start().wait_ready()
        for _ in range(zombies):
            job = call(f"{service.url}/v1/jobs", request("slow", SEARCH))["id"]
            faults += judged(_twice(service, f"{service.url}/v1/jobs/{job}", chance))
    finally:
        service.end(signal.SIGKILL)
    figures = f"{zombies} zombies; {time.monotonic() - begin:.0f} s"
    return Report("SIGSTOP, SIGCONT", sabotage, figures, faults)


def judged(job: dict[str, Any]) -> list[str]:
    """Return what is wrong with a job whose first worker was stopped and woke up again."""
    if (job["state"], job["attempt"]) != ("succeeded", 2):
        return [f"{job['id']} is {job['state']} after {job['attempt']} attempts"]
    started, finished = (
        datetime.fromisoformat(job[name]) for name in ("started_at", "finished_at")
    )
    if (took := (finished - started).total_seconds()) < SEARCH:  # nobody searches so fast
        return [f"{job['id']} has the zombie's result: {took:.2f} s after its second attempt began"]
    return []


def _twice(service: ServiceProcess, url: str, chance: random.Random) -> dict[str, Any]:
    """Stop the job's worker amid its work, wake it up once another has the job; return the job."""
    _wait(url, lambda job: job["state"] == "running")
    time.sleep(chance.uniform(0, SEARCH / 2))
    stopped = busy_worker(service)
    os.kill(stopped, signal.SIGSTOP)
    _wait(url, lambda job: (job["state"], job["attempt"]) == ("running", 2))
    os.kill(stopped, signal.SIGCONT)
    return _wait(url, lambda job: job["state"] in FINAL)


def busy_worker(service: ServiceProcess) -> int:
    """Return the worker that works: the one whose search moves on between two looks."""
    before = {pid: switches(pid) for pid in workers_of(service)}
    time.sleep(0.3)
    return max(before, key=lambda pid: switches(pid) - before[pid])


def switches(pid: int) -> int:
    """Return how often the process's threads gave up the processor of their own accord."""
    found = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        line = next(s for s in status.read_text("ascii").splitlines() if s.startswith("voluntary"))
        found += int(line.split()[1])
    return found


def _wait(url: str, until: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Return the job once ``until`` holds of it, or as it is after a minute."""
    end = time.monotonic() + 60
    while True:
        job: dict[str, Any] = call(url)
        if until(job) or time.monotonic() > end:
            return job
        time.sleep(0.02)
