"""Workers and the whole service are killed at random moments while clients post keyed jobs.

Promised: no accepted job is lost, each has exactly one result, a replayed key gives the first
answer, the audit chain holds, and no worker outlives its service.
"""

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

from api.planning.solvers import warm_up
from benchmarks.service_process import ServiceProcess
from benchmarks.survival.posting import Poster, call
from benchmarks.survival.report import Report
from benchmarks.survival.sabotage import program

STUBS = Path(__file__).resolve().parents[2] / "tests" / "api" / "stubs"
"""Makes every process of the service know the tests' solvers, which need no kernels."""
SETTINGS = {
    "slots": 2,
    "readers": 1,
    "warm_up": False,
    "lease_s": 3,
    "beat_s": 0.1,
    "grace_s": 20,
    "nice": 0,
    "attempts": 10**6,
    "requests_per_minute": 10**9,
    "queued_per_client": 10**9,
    "log_level": "WARNING",
}
FINAL = ("succeeded", "infeasible", "failed", "cancelled")


def with_stubs(folder: Path, sabotage: str = "", **settings: Any) -> ServiceProcess:
    """Return a service in ``folder`` that knows the tests' solvers."""
    folder.mkdir(parents=True, exist_ok=True)
    service = ServiceProcess(folder, program(sabotage), **{**SETTINGS, **settings})
    paths = (str(STUBS), str(STUBS.parents[2]), os.environ.get("PYTHONPATH"))
    service.environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    return service


def run(
    folder: Path,
    *,
    seed: int,
    kills: int,
    posters: int = 4,
    sabotage: str = "",
    drain: float = 30,
    search: float = 0.3,
) -> Report:
    """Kill so often, then wait until for ``drain`` s no job has ended; report."""
    warm_up(("planner_rule",))  # a compiler in the worker would hold up its heartbeats
    service, begin = with_stubs(folder, sabotage), time.monotonic()
    clients = [Poster(service.url, number, seed, search) for number in range(posters)]
    try:
        service.start().wait_ready("/healthz")
        for client in clients:
            client.start()
        done, faults = _kill(service, random.Random(seed), kills)
        for client in clients:
            client.over.set()
        for client in clients:
            client.join(30)
            client.replay_all()
        accepted = {answer["id"]: key for c in clients for key, answer in c.answers.items()}
        faults += [fault for client in clients for fault in client.faults]
        faults += judged(service.url, accepted, drain)
    finally:
        service.end(signal.SIGKILL)
    figures = (
        f"{done['service']} kills of the service, {done['worker']} of workers; {len(accepted)} jobs"
        f" accepted, {sum(c.replays for c in clients)} replays; {time.monotonic() - begin:.0f} s"
    )
    return Report("kill -9", sabotage, figures, faults)


def judged(url: str, accepted: dict[str, str], drain: float) -> list[str]:
    """Return the promises broken to those who posted: ``accepted`` has the keys by job."""
    waiting, end = _waiting(url), time.monotonic() + drain
    while waiting and time.monotonic() < end:
        time.sleep(0.5)
        if (now := _waiting(url)) < waiting:
            waiting, end = now, time.monotonic() + drain
    jobs = all_jobs(url)
    faults = [f"{job} ({key}) is lost" for job, key in accepted.items() if job not in jobs]
    faults += [f"{job} is of no key's answer" for job in jobs if job not in accepted]
    for job in jobs.values():
        if job["state"] != "succeeded":
            faults.append(f"{job['id']} is {job['state']}")
        elif job["schedule"] is None or call(f"{url}/v1/schedules/{job['schedule']}") is None:
            faults.append(f"{job['id']} has no schedule")
    plans = Counter(job["schedule"] for job in jobs.values() if job["schedule"])
    faults += [f"{plan} is of {count} jobs" for plan, count in plans.items() if count > 1]
    faults += [] if call(f"{url}/v1/audit:verify")["sound"] else ["the audit chain is broken"]
    return faults


def _waiting(url: str) -> int:
    """Return how many jobs have not ended."""
    return sum(job["state"] not in FINAL for job in all_jobs(url).values())


def all_jobs(url: str) -> dict[str, dict[str, Any]]:
    """Return all jobs by id, from as many pages as there are."""
    found: dict[str, dict[str, Any]] = {}
    cursor = ""
    while cursor is not None:
        page = call(f"{url}/v1/jobs?limit=200{cursor and f'&cursor={cursor}'}")
        found |= {job["id"]: job for job in page["items"]}
        cursor = page["next"]
    return found


def workers_of(service: ServiceProcess) -> list[int]:
    """Return the process ids of a service's workers."""
    assert service.process is not None
    tasks = Path(f"/proc/{service.process.pid}/task").glob("*/children")
    children = [int(pid) for task in tasks for pid in task.read_text("ascii").split()]
    return sorted(children)


def _kill(
    service: ServiceProcess, chance: random.Random, kills: int
) -> tuple[Counter[str], list[str]]:
    """Kill ``kills`` times, first and then one in five the whole service while a job runs."""
    done: Counter[str] = Counter()
    faults: list[str] = []
    while done.total() < kills:
        time.sleep(chance.uniform(0.05, 0.6))
        workers = workers_of(service)
        if chance.random() < 0.2 or not done:
            _wait_for_work(service.url)
            service.end(signal.SIGKILL)
            service.start().wait_ready("/healthz")
            faults += [f"worker {pid} outlives it" for pid in workers if _lives(pid)]
            done["service"] += 1
        elif workers:
            os.kill(chance.choice(workers), signal.SIGKILL)
            done["worker"] += 1
    return done, faults


def _wait_for_work(url: str, seconds: float = 120) -> None:
    """Return once a slow job runs: one that dies with the service must be rescued by the next."""
    end = time.monotonic() + seconds
    while (
        not call(f"{url}/v1/jobs?state=running&solver=slow&limit=1")["items"]
        and time.monotonic() < end
    ):
        time.sleep(0.01)


def _lives(pid: int) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        return b"api.jobs.worker" in command or b"api.reading.process" in command
    except OSError:
        return False
