"""A slot runs one job at a time in a worker process of its own, and outlives every worker.

Why not a pool of the standard library or of pebble: the one loses all its jobs with one killed
worker, the other breaks when an idle worker is killed and measures limits on the wall clock, and
neither tells which process runs which job, which limiting memory from outside needs.
"""

import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from typing import Any

from api.jobs.limits import TICKS, memory_of, worked_by
from api.jobs.link import CALLS
from api.jobs.salvage import salvage
from api.jobs.states import Failure
from api.jobs.worker import DONE, READY, WorkerConfig
from api.settings import MEBIBYTE, Settings
from api.store import Store, leases
from api.store.leases import Claim

log = logging.getLogger(__name__)
LOOK = 0.1
"""Seconds between two looks at a running worker's limits."""
START = 600.0
"""Seconds of processor time that a worker may take to start and compile."""
STILL = 120.0
"""Seconds that a starting worker may go without any processor time."""


class WorkerGone(Exception):
    """The worker process ended, or was ended, before it was done."""


@dataclass(slots=True)
class Worker:
    """A worker process and the pipe to it."""

    process: subprocess.Popen[bytes]
    pipe: "Pipe[Any, Any]"


class Slot(threading.Thread):
    """Claims jobs and has them run, one after the other, until told to end."""

    def __init__(
        self, settings: Settings, store: Store, number: int, work: threading.Condition
    ) -> None:
        super().__init__(name=f"slot-{number}", daemon=True)
        self.settings, self.store, self.work = settings, store, work
        self.executor = f"{socket.gethostname()}:{os.getpid()}:{number}"
        self.worker: Worker | None = None
        self.claim: Claim | None = None
        self.ready = threading.Event()
        self.ending = threading.Event()

    def run(self) -> None:
        """Keep a worker ready and give it jobs."""
        while not self.ending.is_set():
            try:
                self._serve()
            except WorkerGone as gone:
                log.warning("%s: %s", self.name, gone)
            except Exception:
                log.exception("%s", self.name)
                self.ending.wait(1)
        self._end_worker()

    def _serve(self) -> None:
        if self.worker is not None and self.worker.process.poll() is not None:
            self._end_worker()
        worker = self.worker or self._start_worker()
        self.claim = self._next_claim()
        if self.claim is not None:
            try:
                self._run(worker, self.claim)
            finally:
                self.claim = None

    def _next_claim(self) -> Claim | None:
        """Return a job to run; wait a moment for one if there is none."""
        if self.store.read(leases.is_waiting):
            most = self.settings.running_per_client
            claim: Claim | None = self.store.write(leases.claim, self.executor, most)
            if claim is not None:
                return claim
        with self.work:
            if not self.ending.is_set():
                self.work.wait(1 if self.store.embedded else 0.3)
        return None

    def _start_worker(self) -> Worker:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "api.jobs.worker", str(theirs.fileno())]
            process = subprocess.Popen(
                command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
            )
        self.worker = worker = Worker(process, Pipe(ours.detach()))
        worker.pipe.send(
            WorkerConfig(
                url=self.store.url,
                embedded=self.store.embedded,
                parent=os.getpid(),
                nice=self.settings.nice,
                beat_s=self.settings.beat_s,
                warm_up=self.settings.warm_up,
            )
        )
        try:
            self._converse(worker, READY, must_get_ready(process.pid))
        except WorkerGone:
            self._end_worker()
            self.ending.wait(1)
            raise
        self.ready.set()
        return worker

    def _run(self, worker: Worker, claim: Claim) -> None:
        """Give ``claim`` to the worker; where it dies, or must be killed, say so in the store."""
        guard = Guard(self.settings, self.store, worker, claim)
        given = False
        try:
            worker.pipe.send((claim.job, claim.attempt))
            given = True
            self._converse(worker, DONE, guard.look)
        except (WorkerGone, OSError) as gone:
            self._end_worker()
            if given and not self.ending.is_set():
                guard.report(gone)
            else:
                self.store.write(leases.hand_back, claim.job, claim.attempt)
            raise WorkerGone(f"{claim.job} attempt {claim.attempt}: {gone}") from None

    def _converse(self, worker: Worker, until: str, look: Callable[[], None]) -> None:
        """Run the worker's calls until it says ``until``; ``look`` raises to have it killed."""
        while True:
            look()
            if self.ending.is_set():
                raise WorkerGone("the service ends")
            try:
                if not worker.pipe.poll(LOOK):
                    continue
                name, arguments = worker.pipe.recv()
            except (EOFError, OSError):
                raise WorkerGone(f"the worker ended with {worker.process.wait()}") from None
            if name == until:
                return
            worker.pipe.send(self._answer(name, arguments))

    def _answer(self, name: str, arguments: tuple[Any, ...]) -> Any:
        try:
            return self.store.write(CALLS[name], *arguments)
        except Exception as error:
            log.exception("%s of a worker", name)
            return RuntimeError(f"{type(error).__name__}: {error}")

    def _end_worker(self) -> None:
        worker, self.worker = self.worker, None
        self.ready.clear()
        if worker is not None:
            worker.process.kill()
            worker.process.wait()
            worker.pipe.close()


def must_get_ready(process: int) -> Callable[[], None]:
    """Return a look at a starting worker that raises WorkerGone where it gets nowhere.

    Judged by processor time: on a busy machine compiling takes many times as long by the clock, and
    a worker killed for that would start all over again.
    """
    worked, moved_at = 0, time.monotonic()

    def look() -> None:
        nonlocal worked, moved_at
        now, before = time.monotonic(), worked
        worked = worked_by(process)
        if worked > before:
            moved_at = now
        if worked > START * TICKS:
            raise WorkerGone(f"the worker was not ready after {START:g} s of processor time")
        if now > moved_at + STILL:
            raise WorkerGone(f"the starting worker has done nothing for {STILL:g} s")

    return look


class Guard:
    """Watches one job from outside: its time, its memory, its lease, and whether it is wanted."""

    def __init__(self, settings: Settings, store: Store, worker: Worker, claim: Claim) -> None:
        self.settings, self.store, self.worker, self.claim = settings, store, worker, claim
        self.deadline = time.monotonic() + claim.limit_s + settings.grace_s
        self.memory = settings.job_memory_mb * MEBIBYTE
        self.next_check = time.monotonic() + 1
        self.next_sign = 0.0
        self.worked = 0
        self.unwanted_since: float | None = None
        self.failure: tuple[Failure, str] | None = None

    def look(self) -> None:
        """Raise WorkerGone when the worker has to be killed."""
        if time.monotonic() > self.deadline:
            self._give_up(
                Failure.TIMEOUT, f"did not end {self.settings.grace_s:g} s after its limit"
            )
        if (used := memory_of(self.worker.process.pid)) > self.memory:
            limit = self.settings.job_memory_mb
            self._give_up(
                Failure.OUT_OF_MEMORY, f"used {used // MEBIBYTE} MiB, more than its {limit} MiB"
            )
        if time.monotonic() > self.next_check:
            self.next_check = time.monotonic() + 1
            self._check_wanted()
        if time.monotonic() > self.next_sign:
            self.next_sign = time.monotonic() + self.settings.lease_s / 4
            self._tell_of_work()

    def report(self, gone: Exception) -> None:
        """Write how the job ended: failed for good, or lapsed and perhaps queued again."""
        job, attempt = self.claim.job, self.claim.attempt
        if self.failure is not None:
            late = self.failure[0] == Failure.TIMEOUT
            if not (late and self._salvaged()):
                self.store.write(leases.fail, job, attempt, *self.failure)
        else:
            self.store.write(leases.lapse, job, attempt, self.settings.attempts, str(gone))

    def _salvaged(self) -> bool:
        try:
            return salvage(self.store, self.claim)
        except Exception:
            log.exception("salvaging %s", self.claim.job)
            return False

    def _tell_of_work(self) -> None:
        """Beat for a worker that works but cannot say so: a compiler holds its interpreter.

        One that is stopped or waits for ever does no work, and so loses its lease.
        """
        before, self.worked = self.worked, worked_by(self.worker.process.pid)
        if before < self.worked:
            self.store.write(leases.beat, self.claim.job, self.claim.attempt)

    def _give_up(self, failure: Failure, detail: str) -> None:
        self.failure = (failure, detail)
        raise WorkerGone(detail)

    def _check_wanted(self) -> None:
        """Let a worker whose lease is gone end by itself for a while, then kill it."""
        state = self.store.read(leases.held_state, self.claim.job, self.claim.attempt)
        if state == "running":
            return
        if self.unwanted_since is None:
            self.unwanted_since = time.monotonic()
        elif time.monotonic() - self.unwanted_since > self.settings.grace_s:
            self._give_up(Failure.TIMEOUT, "did not stop when asked to")
