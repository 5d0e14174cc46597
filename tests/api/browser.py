"""A real browser that cannot reach any network, for tests of pages."""

import shutil
from contextlib import contextmanager

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MARKS = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium; run .ci/install_system_tools"),
]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


class Chromium:
    """One browser, started by the first page and ended with the tests of a module.

    Not later: while Playwright runs, this thread can start no event loop of its own.
    """

    def __init__(self):
        self.playwright = self.browser = None

    def page(self, **options):
        if self.browser is None:
            sync_api = pytest.importorskip("playwright.sync_api", reason="no Playwright")
            self.playwright = sync_api.sync_playwright().start()
            self.browser = self.playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        return self.browser.new_page(viewport={"width": 1366, "height": 768}, **options)

    def end(self):
        if self.browser is not None:
            self.browser.close()
            self.playwright.stop()
        self.playwright = self.browser = None


chromium = Chromium()


@contextmanager
def browser_page(own="file://", told=None, **options):
    """A page with no past that may load what begins with ``own``; all else, and errors, fail.

    told: text of errors that the console may tell of.
    """
    page = chromium.page(**options)
    outside, errors = [], []

    def look(request):
        if not request.url.startswith((own, "data:", "blob:")):
            outside.append(request.url)

    page.on("request", look)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: errors.append(message.text) if message.type == "error" else None,
    )
    try:
        yield page
    finally:
        page.close()
    assert not outside, f"loaded from outside: {outside}"
    errors = [error for error in errors if told is None or told not in error]
    assert not errors, f"errors on the page: {errors}"
