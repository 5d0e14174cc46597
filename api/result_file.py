"""RESULT.json: what was solved, how, what came out, and the solution itself.

``antmill solve`` writes it and ``antmill evaluate`` reads its solution back. Costs are in the
problem's own measure (money, loss, rolls, weighted tardiness, hypervolume).
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from instances import schedule_json, solution_json
from instances.mill_file.schedule_table import FORMAT as SCHEDULE_FORMAT
from scheduler.evaluation import Evaluation, Violation
from scheduler.goals import GOALS
from scheduler.mill import MONEY, MillProblem
from scheduler.terms import Term
from solvers.bound import part_rows
from solvers.solver import Result
from solvers.versions import versions

FORMAT = "antmill-result-1"
LONGEST_TRACE = 1000


def document(
    problem: Any,
    result: Result,
    *,
    file: Mapping[str, str],
    asked: Mapping[str, Any],
    threads: int,
    compile_time: float,
) -> dict[str, Any]:
    """Return the whole of RESULT.json.

    ``file`` is the `file_digest` of the problem's file; ``asked`` what the search was told beside
    it; ``compile_time`` what loading and compiling kernels took before the search, in s.
    """
    return {
        "format": FORMAT,
        "instance": {"name": problem.name, **file},
        "solver": result.solver,
        "asked": dict(asked),
        "parameters": result.parameters,
        "seed": result.seed,
        "threads": threads,
        "iterations": result.iterations,
        "ants": result.ants,
        "stop_reason": result.stop_reason,
        "times": _times(result, compile_time),
        **scores(problem, result.evaluation),
        **_bounds(result),
        **bound_document(result),
        "trace": [list(step) for step in result.trace[-LONGEST_TRACE:]],
        "versions": versions(),
        "solution": None
        if result.solution is None
        else solution_json.to_tree(problem, result.solution),
        **({} if result.front is None else {"front": front_documents(problem, result)}),
    }


def scores(problem: Any, evaluation: Evaluation | None) -> dict[str, Any]:
    """Return objective, terms and violations as plain JSON values."""
    if evaluation is None:
        return {"feasible": False, "objective": None, "terms": {}, "violations": []}
    currency = {"currency": problem.currency} if isinstance(problem, MillProblem) else {}
    return {
        "feasible": evaluation.feasible,
        "objective": plain(evaluation.objective),
        **currency,
        "terms": {name: _term(value) for name, value in evaluation.terms.items()},
        "violations": [_violation(violation) for violation in evaluation.violations],
    }


def solution_tree(tree: Any) -> Any:
    """Return the part of a parsed file that is a solution.

    The file may be a RESULT.json, or a solution alone: a schedule file, or one of the forms that
    ``instances.solution_json`` writes. None where a result holds no solution.
    """
    if isinstance(tree, Mapping) and tree.get("format") != SCHEDULE_FORMAT:
        return tree.get("solution", None if tree.get("format") == FORMAT else tree)
    return tree


def plain(number: float) -> int | float:
    """Return a whole number as an int, so that files show 39 and not 39.0."""
    return int(number) if float(number).is_integer() else float(number)


def file_digest(path: Path, data: bytes) -> dict[str, str]:
    """Return what tells which file was read; ``data`` is what it held."""
    return {"file": path.name, "sha256": hashlib.sha256(data).hexdigest()}


def _times(result: Result, compile_time: float) -> dict[str, Any]:
    best = result.trace[-1][0] if result.trace else None
    return {
        "search_s": round(result.elapsed, 4),
        "best_at_s": None if best is None else round(best, 4),
        "warm_up_s": round(result.warm_up, 4),
        "compile_s": round(compile_time, 4),
    }


def _bounds(result: Result) -> dict[str, Any]:
    """Return the proven bound in the objective's own sign, and the gap to it."""
    if result.lower_bound is None:
        return {"lower_bound": None, "gap": None}
    if result.evaluation is not None and result.evaluation.maximised:
        return {"lower_bound": None, "upper_bound": plain(-result.lower_bound), "gap": result.gap}
    return {"lower_bound": plain(result.lower_bound), "gap": result.gap}


def bound_document(result: Result) -> dict[str, Any]:
    """Return the parts of the bound beside the plan's cost, in the currency; nothing without."""
    bound, evaluation = result.bound, result.evaluation
    if bound is None:
        return {}
    terms = {} if evaluation is None else evaluation.terms
    return {
        "bound": {
            "value": bound.value,
            "unavoidable": bound.unavoidable,
            "avoidable_gap": None if evaluation is None else bound.avoidable_gap(evaluation.cost),
            "elapsed_s": round(bound.elapsed, 3),
            "complete": bound.complete,
            "parts": {
                row.name: {"bound": row.bound, "cost": row.cost} for row in part_rows(bound, terms)
            },
        }
    }


def _term(value: Any) -> Any:
    if isinstance(value, Term):
        return {"amount": value.amount, "unit": value.unit, "money": value.money / MONEY}
    return value if value is None or isinstance(value, str | int) else plain(value)


def _violation(violation: Violation) -> dict[str, Any]:
    return {
        "code": violation.code,
        "where": violation.where,
        "magnitude": plain(violation.magnitude),
        "unit": violation.unit,
        "detail": violation.detail,
    }


def front_documents(problem: MillProblem, result: Result) -> list[dict[str, Any]]:
    """Return the front's plans with their goals and schedules, as RESULT.json has them."""
    if result.front is None:
        return []
    goals = [GOALS[name] for name in result.parameters["goals"]]
    plans = [point.solution for point in result.front.points]
    return [
        {
            "goals": {goal.name: goal.shown(plan.evaluation) for goal in goals},
            "objective": plan.evaluation.cost,
            "feasible": plan.evaluation.feasible,
            "solution": schedule_json.to_tree(plan.schedule, problem.origin),
        }
        for plan in plans
    ]
