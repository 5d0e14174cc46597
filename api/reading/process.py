"""A reading process, ``python -m api.reading.process FD``: reads what comes down its socket."""

import gc
import os
import socket
import sys
from resource import RUSAGE_SELF, getrusage
from typing import Any

from api.jobs.limits import die_with, memory_of
from api.planning.solvers import solver_names
from api.reading.messages import ReaderConfig, Reply, packed, receive
from api.reading.tasks import TASKS
from api.settings import MEBIBYTE, Settings

COLLECT_EVERY = 50_000
"""Objects between two searches for garbage: trees of a body hold no cycles, but many objects."""
FATTEST = 768 * MEBIBYTE
"""A process that holds more after a body ends, and another takes its place."""


def main() -> None:
    """Read until the socket closes."""
    line = socket.socket(fileno=int(sys.argv[1]))
    config: ReaderConfig = receive(line)
    die_with(config.parent)
    solver_names()  # imports them
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY)
    line.sendall(packed(Reply(True, None)))
    last = False
    while not last:
        fine, answer = _answer(config.settings, *receive(line))
        last = _too_fat()
        line.sendall(packed(Reply(fine, answer, last)))


def _too_fat() -> bool:
    """Whether this process is too large, which it is asked only if it ever was."""
    peak = 1024 * getrusage(RUSAGE_SELF).ru_maxrss
    return peak > FATTEST and memory_of(os.getpid()) > FATTEST


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
