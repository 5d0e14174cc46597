"""The served pages in a real browser that reaches nothing but the service."""

import time
from datetime import datetime
from typing import Any

import pytest

from tests.api.browser import MARKS, browser_page
from tests.api.conftest import Server

pytestmark = MARKS
NOTHING: dict[str, Any] = {"items": [], "next": None}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A service of its own for these tests."""
    server = Server(tmp_path_factory.mktemp("pages")).start()
    yield server
    server.close()


@pytest.fixture(scope="module")
def planned(server):
    """Two plans of one small book."""
    client = server.client
    book = client.get("/v1/demo-data/bar-small").json()
    stored = client.post("/v1/order-books", json=book).json()["id"]
    body = {"order_book": stored, "solver": "planner_rule", "termination": {"time_s": 5}}
    jobs = [client.post("/v1/jobs", json={**body, "seed": n}).json()["id"] for n in range(2)]
    return [finished(client, job)["schedule"] for job in jobs]


def finished(client, job):
    for _ in range(600):
        found = client.get(f"/v1/jobs/{job}").json()
        if found["finished_at"]:
            assert found["state"] == "succeeded", found
            return found
        time.sleep(0.1)
    raise AssertionError(found)


def test_a_planner_starts_a_job_and_opens_its_plan(server):
    own = f"http://127.0.0.1:{server.port}"
    with browser_page(own) as page:
        page.goto(f"{own}/jobs")
        page.locator("#book").select_option("demo:bar-small")
        page.locator("#solver").select_option("planner_rule")
        page.locator("#seconds").fill("5")
        page.get_by_role("button", name="Plan it").click()
        page.get_by_role("link", name="Open plan").first.click(timeout=400_000)
        page.wait_for_selector("main.report .controls:not([hidden])", timeout=120_000)
        assert page.locator(".lot").count() > 0
        assert page.locator("#orders tbody tr").count() == 6
        page.locator(".lot").first.focus()
        page.keyboard.press("Enter")
        assert "Cut plan" in page.locator(".chosen-lot").inner_text()


def test_two_plans_stand_side_by_side_and_zoom_together(server, planned):
    own = f"http://127.0.0.1:{server.port}"
    with browser_page(own) as page:
        page.goto(f"{own}/compare?a={planned[0]}&b={planned[1]}")
        page.wait_for_selector("#differences", timeout=120_000)
        assert page.locator("#both tbody tr").count() > 30
        bars = page.locator(".chart svg .lot:first-child rect.bar")
        before = bars.evaluate_all("all => all.map(bar => Number(bar.getAttribute('width')))")
        page.get_by_role("button", name="Zoom in").click()
        after = bars.evaluate_all("all => all.map(bar => Number(bar.getAttribute('width')))")
        assert after == pytest.approx([value / 0.6 for value in before], rel=0.01)
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids))


def test_an_order_that_stands_in_one_plan_only_is_among_those_that_differ(server, planned):
    own, client = f"http://127.0.0.1:{server.port}", server.client
    book = client.get("/v1/demo-data/bar-small").json()
    order = {**book["orders"][0], "id": "NEW"}
    edit = {"type": "insert_order", "order": order, "line": "L1", "lot": 1}
    made = client.post(f"/v1/schedules/{planned[0]}:edit", json={"edits": [edit]}).json()["id"]
    moves = client.get(f"/v1/schedules/{planned[0]}/diff/{made}").json()["moves"]
    for a, b, column in ((planned[0], made, 0), (made, planned[0], 1)):
        with browser_page(own) as page:
            page.goto(f"{own}/compare?a={a}&b={b}")
            row = page.locator("#differences tbody tr", has=page.get_by_text("NEW", exact=True))
            row.wait_for(timeout=120_000)
            assert row.locator("td").nth(column).inner_text() == "no such order"
            assert page.locator("#differences tbody tr").count() == len(moves)


def test_plans_older_than_the_list_are_compared_and_one_that_is_gone_is_told_of(server, planned):
    own = f"http://127.0.0.1:{server.port}"
    gone = "sch-00000000000000000000000000"
    with browser_page(own, told="404") as page:
        page.route("**/v1/schedules?limit=100", lambda route: route.fulfill(json=NOTHING))
        page.goto(f"{own}/compare?a={planned[0]}&b={planned[1]}")
        page.wait_for_selector("#differences", timeout=120_000)
        page.goto(f"{own}/compare?a={planned[0]}&b={gone}")
        page.wait_for_selector("#message.worse")
        assert gone in page.locator("#message").inner_text()


def test_what_the_service_refuses_is_said(server):
    own = f"http://127.0.0.1:{server.port}"
    said = []

    def visit():
        with browser_page(own) as page:
            page.goto(f"{own}/schedules/sch-00000000000000000000000000")
            page.wait_for_selector("#message.worse")
            said.append(page.locator("#message").inner_text())

    with pytest.raises(AssertionError, match="404"):  # the browser's console tells of it too
        visit()
    assert "no such object" in said[0].lower()


def ask_for_no_time(page, own):
    """Ask for a job of 0 s, and wait for the refusal."""
    page.goto(f"{own}/jobs")
    page.locator("#seconds").fill("0")
    page.get_by_role("button", name="Plan it").click()
    page.wait_for_selector("#message.worse")


def test_a_refused_number_is_told_of_with_its_place_and_range(server):
    own = f"http://127.0.0.1:{server.port}"
    with browser_page(own, told="422") as page:
        ask_for_no_time(page, own)
        told = page.locator("#message").inner_text()
    assert "/termination/time_s" in told
    assert "found 0, expected more than 0 s" in told
    assert told.count("out of range") == 1


def test_the_end_of_a_job_does_not_take_away_what_was_refused(server, planned):
    own, client = f"http://127.0.0.1:{server.port}", server.client
    with browser_page(own, told="422") as page:
        ask_for_no_time(page, own)
        book = client.get("/v1/demo-data/bar-small").json()
        body = {"problem": book, "solver": "slow", "termination": {"time_s": 600}}
        job = client.post("/v1/jobs", json=body).json()["id"]
        row = page.locator("#jobs tbody tr", has=page.get_by_text("running", exact=True))
        row.first.wait_for(timeout=60_000)
        client.post(f"/v1/jobs/{job}:cancel")
        row.first.wait_for(state="detached", timeout=60_000)
        assert "/termination/time_s" in page.locator("#message.worse").inner_text()


def test_the_watch_over_the_network_can_fail():
    def visit():
        with browser_page("data:") as page:
            page.set_content("<img src='http://192.0.2.1/picture.png'>", wait_until="commit")
            page.wait_for_timeout(500)

    with pytest.raises(AssertionError, match="loaded from outside"):
        visit()


def test_a_planner_places_one_more_order_and_moves_a_lot(server, planned):
    own = f"http://127.0.0.1:{server.port}"
    with browser_page(own) as page:
        page.goto(f"{own}/schedules/{planned[0]}")
        page.get_by_text("One more order").click(timeout=120_000)
        page.get_by_role("button", name="Find the best place").click()
        page.get_by_role("button", name="Put it here").first.click(timeout=120_000)
        page.wait_for_url(lambda url: planned[0] not in url, timeout=120_000)
        page.get_by_text("Revision 2 of").wait_for()
        assert page.locator("#orders tbody tr[data-order=RUSH]").count() == 1
        page.locator(".lot").nth(1).focus()
        page.keyboard.press("Enter")
        page.get_by_label("Lot number before which it shall stand").fill("4")
        page.get_by_role("button", name="Move", exact=True).click()
        page.get_by_text("Revision 3 of").wait_for(timeout=120_000)


def test_an_order_says_what_its_neighbours_cost(server, planned):
    own = f"http://127.0.0.1:{server.port}"
    with browser_page(own) as page:
        page.goto(f"{own}/schedules/{planned[0]}")
        page.get_by_label("Find an order").fill("B0003", timeout=120_000)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Neighbours, and what would help").click()
        page.locator(".chosen-lot li", has_text="L1/").first.wait_for(timeout=120_000)


def test_an_order_chosen_at_once_can_be_changed_too(server, planned):
    own = f"http://127.0.0.1:{server.port}"
    with browser_page(own) as page:
        page.route("**/v1/order-books/*/content", later)
        page.goto(f"{own}/schedules/{planned[0]}")
        page.get_by_label("Find an order").fill("B0003", timeout=120_000)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Neighbours, and what would help").wait_for(timeout=10_000)


def test_a_lot_chosen_at_once_can_be_moved(server, planned):
    own = f"http://127.0.0.1:{server.port}"
    with browser_page(own) as page:
        page.route("**/v1/order-books/*/content", later)
        page.goto(f"{own}/schedules/{planned[0]}")
        page.locator(".lot").nth(1).focus(timeout=120_000)
        page.keyboard.press("Enter")
        page.get_by_label("Lot number before which it shall stand").wait_for(timeout=10_000)


def later(route):
    time.sleep(1)
    route.continue_()


def test_only_a_locked_order_can_be_unlocked(server, planned):
    own = f"http://127.0.0.1:{server.port}"
    lock = {"type": "lock_lot", "line": "L1", "lot": 1, "keep": "line"}
    made = server.client.post(f"/v1/schedules/{planned[1]}:edit", json={"edits": [lock]}).json()
    book = server.client.get(f"/v1/order-books/{made['order_book']}/content").json()
    names = {bool(order.get("lock")): order["id"] for order in book["orders"]}
    with browser_page(own) as page:
        for locked in (True, False):
            page.goto(f"{own}/schedules/{made['id']}")
            page.get_by_label("Find an order").fill(names[locked], timeout=120_000)
            page.keyboard.press("Enter")
            page.get_by_role("button", name="Neighbours, and what would help").wait_for()
            assert page.get_by_role("button", name="Unlock").count() == locked


def test_a_scenario_is_started_and_compared(server, planned):
    own = f"http://127.0.0.1:{server.port}"
    with browser_page(own) as page:
        page.goto(f"{own}/scenarios")
        page.get_by_label("in time").check(timeout=120_000)
        page.get_by_label("aco").uncheck()
        page.get_by_label("planner_rule").check()
        page.get_by_label("Seeds").fill("1")
        page.get_by_role("button", name="Compare").click()
        page.get_by_text("cheapest").first.wait_for(timeout=120_000)
        assert page.locator("#runs tbody tr").count() == 2


def test_a_table_of_orders_is_planned_for_the_chosen_plant(server, planned):
    own = f"http://127.0.0.1:{server.port}"
    book = server.client.get(f"/v1/schedules/{planned[0]}").json()["order_book"]
    table = server.client.get(f"/v1/order-books/{book}/orders?format=csv").content
    with browser_page(own) as page:
        page.goto(f"{own}/jobs")
        page.locator("#book").select_option(f"book:{book}", timeout=120_000)
        file = {"name": "monday.csv", "mimeType": "text/csv", "buffer": table}
        page.locator("#file").set_input_files(file)
        page.locator("#solver").select_option("planner_rule")
        with page.expect_response(lambda answer: answer.url.endswith("/v1/jobs")) as posted:
            page.get_by_role("button", name="Plan it").click()
        assert posted.value.status == 202
    job = server.client.get("/v1/jobs").json()["items"][0]
    assert job["order_book"] != book
    stored = server.client.get(f"/v1/order-books/{job['order_book']}").json()
    assert (stored["name"], stored["summary"]["orders"]) == ("monday.csv", 6)


def test_a_front_is_a_scatter_and_a_table_that_lead_to_its_plans(server, planned):
    own, client = f"http://127.0.0.1:{server.port}", server.client
    book = client.get(f"/v1/schedules/{planned[0]}").json()["order_book"]
    body = {"order_book": book, "profile": "pareto", "goals": ["lateness", "energy"]}
    termination = {"time_s": 120, "iterations": 320}
    job = client.post("/v1/jobs", json={**body, "termination": termination}).json()["id"]
    finished(client, job)
    items = client.get(f"/v1/jobs/{job}/front").json()["items"]
    assert len(items) > 1
    with browser_page(own) as page:
        page.goto(f"{own}/fronts/{job}")
        page.wait_for_selector("#front", timeout=120_000)
        assert page.locator("#front tbody tr").count() == page.locator(".dot").count() == len(items)
        page.get_by_label("Up").select_option("cost")
        page.locator(".dot").first.focus()
        assert page.locator("#front tr.marked th").inner_text() == "1"
        assert "Plan 1: lateness" in (page.locator(".dot").first.get_attribute("aria-label") or "")
        page.keyboard.press("Enter")
        page.wait_for_url("**/schedules/sch-*", timeout=120_000)
        page.go_back()
        for number in (0, 1):
            page.locator("#front input[type=checkbox]").nth(number).check(timeout=120_000)
        page.get_by_role("button", name="Compare the two chosen plans").click()
        page.wait_for_selector("#differences", timeout=120_000)


def test_the_faults_of_a_table_are_listed_by_row(server, planned):
    own = f"http://127.0.0.1:{server.port}"
    book = server.client.get(f"/v1/schedules/{planned[0]}").json()["order_book"]
    table = server.client.get(f"/v1/order-books/{book}/orders?format=csv").text.splitlines()
    places = [table[0].split(",").index(name) for name in ("length_mm", "quantity_pieces")]
    for row, place in zip((1, 3), places, strict=True):
        cells = table[row].split(",")
        cells[place] = "-5"
        table[row] = ",".join(cells)
    found, asked = [], []

    def visit():
        with browser_page(own) as page:
            page.on("request", lambda request: asked.append(request.url))
            page.goto(f"{own}/jobs")
            page.locator("#book").select_option(f"book:{book}", timeout=120_000)
            content = "\n".join(table).encode()
            file = {"name": "bad.csv", "mimeType": "text/csv", "buffer": content}
            page.locator("#file").set_input_files(file)
            page.get_by_label("Decimal sign of the table").select_option("point: 12.5")
            page.get_by_role("button", name="Plan it").click()
            page.get_by_role("heading", name="2 faults").wait_for(timeout=60_000)
            found.extend(page.locator("[aria-label=Faults] tbody th").all_inner_texts())

    with pytest.raises(AssertionError, match="422"):  # the browser's console tells of it too
        visit()
    assert found == ["row 2, length_mm", "row 4, quantity_pieces"]
    assert any("plant=" in url and url.endswith("decimal=.") for url in asked)


def lots_of(client, schedule):
    """Return the lots of a plan with one line, in rolling order."""
    elements = client.get(f"/v1/schedules/{schedule}").json()["schedule"]["lines"][0]["elements"]
    return [element for element in elements if element["type"] == "lot"]


def test_a_planner_releases_lots_and_plans_again_after_a_breakdown(server, planned):
    own, client = f"http://127.0.0.1:{server.port}", server.client
    lots = lots_of(client, planned[1])
    asked = []

    def agree(dialog):
        asked.append(dialog.message)
        dialog.accept()

    with browser_page(own, timezone_id="Europe/Berlin") as page:
        page.on("dialog", agree)
        page.goto(f"{own}/schedules/{planned[1]}")
        page.get_by_text("Release to the mill").click(timeout=120_000)
        page.get_by_role("button", name="Release", exact=True).click()
        page.get_by_text(f"Released: {len(lots)} AllowedToStart.").wait_for(timeout=60_000)
        (question,) = asked
        assert question.startswith(f"Release all {len(lots)} lots to the mill? What other plans")
        confirming = page.get_by_role("group", name="Confirm what the mill did")
        confirming.get_by_role("button", name="Confirm").click()
        page.get_by_text(f"Released: 1 Running, {len(lots) - 1} AllowedToStart.").wait_for()
        assert confirming.get_by_label("Lot to confirm").evaluate(
            "box => box === document.activeElement"
        )
        confirming.get_by_label("What happened").select_option("is interrupted")
        confirming.get_by_label("Billets rolled").fill("2")
        confirming.get_by_label("Tonnes charged").fill("4.16")
        confirming.get_by_label("Note").fill("cobble")
        confirming.get_by_role("button", name="Confirm").click()
        page.get_by_text("2 billets, 4.16 t, cobble").wait_for()
        form = page.locator("details", has=page.get_by_text("Plan again", exact=True).first)
        form.locator("summary").click()
        second = lots[1]["start"][:16]
        form.get_by_label("Keep what starts before").fill(second)
        form.get_by_label("from", exact=True).fill(second)
        form.get_by_label("to", exact=True).fill(second[:11] + "20:00")
        form.get_by_label("Seconds").fill("2")
        form.get_by_role("button", name="Plan again").click()
        page.wait_for_url("**/jobs", timeout=60_000)
    (first,) = client.get("/v1/job-orders?state=Interrupted").json()["items"]
    began, stopped = first["confirmations"]
    assert datetime.fromisoformat(began["at"]) == datetime.fromisoformat(lots[0]["start"])
    assert (stopped["billets"], stopped["mass_kg"], stopped["note"]) == (2, 4160, "cobble")
    job = client.get("/v1/jobs").json()["items"][0]
    done = finished(client, job["id"])
    new = client.get(f"/v1/schedules/{done['schedule']}").json()
    assert new["parent"] == planned[1]
    assert lots_of(client, done["schedule"])[0]["start"] == lots[0]["start"]
    terms = new["evaluation"]["terms"]
    assert terms["surplus"]["amount"] == 0, "frozen lots are not made again"
    with browser_page(own) as page:
        page.goto(f"{own}/schedules/{done['schedule']}")
        page.get_by_text("Release to the mill").click(timeout=120_000)
        names = page.get_by_role("region", name="Released lots").get_by_role("rowheader")
        names.first.wait_for(timeout=60_000)
        assert names.all_inner_texts()[0] == "L1/1 of revision 1"


def test_a_page_that_wants_a_key_asks_once(server, planned):
    own = f"http://127.0.0.1:{server.port}"
    asked = []

    def guard(route):
        headers = route.request.headers
        if headers.pop("authorization", "") == "Bearer secret":
            route.continue_(headers=headers)
        else:
            route.fulfill(status=401, content_type="application/problem+json", body="{}")

    def answer(dialog):
        asked.append(dialog.message)
        dialog.accept("secret")

    def visit():
        with browser_page(own) as page:
            page.on("dialog", answer)
            page.route("**/v1/**", guard)
            page.goto(f"{own}/scenarios")  # asks for four lists at once
            page.get_by_role("button", name="Compare").wait_for(timeout=60_000)

    with pytest.raises(AssertionError, match="401"):  # the browser's console tells of them
        visit()
    assert asked == ["This service wants an access key:"]
