"""Every semantic check of a mill problem: its code, place and severity."""

import copy
from dataclasses import replace
from typing import Any

import pytest

from instances import mill_json
from instances.generator import generate
from scheduler.issues import InvalidInput, Issue
from scheduler.mill_checks.calendar import earliest_end
from scheduler.mill_checks.cases import cases_of
from scheduler.mill_evaluation import case_of
from scheduler.schedule import Schedule
from scheduler.validation import check, errors_of, validate
from solvers.registry import SOLVERS
from solvers.stopping import MaxIterations

START, END = "2026-01-05T06:00:00+01:00", "2026-01-06T06:00:00+01:00"
NOON, EVENING = "2026-01-05T12:00:00+01:00", "2026-01-05T18:00:00+01:00"
YESTERDAY, NEXT_WEEK = "2026-01-04T06:00:00+01:00", "2026-01-12T06:00:00+01:00"

BOOK: dict[str, Any] = {
    "format": "antmill-problem-1",
    "horizon": {"start": START, "end": END},
    "lines": [{"id": "L1"}, {"id": "L2", "sections": ["R12"]}],
    "sections": [
        {"id": "R12", "family": "small", "kg_per_m": 0.888},
        {"id": "R32", "family": "large", "kg_per_m": 6.31},
    ],
    "grades": [{"id": "B500B"}, {"id": "C45", "family": "quality"}],
    "stock": [
        {"id": "k1", "grade": "B500B", "mass_kg": 1800},
        {"id": "k2", "grade": "C45", "mass_kg": 2000},
    ],
    "orders": [
        {
            "id": "A",
            "grade": "B500B",
            "section": "R12",
            "length_mm": 12_000,
            "quantity_kg": 25_000,
        },
        {
            "id": "B",
            "grade": "C45",
            "section": "R32",
            "coil_kg": {"min": 1900, "max": 2000},
            "quantity_kg": 60_000,
        },
    ],
}
DELETE = object()
ABOVE = "power_above_cap"


def issues(*changes: tuple) -> list[Issue]:
    """Return the issues of the book after ``changes``: (path..., value) each."""
    tree = copy.deepcopy(BOOK)
    for *path, key, value in changes:
        node: Any = tree
        for part in path:
            node = node.setdefault(part, {}) if isinstance(node, dict) else node[part]
        if value is DELETE:
            del node[key]
        elif isinstance(node, list) and key == len(node):
            node.append(value)
        else:
            node[key] = value
    problem, faults = mill_json.draft(tree)
    assert faults == []
    assert problem is not None
    return list(validate(problem))


def test_the_book_itself_has_no_issues():
    assert issues() == []


ORDER_C = {**BOOK["orders"][0], "id": "C"}
HIGH = [{"from": "R12", "to": "R32", "forbidden": True}]
FAMILIES = ("small", "large", "huge")
MORE_FAMILIES = [{"from": a, "to": b} for a in FAMILIES for b in FAMILIES]
BOTH = [*HIGH, {"from": "R32", "to": "R12", "forbidden": True}]


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        # names
        ([("orders", 1, "id", "A")], "duplicate_id", "/orders/1/id"),
        ([("stock", 1, "id", "k1")], "duplicate_id", "/stock/1/id"),
        ([("lines", 1, "id", "L1")], "duplicate_id", "/lines/1/id"),
        ([("orders", 0, "grade", "B500A")], "unknown_grade", "/orders/0/grade"),
        ([("orders", 0, "section", "R13")], "unknown_section", "/orders/0/section"),
        ([("orders", 0, "lines", ["L1", "L9"])], "unknown_line", "/orders/0/lines/1"),
        ([("orders", 0, "predecessors", ["Z"])], "unknown_order", "/orders/0/predecessors/0"),
        ([("orders", 0, "lock", {"line": "L9"})], "unknown_line", "/orders/0/lock/line"),
        ([("stock", 0, "grade", "X")], "unknown_grade", "/stock/0/grade"),
        ([("lines", 1, "sections", ["R13"])], "unknown_section", "/lines/1/sections/0"),
        (
            [("lines", 0, "initial", {"section": "X"})],
            "unknown_section",
            "/lines/0/initial/section",
        ),
        ([("lines", 0, "initial", {"grade": "X"})], "unknown_grade", "/lines/0/initial/grade"),
        (
            [("lines", 0, "first_lot", {"section": "R12", "grade": "X"})],
            "unknown_grade",
            "/lines/0/first_lot/grade",
        ),
        (
            [("orders", 0, "predecessors", ["B"]), ("orders", 1, "predecessors", ["A"])],
            "precedence_cycle",
            "/orders/0/predecessors",
        ),
        ([("orders", 0, "predecessors", ["A"])], "precedence_cycle", "/orders/0/predecessors"),
        # changes
        ([("section_changes", {})], "missing_changeover", "/section_changes"),
        (
            [("grade_changes", {"by_family": [{"from": "all", "to": "quality"}]})],
            "missing_changeover",
            "/grade_changes",
        ),
        (
            [
                ("section_changes", "by_family", BOTH),
                ("section_changes", "pairs", [*BOTH, {"from": "R12", "to": "R32"}]),
            ],
            "duplicate_change",
            "/section_changes/pairs/2",
        ),
        # steel
        ([("orders", 0, "grade", "C45"), ("stock", 1, "count", 0)], "no_stock", "/orders/0/grade"),
        ([("sections", 0, "kg_per_m", 150)], "piece_too_heavy", "/orders/0/length_mm"),
        ([("orders", 1, "coil_kg", "min", 1999)], "coil_not_possible", "/orders/1/coil_kg"),
        ([("orders", 1, "coil_kg", "min", 2100)], "empty_coil_window", "/orders/1/coil_kg"),
        (
            [
                ("orders", 0, "quantity_kg", 15),
                ("orders", 0, "under_tolerance_percent", 0),
                ("orders", 0, "over_tolerance_percent", 0),
            ],
            "tolerance_not_possible",
            "/orders/0",
        ),
        (
            [("orders", 0, "margin_per_t", 500), ("orders", 0, "shortage_per_t", 500)],
            "shortage_below_margin",
            "/orders/0/shortage_per_t",
        ),
        ([("orders", 1, "lines", ["L2"])], "section_not_rolled", "/orders/1/section"),
        (
            [("lines", 0, "cooling_bed_mm", 10_000), ("lines", 1, "cooling_bed_mm", 11_000)],
            "piece_too_long",
            "/orders/0/length_mm",
        ),
        ([("sections", 0, "groove_life_kg", 1000)], "groove_life_too_short", "/orders/0/section"),
        (
            [("orders", 0, "max_groove_wear_percent", 0.1)],
            "groove_wear_too_strict",
            "/orders/0/max_groove_wear_percent",
        ),
        # calendar
        ([("horizon", "end", START)], "bad_horizon", "/horizon/end"),
        ([("horizon", "end", YESTERDAY)], "bad_horizon", "/horizon/end"),
        (
            [("lines", 0, "closures", [{"start": NOON, "end": NOON}])],
            "empty_closure",
            "/lines/0/closures/0/end",
        ),
        (
            [("tariff", "electricity", {"price_per_mwh": [80] * 23})],
            "series_too_short",
            "/tariff/electricity/price_per_mwh",
        ),
        (
            [("tariff", "electricity", {"start": NOON, "price_per_mwh": [80] * 24})],
            "series_too_short",
            "/tariff/electricity/start",
        ),
        (
            [("tariff", "carbon_intensity", {"slot_minutes": 15, "g_per_kwh": [400] * 95})],
            "series_too_short",
            "/tariff/carbon_intensity/g_per_kwh",
        ),
        (
            [("orders", 0, "release", EVENING), ("orders", 0, "due_date", NOON)],
            "due_before_release",
            "/orders/0/due_date",
        ),
        (
            [("orders", 0, "release", EVENING), ("orders", 0, "deadline", NOON)],
            "deadline_before_release",
            "/orders/0/deadline",
        ),
        (
            [("stock", 0, "cooling_time_constant_min", 300)],
            "cooling_since_when",
            "/stock/0/available_from",
        ),
        # locks
        ([("orders", 1, "lock", {"line": "L2"})], "locks_conflict", "/orders/1/lock/line"),
        (
            [("orders", 0, "lock", {"start_exactly": NOON, "start_not_before": EVENING})],
            "locks_conflict",
            "/orders/0/lock/start_exactly",
        ),
        (
            [("orders", 0, "lock", {"start_not_before": END})],
            "locks_conflict",
            "/orders/0/lock/start_not_before",
        ),
        (
            [("orders", 0, "lock", {"start_exactly": NOON}), ("orders", 0, "deadline", NOON)],
            "locks_conflict",
            "/orders/0/lock/start_exactly",
        ),
        (
            [
                ("orders", 0, "lock", {"line": "L1", "start_exactly": NOON}),
                ("orders", 1, "lock", {"line": "L1", "start_exactly": NOON}),
            ],
            "locks_conflict",
            "/orders/1/lock/start_exactly",
        ),
        (
            [
                ("orders", 0, "lock", {"line": "L1", "position": 2}),
                ("orders", 1, "lock", {"line": "L1", "position": 2}),
            ],
            "locks_conflict",
            "/orders/1/lock/position",
        ),
        # magnitudes
        (
            [("orders", 0, "quantity_kg", 100_000_000), ("orders", 0, "shortage_per_t", 1_000_000)],
            "too_large",
            "/orders",
        ),
        (  # 10^8 W x 10^8 (1/10 000 a MWh) / 1000 x 2.6 x 10^6 s of a month
            [
                ("horizon", "end", "2026-02-05T06:00:00+01:00"),
                ("lines", 0, "base_load_kw", 100_000),
                ("tariff", "electricity", {"price_per_mwh": [10_000]}),
                ("tariff", "carbon_intensity", None),
            ],
            "too_large",
            "/lines",
        ),
    ],
)
def test_errors(changes, code, pointer):
    found = issues(*changes)
    errors = [issue for issue in found if issue.severity == "error"]
    assert (code, pointer) in [(issue.code, issue.pointer) for issue in errors], found
    assert {issue.code for issue in errors} == {code}


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        (
            [("section_changes", "by_family", MORE_FAMILIES)],
            "unknown_section_family",
            "/section_changes/by_family/2/to",
        ),
        ([("section_changes", "pairs", BOTH)], "disconnected_changes", "/section_changes"),
        (
            [("lines", 0, "initial", "groove_wear_kg", {"X": 5})],
            "unknown_section",
            "/lines/0/initial/groove_wear_kg/X",
        ),
        ([("orders", 0, "quantity_kg", 200)], "small_quantity", "/orders/0"),
        ([("stock", 1, "count", 3)], "stock_short", "/stock"),
        ([("orders", 0, "due_date", YESTERDAY)], "due_in_the_past", "/orders/0/due_date"),
        ([("orders", 0, "deadline", YESTERDAY)], "deadline_in_the_past", "/orders/0/deadline"),
        (
            [("orders", 0, "release", NEXT_WEEK), ("orders", 0, "due_date", NEXT_WEEK)],
            "release_beyond_horizon",
            "/orders/0/release",
        ),
        (
            [("orders", 1, "due_date", "2026-01-05T06:30:00+01:00")],
            "unreachable_due_date",
            "/orders/1/due_date",
        ),
        (
            [("orders", 1, "deadline", "2026-01-05T06:30:00+01:00")],
            "unreachable_deadline",
            "/orders/1/deadline",
        ),
        ([("orders", 1, "quantity_kg", 4_000_000)], "load_above_capacity", "/lines/0"),
        (
            [("orders", 0, "quantity_kg", 5_000_000)],
            "load_above_capacity",
            "/orders",
        ),
        (
            [
                (
                    "lines",
                    1,
                    "closures",
                    [{"start": START, "end": EVENING}, {"start": NOON, "end": EVENING}],
                )
            ],
            "closures_overlap",
            "/lines/1/closures",
        ),
        ([("lines", 1, "ready", NEXT_WEEK)], "no_open_time", "/lines/1/closures"),
    ],
)
def test_warnings(changes, code, pointer):
    found = issues(*changes)
    assert (code, pointer) in [(issue.code, issue.pointer) for issue in found], found
    assert {issue.severity for issue in found} == {"warning"}


def test_a_calendar_without_open_time_is_an_error():
    closed = [{"kind": "maintenance", "start": YESTERDAY, "end": NEXT_WEEK}]
    found = issues(("lines", 0, "closures", closed), ("lines", 1, "closures", closed))
    assert [(issue.code, issue.severity) for issue in found] == [("no_open_time", "error")] * 2


def test_the_largest_billet_and_the_cycle_are_told():
    (issue,) = issues(("sections", 0, "kg_per_m", 150))
    # 1800 kg less 0.9 % scale less 14 kg crop.
    assert "1800.0 kg, the largest billet of grade 'B500B' gives 1769.8 kg" in issue.detail
    chain = [("orders", 0, "predecessors", ["B"]), ("orders", 1, "predecessors", ["C"])]
    (issue,) = issues(*chain, ("orders", 2, {**ORDER_C, "predecessors": ["A"]}))
    assert "A after B after C after A" in issue.detail


def test_missing_changeovers_are_listed():
    (issue,) = issues(("section_changes", "pairs", [{"from": "R12", "to": "R32"}]))
    assert issue.detail.endswith("from 'R32' to 'R12'")


def test_the_earliest_end_counts_closures_release_heat_and_both_lines():
    tree = copy.deepcopy(BOOK)
    tree["orders"][0] |= {"quantity_pieces": 16_892, "quantity_kg": None}  # 180 001.152 kg
    tree["orders"][0] |= {"under_tolerance_percent": 0, "release": "2026-01-05T07:00:00+01:00"}
    closure = {"start": "2026-01-05T07:30:00+01:00", "end": "2026-01-05T08:30:00+01:00"}
    tree["lines"][0]["closures"] = [closure]
    problem, _ = mill_json.draft(tree)
    assert problem is not None
    first = cases_of(problem)[0]
    # 7:00 to 7:30 at 180 t/h makes 90 t, to 8:30 at 90 t/h the other 90 t but 1.152 kg, which
    # takes both lines 0.023 s more: a second, rounded up.
    assert earliest_end(first) == 9001
    hot = replace(problem.stock[0], available_from=3 * 3600)
    late = replace(problem, stock=(hot, problem.stock[1]))
    # The heat enters at 9:00 and comes out 90 min later, then an hour at 180 t/h.
    assert earliest_end(cases_of(late)[0]) == 4 * 3600 + 1800 + 3601


def test_check_raises_with_errors_and_returns_warnings():
    problem, _ = mill_json.draft(copy.deepcopy(BOOK))
    assert problem is not None
    early = replace(problem, orders=(replace(problem.orders[0], due_date=-1), problem.orders[1]))
    assert [issue.code for issue in check(early)] == ["due_in_the_past"]
    with pytest.raises(InvalidInput) as caught:
        check(replace(early, orders=()))
    assert [issue.code for issue in caught.value.issues] == ["empty"]


def test_a_freeze_must_lie_in_the_horizon_and_name_what_there_is():
    lot: dict[str, Any] = {"type": "lot", "start": START, "grade": "B500B", "section": "R12"}
    lot["cuts"] = [{"stock": "k9", "count": 1, "pieces": {"A": 100}}]
    schedule = {"format": "antmill-schedule-1", "lines": [{"line": "L1", "elements": [lot]}]}
    freeze = {"until": NEXT_WEEK, "schedule": schedule}
    (issue,) = issues(("freeze", freeze))
    assert (issue.code, issue.pointer) == ("unknown_stock", "/freeze/schedule/lines/0")
    lot["cuts"][0]["stock"] = "k1"
    (issue,) = issues(("freeze", freeze))
    assert issue.code == "freeze_beyond_horizon"


def frozen(count: int, lots: int) -> list[Issue]:
    """Return the errors of a freeze with lots of ``count`` billets, ``count`` pieces each."""
    lot: dict[str, Any] = {"type": "lot", "start": START, "grade": "B500B", "section": "R12"}
    lot["cuts"] = [{"stock": "k1", "count": count, "pieces": {"A": count}}]
    line = {"line": "L1", "elements": [lot] * lots}
    schedule = {"format": "antmill-schedule-1", "lines": [line]}
    return errors_of(issues(("freeze", {"until": START, "schedule": schedule})))


def test_a_frozen_plan_must_be_one_that_can_be_scored():
    assert frozen(1, 1) == []
    (issue,) = frozen(1_000_000, 1000)
    assert (issue.code, issue.pointer) == ("unusable_schedule", "/freeze/schedule")
    assert "more than can be added up exactly" in issue.detail


def test_a_power_cap_below_what_lines_draw_at_full_speed_is_a_warning():
    """Each line rolls 90 t/h at 90 kWh/t beside a base load of 2 000 kW: 10 100 kW."""
    assert issues(("lines", 0, "power_cap_kw", 10_100)) == []
    (issue,) = issues(("lines", 0, "power_cap_kw", 10_099))
    assert (issue.code, issue.severity) == ("power_above_cap", "warning")
    assert issue.pointer == "/lines/0/power_cap_kw"
    assert "'L1' can draw 10 100 kW, the cap is 10 099 kW" in issue.detail
    assert issues(("tariff", "power_cap_kw", 20_200)) == []
    (issue,) = issues(("tariff", "power_cap_kw", 20_199))
    assert issue.pointer == "/tariff/power_cap_kw"
    assert "all lines together can draw 20 200 kW" in issue.detail


@pytest.mark.parametrize("kind", ["bar", "rod"])
def test_what_a_line_can_draw_is_not_below_what_the_evaluator_measures(kind):
    problem = generate(kind, "day", seed=4, lines=2)
    plan = SOLVERS["planner_rule"].solve(problem, stop=MaxIterations(1)).solution
    assert isinstance(plan, Schedule)
    energy = case_of(problem, plan).bill.energy
    most = 0
    for line, joule in zip(problem.lines, energy, strict=True):
        drawn = int(joule.max()) // 900
        capped = replace(line, power_cap=drawn - 1)
        lines = tuple(capped if one.id == line.id else one for one in problem.lines)
        found = [issue for issue in validate(replace(problem, lines=lines)) if issue.code == ABOVE]
        assert len(found) == 1
        most += drawn
    tariff = replace(problem.tariff, power_cap=most - 1)
    assert ABOVE in [issue.code for issue in validate(replace(problem, tariff=tariff))]
