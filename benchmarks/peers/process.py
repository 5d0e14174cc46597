"""Run a peer in a process that is killed when it does not stop by itself."""

import multiprocessing as mp
import time
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

GRACE = 2.0
"""Seconds beyond the limit in which a peer may still hand over its last solution."""
START_LIMIT = 120.0
"""Seconds that a peer may take to load its library."""


@dataclass(slots=True)
class Answer:
    """What a peer handed over: its solutions with the seconds after its start, and its bound."""

    found: list[tuple[float, Any]] = field(default_factory=list)
    bound: float | None = None
    seconds: float = 0.0
    start_seconds: float = 0.0
    stop_reason: str = ""
    note: str = ""

    @property
    def solution(self) -> Any | None:
        """Return the last solution."""
        return self.found[-1][1] if self.found else None

    @property
    def best_at(self) -> float | None:
        """Return when the last solution came."""
        return self.found[-1][0] if self.found else None


def killable(module: str, problem: Any, seconds: float, threads: int, seed: int) -> Answer:
    """Return what the peer in ``module`` finds on ``problem`` within ``seconds``."""
    context = mp.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    begun = time.perf_counter()
    process = context.Process(
        target=_work, args=(there, module, problem, seconds, threads, seed), daemon=True
    )
    process.start()
    there.close()
    answer = Answer()
    try:
        _listen(here, answer, begun, seconds)
    finally:
        process.kill()
        process.join()
        here.close()
    return answer


def _listen(here: Connection, answer: Answer, begun: float, seconds: float) -> None:
    started = begun
    end = begun + START_LIMIT
    while here.poll(max(0.0, end - time.perf_counter())):
        try:
            kind, value = here.recv()
        except EOFError:
            answer.stop_reason = "crashed"
            answer.note = answer.note or "the process ended without an answer"
            break
        now = time.perf_counter()
        if kind == "started":
            started = now
            answer.start_seconds = now - begun
            end = now + seconds + GRACE
        elif kind == "found":
            solution, bound = value
            if solution is not None:
                answer.found.append((now - started, solution))
            answer.bound = bound if bound is not None else answer.bound
        else:
            answer.stop_reason, answer.note = kind, value
            break
    else:
        answer.stop_reason = "killed"
        answer.note = "" if answer.solution is not None else "killed before its first solution"
    answer.seconds = time.perf_counter() - started


def _work(
    there: Connection, module: str, problem: Any, seconds: float, threads: int, seed: int
) -> None:
    """Run in the child: load the peer, say so, solve, and say how it ended."""

    def offer(solution: Any | None, bound: float | None = None) -> None:
        there.send(("found", (solution, bound)))

    try:
        peer = import_module(module)
        peer.load()
        there.send(("started", ""))
        peer.solve(problem, seconds, threads, seed, offer)
        there.send(("done", ""))
    except Exception as error:
        there.send(("failed", f"{type(error).__name__}: {error}"[:200]))
