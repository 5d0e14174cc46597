"""The tables of the report: orders with reasons, lots with cut plans, changes, figures, run."""

import json
from itertools import groupby

from api.pages.markup import Markup, join, tag, text
from api.pages.tables import Cell, figure, row, table, words
from scheduler.clock import duration, stamp
from scheduler.evaluation import Violation
from scheduler.explain import ChangeStory, OrderStory
from scheduler.kpis import Kpi, amount, percent, signed
from scheduler.lot_rows import CutRow, LotRow
from scheduler.mill import MONEY, TONNE
from scheduler.report import Report

ORDER = {"not made": 0, "late": 1, "short": 2, "in time": 3}
"""Trouble first."""


def orders_table(report: Report) -> Markup:
    """Return every order with its status and reasons, those in trouble first."""
    heads = ("Order", "Status", "Why", "Section", "Grade", ">Due", ">Finished", ">Late", ">Made",
             ">Wanted", "Lots", f">Cost, {report.gantt.currency}")  # fmt: skip
    stories = sorted(report.orders, key=lambda story: (ORDER[story.status], -story.cost, story.due))
    rows = [_order_row(report, story) for story in stories]
    return table("orders", "Orders with status and reasons", heads, rows)


def _order_row(report: Report, story: OrderStory) -> Markup:
    origin = report.gantt.origin
    due, last = stamp(origin, story.due), "not made"
    if story.last is not None:
        last = stamp(origin, story.last)
    where = ", ".join(f"{line}/{number}" for line, number in story.lots)
    status = Cell(
        tag("span", text(story.status), class_=f"badge {story.status.replace(' ', '-')}"),
        ORDER[story.status],
    )
    return row(
        (
            words(story.order),
            status,
            _why(story),
            words(story.section),
            words(story.grade),
            figure(due, story.due),
            figure(last, -1 if story.last is None else story.last),
            figure(duration(story.late) if story.late else "", story.late),
            figure(_quantity(story, story.made), story.mass),
            figure(_quantity(story, story.target), story.target),
            words(where),
            figure(f"{story.cost / MONEY:,.0f}" if story.cost else "", story.cost),
        ),
        data_order=story.order,
        data_section=story.section,
        data_grade=story.grade,
        data_status=story.status,
    )


def _why(story: OrderStory) -> Cell:
    reasons = tag("ul", *(tag("li", text(reason)) for reason in story.reasons))
    summary = tag("summary", text(story.cause or "in detail"))
    return Cell(tag("details", summary, reasons), story.cause)


def _quantity(story: OrderStory, value: int) -> str:
    return f"{value / TONNE:,.1f} t" if story.unit == "g" else f"{value:,} pcs"


def lots_table(report: Report) -> Markup:
    """Return every lot with its cut plan."""
    currency = report.gantt.currency
    heads = ("Lot", "Section", "Grade", ">Start", ">End", ">Billets", ">Charged, t",
             ">Groove wear", ">Furnace, °C", ">Energy, kWh/t", f">Making, {currency}",
             f">Steel, {currency}", "Orders", "Cut plan")  # fmt: skip
    rows = [_lot_row(report, index, lot) for index, lot in enumerate(report.lots)]
    return table("lots", "Lots with cut plans", heads, rows)


def _lot_row(report: Report, index: int, lot: LotRow) -> Markup:
    bar, origin = lot.bar, report.gantt.origin
    late = set(bar.late)
    orders = [
        tag("strong", text(name), class_="late") if name in late else text(name)
        for name in bar.orders
    ]
    wear = f"{bar.wear_before / 1e4:.0f} to {bar.wear_after / 1e4:.0f} %"
    per_tonne = lot.energy / 1000 / (bar.charged / TONNE) if bar.charged else 0.0
    return row(
        (
            Cell(text(f"{bar.line}/{bar.number}"), index),
            words(bar.section),
            words(bar.grade),
            figure(stamp(origin, bar.start), bar.start),
            figure(stamp(origin, bar.end), bar.end),
            figure(f"{bar.billets:,}", bar.billets),
            figure(f"{bar.charged / TONNE:,.1f}", bar.charged),
            figure(wear, bar.wear_after),
            figure(f"{bar.temperature / 10:.0f}", bar.temperature),
            figure(f"{per_tonne:,.0f}", per_tonne),
            figure(f"{lot.making / MONEY:,.0f}", lot.making),
            figure(f"{lot.steel / MONEY:,.0f}", lot.steel),
            Cell(join(orders, ", ")),
            _cuts(lot),
        ),
        data_lot=index,
        data_line=bar.line,
        data_section=bar.section,
        data_grade=bar.grade,
        data_orders=json.dumps(bar.orders),
    )


def _cuts(lot: LotRow) -> Cell:
    items = tag("ul", *(tag("li", text(cut_text(cut))) for cut in lot.cuts))
    count = len(lot.cuts)
    summary = tag("summary", text("1 pattern" if count == 1 else f"{count} patterns"))
    return Cell(tag("details", summary, items), count)


def cut_text(cut: CutRow) -> str:
    """Return e.g. ``12 billets of K, each 64 of A1 + 2 of A7, 3.1 kg left``."""
    pieces = " + ".join(f"{number} of {order}" for order, number in cut.pieces) or "nothing"
    left = f", {cut.left / 1000:,.1f} kg left" if cut.left else ""
    billets = "billet" if cut.count == 1 else "billets"
    return f"{cut.count:,} {billets} of {cut.stock}, each {pieces}{left}"


def changes_table(report: Report) -> Markup:
    """Return what every change of section, grade or groove costs."""
    currency, origin = report.gantt.currency, report.gantt.origin
    heads = ("Before lot", "What", ">Start", ">Time", ">Scrap, t", f">Scrap, {currency}",
             f">Change, {currency}")  # fmt: skip
    rows = [
        row(
            (
                Cell(text(f"{change.line}/{change.lot}"), index),
                words(_what_changes(change)),
                figure(stamp(origin, change.start), change.start),
                figure(duration(change.end - change.start), change.end - change.start),
                figure(f"{change.scrap / TONNE:.1f}", change.scrap),
                figure(f"{change.scrap_cost / MONEY:,.0f}", change.scrap_cost),
                figure(f"{change.change_cost / MONEY:,.0f}", change.change_cost),
            ),
            data_line=change.line,
        )
        for index, change in enumerate(report.changes)
    ]
    return table("changes", "Changes and what they cost", heads, rows)


def _what_changes(change: ChangeStory) -> str:
    return "; ".join([change.label] * bool(change.label) + ["groove change"] * change.groove)


def kpi_table(report: Report) -> Markup:
    """Return all key figures, those of the reference plan beside them."""
    beside = bool(report.reference_name)
    heads = ["Figure", ">Plan", "Unit"]
    if beside:
        heads += [">" + report.reference_name.capitalize(), ">Difference", ">In %"]
    rows: list[Markup] = []
    for group, kpis in groupby(report.kpis, key=lambda kpi: kpi.group):
        rows.append(tag("tr", tag("th", text(group), colspan=len(heads), scope="rowgroup",
                                  class_="group")))  # fmt: skip
        rows += [_kpi_row(kpi, beside) for kpi in kpis]
    return table("figures", "Key figures", heads, rows, sortable=False)


def _kpi_row(kpi: Kpi, beside: bool) -> Markup:
    value = amount(kpi.value, kpi.unit)
    if kpi.share is not None:
        value += f" ({kpi.share:.2f} % {kpi.share_of})"
    cells = [words(kpi.label), figure(value, kpi.value), words(kpi.unit)]
    if beside:
        reference = "" if kpi.reference is None else amount(kpi.reference, kpi.unit)
        change = "" if kpi.difference is None else signed(kpi.difference, kpi.unit)
        cells += [
            figure(reference, kpi.reference or 0.0),
            figure(change, kpi.difference or 0.0, kpi.verdict),
            figure(percent(kpi.difference_percent), kpi.difference_percent or 0.0, kpi.verdict),
        ]
    return row(cells, data_key=kpi.key)


def violations_table(report: Report) -> Markup:
    """Return every broken constraint, or say that there is none."""
    if not report.violations:
        return tag("p", text("None: the plan keeps all constraints."))
    rows = [
        row(
            (
                words(broken.code),
                words(broken.where),
                figure(magnitude(broken), broken.magnitude),
                words(broken.detail),
            )
        )
        for broken in report.violations
    ]
    heads = ("Code", "Where", ">Magnitude", "Detail")
    return table("violations", "Violations", heads, rows)


def magnitude(broken: Violation) -> str:
    """Return how much a constraint is broken by, in the unit a person would use."""
    if broken.unit == "s":
        return duration(round(broken.magnitude))
    larger = {"g": (TONNE, "t"), "W": (TONNE, "MW")}.get(broken.unit)
    if larger is not None:
        return f"{broken.magnitude / larger[0]:,.3f} {larger[1]}"
    return f"{broken.magnitude:,.0f} {broken.unit}"


def run_table(report: Report) -> Markup:
    """Return how the plan was found: enough to find it again."""
    run, currency = report.run, report.gantt.currency
    pairs: list[tuple[str, str]] = [("Solver", run.solver)]
    optional = (
        ("Seed", run.seed, "{}"),
        ("Iterations", run.iterations, "{:,}"),
        ("Search time", run.elapsed, "{:.1f} s"),
        ("Proven lower bound", run.lower_bound, "{:,.0f} " + currency),
        ("Gap to the bound", None if report.gap is None else 100 * report.gap, "{:.2f} %"),
    )
    pairs += [(name, form.format(value)) for name, value, form in optional if value is not None]
    if run.stop_reason:
        pairs.append(("Stopped by", run.stop_reason))
    pairs += [(f"Parameter {name}", str(value)) for name, value in run.parameters.items()]
    pairs += [(f"Version of {name}", value) for name, value in run.versions.items()]
    rows = [row((words(name), words(value))) for name, value in pairs]
    return table("run", "How the plan was found", ("What", "Value"), rows, sortable=False)
