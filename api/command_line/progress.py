"""What a search shows while it runs: a bar on a terminal, plain lines elsewhere; on stderr."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Any

from api.result_file import plain
from scheduler.gap import gap
from scheduler.mill import MillProblem
from scheduler.sequencing import SequencingProblem
from solvers.progress import OnProgress, Progress, ignore_progress

LINE_EVERY = 5.0
"""Seconds between plain lines while nothing improves."""

COMPILES_AFTER = 3.0
"""Seconds of loading kernels after which they are being compiled, most likely."""


@contextmanager
def said_if_slow(quiet: bool) -> Iterator[None]:
    """Say, should loading kernels take long, what a user waits for."""
    text = "compiling kernels, once on this machine: a mill's take about two minutes\n"
    timer = Timer(COMPILES_AFTER, sys.stderr.write, (text,))
    timer.daemon = True
    if not quiet:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def showing(
    problem: Any, seconds: float | None, iterations: int | None, quiet: bool
) -> Iterator[OnProgress]:
    """Yield what to call with each snapshot of a search of at most so many s and iterations."""
    if quiet:
        yield ignore_progress
    elif sys.stderr.isatty():
        with _bar(problem, seconds, iterations) as tell:
            yield tell
    else:
        yield _Lines(problem)


def amount(problem: Any, cost: float | None) -> str:
    """Return a cost as people read it, in the problem's own measure."""
    if cost is None:
        return "none yet"
    if isinstance(problem, MillProblem):
        return f"{cost:,.2f} {problem.currency}".replace(",", " ")
    if isinstance(problem, SequencingProblem) and problem.objective == "pareto":
        cost = -cost
    number = plain(cost)
    return str(number) if isinstance(number, int) else f"{number:.6f}"


def _state(problem: Any, progress: Progress) -> str:
    parts = [f"best {amount(problem, progress.cost)}"]
    if (share := gap(progress.cost, progress.lower_bound)) is not None:
        parts.append(f"gap {100 * share:.2f} %")
    parts.append(f"{progress.iterations} iterations")
    return ", ".join(parts)


class _Lines:
    """One line for each improvement seen, and a sign of life now and then."""

    def __init__(self, problem: Any) -> None:
        self.problem = problem
        self.cost: float | None = None
        self.shown_at = 0.0

    def __call__(self, progress: Progress) -> None:
        if progress.cost == self.cost and progress.elapsed < self.shown_at + LINE_EVERY:
            return
        self.cost, self.shown_at = progress.cost, progress.elapsed
        sys.stderr.write(f"{progress.elapsed:8.1f} s  {_state(self.problem, progress)}\n")
        sys.stderr.flush()


@contextmanager
def _bar(problem: Any, seconds: float | None, iterations: int | None) -> Iterator[OnProgress]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(bar_width=24), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1.0 if seconds or iterations else None)

        def tell(progress: Progress) -> None:
            done = (progress.elapsed / seconds if seconds else 0.0,
                    progress.iterations / iterations if iterations else 0.0)  # fmt: skip
            bar.update(task, completed=min(1.0, max(done)), description=_state(problem, progress))

        yield tell
