"""The solvers by name, and getting them ready."""

from typing import Any

from instances.generator import generate
from scheduler.evaluation import evaluate
from scheduler.issues import InvalidInput, Issue, shown
from scheduler.mill import MillProblem
from scheduler.schedule import Schedule

RULE = "planner_rule"
WARMED = ("aco", RULE)
"""Solvers with kernels; the rule's plan stands beside every other."""


def registry() -> dict[str, Any]:
    """Return all solvers; imported when first needed, for that loads kernels and OR-Tools."""
    from solvers.registry import SOLVERS

    return SOLVERS


def solver_names() -> list[str]:
    """Return the names of all solvers, the default first."""
    return list(registry())


def solver_texts() -> dict[str, str]:
    """Return what each solver is, the default first."""
    return {
        name: (type(solver).__doc__ or "").strip().split("\n")[0]
        for name, solver in registry().items()
    }


def check_solver(name: str, problem: MillProblem) -> None:
    """Raise InvalidInput where the solver cannot take the problem."""
    if not registry()[name].supports(problem):
        able = [other for other, solver in registry().items() if solver.supports(problem)]
        detail = f"this solver does not take a problem of {len(problem.orders)} orders"
        issue = Issue(
            "solver_does_not_fit",
            "/solver",
            detail,
            value=shown(name),
            expected=" or ".join(able),
        )
        raise InvalidInput([issue])


def warm_up(solvers: tuple[str, ...] = WARMED) -> None:
    """Compile what a first job would have to wait for: the evaluator's and the solvers' kernels."""
    known = registry()  # loads the evaluator of mills too
    from solvers.warm_up import warm_up as warm

    for mill in ("bar", "rod"):
        problem = generate(mill, "day", seed=0, orders=12)
        evaluate(problem, Schedule(()))
        for name in solvers:
            if known[name].supports(problem):
                warm(known[name], problem)
