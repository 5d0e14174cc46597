"""The report of one plan as a single HTML file that opens offline: no network, nothing missing."""

from base64 import b64encode
from hashlib import sha256

from api.pages.assets import asset
from api.pages.bars_svg import bars_svg
from api.pages.gantt_svg import gantt_svg
from api.pages.markup import Markup, data_block, join, tag, text
from api.pages.report_tables import (
    changes_table,
    kpi_table,
    lots_table,
    orders_table,
    run_table,
    violations_table,
)
from scheduler.clock import span
from scheduler.kpis import Kpi, amount, digits, percent
from scheduler.report import Report
from scheduler.terms import ENERGY, TRIM

STYLES = ("page.css", "gantt.css")
SCRIPTS = ("tables.js", "gantt.js", "gantt_hands.js", "report.js")


def report_html(report: Report) -> str:
    """Return the whole file; its own policy lets nothing but its own scripts run."""
    scripts = [asset(name) for name in SCRIPTS]
    page = tag(
        "html",
        tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", http_equiv="Content-Security-Policy", content=policy()),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("title", text(f"Plan {report.gantt.name}")),
            *(tag("style", Markup(asset(name))) for name in STYLES),
        ),
        tag("body", report_body(report), *(tag("script", Markup(code)) for code in scripts)),
        lang="en",
    )
    return f"<!doctype html>\n{page}\n"


def policy() -> str:
    """Return the content security policy of the file: its own scripts by digest, no network."""
    digests = [b64encode(sha256(asset(name).encode()).digest()).decode() for name in SCRIPTS]
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src {allowed}"


def report_body(report: Report) -> Markup:
    """Return the report without style sheets and scripts; ``report.js`` brings it to life."""
    trouble = sum(story.status != "in time" for story in report.orders)
    sections = (
        ("plan", "Plan", _chart(report)),
        ("where-it-goes", "Scrap and energy", _charts(report)),
        ("order-list", f"Orders ({trouble} of {len(report.orders)} late, short or not made)",
         orders_table(report)),
        ("lot-list", f"Lots ({len(report.lots)})", lots_table(report)),
        ("change-list", f"Changes ({len(report.changes)})", changes_table(report)),
        ("figure-list", "Key figures", kpi_table(report)),
        ("violation-list", f"Violations ({len(report.violations)})", violations_table(report)),
        ("run-list", "How the plan was found", run_table(report)),
    )  # fmt: skip
    links = [tag("a", text(title.split(" (")[0]), href=f"#{name}") for name, title, _ in sections]
    return tag(
        "main",
        _head(report),
        tag("nav", *links, aria_label="Parts of this report"),
        *(
            tag("section", tag("h2", text(title), id=f"{name}-title"), content, id=name,
                aria_labelledby=f"{name}-title")
            for name, title, content in sections
        ),
        data_block("antmill-data", _data(report)),
        class_="report",
    )  # fmt: skip


def _head(report: Report) -> Markup:
    rows = report.gantt
    when, broken = span(rows.origin, rows.end), len(report.violations)
    state = tag(
        "span",
        text(f"{broken} violations" if broken else "keeps all constraints"),
        class_="badge not-made" if broken else "badge in-time",
    )
    return tag(
        "header",
        tag("h1", text(rows.name)),
        tag(
            "p",
            text(f"{when}, planned by {report.run.solver} "),
            state,
            class_="note",
        ),
        tag("dl", *(_tile(kpi, report.reference_short) for kpi in report.headline), class_="tiles"),
        tag("p", text(" ".join(report.summary)), class_="summary"),
    )


def _tile(kpi: Kpi, reference: str) -> Markup:
    parts = [
        tag("dt", text(kpi.label)),
        tag("dd", text(f"{amount(kpi.value, kpi.unit)} "), tag("small", text(kpi.unit)),
            class_="value"),
    ]  # fmt: skip
    if kpi.reference is not None:
        change = tag("span", text(percent(kpi.difference_percent)), class_=kpi.verdict)
        beside = tag("span", text(f"{reference} {amount(kpi.reference, kpi.unit)}"))
        parts.append(tag("dd", beside, change, class_="note"))
    return tag("div", *parts, data_key=kpi.key)


def _chart(report: Report) -> Markup:
    """Return the chart that ``gantt.js`` makes zoom, and its controls (hidden without scripts)."""
    return tag(
        "div",
        tag("div", class_="controls", role="toolbar", aria_label="Chart", hidden=True),
        tag("div", gantt_svg(report, strips=1, prefix="chart-", header=False), class_="chart"),
        tag("div", class_="chosen-lot", aria_live="polite"),
        class_="gantt",
    )


def _charts(report: Report) -> Markup:
    """Return scrap and energy by kind, the plan's bars above the reference's."""
    by_key = {kpi.key: kpi for kpi in report.kpis}
    charts = (
        ("Scrap by kind, t", [f"scrap.{kind}" for kind in (*TRIM, "avoidable", "scale")]),
        ("Energy by kind, MWh", [f"energy.{kind}" for kind in ENERGY]),
        (f"Energy cost by kind, {report.gantt.currency}",
         [f"energy.{kind}.money" for kind in ENERGY]),
    )  # fmt: skip
    drawn = [
        tag(
            "figure",
            tag("figcaption", text(title)),
            bars_svg(title, [by_key[key] for key in keys], report.reference_name),
        )
        for title, keys in charts
    ]
    key = [tag("span", text("this plan"), class_="key mine")]
    if report.reference_name:
        key.append(tag("span", text(report.reference_name), class_="key theirs"))
    return tag("div", tag("p", join(key, " "), class_="note"), tag("div", *drawn, class_="charts"))


def _data(report: Report) -> dict[str, object]:
    """Return what scripts need beside the tables."""
    return {
        "name": report.gantt.name,
        "reference": report.reference_name,
        "kpis": [
            {"key": k.key, "group": k.group, "label": k.label, "unit": k.unit, "value": k.value,
             "better": k.better, "digits": digits(k.unit)}
            for k in report.kpis
        ],
    }  # fmt: skip
