"""The chart as a file: well-formed whatever the book holds, one bar a lot, nothing unescaped."""

from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.pages.gantt_svg import gantt_svg
from api.pages.markup import data_block, tag, text
from api.pages.scale import DAY, HOUR, Scale, marks
from scheduler.report import report_on
from tests.strategies import problems, schedules

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert("1")</script>&\x00\ud800\'`=HYPERLINK(x)'


def drawn(data):
    problem = data.draw(problems())
    return problem, data.draw(schedules(problem))


def lots_in(svg):
    root = ElementTree.fromstring(svg.encode())
    return {g.get("data-lot") for g in root.iter(f"{SVG}g") if g.get("data-lot")}


@settings(max_examples=25)
@given(data=st.data(), strips=st.sampled_from([None, 1, 3]))
def test_every_lot_is_drawn(data, strips):
    problem, schedule = drawn(data)
    report = report_on(problem, schedule)
    svg = gantt_svg(report, strips=strips)
    inside = [
        str(index) for index, row in enumerate(report.lots) if 0 <= row.bar.start < report.gantt.end
    ]
    assert set(inside) <= lots_in(svg)


@settings(max_examples=12)
@given(data=st.data())
def test_hostile_names_stay_text(data):
    problem, schedule = drawn(data)
    report = report_on(problem, schedule)
    rows = report.gantt
    lines = tuple(
        replace(
            line,
            line=HOSTILE,
            lots=tuple(
                replace(bar, section=HOSTILE, grade=HOSTILE, orders=(HOSTILE,), late=(HOSTILE,))
                for bar in line.lots
            ),
        )
        for line in rows.lines
    )
    marks = tuple(replace(mark, order=HOSTILE, finished=None) for mark in rows.due_marks)
    bars = [bar for line in lines for bar in line.lots]
    lines = tuple(replace(line, line=bars[0].line if bars else HOSTILE) for line in lines)
    hostile = replace(rows, name=HOSTILE, currency=HOSTILE, lines=lines, due_marks=marks)
    svg = gantt_svg(replace(report, gantt=hostile, summary=(HOSTILE,)))
    root = ElementTree.fromstring(svg.encode())
    assert not list(root.iter(f"{SVG}script"))
    assert "<script" not in svg.lower()
    assert "\x00" not in svg


@settings(max_examples=10)
@given(data=st.data())
def test_the_picture_says_what_it_is_to_those_who_do_not_see_it(data):
    problem, schedule = drawn(data)
    report = report_on(problem, schedule)
    root = ElementTree.fromstring(gantt_svg(report, prefix="x-").encode())
    assert root.get("role") == "img"
    named = {e.get("id"): e.text or "" for e in root if e.get("id")}
    assert root.get("aria-labelledby") == "x-title x-desc"
    assert problem.name in named["x-title"]
    assert report.summary[0] in named["x-desc"]
    assert all(
        group.find(f"{SVG}title") is not None
        for group in root.iter(f"{SVG}g")
        if group.get("class") in ("lot", "lot late", "activity")
    )


@settings(max_examples=5)
@given(data=st.data())
def test_the_picture_shows_the_mills_own_clock_and_names_it(data):
    problem, schedule = drawn(data)
    problem = replace(problem, start=datetime(2026, 10, 24, 22, tzinfo=UTC), time_zone="Asia/Tokyo")
    svg = gantt_svg(report_on(problem, schedule))
    assert "Sun 25 Oct 07:00 to " in svg
    assert "2026 (Asia/Tokyo), " in svg
    assert " (UTC), " in gantt_svg(report_on(replace(problem, time_zone=""), schedule))


def test_markup_escapes_and_leaves_out():
    assert text("<&>\"'") == "&lt;&amp;&gt;&quot;&#39;"
    assert text("a\x00b\ud800\ufffe") == "a\ufffdb\ufffd\ufffd"
    assert tag("a", class_="x", data_a=1, hidden=None, y=1.26, open=True) == (
        '<a class="x" data-a="1" y="1.3" open></a>'
    )
    assert tag("br") == "<br>"
    assert "</script>" not in data_block("d", {"id": "</script><!--&"})[:-9]


@pytest.mark.parametrize(("hours", "expected"), [(24, [DAY]), (12, [12 * HOUR, DAY])])
def test_marks_stand_at_local_hours(hours, expected):
    start = datetime(2026, 1, 5, 0, tzinfo=ZoneInfo("Asia/Kolkata"))
    found = [t for t, _ in marks(start, 1, DAY + 1, hours)]
    assert found == expected


def test_clipping_keeps_a_visible_pixel():
    scale = Scale(0, 100, 0.0, 100.0)
    assert scale.clipped(-50, 20) == (0.0, 20.0)
    assert scale.clipped(10, 10) == (10.0, 11.0)
    assert scale.clipped(100, 120) is None
