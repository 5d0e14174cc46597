"""Mill books against the planner's rule: scrap by kind, energy by kind, tardiness, cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.table import markdown
from scheduler.kpis import Kpi, amount, percent
from scheduler.mill import MillProblem
from scheduler.report import report_on
from scheduler.schedule import Schedule
from solvers.planner_rule import PlannerRule
from solvers.stopping import MaxIterations

RULE = PlannerRule.name
ROWS = (
    "cost",
    "cost_per_tonne",
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
    """The key figures of one plan, each beside the rule's on the same book."""

    instance: str
    solver: str
    kpis: dict[str, Kpi]

    @property
    def cheaper(self) -> bool:
        """Whether the plan costs less than the rule's."""
        cost = self.kpis["cost"]
        return cost.reference is not None and cost.value < cost.reference


def compare(
    instance: str, solver: str, problem: MillProblem, schedule: Schedule
) -> Comparison | None:
    """Return the figures of ``schedule`` beside the rule's; None where the rule finds nothing."""
    rule = PlannerRule().solve(problem, stop=MaxIterations(1)).solution
    if rule is None:
        return None
    report = report_on(problem, schedule, reference=rule)
    return Comparison(instance, solver, {kpi.key: kpi for kpi in report.kpis})


def mill_table(comparisons: Sequence[Comparison], solver: str) -> str:
    """Return the medians over all books, the solver's beside the rule's, and how often it wins."""
    mine = [row for row in comparisons if row.solver == solver]
    head = ("", "unit", RULE, solver, "median change", "best", "worst", "no worse on")
    won = sum(row.cheaper for row in mine)
    title = f"{solver} against {RULE}, {len(mine)} books, medians; lower cost on {won}\n\n"
    return title + markdown(head, [cells for key in ROWS if (cells := _cells(mine, key))])


def _cells(rows: Sequence[Comparison], key: str) -> tuple[str, ...] | None:
    kpis = [row.kpis[key] for row in rows if key in row.kpis]
    if not kpis:
        return None
    first = kpis[0]
    changes = [k.difference_percent for k in kpis if k.difference_percent is not None]
    no_worse = sum(kpi.verdict != "worse" for kpi in kpis)
    return (
        first.label,
        first.unit,
        amount(median(kpi.reference or 0.0 for kpi in kpis), first.unit),
        amount(median(kpi.value for kpi in kpis), first.unit),
        percent(median(changes)) if changes else "-",
        percent(min(changes)) if changes else "-",
        percent(max(changes)) if changes else "-",
        f"{no_worse}/{len(kpis)}",
    )
