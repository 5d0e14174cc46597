"""The slow, obvious twin of the mill's evaluator: docs/problem.md read billet by billet.

Written from the page and the dataclasses only, in plain Python integers, and without a line of
``scheduler``'s kernels, so that an error would have to be made twice to go unseen.
"""

from collections import defaultdict

from scheduler.mill import MillProblem
from scheduler.schedule import Schedule
from tests.naive_mill_costs import energy_terms, money_terms, stability_term
from tests.naive_mill_rules import all_violations
from tests.naive_mill_time import Rolled, roll

Terms = dict[str, tuple[int, int]]
Violations = list[tuple[str, str, int]]


def check(problem: MillProblem, schedule: Schedule) -> tuple[int, Terms, Violations]:
    """Return (cost, {term: (physical, money)}, [(code, where, magnitude)])."""
    require_known_ids(problem, schedule)
    rolled = roll(problem, schedule)
    frozen = roll(problem, problem.freeze.schedule) if problem.freeze else None
    terms = {
        **money_terms(problem, rolled),
        **energy_terms(problem, rolled),
        "stability": stability_term(problem, rolled, frozen),
    }
    cost = sum(money for _, money in terms.values())
    return cost, terms, all_violations(problem, schedule, rolled)


def require_known_ids(problem: MillProblem, schedule: Schedule) -> None:
    """Raise ValueError where the page says that the schedule is unusable."""
    known = {
        name: {element.id for element in getattr(problem, name)}
        for name in ("lines", "sections", "grades", "stock", "orders")
    }
    seen: dict[str, int] = defaultdict(int)
    for plan in schedule.lines:
        seen[plan.line] += 1
        usable = plan.line in known["lines"] and seen[plan.line] == 1
        for lot in plan.lots:
            usable &= lot.section in known["sections"] and lot.grade in known["grades"]
            usable &= bool(lot.cuts)
            for cut in lot.cuts:
                usable &= cut.stock in known["stock"] and cut.count >= 1
                usable &= all(o in known["orders"] and n >= 1 for o, n in cut.pieces)
        if not usable:
            raise ValueError(f"unusable plan of line {plan.line}")


__all__ = ["Rolled", "check"]
