"""What a search shall prefer: ``--profile``, ``--goals``, ``--weights``, and fronts of plans."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.command_line.errors import UnusableError, reading
from api.command_line.files import write_file
from api.result_file import front_documents
from instances.search_weights import seen_with
from instances.strict_json import parse
from scheduler.goals import GOALS
from scheduler.issues import InvalidInput, Issue
from scheduler.mill import MillProblem
from scheduler.profiles import DEFAULT, PROFILES
from solvers.profiled import check_profile, solve_profiled
from solvers.solver import Result, Solver

if TYPE_CHECKING:
    from api.command_line.solving import Request


@dataclass(frozen=True, slots=True)
class Preference:
    """A profile with its goals, and the problem as the search shall see it."""

    profile: str
    goals: tuple[str, ...]
    seen: MillProblem

    def searched_by(self, solver: Solver) -> Callable[..., Result]:
        """Return a call that takes what ``Solver.solve`` takes."""
        return partial(_solve, self, solver)


def preference_of(request: "Request", problem: Any) -> Preference | None:
    """Return what was asked for beside money, or None; refuse what cannot be."""
    if request.front is not None and request.profile != "pareto":
        raise UnusableError("--front: only --profile pareto finds a front to write")
    if request.profile == DEFAULT and not request.goals and request.weights is None:
        return None
    if not isinstance(problem, MillProblem):
        raise UnusableError(f"--profile and --weights are for mill files; {problem.name} is none")
    for option, given, known in (
        ("--profile", (request.profile,), PROFILES),
        ("--goals", request.goals, GOALS),
    ):
        for name in given:
            if name not in known:
                raise UnusableError(f"{option}: '{name}' is unknown; known are {', '.join(known)}")
    if len(set(request.goals)) != len(request.goals):
        raise UnusableError("--goals: name each goal once")
    try:
        warm = request.warm_start is not None
        check_profile(request.profile, request.goals, request.solver, warm_start=warm)
    except InvalidInput as error:
        raise UnusableError("; ".join(map(_of_option, error.issues))) from error
    try:
        seen = problem if request.weights is None else seen_with(problem, parse(request.weights))
    except InvalidInput as error:
        raise UnusableError(f"--weights: {error}") from error
    return Preference(request.profile, request.goals, seen)


def _of_option(issue: Issue) -> str:
    """Return what is wrong under the name that the command line has for a member of a job."""
    return str(replace(issue, pointer="--" + issue.pointer.strip("/").replace("_", "-")))


def _solve(preference: Preference, solver: Solver, problem: MillProblem, **options: Any) -> Result:
    return solve_profiled(
        problem,
        preference.profile,
        solver,
        goals=preference.goals,
        seen=preference.seen,
        **options,
    )


def write_front(problem: Any, result: Result, folder: Path | None) -> list[Path]:
    """Write ``plan-1.json`` and so on into ``folder``; return the files."""
    if folder is None or result.front is None:
        return []
    with reading(folder):
        folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, document in enumerate(front_documents(problem, result), 1):
        paths.append(folder / f"plan-{number}.json")
        write_file(paths[-1], json.dumps(document["solution"], indent=1) + "\n")
    return paths


def of_earlier_fronts(folder: Path | None, written: list[Path]) -> list[Path]:
    """Return the plans in ``folder`` that the front just written does not have."""
    if folder is None:
        return []
    return sorted(set(folder.glob("plan-*.json")).difference(written))
