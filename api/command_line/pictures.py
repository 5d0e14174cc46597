"""The Gantt chart and the report of a mill's schedule, beside the planner's rule."""

from pathlib import Path
from typing import Any

from api.command_line.errors import UnusableError
from api.command_line.files import write_file
from scheduler.mill import MillProblem
from scheduler.schedule import Schedule
from solvers.solver import Result
from solvers.stopping import MaxIterations
from solvers.versions import versions


def check_drawable(problem: Any, *paths: Path | None) -> None:
    """Raise UnusableError if a picture is asked for of what is no mill schedule."""
    if any(path is not None for path in paths) and not isinstance(problem, MillProblem):
        raise UnusableError(f"--gantt and --report draw mill schedules; {problem.name} is none")


def report_of(problem: MillProblem, schedule: Schedule, result: Result | None) -> Any:
    """Return the report on ``schedule`` with the figures of the planner's rule beside it."""
    from scheduler.report import Run, report_on

    run = Run() if result is None else Run(
        solver=result.solver,
        seed=result.seed,
        iterations=result.iterations,
        elapsed=result.elapsed,
        stop_reason=result.stop_reason,
        lower_bound=result.lower_bound,
        parameters=result.parameters,
        versions=versions(),
    )  # fmt: skip
    return report_on(problem, schedule, run=run, reference=rule_schedule(problem))


def rule_schedule(problem: MillProblem) -> Schedule | None:
    """Return what the planner's rule would do; None where it finds nothing."""
    from solvers.registry import SOLVERS

    schedule = SOLVERS["planner_rule"].solve(problem, stop=MaxIterations(1)).solution
    assert schedule is None or isinstance(schedule, Schedule)
    return schedule


def write_pictures(
    problem: Any,
    solution: Any,
    gantt: Path | None,
    report: Path | None,
    result: Result | None = None,
) -> None:
    """Write those of the two pictures that have a path."""
    if gantt is None and report is None:
        return
    drawn = report_of(problem, solution, result)
    if gantt is not None:
        from api.pages.gantt_svg import gantt_svg

        write_file(gantt, str(gantt_svg(drawn)))
    if report is not None:
        from api.pages.report_html import report_html

        write_file(report, str(report_html(drawn)))
