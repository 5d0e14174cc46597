"""A worker process, ``python -m api.jobs.worker FD``: started by a slot, fed through its pipe."""

import logging
import os
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from typing import Any

from api.jobs.limits import die_with
from api.jobs.link import CALLS, Link, through_pipe
from api.jobs.run import run_job
from api.planning.solvers import warm_up
from api.store.database import Store

log = logging.getLogger(__name__)
READY = "ready"
DONE = "done"


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """What a worker is told through the pipe, so that no secret is on its command line."""

    url: str
    embedded: bool
    parent: int
    nice: int
    beat_s: float
    warm_up: bool


def main() -> None:
    """Serve jobs until the pipe closes."""
    pipe: Pipe[Any, Any] = Pipe(int(sys.argv[1]))
    config: WorkerConfig = pipe.recv()
    die_with(config.parent)
    os.nice(config.nice)
    store = Store.for_worker(config.url)
    link = through_pipe(pipe) if config.embedded else _direct(store)
    if config.warm_up:
        _warm_up()
    pipe.send((READY, ()))
    while (assignment := pipe.recv()) is not None:
        job, attempt = assignment
        run_job(job, attempt, link=link, read=store.read, beat_s=config.beat_s)
        pipe.send((DONE, ()))


def _warm_up() -> None:
    """Compile; a failure is one of the first job's, not of the worker."""
    try:
        warm_up()
    except Exception:
        log.exception("warm-up")


def _direct(store: Store) -> Link:
    return Link(lambda name, arguments: store.write(CALLS[name], *arguments))


if __name__ == "__main__":
    try:
        main()
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        sys.exit(0)
