"""The offline report in a real browser without any network: zoom, find, sort, keyboard."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from api.pages.gantt_svg import gantt_svg
from api.pages.report_html import report_html
from scheduler.report import report_on
from scheduler.schedule import Cut
from tests.api.browser import MARKS, browser_page
from tests.small_mill import HOUR, ORDER, lot, mill, plan

pytestmark = MARKS
HOSTILE = '</script><img src=x onerror="document.title=1"> \'"&'


def example():
    """Eight orders of two billets each on one line, half of them late, one with a hostile name."""
    orders = tuple(
        replace(ORDER, id=HOSTILE if n == 7 else f"A{n}", due_date=3 * HOUR if n % 2 else 20 * HOUR)
        for n in range(8)
    )
    lots = [
        lot(n * 2 * HOUR, cuts=(Cut("K", 2, ((order.id, 100),)),), groove_change=n % 2 == 0)
        for n, order in enumerate(orders)
    ]
    return report_on(mill(orders=orders), plan(*lots), reference=plan(*lots[:3]))


@pytest.fixture(scope="module")
def report_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(report_html(example()), "utf-8")
    return file.as_uri()


@pytest.fixture(scope="module")
def tab(report_file):
    with browser_page() as page:
        page.goto(report_file)
        yield page


@pytest.fixture
def page(tab):
    tab.reload()
    tab.wait_for_selector(".controls:not([hidden])")
    return tab


def bar(page, number=5):
    return page.locator(".lot rect.bar").nth(number - 1)


def width(locator):
    return locator.evaluate("bar => Number(bar.getAttribute('width'))")


def test_the_chart_zooms_and_comes_back(page):
    page.get_by_role("button", name="Show all of the plan").click()
    before = width(bar(page))
    hours = page.locator(".axis .hour").count()
    page.get_by_role("button", name="Zoom in").click()
    assert width(bar(page)) == pytest.approx(before / 0.6, rel=0.01)
    assert not bar(page, 1).is_visible()  # at the plan's start, now out of sight
    page.get_by_role("button", name="Show all of the plan").click()
    assert width(bar(page)) == pytest.approx(before, rel=0.01)
    assert bar(page, 1).is_visible()
    assert page.locator(".axis .hour").count() == hours > 5


@pytest.mark.parametrize(
    ("start", "zone", "days"),
    [
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), "Europe/Berlin", ["Sun 25 Oct", "Mon 26 Oct"]),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), "Europe/Berlin", ["Sun 29 Mar", "Mon 30 Mar"]),
        (datetime(2026, 3, 28, 12, tzinfo=UTC), "Asia/Beirut", ["Sat 28 Mar", "Sun 29 Mar"]),
    ],
)
def test_days_are_named_once_and_at_their_midnight_where_clocks_change(tmp_path, start, zone, days):
    problem = mill(start=start, time_zone=zone, horizon=48 * HOUR)
    file = tmp_path / "report.html"
    file.write_text(report_html(report_on(problem, plan(lot(0, 10), lot(25 * HOUR, 10)))), "utf-8")
    with browser_page() as page:
        page.goto(file.as_uri())
        page.get_by_role("button", name="Show all of the plan").click()
        names = page.locator(".axis .day")
        assert names.all_text_contents() == days
        left = float(names.nth(1).get_attribute("x")) - 4
        ticks = page.locator(".axis .hour").all()
        at = {tick.text_content(): float(tick.get_attribute("x")) for tick in ticks}
        assert left == pytest.approx(at["01" if zone == "Asia/Beirut" else "00"], abs=0.1)


def test_late_orders_get_room_when_the_reader_zooms(page):
    """Every second order is late; what is out of sight leaves the lane."""
    page.get_by_role("button", name="Show all of the plan").click()
    names = page.locator(".late-order:visible .late-name")
    assert sorted(names.all_text_contents()) == [HOSTILE[:15] + "…", "A3", "A5"]
    page.evaluate("antmillReport.page.chart.show(0, 7200)")
    assert names.count() == 0


def test_an_order_is_found_in_chart_and_tables(page):
    page.get_by_label("Find an order", exact=True).fill("A3")
    page.keyboard.press("Enter")
    assert page.locator(".lot.chosen").count() == 1
    assert page.locator(".lot.faded").count() == 7
    panel = page.locator(".chosen-lot")
    assert "Order A3" in panel.inner_text()
    assert "after its due date" in panel.inner_text()
    assert page.locator("tr.chosen").count() == 2  # its row and its lot's
    page.get_by_role("button", name="Close").click()
    assert page.locator(".lot.faded").count() == 0


def test_an_unknown_order_is_said_to_be_unknown(page):
    page.get_by_label("Find an order", exact=True).fill("nobody")
    page.keyboard.press("Enter")
    assert "There is no order nobody." in page.locator(".chosen-lot").inner_text()


def test_lots_are_walked_and_shown_by_keyboard(page):
    page.locator(".lot").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label.startswith("Lot 3 on L: A, G")
    page.keyboard.press("Enter")
    assert "2 billets of K, each 100 of A2" in page.locator(".chosen-lot").inner_text()


def test_a_tooltip_shows_under_the_pointer(page):
    bar(page, 1).hover()
    tip = page.locator(".tip")
    assert tip.is_visible()
    assert "Lot 1 on L" in tip.inner_text()


def test_a_narrow_screen_need_not_be_moved_sideways(report_file):
    with browser_page() as page:
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(report_file)
        page.wait_for_selector(".controls:not([hidden])")
        assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_tables_sort_and_filter(page):
    orders = page.locator("#orders tbody tr:visible th")
    page.locator("#orders thead").get_by_role("button", name="Order", exact=True).click()
    names = orders.all_inner_texts()
    assert names == sorted(names, key=str.lower)
    page.locator("#order-list").get_by_label("Status", exact=True).select_option("late")
    assert orders.count() == 3
    assert "3 of 8" in page.locator("#order-list .tools").inner_text()


def test_hostile_names_are_shown_and_not_run(page):
    assert page.locator("#orders").get_by_text(HOSTILE).count() == 1
    assert page.locator("img").count() == 0
    assert page.title() != "1"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(page, scheme):
    """WCAG AA: at least 4.5 to 1 for what is read first, in both colour schemes."""
    page.emulate_media(color_scheme=scheme)
    for selector in ("h1", ".note", ".tiles dt", "#orders td", ".badge.late", "nav a"):
        assert contrast(page, selector) >= 4.5, selector


def contrast(page, selector):
    colours = page.locator(selector).first.evaluate(
        """element => {
            let ground = element;
            const back = () => getComputedStyle(ground).backgroundColor;
            while (back() === 'rgba(0, 0, 0, 0)') ground = ground.parentElement;
            return [getComputedStyle(element).color, back()];
        }"""
    )
    light, dark = sorted(map(luminance, colours), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    channels = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_chart_alone_draws_as_a_picture(tab, report_file, tmp_path):
    file = tmp_path / "chart.svg"
    file.write_text(gantt_svg(example()), "utf-8")
    frame = tmp_path / "frame.html"
    frame.write_text(
        f"<!doctype html><link rel=icon href='data:,'><img src='{file.name}'>", "utf-8"
    )
    tab.goto(frame.as_uri())
    size = tab.locator("img").evaluate("i => [i.complete, i.naturalWidth, i.naturalHeight]")
    tab.goto(report_file)
    assert size[0]
    assert size[1] == 1320
    assert size[2] > 300
