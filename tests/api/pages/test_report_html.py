"""The offline report: nothing loads, nothing hostile gets through, everything is in it."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from api.pages.assets import asset
from api.pages.report_html import SCRIPTS, report_html
from scheduler.evaluation import Violation
from scheduler.report import Run, report_on
from tests.small_mill import ORDER, lot, mill, plan
from tests.strategies import problems, schedules

HOSTILE = '</script><script>alert("1")</script><img src=x onerror=alert(1)>&\x00\ud800'


class Page(HTMLParser):
    """Collects tags with attributes, scripts, and the text of cells by table."""

    def __init__(self, source):
        super().__init__()
        self.tags, self.scripts = [], []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_data(self, data):
        if self.cdata_elem == "script":
            attributes, so_far = self.scripts[-1]
            self.scripts[-1] = attributes, so_far + data

    def rows(self, key):
        return [attrs[key] for tag, attrs in self.tags if tag == "tr" and key in attrs]


@settings(max_examples=20)
@given(data=st.data())
def test_every_order_lot_and_figure_is_listed(data):
    problem = data.draw(problems())
    schedule = data.draw(schedules(problem))
    report = report_on(problem, schedule, reference=data.draw(schedules(problem)))
    page = Page(report_html(report))
    assert sorted(page.rows("data-order")) == sorted(order.id for order in problem.orders)
    assert page.rows("data-lot") == [str(index) for index in range(len(report.lots))]
    assert page.rows("data-key") == [kpi.key for kpi in report.kpis]


def test_nothing_is_loaded_from_anywhere():
    page = Page(report_html(report_on(mill(), plan(lot(0, 2)))))
    for tag, attributes in page.tags:
        assert "src" not in attributes
        assert tag not in ("link", "iframe", "object", "embed", "base")
        if "href" in attributes:
            assert attributes["href"].startswith("#")
    policy = next(a["content"] for t, a in page.tags if a.get("http-equiv"))
    assert policy.startswith("default-src 'none';")
    assert "unsafe-inline" not in policy.split("script-src")[1]
    code = [text for attributes, text in page.scripts if "type" not in attributes]
    assert code == [asset(name) for name in SCRIPTS]


def test_our_scripts_and_styles_reach_for_nothing_outside():
    for name in (*SCRIPTS, "page.css", "gantt.css"):
        found = re.findall(r"(?:https?:|url\(\s*['\"]?(?!#)|@import|fetch\()", asset(name))
        outside = [hit for hit in found if hit != "http:"]
        assert not outside, f"{name}: {outside}"
        assert asset(name).count("http:") == asset(name).count("http://www.w3.org/2000/svg")


def test_hostile_names_stay_text():
    hostile = mill(
        name=HOSTILE, currency=HOSTILE, orders=(ORDER, replace(ORDER, id=HOSTILE, due_date=1))
    )
    report = report_on(hostile, plan(lot(0, 2)), run=Run(HOSTILE, parameters={HOSTILE: HOSTILE}))
    broken = Violation(HOSTILE, HOSTILE, 1, HOSTILE, HOSTILE)
    page = Page(report_html(replace(report, violations=(broken,), reference_name=HOSTILE)))
    assert not [tag for tag, _ in page.tags if tag == "img"]
    assert len(page.scripts) == 1 + len(SCRIPTS)
    data = json.loads(next(text for a, text in page.scripts if "type" in a))
    assert data["name"] == HOSTILE
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


def test_it_says_how_the_plan_was_found():
    run = Run("aco", 7, 1234, 9.87, "time", 1000.0, {"ants": 20}, {"antmill": "0.1.0"})
    source = report_html(report_on(mill(), plan(lot(0, 2)), run=run))
    for shown in ("aco", ">7<", "1,234", "9.9 s", "1,000 EUR", "Parameter ants", ">20<", "0.1.0"):
        assert shown in source
