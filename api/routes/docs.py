"""``/docs``, ``/redoc`` and their assets: all vendored, nothing loads from the internet."""

from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

STATIC = Path(__file__).resolve().parent.parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Antmill API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/static/swagger-ui/favicon-32x32.png">
{head}</head><body>
{body}
</body></html>"""

SWAGGER = PAGE.format(
    head='<link rel="stylesheet" href="/static/swagger-ui/swagger-ui.css">\n',
    body='<div id="swagger-ui" data-openapi="/openapi.json"></div>\n'
    '<script src="/static/swagger-ui/swagger-ui-bundle.js"></script>\n'
    '<script src="/static/antmill/swagger.js"></script>',
)
REDOC = PAGE.format(
    head="<style>body{margin:0}</style>\n",
    body='<redoc spec-url="/openapi.json" disable-google-font="true"></redoc>\n'
    '<script src="/static/redoc/redoc.standalone.js"></script>',
)
HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def swagger_ui() -> HTMLResponse:
    """Show Swagger UI."""
    return HTMLResponse(SWAGGER, headers=HEADERS)


@router.get("/redoc")
def redoc() -> HTMLResponse:
    """Show ReDoc."""
    return HTMLResponse(REDOC, headers=HEADERS)


def install(app: FastAPI) -> None:
    """Serve the documentation and its assets."""
    app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
