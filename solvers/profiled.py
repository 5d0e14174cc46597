"""Solving a mill with a profile: what is searched for differs, what a plan costs never does."""

from dataclasses import replace
from typing import Any

from scheduler.evaluation import evaluate
from scheduler.issues import InvalidInput, Issue, shown
from scheduler.mill import MillProblem
from scheduler.profiles import PROFILES
from scheduler.schedule import Schedule
from solvers.goal_search.choices import Choice, Lexicographic, NoWorse, Pareto, Plan
from solvers.goal_search.search import Rounds
from solvers.progress import OnProgress, ignore_progress
from solvers.solver import Result, Solver
from solvers.stopping import Stop


def solve_profiled(
    problem: MillProblem,
    profile: str,
    solver: Solver,
    *,
    stop: Stop,
    goals: tuple[str, ...] = (),
    seen: MillProblem | None = None,
    seed: int = 0,
    threads: int = 1,
    warm_start: Schedule | None = None,
    on_progress: OnProgress = ignore_progress,
) -> Result:
    """Return what ``solver`` finds with a profile, scored with the problem's own prices.

    Parameters
    ----------
    problem
        The order book as it is.
    profile
        A name of ``PROFILES``.
    goals
        For a profile of goals, which and in which order; by default the profile's own.
    seen
        The problem that the search shall see, where its prices are other ones.
    """
    chosen, seen = PROFILES[profile], seen or problem
    if chosen.goals:
        choice = _choice(problem, profile, goals or chosen.goals, warm_start)
        result = Rounds(problem, solver, choice, stop, seed, threads, on_progress).run()
        named = {"profile": profile, "goals": list(goals or chosen.goals)}
        return replace(result, parameters={**result.parameters, **named})
    result = solver.solve(
        (priced := chosen.weighed(seen)),
        stop=stop,
        seed=seed,
        threads=threads,
        warm_start=warm_start,
        on_progress=on_progress,
    )
    return result if priced == problem else _own_prices(problem, result)


def check_profile(profile: str, goals: tuple[str, ...], solver: str, *, warm_start: bool) -> None:
    """Raise InvalidInput where a profile cannot be searched with what a client gives."""
    chosen = PROFILES[profile]
    if goals and not chosen.goals:
        detail = "this profile has no goals to choose"
        raise InvalidInput([Issue("not_for_profile", "/goals", detail, value=shown(profile))])
    if chosen.goals and solver != "aco":
        detail = "profiles of several goals are searched by aco only"
        raise InvalidInput([Issue("not_for_profile", "/solver", detail, value=shown(solver))])
    if chosen.needs_plan and not warm_start:
        detail = "this profile needs the plan that none of its goals may get worse than"
        raise InvalidInput([Issue("missing", "/warm_start", detail, hint="give it")])


def _choice(
    problem: MillProblem, profile: str, goals: tuple[str, ...], given: Schedule | None
) -> Choice:
    if profile == "no_worse":
        if given is None:
            raise ValueError("no_worse needs a plan to begin with")
        return NoWorse(problem, goals, Plan(given, evaluate(problem, given)))
    choice: Choice = {"lexicographic": Lexicographic, "pareto": Pareto}[profile](problem, goals)
    if given is not None:
        choice.offer(Plan(given, evaluate(problem, given)))
    return choice


def _own_prices(problem: MillProblem, result: Result) -> Result:
    """Return what a weighed search found with the order book's prices; no bound is proven."""
    plan: Any = result.solution
    score = None if plan is None else evaluate(problem, plan)
    return replace(result, evaluation=score, lower_bound=None)
