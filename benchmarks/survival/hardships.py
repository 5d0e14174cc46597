"""A full disk, a wall clock that jumps, and slow sockets that take every connection."""

import resource
import signal
import socket
import time
import urllib.error
from collections import Counter
from pathlib import Path
from typing import Any

from api.planning.solvers import warm_up
from benchmarks.http_load import drive, message
from benchmarks.service_process import ServiceProcess
from benchmarks.survival.kills import FINAL, all_jobs, with_stubs
from benchmarks.survival.posting import call, request
from benchmarks.survival.report import Report

ROOM = 100_000
"""Bytes that fit onto the disk before it is full."""


def full_disk(folder: Path, *, posts: int, sabotage: str = "") -> Report:
    """Let no file grow any more amid keyed posts; then make room, kill the service, look again.

    Promised: what cannot be kept is refused (503), reading goes on, nothing accepted is lost.
    """
    service, body = with_stubs(folder, sabotage, slots=0), request("stub", 1)
    try:
        service.start().wait_ready()
        _limit_files(service, max(file.stat().st_size for file in folder.iterdir()) + ROOM)
        answers = [_posted(service, body, f"key-{number}") for number in range(posts)]
        readable = len(all_jobs(service.url))
        _limit_files(service, resource.RLIM_INFINITY)
        answers += [_posted(service, body, "key-again")]
        service.end(signal.SIGKILL)
        kept = all_jobs(service.start().wait_ready().url)
    finally:
        service.end(signal.SIGKILL)
    statuses = Counter(status for status, _ in answers)
    accepted = [job for status, job in answers if status == 202]
    faults = [
        f"{n} answers are {status}" for status, n in statuses.items() if status not in (202, 503)
    ]
    faults += [] if statuses[503] else ["nothing was refused: the disk was not full"]
    faults += [] if answers[-1][0] == 202 else ["refused although there is room again"]
    faults += [f"{job} is lost" for job in accepted if job not in kept]
    faults += [f"{job} was refused and is there" for job in kept if job not in accepted]
    figures = f"{len(accepted)} accepted, {statuses[503]} refused, {readable} readable meanwhile"
    return Report("full disk", sabotage, figures, faults)


def jumping_clock(folder: Path, *, jobs: int, sabotage: str = "") -> Report:
    """Move the wall clock by a month, forth and back, every second while jobs run.

    Promised: no job is taken from its worker, none ends early, a replayed key gives its answer.
    """
    warm_up(("planner_rule",))
    service = with_stubs(folder, sabotage or "clock")
    try:
        url = f"{service.start().wait_ready().url}/v1/jobs"
        body, keys = request("slow", 4), [f"key-{number}" for number in range(jobs)]
        first = [call(url, body, key) for key in keys]
        ended = [_ended(f"{url}/{answer['id']}", 30 + 6 * jobs) for answer in first]
        again = [call(url, body, key) for key in keys]
    finally:
        service.end(signal.SIGKILL)
    wrong = [job for job in ended if (job["state"], job["attempt"]) != ("succeeded", 1)]
    faults = [f"{job['id']} is {job['state']}, attempt {job['attempt']}" for job in wrong]
    faults += ["a replayed key has another answer"] if first != again else []
    return Report("clock jumps of 30 days", sabotage, f"{jobs} jobs", faults)


def slow_sockets(
    folder: Path, *, sockets: int = 200, seconds: float = 3, sabotage: str = ""
) -> Report:
    """Take every connection with half-sent requests, and ask for something once they are late.

    Promised: they are cut off after their deadline, and everybody else is answered again.
    """
    timeout = 3600.0 if sabotage else 1.5
    deadlines: dict[str, Any] = {"header_timeout_s": timeout, "body_timeout_s": timeout}
    service = with_stubs(folder, slots=0, max_connections=64, **deadlines)
    head = b"POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    halves = (head, head + b"Content-Length: 1000\r\n\r\n{")
    try:
        service.start().wait_ready()
        held = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(sockets)]
        for number, connection in enumerate(held):
            connection.sendall(halves[number % 2])
        time.sleep(3)
        load = drive(service.port, message("GET", "/v1/jobs"), clients=8, seconds=seconds)
    finally:
        service.end(signal.SIGKILL)
    for connection in held:
        connection.close()
    refused = load.statuses.total() - load.statuses[200]
    figures = f"{sockets} slow sockets for 64 connections; then {load.statuses[200]} answers, p99 "
    figures += f"{1000 * load.quantile(0.99):.0f} ms"
    faults = [f"{refused} requests refused"] if refused else []
    return Report("slow sockets", sabotage, figures, faults)


def _limit_files(service: ServiceProcess, most: int) -> None:
    """Let the service write no file beyond ``most`` bytes: to it the disk is full."""
    assert service.process is not None
    resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def _posted(service: ServiceProcess, body: Any, key: str) -> tuple[int, str]:
    """Return the status of a post and the id that it answers."""
    try:
        return 202, str(call(f"{service.url}/v1/jobs", body, key)["id"])
    except urllib.error.HTTPError as error:
        return error.code, ""


def _ended(url: str, seconds: float) -> Any:
    """Return the job once it has ended, or as it is after so long."""
    end = time.monotonic() + seconds
    while (job := call(url))["state"] not in FINAL and time.monotonic() < end:
        time.sleep(0.1)
    return job
