"""Pages served beside Swagger UI: jobs, one plan, plans compared.

A page is an empty frame; its script asks the API for what it shows, with the reader's own rights.
"""

from dataclasses import dataclass

from api.pages.markup import Markup, tag, text
from api.pages.report_html import SCRIPTS

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
STYLES = ("page.css", "gantt.css")


@dataclass(frozen=True, slots=True)
class Shell:
    """A page: its title and the scripts that fill it, in order."""

    title: str
    scripts: tuple[str, ...]


JOBS = Shell("Plans", ("client.js", "jobs.js"))
SCHEDULE = Shell("Plan", ("client.js", *SCRIPTS, "release.js", "hand.js", "schedule.js"))
SCENARIOS = Shell("Scenarios", ("client.js", "tables.js", "scenarios.js"))
FRONT = Shell("Front", ("client.js", "tables.js", "front.js"))
COMPARE = Shell("Compare", ("client.js", "tables.js", "gantt.js", "gantt_hands.js", "compare.js"))


def page(shell: Shell) -> str:
    """Return the page's HTML."""
    scripts = [tag("script", src=_url(name)) for name in shell.scripts]
    links = (
        ("/jobs", "Plans"),
        ("/scenarios", "Scenarios"),
        ("/compare", "Compare"),
        ("/docs", "API"),
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", text(f"{shell.title} · Antmill")),
        *(tag("link", rel="stylesheet", href=_url(name)) for name in STYLES),
        tag("link", rel="icon", href="data:,"),
    )
    body = tag(
        "body",
        tag(
            "nav",
            tag("strong", text("Antmill")),
            *(
                tag("a", text(name), href=path,
                    aria_current="page" if name == shell.title else None)
                for path, name in links
            ),
            class_="top",
            aria_label="Antmill",
        ),
        tag("p", id="message", role="status"),
        tag("main", id="content"),
        tag("noscript", text("This page needs JavaScript; /docs and the report files do not.")),
        *scripts,
    )  # fmt: skip
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def _url(name: str) -> Markup:
    return text(f"/static/antmill/{name}")
