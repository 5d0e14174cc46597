"""Goals: what planners compare plans by, each a sum of the evaluator's terms, all minimised.

A problem weighted by ``weighted`` prices some goals higher, so that a search which knows nothing
but money prefers plans that are good in them. Plans themselves are always compared by ``amount``
of the evaluator's word on the order book as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from scheduler.evaluation import Evaluation
from scheduler.mill import MONEY, MillProblem, Series
from scheduler.mill_checks.cases import cases_of
from scheduler.mill_checks.magnitudes import check_magnitudes
from scheduler.terms import ENERGY, TRIM

CO2_PRICE = 50 * MONEY
"""Money units a tonne of CO2 is weighted from where the order book gives it no price."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal: the sum of the money, or of the physical amounts, of ``terms``.

    unit: of the shown value; ``money`` stands for the currency. size: inside units in one of it.
    """

    name: str
    meaning: str
    terms: tuple[str, ...]
    unit: str
    size: int

    def amount(self, evaluation: Evaluation) -> int:
        """Return the goal's exact amount in inside units."""
        found = (evaluation.terms[name] for name in self.terms)
        return sum(int(term.money if self.unit == "money" else term.amount) for term in found)

    def shown(self, evaluation: Evaluation) -> float:
        """Return the goal's value in its unit."""
        return self.amount(evaluation) / self.size


GOALS: dict[str, Goal] = {
    goal.name: goal
    for goal in (
        Goal("lateness", "hours late by weight, at their price", ("tardiness",), "money", MONEY),
        Goal("scrap", "crop, cut, transition and surplus scrap", TRIM, "t", 1_000_000),
        Goal(
            "energy",
            "gas and electricity, with the peak charge",
            (*ENERGY, "peak"),
            "money",
            MONEY,
        ),
        Goal("co2", "CO2 of gas and electricity", ("co2",), "t", 1_000_000),
        Goal("changes", "section, grade and groove changes", ("changes",), "changes", 1),
    )
}

SHORTAGE = "shortage"
"""No goal, as delivering less is no way to be better in one; but its price may be counted up."""

Factors = Mapping[str, int]
"""How many times the price of a goal or of shortage counts, at least once; others count once."""


def weighted(problem: MillProblem, factors: Factors) -> MillProblem:
    """Return the problem in which a goal's price counts ``factors`` times.

    Scrap's price is its steel less its resale; as the steel stands in the stock's cost, the resale
    is lowered, below zero where need be. Missing kilograms keep costing more than making them: they
    count as often as what counts most.
    """
    late, scrap, energy, co2, changes = (factors.get(name, 1) for name in GOALS)
    w, tariff = problem.weights, problem.tariff
    steel = w.transition_steel
    weights = replace(
        w,
        tardiness=late * w.tardiness,
        crop_resale=steel - scrap * (steel - w.crop_resale),
        cut_resale=steel - scrap * (steel - w.cut_resale),
        transition_resale=steel - scrap * (steel - w.transition_resale),
        surplus_resale=steel - scrap * (steel - w.surplus_resale),
        section_change=changes * w.section_change,
        grade_change=changes * w.grade_change,
        groove_change=changes * w.groove_change,
    )
    prices = tariff.electricity
    tariff = replace(
        tariff,
        gas=energy * tariff.gas,
        electricity=Series(
            prices.start, prices.slot, tuple(energy * value for value in prices.values)
        ),
        peak=energy * tariff.peak,
        co2=tariff.co2 if co2 == 1 else co2 * (tariff.co2 or CO2_PRICE),
    )
    most = max((1, *factors.values()))
    orders = tuple(replace(order, shortage=most * order.shortage) for order in problem.orders)
    return replace(problem, weights=weights, tariff=tariff, orders=orders)


def largest_factor(problem: MillProblem, goals: tuple[str, ...]) -> int:
    """Return the largest of a few factors with which all sums stay exact in 64-bit integers."""
    for factor in (1000, 300, 100, 30, 10):
        dearest = weighted(problem, dict.fromkeys(goals, factor))
        if not any(check_magnitudes(dearest, cases_of(dearest))):
            return factor
    return 3
