"""Times shown of a plan across the change of summer time are those of the mill's own clock."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from instances import mill_json, schedule_json
from instances.generator import generate
from scheduler.report import report_on
from solvers.planner_rule import PlannerRule
from solvers.stopping import MaxIterations

HOUR = timedelta(hours=1)
STAMP = re.compile(r"\w{3} \d+ \w{3} \d\d:\d\d")


@pytest.fixture(scope="module")
def planned():
    start = datetime.fromisoformat("2026-10-24T22:00:00+02:00")
    problem = generate("bar", "day", seed=4, prices="flat", orders=12)
    problem = replace(problem, start=start, time_zone="Europe/Berlin")
    plan = PlannerRule().solve(problem, stop=MaxIterations(1)).solution
    assert plan is not None
    return problem, plan


def told(problem, plan):
    """Return the times in the reasons of all orders."""
    texts = [text for story in report_on(problem, plan).orders for text in story.reasons]
    return [datetime.strptime(f"2026 {t}", "%Y %a %d %b %H:%M") for t in STAMP.findall(str(texts))]


def test_reasons_tell_the_time_of_the_mills_clock(planned):
    problem, plan = planned
    own, fixed = told(problem, plan), told(replace(problem, time_zone=""), plan)
    put_back = datetime(2026, 10, 25, 3)
    assert own == [t - HOUR if t >= put_back else t for t in fixed]
    assert min(fixed) < put_back < max(fixed)


def test_files_tell_instants_on_the_mills_clock_and_mean_the_same(planned):
    problem, plan = planned
    text = schedule_json.write(plan, problem.origin)
    assert schedule_json.read(text, problem.start) == plan
    assert "+01:00" in text
    assert "+02:00" in text
    tree = mill_json.to_tree(problem)
    assert {order["due_date"][-6:] for order in tree["orders"]} <= {"+01:00", "+02:00"}
    assert tree["horizon"]["end"].endswith("+01:00")
    assert mill_json.from_tree(tree) == problem
