"""Pages for planners, beside the documentation: jobs, one plan, plans compared."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from api.pages.shells import COMPARE, FRONT, HEADERS, JOBS, SCENARIOS, SCHEDULE, Shell, page

router = APIRouter(include_in_schema=False)


@router.get("/")
def home() -> RedirectResponse:
    """Lead to the plans."""
    return RedirectResponse("/jobs")


@router.get("/jobs")
def jobs_page() -> HTMLResponse:
    """Show the jobs, and start new ones."""
    return _page(JOBS)


@router.get("/schedules/{schedule}")
def schedule_page(schedule: str) -> HTMLResponse:
    """Show a plan; the page's script asks for it."""
    return _page(SCHEDULE)


@router.get("/scenarios")
@router.get("/scenarios/{scenario}")
def scenarios_page(scenario: str = "") -> HTMLResponse:
    """Show the scenarios, or one of them; the page's script asks for it."""
    return _page(SCENARIOS)


@router.get("/fronts/{job}")
def front_page(job: str) -> HTMLResponse:
    """Show the front that a job found; the page's script asks for it."""
    return _page(FRONT)


@router.get("/compare")
def compare_page() -> HTMLResponse:
    """Compare two plans."""
    return _page(COMPARE)


def _page(shell: Shell) -> HTMLResponse:
    return HTMLResponse(page(shell), headers=HEADERS)
