"""``python -m benchmarks.micro``: start, speed, memory, and how they grow from 20 to 5 000 orders.

Each line is measured in a process of its own, so that memory is that line's peak. Ants are counted
from when they start; what comes before is the set-up.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.machine import environment
from benchmarks.table import markdown
from instances.generator import generate
from instances.writers import write_text
from scheduler.evaluation import evaluate
from scheduler.sequencing import SequencingProblem
from solvers.ant_colony.colony import Colony
from solvers.ant_colony.params import ColonyParams
from solvers.ant_colony.sequencing_colony import sequencing_colonies
from solvers.ant_colony.solver import AntColony
from solvers.progress import Progress
from solvers.registry import SOLVERS
from solvers.solver import Solver
from solvers.stopping import MaxRuntime
from solvers.warm_up import warm_up

JOBS = (20, 100, 400, 1000, 2000, 5000)
ORDERS = ((20, "day"), (120, "week"), (500, "month"), (2000, "month"), (5000, "month"))
Row = tuple[str, ...]


def main() -> int:
    """Measure and print three tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.micro", description=__doc__)
    parser.add_argument("--time", type=float, default=5, help="seconds of search a line")
    parser.add_argument("--most", type=int, default=5000, help="largest number of jobs or orders")
    asked = parser.parse_args()
    print(markdown(("command", "without a cache s", "cached s"), start_rows()))
    print(table(JOB_HEAD, [partial(jobs_row, n, asked.time) for n in JOBS if n <= asked.most]))
    books = [(n, size) for n, size in ORDERS if n <= asked.most]
    print(table(BOOK_HEAD, [partial(book_row, n, size, asked.time) for n, size in books]))
    machine = environment()
    print(
        f"{machine['processor']}, commit {machine['commit']}, {machine['time'][:10]}, load "
        f"{machine['load_1_min']} at the end."
    )
    return 0


def table(head: Row, rows: list[Callable[[], Row]]) -> str:
    """Return the rows, each measured in a fresh process."""
    cells = []
    for row in rows:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            cells.append(pool.submit(row).result())
    return markdown(head, cells)


def start_rows() -> list[Row]:
    """Return the seconds of whole commands, with compiling and from the cache."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book, matrix = folder / "book.json", folder / "tour.atsp"
        book.write_text(write_text(generate("bar", "day", seed=0), "mill_json"), encoding="utf-8")
        matrix.write_text(write_text(uniform(20), "tsplib_atsp"), encoding="utf-8")
        for what, arguments in (
            ("--help", ["--help"]),
            ("solve, 20 jobs, 1 iteration", ["solve", str(matrix), "--iterations", "1"]),
            ("solve, a bar mill's day, 1 iteration", ["solve", str(book), "--iterations", "1"]),
        ):
            cache = folder / f"cache{len(rows)}"
            times = [command_seconds(arguments, cache, folder / "out.json") for _ in range(2)]
            rows.append((what, *(f"{seconds:.1f}" for seconds in times)))
    return rows


def command_seconds(arguments: list[str], cache: Path, out: Path) -> float:
    """Return the seconds that ``antmill`` takes with compiled kernels in ``cache``."""
    more = ["--out", str(out)] if arguments[0] == "solve" else []
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments, *more],
        env=os.environ | {"NUMBA_CACHE_DIR": str(cache)}, check=True, capture_output=True,
    )  # fmt: skip
    return time.perf_counter() - begun


def uniform(jobs: int) -> SequencingProblem:
    """Return a tour through ``jobs`` jobs with costs drawn from 1 to 1 000, seeded."""
    cost = np.random.default_rng(jobs).integers(1, 1001, (jobs, jobs))
    nothing = np.zeros(jobs, dtype=np.int64)
    return SequencingProblem(
        name=f"uniform{jobs}",
        transition_cost=cost,
        forbidden=np.eye(jobs, dtype=bool),
        first_cost=nothing,
        last_cost=nothing,
        closed=True,
    )


@dataclass
class SearchTime:
    """Stop after ``seconds`` of the search itself: the last look before its ants is its begin."""

    seconds: float
    begun: float = 0.0
    """When the search began, in seconds since it was asked for: what setting up took."""
    processor: float = 0.0
    """The process's time then."""

    def __call__(self, progress: Progress) -> str | None:
        """Return ``"time"`` once ants have had their seconds."""
        if progress.iterations == 0:
            self.begun, self.processor = progress.elapsed, time.process_time()
        return "time" if progress.elapsed - self.begun >= self.seconds else None


class Speed(NamedTuple):
    """Seconds of setting up; from then on ants a second, and a second of processor time."""

    set_up: str
    clock: str
    processor: str


def speed(solver: Solver, problem: Any, seconds: float, threads: int) -> Speed:
    """Return how fast ``solver`` searches."""
    stop = SearchTime(seconds)
    result = solver.solve(problem, stop=stop, seed=1, threads=threads)
    spent = time.process_time() - stop.processor
    clock = rate(result.ants, result.elapsed - stop.begun)
    return Speed(f"{stop.begun:.2f}", clock, rate(result.ants, spent))


JOB_HEAD = (
    "jobs",
    "compile or load s",
    "set-up s",
    "settled ants/CPU s",
    "roaming ants/CPU s",
    "second thread's worth",
    "ants/s, 1 thread",
    "ants/s, 2 threads",
    "with the exact method: ants/CPU s",
    "peak MB",
)


def jobs_row(jobs: int, seconds: float) -> Row:
    """Return ants a second on a uniform tour, of the colonies alone and beside the exact method.

    By the clock, and by processor time, which tells of the code where cores are shared.
    """
    problem, alone = uniform(jobs), AntColony()
    load = warm_up(SOLVERS["aco"], problem, 2)
    one, two = (speed(alone, problem, seconds, threads) for threads in (1, 2))
    whole, kinds = speed(SOLVERS["aco"], problem, seconds, 1), kind_rates(problem, seconds)
    return (
        str(jobs),
        f"{load:.1f}",
        one.set_up,
        *kinds,
        one.clock,
        two.clock,
        whole.processor,
        peak_memory(),
    )


def kind_rates(problem: SequencingProblem, seconds: float) -> list[str]:
    """Return the ants that each kind of colony makes in a second of processor time.

    And how much faster two idle cores make both: in every slice they make as many ants, so the
    faster one waits for the slower.
    """
    params = ColonyParams()
    colonies, _ = sequencing_colonies(problem, params, seed=1, warm_start=None)
    ants, taken, together = 0, [0.0] * len(colonies), 0.0
    while sum(taken) < seconds:
        spent = [processor_seconds(colony, params.slice_iterations) for colony in colonies]
        taken = [before + now for before, now in zip(taken, spent, strict=True)]
        together += max(spent)
        ants += params.slice_iterations * params.ants
    return [*(rate(ants, spent) for spent in taken), f"{sum(taken) / together:.2f}"]


def processor_seconds(colony: Colony, iterations: int) -> float:
    """Return the processor time of a colony's iterations."""
    begun = time.process_time()
    colony.run(iterations)
    return time.process_time() - begun


def rate(ants: int, seconds: float) -> str:
    """Return ants a second, or a dash where no time was taken."""
    return f"{ants / seconds:,.0f}" if seconds else "-"


BOOK_HEAD = (
    "orders",
    "rule s",
    "set-up s",
    "ants/s, 1 thread",
    "ants/s, 2 threads",
    "evaluations/s",
    "peak MB",
)


def book_row(orders: int, size: str, seconds: float) -> Row:
    """Return the speed of rule, ants and evaluator on a generated book of a bar mill.

    Set-up is all before the first ant: the rule's plan, the catalogue of blocks, the colonies.
    """
    problem, solver = generate("bar", size, seed=0, orders=orders), SOLVERS["aco"]  # type: ignore[arg-type]
    warm_up(solver, problem, 2)
    rule = SOLVERS["planner_rule"].solve(problem, stop=MaxRuntime(seconds), seed=1)
    one, two = (speed(solver, problem, seconds, threads) for threads in (1, 2))
    return (
        str(orders),
        f"{rule.elapsed:.2f}",
        one.set_up,
        one.clock,
        two.clock,
        evaluations(problem, rule.solution),
        peak_memory(),
    )


def evaluations(problem: object, solution: object) -> str:
    """Return how often a second the evaluator scores a whole solution."""
    begun, number = time.perf_counter(), 0
    while time.perf_counter() - begun < 1:
        evaluate(problem, solution)
        number += 1
    return f"{number / (time.perf_counter() - begun):,.0f}"


def peak_memory() -> str:
    """Return this process's peak resident memory in MB."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f}"


if __name__ == "__main__":
    sys.exit(main())
