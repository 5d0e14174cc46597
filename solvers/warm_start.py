"""What a search may begin with: a solution of this problem, not of another one."""

from typing import Any

from scheduler.cutting import CuttingProblem
from scheduler.evaluation import Violation, evaluate
from scheduler.issues import InvalidInput, Issue

MEMBERSHIP = ("unknown_job", "repeated_job", "missing_job")


def check_warm_start(problem: Any, given: Any | None) -> None:
    """Raise InvalidInput where no search of ``problem`` can begin with ``given``.

    A sequence has to hold each job once, a cut plan to keep all rules, a mill's schedule to name
    nothing that the mill has not. What else a sequence or a schedule breaks, searches leave behind.
    """
    if given is None:
        return
    try:
        violations = evaluate(problem, given).violations
    except ValueError as error:
        raise _unusable([str(error)]) from error
    if broken := [v for v in violations if _fatal(problem, v)]:
        raise _unusable([_told(violation) for violation in broken])


def _fatal(problem: Any, violation: Violation) -> bool:
    return isinstance(problem, CuttingProblem) or violation.code in MEMBERSHIP


def _told(violation: Violation) -> str:
    return f"{violation.where}: {violation.code}, {violation.magnitude:g} {violation.unit}"


def _unusable(details: list[str]) -> InvalidInput:
    hint = "give a solution of this problem"
    return InvalidInput(Issue("unusable_warm_start", "", each, hint=hint) for each in details)
