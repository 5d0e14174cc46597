"""Swagger UI and ReDoc in a real browser that cannot reach any network but the service."""

import pytest

from .browser import MARKS, browser_page
from .conftest import Server

pytestmark = MARKS


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A service of its own for these tests."""
    server = Server(tmp_path_factory.mktemp("docs")).start()
    yield server
    server.close()


@pytest.fixture
def locked_server(tmp_path):
    """A service that gets keys."""
    server = Server(tmp_path).start()
    yield server
    server.close()


def own_url(server):
    return f"http://127.0.0.1:{server.port}"


def execute(page, operation, **parameters):
    """Open an operation, fill in its path parameters, send it, return its status."""
    block = page.locator(f"#operations-{operation}")
    block.scroll_into_view_if_needed()
    if "is-open" not in block.get_attribute("class"):
        block.locator(".opblock-summary-control").click()
    for name, value in parameters.items():
        block.locator(f"tr[data-param-name='{name}'] input").fill(value)
    block.locator("button.execute").click()
    status = block.locator(".live-responses-table tbody td.response-col_status").first
    status.wait_for(timeout=120_000)
    return block, status.inner_text().strip().split()[0]


def operation_ids(page, own):
    document = page.request.get(f"{own}/openapi.json").json()
    return {
        (method, path): f"{operation['tags'][0].replace(' ', '_')}-{operation['operationId']}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_a_newcomer_plans_a_book_and_sees_the_gantt_chart_in_swagger_ui(server, tmp_path):
    own = own_url(server)
    with browser_page(own) as page:
        ids = operation_ids(page, own)
        page.goto(f"{own}/docs")
        page.wait_for_selector(".opblock", timeout=120_000)
        block, status = execute(page, ids["post", "/v1/jobs"])
        assert status == "202"
        job_id = page.request.get(f"{own}/v1/jobs").json()["items"][0]["id"]
        while not (job := page.request.get(f"{own}/v1/jobs/{job_id}").json())["finished_at"]:
            page.wait_for_timeout(200)
        assert job["state"] == "succeeded", job
        _, status = execute(page, ids["get", "/v1/jobs/{job}"], job=job_id)
        assert status == "200"
        page.evaluate("history.replaceState(null, '', '/docs')")  # no operation to scroll to
        page.reload()  # now the examples name the newest
        page.wait_for_selector(".opblock", timeout=120_000)
        block, status = execute(page, ids["get", "/v1/schedules/{schedule}/gantt.svg"])
        assert job["schedule"] in block.locator(".request-url").inner_text()
        assert status == "200"
        picture = block.locator(".antmill-svg img")
        picture.wait_for(timeout=120_000)
        assert picture.evaluate("image => image.complete && image.naturalWidth > 300")
        picture.screenshot(path=tmp_path / "swagger-gantt.png")


def test_a_key_fills_the_newest_ids_into_swagger_uis_examples(locked_server, book):
    server, expect = locked_server, pytest.importorskip("playwright.sync_api").expect
    made = server.client.post("/v1/order-books", json=book).json()["id"]
    key = server.client.post("/v1/keys", json={"name": "anna", "role": "planner"}).json()["key"]
    own = own_url(server)
    with browser_page(own, told="status of 401") as page:
        ids = operation_ids(page, own)
        page.goto(f"{own}/docs")
        page.wait_for_selector(".opblock", timeout=120_000)
        page.locator(".btn.authorize").first.click()
        page.locator(".auth-container input").fill(key)
        page.locator(".auth-container .btn.authorize").click()
        page.locator(".btn-done").click()
        block = page.locator(f"#operations-{ids['get', '/v1/order-books/{order_book}']}")
        block.locator(".opblock-summary-control").click()
        place = block.locator("tr[data-param-name='order_book'] input")
        expect(place).to_have_value(made, timeout=120_000)
        _, status = execute(page, ids["get", "/v1/order-books/{order_book}"])
        assert status == "200"


def test_redoc_shows_the_whole_document(server):
    own = own_url(server)
    with browser_page(own) as page:
        page.goto(f"{own}/redoc")
        page.wait_for_selector("text=Plans a rolling mill", timeout=120_000)
        assert page.get_by_text("/v1/schedules:evaluate").count() > 0
