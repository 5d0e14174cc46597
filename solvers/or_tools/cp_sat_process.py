"""CP-SAT in a process of its own, so that it can be stopped at any moment.

Presolve and some propagation do not look at CP-SAT's own limits; on large models they can overrun
them by minutes. Here every solution is passed on when it is found, and stopping is a kill.
"""

import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

from ortools.sat.python import cp_model

from solvers.or_tools import cp_sat_child

POLL = 0.05
"""Seconds between two looks at whether to stop."""


@dataclass(frozen=True, slots=True)
class Found:
    """A solution: its objective and the value of a variable."""

    objective: float
    values: dict[int, int]

    def value(self, variable: cp_model.IntVar) -> int:
        """Return the value of a variable."""
        return self.values.get(variable.index, 0)


@dataclass(frozen=True, slots=True)
class Ending:
    """How the search ended: CP-SAT's status, or ``stopped``; and the best proven bound."""

    status: str
    bound: float


def solve_apart(
    model: cp_model.CpModel,
    *,
    seed: int,
    workers: int,
    should_stop: Callable[[float], bool],
    on_solution: Callable[[Found], None],
) -> Ending:
    """Solve ``model`` in a process of its own.

    Parameters
    ----------
    should_stop
        Called with the best bound so far (minus infinity before there is one), about every 50 ms
        and after each solution; true ends the search at once.
    on_solution
        Called with every solution, in the order found.
    """
    parameters = f"random_seed: {seed % 2**31} num_workers: {workers} catch_sigint_signal: false"
    if workers > 1:  # the same solutions in the same order, run after run
        parameters += " interleave_search: true"
    bound = -math.inf
    with running(model, parameters) as lines:
        while True:
            line = lines()
            bound = max(bound, line.get("bound", bound))
            if "values" in line:
                values = {int(i): int(v) for i, v in line["values"]}
                on_solution(Found(line["objective"], values))
            if "status" in line:
                return Ending(line["status"], bound)
            if should_stop(bound):
                return Ending("stopped", bound)


@contextmanager
def running(model: cp_model.CpModel, parameters: str) -> Iterator[Callable[[], dict[str, Any]]]:
    """Start the process; the value returns its next line, or an empty one after ``POLL``."""
    with tempfile.TemporaryDirectory(prefix="antmill-") as folder:
        file = str(Path(folder) / "model.txt")
        model.export_to_file(file)
        process = subprocess.Popen(
            [sys.executable, str(cp_sat_child.__file__), file, parameters],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        queue: Queue[dict[str, Any]] = Queue()
        reader = Thread(target=_read, args=(process, queue), daemon=True)
        reader.start()
        try:
            yield lambda: _next(queue)
        finally:
            process.kill()
            process.wait()
            reader.join()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()


def _read(process: "subprocess.Popen[bytes]", queue: "Queue[dict[str, Any]]") -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.endswith(b"\n"):
            queue.put(json.loads(line))
    queue.put({"status": "died"})


def _next(queue: "Queue[dict[str, Any]]") -> dict[str, Any]:
    try:
        return queue.get(timeout=POLL)
    except Empty:
        return {}
