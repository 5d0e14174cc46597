"""How a worker writes to the store: directly, or through the pipe to the one that may write.

The same three fenced operations either way. Embedded SQLite has a single writing process, so its
workers send their calls to it; with PostgreSQL a worker holds a connection of its own.
"""

import threading
from collections.abc import Callable
from multiprocessing.connection import Connection as Pipe
from typing import Any

from api.store import leases
from api.store.schedules import Plan

CALLS: dict[str, Callable[..., Any]] = {
    "beat": leases.beat,
    "fail": leases.fail,
    "finish": leases.finish,
}


class Link:
    """A worker's fenced writes: ``call(name, arguments)`` runs one of ``CALLS``, committed."""

    def __init__(self, call: Callable[[str, tuple[Any, ...]], Any]) -> None:
        self.call = call

    def beat(
        self, job: str, attempt: int, progress: dict[str, Any] | None, checkpoint: bytes | None
    ) -> str | None:
        """Renew the lease; return the job's state, or None if it was taken away."""
        state: str | None = self.call("beat", (job, attempt, progress, checkpoint))
        return state

    def finish(
        self, job: str, attempt: int, state: str, outcome: dict[str, Any], plan: Plan | None
    ) -> bool:
        """Publish the result; return whether it was accepted."""
        return bool(self.call("finish", (job, attempt, state, outcome, plan)))

    def fail(self, job: str, attempt: int, failure: str, detail: str) -> bool:
        """End the job as failed; return whether that was accepted."""
        return bool(self.call("fail", (job, attempt, failure, detail)))


def through_pipe(pipe: Pipe) -> Link:
    """Return the link of a worker whose calls are run by the process at the pipe's other end."""
    lock = threading.Lock()

    def call(name: str, arguments: tuple[Any, ...]) -> Any:
        with lock:
            pipe.send((name, arguments))
            answer = pipe.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Link(call)
