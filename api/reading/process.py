"""A reading process, ``python -m api.reading.process FD``: reads bodies that come down its pipe."""

import gc
import os
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from typing import Any

from api.jobs.limits import die_with
from api.planning.solvers import solver_names
from api.reading.tasks import TASKS
from api.settings import Settings

READY = "ready"
COLLECT_EVERY = 50_000
"""Objects between two searches for garbage: trees of a body hold no cycles, but many objects."""


@dataclass(frozen=True, slots=True)
class ReaderConfig:
    """What a reading process is told through the pipe."""

    settings: Settings
    parent: int


def main() -> None:
    """Read until the pipe closes."""
    pipe: Pipe[Any, Any] = Pipe(int(sys.argv[1]))
    config: ReaderConfig = pipe.recv()
    die_with(config.parent)
    solver_names()  # imports them
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY)
    pipe.send(READY)
    while True:
        task, arguments = pipe.recv()
        pipe.send(_answer(config.settings, task, arguments))


def _answer(settings: Settings, task: str, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, TASKS[task](settings, *arguments)
    except Exception as error:
        return False, error


if __name__ == "__main__":
    try:
        main()
    except (EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        os._exit(0)
