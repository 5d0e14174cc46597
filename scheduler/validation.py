"""What must hold for a mill problem to be planned, and what its planner should know.

Places are given in the names of the problem file (``/orders/3/due_date``), since elements keep
their order. Readers and the service call this once; whoever holds a problem from them need not
check again. ``dataclasses.replace`` makes variants, which are checked like any other problem.
"""

from collections.abc import Callable, Iterable, Iterator

from scheduler.issues import InvalidInput, Issue, pointer
from scheduler.mill import MillProblem
from scheduler.mill_checks.calendar import (
    check_calendar,
    check_dates,
    check_load,
    check_reach,
)
from scheduler.mill_checks.cases import Cases, cases_of
from scheduler.mill_checks.changes import check_changes
from scheduler.mill_checks.frozen import check_frozen
from scheduler.mill_checks.locks import check_locks
from scheduler.mill_checks.magnitudes import check_magnitudes
from scheduler.mill_checks.names import check_names
from scheduler.mill_checks.power import check_power
from scheduler.mill_checks.steel import check_steel

Check = Callable[[MillProblem], Iterator[Issue]]
CaseCheck = Callable[[MillProblem, Cases], Iterator[Issue]]


def check_sizes(problem: MillProblem) -> Iterator[Issue]:
    """Yield lists that must not be empty."""
    for name in ("lines", "sections", "grades", "stock", "orders"):
        if not getattr(problem, name):
            yield Issue("empty", pointer(name), f"a problem needs {name}", hint="add at least one")


# Each stage presupposes that the ones before found no error.
STAGES: tuple[tuple[Check, ...], ...] = ((check_sizes,), (check_names,))
CASE_STAGES: tuple[tuple[CaseCheck, ...], ...] = (
    (check_calendar, check_dates, check_changes, check_steel, check_locks, check_magnitudes),
    (check_reach, check_load, check_power, check_frozen),
)


def validate(problem: MillProblem) -> tuple[Issue, ...]:
    """Return the errors and warnings of ``problem``, in the order of the checks."""
    issues: list[Issue] = []
    for stage in STAGES:
        issues += [issue for check in stage for issue in check(problem)]
        if errors_of(issues):
            return tuple(issues)
    cases = cases_of(problem)
    for case_stage in CASE_STAGES:
        issues += [issue for check in case_stage for issue in check(problem, cases)]
        if errors_of(issues):
            break
    return tuple(issues)


def row_errors(problem: MillProblem) -> list[Issue]:
    """Return the errors that no other value of an order could hide: of names and of dates."""
    return errors_of([*check_sizes(problem), *check_names(problem), *check_dates(problem)])


def errors_of(issues: Iterable[Issue]) -> list[Issue]:
    """Return the errors among ``issues``."""
    return [issue for issue in issues if issue.severity == "error"]


def check(problem: MillProblem) -> tuple[Issue, ...]:
    """Return the warnings of ``problem``; raise InvalidInput where it has errors."""
    issues = validate(problem)
    if errors := errors_of(issues):
        raise InvalidInput(errors)
    return issues
