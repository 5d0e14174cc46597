"""Score the solution in a file through the one evaluator."""

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from api.command_line.errors import FEASIBLE, INFEASIBLE, reading
from api.command_line.files import check_writable, load_problem, load_solution
from api.command_line.pictures import check_drawable, write_pictures
from api.command_line.summary import row, score_lines, show
from api.result_file import FORMAT, scores
from instances.json_layout import dump
from scheduler.evaluation import evaluate

STATED_TOLERANCE = 1e-6


def run(
    file: Path,
    solution_file: Path,
    reader: str | None,
    gantt: Path | None,
    report: Path | None,
    as_json: bool,
) -> int:
    """Score the solution, show and draw it, and return the exit code."""
    check_writable(gantt, report)
    problem = load_problem(file, reader)
    check_drawable(problem, gantt, report)
    solution, tree = load_solution(problem, solution_file)
    with reading(solution_file):  # a schedule may name what the problem does not know
        stated = _stated(tree)
        evaluation = evaluate(problem, solution)
    found = scores(problem, evaluation)
    write_pictures(problem, solution, gantt, report)
    if as_json:
        show([dump({**found, **stated}).rstrip()])
    else:
        show([row("problem", problem.name), *score_lines(problem, found)])
        show(_doubt(stated, found))
    return FEASIBLE if evaluation.feasible else INFEASIBLE


def _stated(tree: Any) -> dict[str, float]:
    """Return the objective that a RESULT.json claims for its solution."""
    stated = tree.get("objective") if isinstance(tree, Mapping) else None
    if stated is None or tree.get("format") != FORMAT:
        return {}
    if isinstance(stated, bool) or not isinstance(stated, int | Decimal):
        raise ValueError("/objective: a number is expected; correct it or leave it out")
    if not math.isfinite(float(stated)):
        raise ValueError("/objective: the number is not finite; correct it or leave it out")
    return {"stated_objective": float(stated)}


def _doubt(stated: Mapping[str, float], found: Mapping[str, Any]) -> Iterator[str]:
    for value in stated.values():
        if not math.isclose(value, found["objective"], rel_tol=STATED_TOLERANCE):
            yield row("note", f"the file states {value:g}, but its solution scores as above")
