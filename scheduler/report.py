"""A plan as a planner reads it: key figures beside the rule's, chart rows, reasons, summary.

Pure: a function of the problem, the schedule and, where given, a reference schedule. Pictures,
pages and exports draw a ``Report`` and compute nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduler.evaluation import Evaluation, Violation
from scheduler.explain import ChangeStory, OrderStory, change_stories, order_stories
from scheduler.gantt import GanttRows
from scheduler.gantt_rows import gantt_rows
from scheduler.gap import gap
from scheduler.kpi_rows import beside, kpi_rows
from scheduler.kpis import Kpi, amount, percent
from scheduler.lot_rows import LotRow, lot_rows
from scheduler.mill import MillProblem
from scheduler.mill_evaluation import case_of, evaluate_case
from scheduler.schedule import Schedule

HEADLINE = (
    "cost",
    "scrap.trim",
    "energy.total.money_per_tonne",
    "delivery.late",
    "delivery.tardiness",
    "delivery.unscheduled",
    "changes.section",
    "time.utilisation",
)
"""Keys of the figures that stand above the chart."""


@dataclass(frozen=True, slots=True)
class Run:
    """Where a plan comes from; the reader can repeat it from this.

    elapsed: s of search. lower_bound: proven, in the currency's unit. parameters, versions: plain
    JSON values.
    """

    solver: str = "hand-made plan"
    seed: int | None = None
    iterations: int | None = None
    elapsed: float | None = None
    stop_reason: str = ""
    lower_bound: float | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is shown of one plan."""

    run: Run
    cost: float
    gantt: GanttRows
    kpis: tuple[Kpi, ...]
    orders: tuple[OrderStory, ...]
    lots: tuple[LotRow, ...]
    changes: tuple[ChangeStory, ...]
    violations: tuple[Violation, ...]
    summary: tuple[str, ...]
    reference_name: str = ""

    @property
    def headline(self) -> tuple[Kpi, ...]:
        """Return the key figures that stand above the chart."""
        by_key = {kpi.key: kpi for kpi in self.kpis}
        return tuple(by_key[key] for key in HEADLINE if key in by_key)

    @property
    def reference_short(self) -> str:
        """Return the last word of the reference's name, for where there is no room for more."""
        return self.reference_name.rpartition(" ")[2]

    @property
    def gap(self) -> float | None:
        """The gap between cost and lower bound (`scheduler.gap`)."""
        return gap(self.cost, self.run.lower_bound)


def report_on(
    problem: MillProblem,
    schedule: Schedule,
    *,
    run: Run | None = None,
    reference: Schedule | None = None,
    reference_name: str = "planner's rule",
) -> Report:
    """Return the report of ``schedule``, with the figures of ``reference`` beside its own.

    Raises
    ------
    UnusableScheduleError
        When a schedule names something that the problem does not know.
    """
    case = case_of(problem, schedule)
    evaluation = evaluate_case(case)
    gantt = gantt_rows(case)
    kpis = kpi_rows(case, evaluation, gantt)
    if reference is not None:
        other = case_of(problem, reference)
        rows = kpi_rows(other, evaluate_case(other), gantt_rows(other))
        kpis = beside(kpis, rows)
    orders = order_stories(case, gantt, evaluation)
    return Report(
        run=run or Run(),
        cost=evaluation.cost,
        gantt=gantt,
        kpis=kpis,
        orders=orders,
        lots=lot_rows(case, gantt),
        changes=change_stories(case),
        violations=evaluation.violations,
        summary=tuple(summary(kpis, evaluation, reference_name if reference else "")),
        reference_name=reference_name if reference is not None else "",
    )


def _unit(kpi: Kpi) -> str:
    """Return the unit of a figure's value in a sentence: 1 order, 2 orders."""
    return kpi.unit[:-1] if kpi.value == 1 and kpi.unit in ("orders", "changes") else kpi.unit


def summary(kpis: tuple[Kpi, ...], evaluation: Evaluation, reference: str = "") -> list[str]:
    """Return a few plain sentences: what it costs, what is late, what is scrapped."""
    by_key = {kpi.key: kpi for kpi in kpis}

    def say(key: str) -> str:
        kpi = by_key[key]
        shown = f"{amount(kpi.value, kpi.unit)} {_unit(kpi)}"
        if kpi.reference is None:
            return shown
        change = percent(kpi.difference_percent)
        beside = f"{reference} {amount(kpi.reference, kpi.unit)}"
        return f"{shown} ({beside}{', ' + change if change else ''})"

    broken = len(evaluation.violations)
    return [
        "The plan keeps all constraints."
        if not broken
        else f"The plan has {broken} violation{'s' * (broken > 1)}.",
        f"It costs {say('cost')}.",
        f"Trim scrap is {say('scrap.trim')}, of it avoidable {say('scrap.avoidable')}.",
        f"Energy is {say('energy.total')}, at {say('energy.total.money')}.",
        f"Late are {say('delivery.late')}, in all {say('delivery.tardiness')};"
        f" not made {say('delivery.unscheduled')}.",
        f"Changes: {say('changes.section')} of section, {say('changes.grade')} of grade,"
        f" {say('changes.groove')} of groove.",
    ]
