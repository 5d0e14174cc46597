"""Named ways to weigh a plan's terms against one another.

A profile changes what a search prefers, never what a plan costs: plans are scored with the order
book's own prices and weights, so that those of several profiles can be compared.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from scheduler.goals import GOALS
from scheduler.mill import MONEY, MillProblem, Series


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile: what it is for, and the problem as a search shall see it.

    A profile with ``goals`` (names of ``scheduler.goals.GOALS``) is searched in rounds instead,
    for each of which the problem is priced anew. needs_plan: whether it starts from a given plan.
    """

    meaning: str
    weighed: Callable[[MillProblem], MillProblem]
    goals: tuple[str, ...] = ()
    needs_plan: bool = False


def _as_it_is(problem: MillProblem) -> MillProblem:
    return problem


def _in_time(problem: MillProblem) -> MillProblem:
    weights = replace(problem.weights, tardiness=5 * problem.weights.tardiness)
    return replace(problem, weights=weights)


def _few_changes(problem: MillProblem) -> MillProblem:
    w = problem.weights
    changed = {name: 3 * getattr(w, name) for name in CHANGES}
    return replace(problem, weights=replace(w, **changed))


def _little_scrap(problem: MillProblem) -> MillProblem:
    w = problem.weights
    worthless = {name: min(0, getattr(w, name)) for name in RESALE}
    return replace(problem, weights=replace(w, **worthless))


def _low_energy(problem: MillProblem) -> MillProblem:
    tariff = problem.tariff
    dear = tuple(3 * value for value in tariff.electricity.values)
    prices = Series(tariff.electricity.start, tariff.electricity.slot, dear)
    return replace(problem, tariff=replace(tariff, electricity=prices, gas=3 * tariff.gas))


def _low_carbon(problem: MillProblem) -> MillProblem:
    co2 = max(5 * problem.tariff.co2, 400 * MONEY)
    return replace(problem, tariff=replace(problem.tariff, co2=co2))


CHANGES = ("section_change", "grade_change", "groove_change")
RESALE = ("crop_resale", "cut_resale", "transition_resale", "surplus_resale")

DEFAULT = "money"
PROFILES: dict[str, Profile] = {
    DEFAULT: Profile("the order book's own prices and weights", _as_it_is),
    "in_time": Profile("an hour late counts five times", _in_time),
    "few_changes": Profile("section, grade and groove changes count three times", _few_changes),
    "little_scrap": Profile(
        "scrap brings nothing, and costs what it costs to be rid of", _little_scrap
    ),
    "low_energy": Profile(
        "gas and electricity cost three times as much, a tonne being worth what it was: "
        "orders are made near their lower bounds",
        _low_energy,
    ),
    "low_carbon": Profile(
        "CO2 costs five times as much, and at least 400 a tonne, a tonne being worth what it was: "
        "orders are made near their lower bounds",
        _low_carbon,
    ),
    "lexicographic": Profile(
        "the first goal as good as it gets, then the next without harm to it, cost last",
        _as_it_is,
        ("lateness", "scrap", "energy"),
    ),
    "no_worse": Profile(
        "the cheapest plan that is in no goal worse than the plan it starts from",
        _as_it_is,
        tuple(GOALS),
        needs_plan=True,
    ),
    "pareto": Profile(
        "several plans, none of which is better in one goal without being worse in another",
        _as_it_is,
        ("lateness", "scrap", "energy"),
    ),
}


def weighed(problem: MillProblem, profile: str) -> MillProblem:
    """Return the problem as a search with ``profile`` shall see it."""
    return PROFILES[profile].weighed(problem)
