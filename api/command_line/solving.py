"""Solve a file: read it, warm the kernels, search, write what was found."""

import json
import math
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.command_line.errors import FEASIBLE, INFEASIBLE, UnusableError, reading
from api.command_line.files import (
    check_writable,
    problem_in,
    read_bytes,
    solution_in,
    write_file,
)
from api.command_line.interrupt import stopped_by_hand
from api.command_line.pictures import check_drawable, write_pictures
from api.command_line.preference import (
    Preference,
    of_earlier_fronts,
    preference_of,
    write_front,
)
from api.command_line.progress import said_if_slow, showing
from api.command_line.summary import result_lines, show, show_warnings
from api.result_file import document, file_digest
from instances.json_layout import dump
from scheduler.mill import MillProblem
from scheduler.profiles import DEFAULT
from scheduler.sequencing import SequencingProblem
from solvers.bound import Bound
from solvers.registry import SOLVERS
from solvers.solver import Result, Solver
from solvers.stopping import (
    Cancelled,
    FirstOf,
    MaxIterations,
    MaxRuntime,
    Stop,
    Target,
    TargetGap,
)
from solvers.warm_start import check_warm_start
from solvers.warm_up import warm_up

DEFAULT_TIME = 10.0


@dataclass(frozen=True, slots=True)
class Request:
    """What ``antmill solve`` was asked for; the names are those of its options."""

    file: Path
    solver: str = "aco"
    time: float | None = None
    iterations: int | None = None
    seed: int = 0
    threads: int | None = None
    target: float | None = None
    reader: str | None = None
    warm_start: Path | None = None
    out: Path | None = None
    gantt: Path | None = None
    report: Path | None = None
    bound: float | None = None
    gap: float | None = None
    profile: str = DEFAULT
    goals: tuple[str, ...] = ()
    weights: str | None = None
    front: Path | None = None
    as_json: bool = False
    quiet: bool = False

    @property
    def time_limit(self) -> float | None:
        """Seconds of search; None where only the iterations end it."""
        if self.time is None and self.iterations is None:
            return DEFAULT_TIME
        return self.time

    def told(self, warm_start: dict[str, str] | None) -> dict[str, Any]:
        """Return what the search is told beside the problem's file, where it is told anything.

        warm_start: the digest of the file of that name, if one is given.
        """
        told = {
            "profile": None if self.profile == DEFAULT else self.profile,
            "goals": list(self.goals),
            "weights": self.weights and json.loads(self.weights),
            "warm_start": warm_start,
        }
        return {name: value for name, value in told.items() if value}


def run(request: Request) -> int:
    """Do what ``request`` asks for and return the exit code."""
    check_writable(request.out, request.gantt, request.report)
    _check_apart(request)
    _check_front(request.front)
    _check_numbers(request)
    data = read_bytes(request.file)
    problem = problem_in(data, request.file, request.reader)
    check_drawable(problem, request.gantt, request.report)
    if request.bound is not None and not isinstance(problem, MillProblem):
        raise UnusableError(f"--bound is for mill files; {problem.name} is none")
    if not request.quiet:
        show_warnings(problem)
    solver = _solver(request.solver, problem)
    preference = preference_of(request, problem)
    _check_gap(request, problem, preference)
    warm_start, warm_digest = _warm_start(request, problem)
    threads = request.threads or len(os.sched_getaffinity(0))
    with said_if_slow(request.quiet):
        compile_time = warm_up(solver, problem, threads)
    result = _search(request, problem, preference, solver, threads, warm_start)
    if request.gap is None and result.stop_reason != "cancelled":
        with stopped_by_hand() as cancelled:
            result = result.with_bound(_bound(request, problem, cancelled.is_set))
    found = document(
        problem,
        result,
        file=file_digest(request.file, data),
        asked=request.told(warm_digest),
        threads=threads,
        compile_time=compile_time,
    )
    if request.bound is not None:
        found.setdefault("bound", None)
    return _hand_over(request, problem, result, found)


def _warm_start(request: Request, problem: Any) -> tuple[Any | None, dict[str, str] | None]:
    """Return the solution to begin with and its file's digest, where one is given."""
    path = request.warm_start
    if path is None:
        return None, None
    data = read_bytes(path)
    solution, _ = solution_in(data, problem, path)
    with reading(path):
        check_warm_start(problem, solution)
    return solution, file_digest(path, data)


def _search(
    request: Request,
    problem: Any,
    preference: Preference | None,
    solver: Solver,
    threads: int,
    warm_start: Any | None,
) -> Result:
    """Return what the search finds; for a gap the bound is proven first, and Ctrl-C ends both."""
    solve = solver.solve if preference is None else preference.searched_by(solver)
    with stopped_by_hand() as cancelled:
        bound = None if request.gap is None else _bound(request, problem, cancelled.is_set)
        with showing(problem, request.time_limit, request.iterations, request.quiet) as tell:
            result = solve(
                problem,
                stop=FirstOf((Cancelled(cancelled.is_set), *_criteria(request, problem, bound))),
                seed=request.seed,
                threads=threads,
                warm_start=warm_start,
                on_progress=tell,
            )
    return result.with_bound(bound)


def _bound(request: Request, problem: Any, should_stop: Callable[[], bool]) -> Bound | None:
    """Return the proven bound that was asked for."""
    if request.bound is None:
        return None
    from solvers.or_tools.mill_bound import mill_bound

    return mill_bound(problem, request.bound, should_stop)


def _criteria(request: Request, problem: Any, bound: Bound | None) -> list[Stop]:
    criteria: list[Stop] = []
    if request.iterations is not None:
        criteria.append(MaxIterations(request.iterations))
    if request.target is not None:
        criteria.append(Target(-request.target if maximised(problem) else request.target))
    if request.gap is not None:
        criteria.append(TargetGap(request.gap, None if bound is None else bound.value))
    if request.time_limit is not None:
        criteria.append(MaxRuntime(request.time_limit))
    return criteria


def maximised(problem: Any) -> bool:
    """Whether more of the problem's objective is better: the hypervolume of a Pareto front."""
    return isinstance(problem, SequencingProblem) and problem.objective == "pareto"


def _check_apart(request: Request) -> None:
    """Refuse outputs that would overwrite the problem's file or one another."""
    taken = {request.file.resolve()}
    for path in filter(None, (request.out, request.gantt, request.report)):
        if path.is_file() or not path.exists():  # several may go to /dev/stdout
            if path.resolve() in taken:
                raise UnusableError(f"{path}: named twice, it would be overwritten; name another")
            taken.add(path.resolve())


def _check_front(folder: Path | None) -> None:
    """Refuse now what no front could be written to after the search."""
    if folder is not None and folder.exists() and not folder.is_dir():
        raise UnusableError(f"--front: {folder} is a file, name a folder")


def _check_gap(request: Request, problem: Any, preference: Preference | None) -> None:
    """Refuse a gap to a bound that nothing would prove, or that is of other prices."""
    if request.gap is None or not isinstance(problem, MillProblem):
        return
    if request.bound is None:
        raise UnusableError("--gap: of a mill file it needs --bound S, seconds to prove a bound")
    if preference is not None:
        others = "--profile, --goals and --weights"
        raise UnusableError(f"--gap: is of the book's own prices and goes without {others}")


def _check_numbers(request: Request) -> None:
    """Refuse what passes for a number within every bound and is none."""
    for name, value in (
        ("--time", request.time),
        ("--target", request.target),
        ("--bound", request.bound),
        ("--gap", request.gap),
    ):
        if value is not None and not math.isfinite(value):
            raise UnusableError(f"{name} is {value}, give a finite number")


def _solver(name: str, problem: Any) -> Solver:
    solver = SOLVERS.get(name)
    if solver is None:
        raise UnusableError(f"--solver: '{name}' is unknown; known are {', '.join(SOLVERS)}")
    if not solver.supports(problem):
        able = [known for known, other in SOLVERS.items() if other.supports(problem)]
        raise UnusableError(
            f"--solver: {name} cannot solve {problem.name}; "
            + (f"these can: {', '.join(able)}" if able else "no solver can")
        )
    return solver


def _hand_over(request: Request, problem: Any, result: Result, found: dict[str, Any]) -> int:
    if request.out is not None:
        write_file(request.out, dump(found))
    plans = write_front(problem, result, request.front)
    if result.solution is not None:
        write_pictures(problem, result.solution, request.gantt, request.report, result=result)
    written = [path for path in (request.out, request.gantt, request.report) if path is not None]
    written += plans
    show([dump(found).rstrip()] if request.as_json else result_lines(problem, found, written))
    for path in of_earlier_fronts(request.front, plans):
        sys.stderr.write(f"warning: {path} is of an earlier front\n")
    return FEASIBLE if result.feasible else INFEASIBLE
