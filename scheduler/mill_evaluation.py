"""The evaluator of the mill: terms, cost and violations of a schedule. The only truth."""

from scheduler.bill import bill_of
from scheduler.evaluation import Evaluation, evaluate
from scheduler.mill import MONEY, MillProblem
from scheduler.mill_arrays import arrays_of
from scheduler.schedule import Schedule
from scheduler.terms import TERMS
from scheduler.timeline import timeline_of
from scheduler.violations import CHECKS, Case


@evaluate.register
def evaluate_mill(problem: MillProblem, solution: Schedule) -> Evaluation:
    """Score a schedule.

    ``cost`` is in the problem's currency; ``terms`` maps each name of ``scheduler.terms.TERMS`` to
    its ``Term`` (physical amount, unit, money in 1/10 000).

    Raises
    ------
    UnusableScheduleError
        When the schedule names something unknown, lists a line twice, has a lot without cuts or a
        count below 1, or is too large for exact sums.
    """
    return evaluate_case(case_of(problem, solution))


def case_of(problem: MillProblem, schedule: Schedule) -> Case:
    """Return everything that scoring a schedule reads."""
    mill = arrays_of(problem)
    timeline = timeline_of(problem, schedule)
    return Case(problem, mill, schedule, timeline, bill_of(mill, problem.weights, timeline))


def evaluate_case(case: Case) -> Evaluation:
    """Score a schedule whose timeline and bill are there already; see ``evaluate_mill``."""
    terms = {name: term(case.bill) for name, term in TERMS.items()}
    violations = tuple(violation for check in CHECKS for violation in check(case))
    cost = sum(term.money for term in terms.values()) / MONEY
    return Evaluation(cost, terms, violations)
