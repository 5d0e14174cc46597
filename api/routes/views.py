"""What is shown of a schedule: figures, reasons, chart, report and files."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from api import exports, rendering
from api.b2mml import operations_schedule
from api.pages.gantt_svg import gantt_svg
from api.pages.report_html import report_html
from api.planning.actuals import carried_over
from api.security.identity import Client, Reader
from api.services import Here, Services
from api.store import job_orders, schedules
from api.wire.body import CSV, JSON, XLSX
from api.wire.models import problems
from api.wire.schedules import ExplanationOut, KpisOut
from scheduler.report import Report

router = APIRouter(prefix="/v1/schedules", tags=["schedules"])


def _report(here: Services, client: Client, schedule: str) -> Report:
    return rendering.report_of(here.store.read(schedules.stored_plan, client.mill, schedule))


@router.get("/{schedule}/kpis", response_model=KpisOut, responses=problems(404))
def get_kpis(schedule: str, here: Here, client: Reader) -> Any:
    """Return the key figures, with the planner's rule's beside them."""
    report = _report(here, client, schedule)
    return {
        "schedule": schedule,
        "reference": report.reference_name,
        "summary": list(report.summary),
        "kpis": [rendering.kpi_document(kpi) for kpi in report.kpis],
    }


@router.get("/{schedule}/explanation", response_model=ExplanationOut, responses=problems(404))
def get_explanation(schedule: str, here: Here, client: Reader) -> Any:
    """Say of every order why it is late, short or not made, and of every change what it costs."""
    report = _report(here, client, schedule)
    return {
        "schedule": schedule,
        "summary": list(report.summary),
        "orders": [rendering.order_document(report, story) for story in report.orders],
        "changes": [rendering.change_document(report, story) for story in report.changes],
    }


@router.get("/{schedule}/gantt", responses=problems(404))
def get_gantt(schedule: str, here: Here, client: Reader) -> dict[str, Any]:
    """Return the chart's rows: s from `origin`, g, 1/10 000 of the currency, W."""
    report = _report(here, client, schedule)
    return rendering.gantt_document(report)


@router.get(
    "/{schedule}/gantt.svg",
    response_class=Response,
    responses={
        200: {"description": "The chart.", "content": {"image/svg+xml": {}}},
        **problems(404),
    },
)
def get_gantt_svg(schedule: str, here: Here, client: Reader) -> Response:
    """Draw the plan: lots, changes, idle time, closures, due dates, prices, power, wear."""
    report = _report(here, client, schedule)
    return Response(gantt_svg(report), media_type="image/svg+xml")


@router.get("/{schedule}/report.html", response_class=HTMLResponse, responses=problems(404))
def get_report(schedule: str, here: Here, client: Reader) -> Response:
    """Return the whole report as one file that opens offline."""
    report = _report(here, client, schedule)
    name = f'inline; filename="{schedule}.html"'
    return HTMLResponse(report_html(report), headers={"Content-Disposition": name})


@router.get(
    "/{schedule}/export",
    response_class=Response,
    responses={
        200: {
            "description": "The file.",
            "content": {CSV: {}, XLSX: {}, JSON: {}, "application/xml": {}},
        },
        **problems(404, 422),
    },
)
def export(
    schedule: str,
    here: Here,
    client: Reader,
    format: Annotated[Literal["csv", "xlsx", "json", "b2mml"], Query()] = "csv",
    table: Annotated[
        Literal["lots", "orders", "changes", "figures"], Query(description="of a CSV")
    ] = "lots",
) -> Response:
    """Return the plan as a file.

    All tables as XLSX, one as CSV, the schedule file itself, or a B2MML V0601 operations schedule.
    """
    stored = here.store.read(schedules.stored_plan, client.mill, schedule)
    if format == "json":
        return _file(stored.schedule.text, "application/json", f"{schedule}.json")
    if format == "b2mml":
        rows = here.store.read(job_orders.of_lineage, client.mill, schedule)
        states = {place: str(row.state) for place, row in carried_over(stored, rows).items()}
        text = operations_schedule(rendering.report_of(stored), schedule, states)
        return _file(text, "application/xml", f"{schedule}.xml")
    parts = exports.tables(rendering.report_of(stored))
    if format == "xlsx":
        return _file(exports.xlsx_bytes(parts), XLSX, f"{schedule}.xlsx")
    chosen = next(part for part in parts if part.name == table)
    text = exports.csv_text(chosen)
    return _file(text, "text/csv; charset=utf-8", f"{schedule}-{table}.csv")


def _file(content: str | bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
