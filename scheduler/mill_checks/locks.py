"""Whether locks can be kept together."""

from collections.abc import Iterator

from scheduler.issues import Issue
from scheduler.mill import Lock, MillProblem, Order
from scheduler.mill_checks.cases import Case, Cases


def check_locks(problem: MillProblem, cases: Cases) -> Iterator[Issue]:
    """Yield locks that contradict their order, the lines, or each other."""
    starts: dict[tuple[str, int], Order] = {}
    positions: dict[tuple[str, int], Order] = {}
    only = problem.lines[0].id if len(problem.lines) == 1 else None
    for number, order in enumerate(problem.orders):
        lock = order.lock
        if lock is None:
            continue
        case = cases[number]
        yield from _alone(problem, case, lock)
        line = lock.line or only
        if line is not None and lock.start_exactly is not None:
            other = starts.setdefault((line, lock.start_exactly), case.order)
            if other is not case.order:
                yield _conflict(case, other, "start_exactly", "start at the same second")
        if line is not None and lock.position is not None:
            other = positions.setdefault((line, lock.position), case.order)
            if (other.grade, other.section) != (case.order.grade, case.order.section):
                detail = "share a lot but not grade and section"
                yield _conflict(case, other, "position", detail)


def _conflict(case: Case, other: Order, field: str, detail: str) -> Issue:
    text = f"orders '{other.id}' and '{case.order.id}' are locked to {detail}"
    return case.issue("locks_conflict", f"lock/{field}", text, "loosen one of the locks")


def _alone(problem: MillProblem, case: Case, lock: Lock) -> Iterator[Issue]:
    exactly, earliest = lock.start_exactly, lock.start_not_before
    if (
        lock.line is not None
        and case.route.lines
        and lock.line not in {x.id for x in case.route.lines}
    ):
        detail = f"line '{lock.line}' may not make this order"
        yield case.issue("locks_conflict", "lock/line", detail, "lock it to an eligible line")
    if exactly is not None and earliest is not None and exactly < earliest:
        detail = "it must start exactly at an instant that is too early for it"
        yield case.issue("locks_conflict", "lock/start_exactly", detail, "drop one of the two")
    for field, start in (("start_exactly", exactly), ("start_not_before", earliest)):
        if start is not None and start >= problem.horizon:
            detail = "it may only start after the horizon"
            yield case.issue("locks_conflict", f"lock/{field}", detail)
    if exactly is None:
        return
    release, deadline = case.order.release, case.order.deadline
    if exactly < 0 or (release is not None and exactly < release):
        detail = "it must start before its release or the horizon"
        yield case.issue("locks_conflict", "lock/start_exactly", detail)
    if deadline is not None and exactly >= deadline:
        detail = "it must start after its deadline"
        yield case.issue("locks_conflict", "lock/start_exactly", detail)
