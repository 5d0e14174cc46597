"""``/jobs``, ``/schedules/{id}`` and ``/compare``: pages for planners, filled by their scripts."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.pages.shells import COMPARE, HEADERS, JOBS, SCHEDULE, page

router = APIRouter(include_in_schema=False)


@router.get("/jobs")
def jobs_page() -> HTMLResponse:
    """Show the jobs with their live progress."""
    return HTMLResponse(page(JOBS), headers=HEADERS)


@router.get("/schedules/{schedule}")
def schedule_page(schedule: str) -> HTMLResponse:  # noqa: ARG001  # read by the page's script
    """Show a plan."""
    return HTMLResponse(page(SCHEDULE), headers=HEADERS)


@router.get("/compare")
def compare_page() -> HTMLResponse:
    """Show two plans side by side."""
    return HTMLResponse(page(COMPARE), headers=HEADERS)
