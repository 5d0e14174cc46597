"""The key figures of a plan, in the order a planner reads them; every amount is the evaluator's."""

from collections.abc import Iterator
from dataclasses import replace

from scheduler.evaluation import Evaluation
from scheduler.gantt import GanttRows
from scheduler.kpis import Kpi
from scheduler.mill import MONEY, TONNE
from scheduler.scrap import delivered, scale, trim, unavoidable_crop
from scheduler.terms import ENERGY, TRIM
from scheduler.violations import Case
from scheduler.walk import GRADE_CHANGES, GROOVE_CHANGES, SECTION_CHANGES

HOUR = 3600
MWH = 1_000_000

TERM_LABELS = {
    "stock": "Steel charged",
    "crop": "Resale of crop scrap",
    "cut": "Resale of cut scrap",
    "transition": "Transition scrap less resale",
    "surplus": "Resale of surplus",
    "reheating_gas": "Reheating gas",
    "holding_gas": "Holding gas",
    "rolling_electricity": "Rolling electricity",
    "base_electricity": "Base electricity",
    "co2": "CO2",
    "peak": "Peak power",
    "tardiness": "Tardiness",
    "changes": "Changes",
    "margin": "Margin inside the tolerances",
    "shortage": "Shortage",
    "stability": "Moves against the frozen plan",
}
SCRAP_LABELS = {
    "crop": "Crop scrap",
    "cut": "Cut scrap",
    "transition": "Transition scrap",
    "surplus": "Surplus scrap",
}


def kpi_rows(case: Case, evaluation: Evaluation, gantt: GanttRows) -> tuple[Kpi, ...]:
    """Return all key figures of a plan; ``beside`` adds those of a reference plan."""
    return (
        *_money(case, evaluation),
        *_scrap(case, evaluation),
        *_energy(case, evaluation),
        *_delivery(case, evaluation),
        *_changes(case, gantt),
        *_time(gantt),
    )


def beside(rows: tuple[Kpi, ...], reference: tuple[Kpi, ...]) -> tuple[Kpi, ...]:
    """Return ``rows`` with the values of ``reference`` beside them."""
    values = {row.key: row.value for row in reference}
    return tuple(replace(row, reference=values.get(row.key)) for row in rows)


def _money(case: Case, evaluation: Evaluation) -> Iterator[Kpi]:
    currency = case.problem.currency
    yield Kpi("cost", "Cost", "Total cost", currency, evaluation.cost)
    tonnes = delivered(case.mill, case.timeline) / TONNE
    if tonnes:
        per_tonne = f"{currency}/t"
        # The margin's worth of tonnes beyond the targets is no cost of the tonnes made.
        spent = evaluation.cost - evaluation.terms["margin"].money / MONEY
        yield Kpi("cost_per_tonne", "Cost", "Per tonne delivered", per_tonne, spent / tonnes)
    given = evaluation.terms["stock"].money + evaluation.terms["margin"].money
    yield Kpi("cost_of_planning", "Cost", "Total less steel and margin", currency,
              evaluation.cost - given / MONEY)  # fmt: skip
    for name, term in evaluation.terms.items():
        label = TERM_LABELS.get(name, name)
        yield Kpi(f"cost.{name}", "Cost", label, currency, term.money / MONEY)


def _scrap(case: Case, evaluation: Evaluation) -> Iterator[Kpi]:
    charged = evaluation.terms["stock"].amount
    total = trim(evaluation)
    lost = scale(case.problem, case.timeline)
    avoidable = total - unavoidable_crop(case.problem)

    def row(key: str, label: str, mass: int) -> Kpi:
        share = 100 * mass / charged if charged else 0.0
        return Kpi(f"scrap.{key}", "Scrap", label, "t", mass / TONNE, share=share,
                   share_of="of charged")  # fmt: skip

    for kind in TRIM:
        yield row(kind, SCRAP_LABELS[kind], evaluation.terms[kind].amount)
    yield row("trim", "Trim scrap, all four", total)
    yield row("avoidable", "of it avoidable", avoidable)
    yield row("scale", "Scale", lost)
    made = delivered(case.mill, case.timeline)
    yield replace(row("charged", "Charged", charged), better="neither", share=None)
    yield replace(row("delivered", "Delivered (yield)", made), better="more")


def _energy(case: Case, evaluation: Evaluation) -> Iterator[Kpi]:
    currency = case.problem.currency
    tonnes = delivered(case.mill, case.timeline) / TONNE

    def rows(key: str, label: str, amount: int, money: int) -> Iterator[Kpi]:
        yield Kpi(f"energy.{key}", "Energy", label, "MWh", amount / MWH)
        yield Kpi(f"energy.{key}.money", "Energy", f"{label} cost", currency, money / MONEY)
        if tonnes:
            yield Kpi(f"energy.{key}.per_tonne", "Energy", f"{label} per tonne", "kWh/t",
                      amount / 1000 / tonnes)  # fmt: skip
            yield Kpi(f"energy.{key}.money_per_tonne", "Energy",
                      f"{label} cost per tonne", f"{currency}/t",
                      money / MONEY / tonnes)  # fmt: skip

    terms = [evaluation.terms[name] for name in ENERGY]
    for name, term in zip(ENERGY, terms, strict=True):
        yield from rows(name, TERM_LABELS[name], term.amount, term.money)
    total = sum(term.amount for term in terms), sum(term.money for term in terms)
    yield from rows("total", "Energy", *total)
    yield Kpi("co2", "Energy", "CO2", "t", evaluation.terms["co2"].amount / TONNE)
    yield Kpi("peak", "Energy", "Highest quarter-hour power", "MW",
              evaluation.terms["peak"].amount / 1e6)  # fmt: skip


def _delivery(case: Case, evaluation: Evaluation) -> Iterator[Kpi]:
    orders, timeline = case.mill.orders, case.timeline
    count = len(case.problem.orders)
    made = timeline.made > 0
    late = made & (timeline.last > orders.due_date)
    short = made & (timeline.made < orders.lower)
    weighted = ((timeline.last - orders.due_date) * orders.weight)[late].sum() / 1000 / HOUR

    def row(key: str, label: str, unit: str, value: float) -> Kpi:
        share = 100 * value / count if unit == "orders" and count else None
        return Kpi(f"delivery.{key}", "Delivery", label, unit, value, share=share,
                   share_of="of all orders" if share is not None else "")  # fmt: skip

    yield row("late", "Orders late", "orders", int(late.sum()))
    yield row(
        "tardiness", "Hours late, all orders", "h", evaluation.terms["tardiness"].amount / HOUR
    )
    yield row("weighted_tardiness", "Hours late by weight", "h", float(weighted))
    yield row("unscheduled", "Orders not made", "orders", int((~made).sum()))
    yield row("short", "Orders made short", "orders", int(short.sum()))
    yield row("shortage", "Missing", "t", evaluation.terms["shortage"].amount / TONNE)


def _changes(case: Case, gantt: GanttRows) -> Iterator[Kpi]:
    columns = {
        "section": ("Section changes", SECTION_CHANGES),
        "grade": ("Grade changes", GRADE_CHANGES),
        "groove": ("Groove changes", GROOVE_CHANGES),
    }
    for key, (label, column) in columns.items():
        number = int(case.timeline.outcome[:, column].sum())
        yield Kpi(f"changes.{key}", "Changes", label, "changes", number)
    for key, label, kind in (
        ("changeover_hours", "Changeover time", "changeover"),
        ("groove_hours", "Groove change time", "groove_change"),
    ):
        yield Kpi(f"changes.{key}", "Changes", label, "h", _hours(gantt, kind))


def _hours(gantt: GanttRows, kind: str) -> float:
    bars = (bar for line in gantt.lines for bar in line.activities if bar.kind == kind)
    return sum(bar.end - bar.start for bar in bars) / HOUR


def _time(gantt: GanttRows) -> Iterator[Kpi]:
    rolling = sum(line.rolling for line in gantt.lines)
    elapsed = sum(line.open_until_end for line in gantt.lines)
    ends = [line.lots[-1].end for line in gantt.lines if line.lots]
    yield Kpi("time.rolling", "Time", "Rolling, all lines", "h", rolling / HOUR, better="neither")
    yield Kpi("time.utilisation", "Time", "Utilisation while open", "%",
              100 * rolling / elapsed if elapsed else 0.0, better="more")  # fmt: skip
    yield Kpi("time.idle", "Time", "Idle between lots", "h", _hours(gantt, "idle"))
    yield Kpi("time.end", "Time", "Last lot ends after", "h", max(ends, default=0) / HOUR,
              better="neither")  # fmt: skip
