"""Whether what is frozen can be scored."""

from collections.abc import Iterator

from scheduler.issues import Issue, pointer
from scheduler.mill import MillProblem
from scheduler.mill_arrays import build_arrays
from scheduler.mill_checks.cases import Cases
from scheduler.plan_arrays import UnusableScheduleError, plan_arrays
from scheduler.plan_magnitudes import check_plan


def check_frozen(problem: MillProblem, _: Cases) -> Iterator[Issue]:
    """Yield why the freeze's schedule cannot be scored: it is a plan made by hand as any other."""
    if problem.freeze is None:
        return
    try:
        plan = plan_arrays(problem, problem.freeze.schedule)
        check_plan(problem, build_arrays(problem), plan)
    except UnusableScheduleError as error:
        yield Issue("unusable_schedule", pointer("freeze", "schedule"), str(error))
