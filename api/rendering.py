"""What is shown of a stored schedule. A schedule never changes, so its report is made once."""

import json
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from api.planning.problems import stored_problem, stored_schedule
from api.store.documents import Document
from api.store.schedules import StoredPlan
from scheduler.clock import instant
from scheduler.explain import ChangeStory, OrderStory
from scheduler.gantt import LotBar
from scheduler.kpis import Kpi, digits
from scheduler.mill import MONEY, TONNE
from scheduler.neighbours import neighbours
from scheduler.report import Report, Run, report_on


def report_of(stored: StoredPlan) -> Report:
    """Return the report of a stored schedule."""
    run = json.dumps(stored.row.run, sort_keys=True)
    return _report(stored.problem, stored.schedule, stored.reference, run)


@lru_cache(maxsize=16)
def _report(problem: Document, schedule: Document, reference: Document | None, run: str) -> Report:
    mill = stored_problem(problem)
    return report_on(
        mill,
        stored_schedule(schedule, mill),
        run=Run(**json.loads(run)),
        reference=None if reference is None else stored_schedule(reference, mill),
    )


def kpi_document(kpi: Kpi) -> dict[str, Any]:
    """Return a key figure as JSON values."""
    return {
        **asdict(kpi),
        "difference": kpi.difference,
        "difference_percent": kpi.difference_percent,
        "verdict": kpi.verdict,
        "digits": digits(kpi.unit),
    }


def order_document(report: Report, story: OrderStory) -> dict[str, Any]:
    """Return what becomes of an order as JSON values."""
    mass = story.unit == "g"

    def quantity(value: int) -> float:
        return value / 1000 if mass else value

    return {
        "order": story.order,
        "section": story.section,
        "grade": story.grade,
        "status": story.status,
        "cause": story.cause,
        "reasons": list(story.reasons),
        "due": _instant(report, story.due),
        "first": _instant(report, story.first),
        "last": _instant(report, story.last),
        "late_min": story.late / 60,
        "made": quantity(story.made),
        "target": quantity(story.target),
        "lower": quantity(story.lower),
        "unit": "kg" if mass else "pieces",
        "mass_t": story.mass / TONNE,
        "missing_t": story.missing / TONNE,
        "lots": [{"line": line, "number": number} for line, number in story.lots],
        "cost": story.cost / MONEY,
    }


def order_lots(report: Report, order: str) -> list[dict[str, Any]]:
    """Return the order's lots with what stands beside them as JSON values."""
    return [
        {
            "line": one.lot.line,
            "lot": one.lot.number,
            "start": _instant(report, one.lot.start),
            "end": _instant(report, one.lot.end),
            "before": one.before and _neighbour(one.before, one.change_to),
            "after": one.after and _neighbour(one.after, one.change_from),
        }
        for one in neighbours(report, order)
    ]


def _neighbour(lot: LotBar, change: ChangeStory | None) -> dict[str, Any]:
    cost = 0 if change is None else change.change_cost + change.scrap_cost
    return {
        "lot": lot.number,
        "section": lot.section,
        "grade": lot.grade,
        "change": "" if change is None else change.label,
        "change_min": 0 if change is None else (change.end - change.start) / 60,
        "change_cost": cost / MONEY,
    }


def change_document(report: Report, story: ChangeStory) -> dict[str, Any]:
    """Return what a change costs as JSON values."""
    return {
        "line": story.line,
        "lot": story.lot,
        "label": story.label,
        "start": _instant(report, story.start),
        "end": _instant(report, story.end),
        "section": story.section,
        "grade": story.grade,
        "groove": story.groove,
        "scrap_kg": story.scrap / 1000,
        "scrap_cost": story.scrap_cost / MONEY,
        "change_cost": story.change_cost / MONEY,
    }


def gantt_document(report: Report) -> dict[str, Any]:
    """Return the chart's rows as JSON values, in the inside units that the rows document."""
    rows = asdict(report.gantt)
    rows["origin"] = report.gantt.origin.isoformat()
    return rows


def _instant(report: Report, seconds: int | None) -> str | None:
    return None if seconds is None else instant(report.gantt.origin, seconds).isoformat()
