"""The evaluator's word as JSON values; money in the problem's currency."""

from typing import Any

import scheduler.mill_evaluation  # noqa: F401  registers the evaluator of mills
from scheduler.evaluation import Evaluation, evaluate
from scheduler.issues import InvalidInput, Issue
from scheduler.mill import MONEY, MillProblem
from scheduler.plan_arrays import UnusableScheduleError
from scheduler.schedule import Schedule

SHOWN_VIOLATIONS = 100


def score(problem: MillProblem, schedule: Schedule) -> Evaluation:
    """Return the evaluator's word; raise InvalidInput where the schedule cannot be read at all."""
    try:
        return evaluate(problem, schedule)
    except UnusableScheduleError as error:
        raise InvalidInput([Issue("unusable_schedule", "", str(error))]) from error


def evaluation_document(problem: MillProblem, evaluation: Evaluation) -> dict[str, Any]:
    """Return an evaluation as JSON values; money in the problem's currency."""
    return {
        "cost": evaluation.cost,
        "currency": problem.currency,
        "feasible": evaluation.feasible,
        "terms": term_documents(evaluation),
        "violations": [
            {
                "code": violation.code,
                "where": violation.where,
                "magnitude": violation.magnitude,
                "unit": violation.unit,
                "detail": violation.detail,
            }
            for violation in evaluation.violations[:SHOWN_VIOLATIONS]
        ],
        "violations_total": len(evaluation.violations),
    }


def term_documents(evaluation: Evaluation) -> dict[str, Any]:
    """Return the bill: each term's amount, unit and money."""
    return {
        name: {"amount": term.amount, "unit": term.unit, "money": term.money / MONEY}
        for name, term in evaluation.terms.items()
    }
