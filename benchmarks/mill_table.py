"""Mill books against the planner's rule: scrap by kind, energy by kind, tardiness, cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.table import markdown
from scheduler.gap import gap
from scheduler.kpis import Kpi, amount, percent
from scheduler.mill import MillProblem
from scheduler.report import report_on
from scheduler.schedule import Schedule
from solvers.bound import Bound
from solvers.or_tools.mill_bound import EnergyBound
from solvers.planner_rule import PlannerRule
from solvers.stopping import MaxIterations

RULE = PlannerRule.name
ROWS = (
    "cost",
    "cost_per_tonne",
    "scrap.delivered",
    "scrap.crop",
    "scrap.cut",
    "scrap.transition",
    "scrap.surplus",
    "scrap.trim",
    "scrap.avoidable",
    "energy.reheating_gas",
    "energy.holding_gas",
    "energy.rolling_electricity",
    "energy.base_electricity",
    "energy.total",
    "energy.total.money",
    "energy.total.money_per_tonne",
    "peak",
    "delivery.late",
    "delivery.tardiness",
    "delivery.weighted_tardiness",
    "delivery.unscheduled",
    "delivery.shortage",
    "changes.section",
    "changes.groove",
)
"""Keys of the figures shown, in order."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The key figures of one plan, each beside the rule's on the same book.

    bound, energy: proven for the book, where they were: its cost, and a tonne's energy cost.
    """

    instance: str
    solver: str
    kpis: dict[str, Kpi]
    bound: Bound | None = None
    energy: EnergyBound | None = None

    @property
    def cheaper(self) -> bool:
        """Whether the plan costs less than the rule's."""
        cost = self.kpis["cost"]
        return cost.reference is not None and cost.value < cost.reference

    @property
    def gaps(self) -> tuple[float, float] | None:
        """The proven gap in percent of the total cost, and of its avoidable part."""
        cost = self.kpis["cost"].value
        if self.bound is None:
            return None
        total, avoidable = gap(cost, self.bound.value), self.bound.avoidable_gap(cost)
        return None if total is None or avoidable is None else (100 * total, 100 * avoidable)

    @property
    def savings(self) -> tuple[float, float] | None:
        """The most that a plan can save of the rule's cost, in percent; this one's share of it."""
        return None if self.bound is None else saved(self.kpis["cost"], self.bound.value)

    @property
    def energy_savings(self) -> tuple[float, float] | None:
        """The same of the energy cost per tonne."""
        kpi = self.kpis.get("energy.total.money_per_tonne")
        return None if self.energy is None or kpi is None else saved(kpi, self.energy.value)


def saved(kpi: Kpi, bound: float) -> tuple[float, float] | None:
    """Return the most that can be saved of the rule's figure, in percent, and the share that is.

    None where there is no figure of the rule above the bound.
    """
    if kpi.reference is None or bound >= kpi.reference:
        return None
    most = kpi.reference - bound
    return 100 * most / kpi.reference, 100 * (kpi.reference - kpi.value) / most


def compare(
    instance: str,
    solver: str,
    problem: MillProblem,
    schedule: Schedule,
    bound: Bound | None,
    energy: EnergyBound | None,
) -> Comparison | None:
    """Return the figures of ``schedule`` beside the rule's; None where the rule finds nothing."""
    rule = PlannerRule().solve(problem, stop=MaxIterations(1)).solution
    if rule is None:
        return None
    report = report_on(problem, schedule, reference=rule)
    return Comparison(instance, solver, {kpi.key: kpi for kpi in report.kpis}, bound, energy)


def mill_table(comparisons: Sequence[Comparison], solver: str) -> str:
    """Return the medians over all books, the solver's beside the rule's, and how often it wins."""
    mine = [row for row in comparisons if row.solver == solver]
    head = ("", "unit", RULE, solver, "median change", "best", "worst", "no worse on")
    won = sum(row.cheaper for row in mine)
    title = f"{solver} against {RULE}, {len(mine)} books, medians; lower cost on {won}\n\n"
    table = markdown(head, [cells for key in ROWS if (cells := _cells(mine, key))])
    gaps = [row.gaps for row in mine if row.gaps is not None]
    return (
        title
        + table
        + _gaps(gaps)
        + _savings("plan", "cost", [s for row in mine if (s := row.savings)])
        + _savings(
            "plan that makes all orders",
            "energy cost per tonne",
            [s for row in mine if (s := row.energy_savings)],
        )
    )


def _gaps(gaps: Sequence[tuple[float, float]]) -> str:
    """Return a sentence on the proven gaps; nothing where no bound was proven."""
    if not gaps:
        return ""
    total, avoidable = zip(*gaps, strict=True)
    return (
        f"\nProven gap (docs/bounds.md): {median(total):.2f} % of the total cost in the median, "
        f"{min(total):.2f} to {max(total):.2f} %; of the avoidable part {median(avoidable):.1f} %, "
        f"{min(avoidable):.1f} to {max(avoidable):.1f} %.\n"
    )


def _savings(who: str, what: str, savings: Sequence[tuple[float, float]]) -> str:
    """Return a sentence on what is attainable of a figure; nothing where no bound was proven."""
    if not savings:
        return ""
    most, taken = zip(*savings, strict=True)
    return (
        f"\nAttainable: no {who} saves more than {median(most):.2f} % of the rule's {what} in the "
        f"median; of that bound {median(taken):.0f} % is saved ({min(taken):.0f} to "
        f"{max(taken):.0f} %).\n"
    )


def _cells(rows: Sequence[Comparison], key: str) -> tuple[str, ...] | None:
    kpis = [row.kpis[key] for row in rows if key in row.kpis]
    if not kpis:
        return None
    first = kpis[0]
    changes = [k.difference_percent for k in kpis if k.difference_percent is not None]
    changes.sort(reverse=first.better == "more")
    no_worse = sum(kpi.verdict != "worse" for kpi in kpis)
    return (
        first.label,
        first.unit,
        amount(median(kpi.reference or 0.0 for kpi in kpis), first.unit),
        amount(median(kpi.value for kpi in kpis), first.unit),
        percent(median(changes)) if changes else "-",
        percent(changes[0]) if changes else "-",
        percent(changes[-1]) if changes else "-",
        f"{no_worse}/{len(kpis)}",
    )
