"""Semantic checks of a mill problem."""

from scheduler.issues import InvalidInput, Issue
from scheduler.mill import MillProblem


def validate(problem: MillProblem) -> tuple[Issue, ...]:
    """Return every error and warning of ``problem``."""
    return ()


def check(problem: MillProblem) -> tuple[Issue, ...]:
    """Return the warnings of ``problem``; raise InvalidInput where it has errors."""
    issues = validate(problem)
    errors = [issue for issue in issues if issue.severity == "error"]
    if errors:
        raise InvalidInput(errors)
    return issues
