"""Mill problem and schedule files: round trips, defaults, and the smallest file."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances import mill_json, schedule_json
from instances.field_page import with_tables
from instances.json_schema import problem_schema, schedule_schema
from instances.mill_file.book_table import OrderRow
from instances.mill_file.mill_table import FORMAT
from instances.mill_file.order_rows import columns_of, order_parts, quantities, tolerance
from instances.reader import read_text
from instances.strict_json import parse
from scheduler.issues import InvalidInput
from scheduler.mill import Coil, FixedLength
from scheduler.mill_evaluation import evaluate_mill
from scheduler.schedule import Schedule
from tests.strategies import problems, schedules

PAGE = Path(__file__).resolve().parents[2] / "docs" / "problem.md"


def shown(section: int) -> dict:
    """Return the first file that a section of docs/problem.md shows."""
    text = PAGE.read_text(encoding="utf-8").split(f"## {section}.")[1]
    return json.loads(text.split("```json")[1].split("```")[0])


def smallest() -> dict:
    """Return the smallest problem file, which stands in docs/problem.md section 8."""
    return shown(8)


CHECKER = jsonschema.Draft202012Validator(problem_schema())
SMALLEST = mill_json.from_tree(smallest())


def expressible(schedule: Schedule) -> Schedule:
    """Return ``schedule`` without starts of groove changes that are not made."""
    lines = []
    for plan in schedule.lines:
        lots = [
            lot if lot.groove_change else replace(lot, groove_change_start=None)
            for lot in plan.lots
        ]
        lines.append(replace(plan, lots=tuple(lots)))
    return Schedule(tuple(lines))


@given(problems())
@settings(max_examples=30)
def test_what_is_written_is_read_back(problem):
    if problem.freeze is not None:
        schedule = expressible(problem.freeze.schedule)
        problem = replace(problem, freeze=replace(problem.freeze, schedule=schedule))
    text = mill_json.write(problem)
    drafted, issues = mill_json.draft(parse(text))
    assert issues == []
    assert drafted is not None
    assert drafted == problem
    assert mill_json.write(drafted) == text


@given(st.data())
@settings(max_examples=30)
def test_schedules_are_read_back(data):
    problem = data.draw(problems())
    schedule = expressible(data.draw(schedules(problem)))
    text = schedule_json.write(schedule, problem.start)
    assert schedule_json.read(text, problem.start) == schedule
    jsonschema.validate(json.loads(text), schedule_schema())


def test_the_smallest_file_is_read_with_defaults():
    problem = read_text(json.dumps(smallest()), "smallest")
    order = problem.orders[0]
    # 12 m x 0.888 kg/m = 10.656 kg; 25 000 kg are 2346.1 pieces, +-10 % because below 40 t.
    assert order.piece == FixedLength(12_000)
    assert (order.lower, order.target, order.upper) == (2112, 2346, 2580)
    assert order.due_date == problem.horizon == 86_400
    assert problem.name == "smallest"
    assert [line.id for line in problem.lines] == ["L1"]
    assert problem.tariff.electricity.values == (800_000,)
    assert problem.tariff.electricity.slot == 86_400


def test_the_default_margin_is_the_cheapest_steel_making_and_line_time():
    tree = smallest()
    tree["stock"].append({"id": "dear", "grade": "B500B", "mass_kg": 1900, "cost_per_t": 600})
    tree["tariff"] = {"gas_per_mwh": 30, "co2_per_t": 50, "gas_g_co2_per_kwh": 200}
    problem = mill_json.from_tree(tree)
    order = problem.orders[0]
    # Gas: 1 t x 0.68 kJ/(kg K) x 1130 K / 60 % = 355 740 Wh (floor); 30 per MWh make 106 722;
    # its CO2 71 148 g at 50 per t make 35 574; rolling 90 kWh at 80 per MWh make 72 000;
    # 1/90 h of a line whose hour is worth 1000 makes 111 111.
    charged = 5_200_000 + 106_722 + 35_574 + 72_000 + 111_111
    stock, section = problem.stock[0], problem.sections[0]
    usable = stock.mass - stock.mass * 9_000 // 1_000_000 - section.crop
    assert order.margin == charged * stock.mass // usable
    assert order.shortage == 4 * order.margin


@pytest.mark.parametrize(
    ("line", "more"),
    [
        ({"worth_per_h": 0}, 0),
        ({"worth_per_h": 600}, 150_000),
        ({"worth_per_h": 600, "rate_factor": 0.5}, 300_000),
    ],
)
def test_a_tonne_is_worth_the_time_of_the_first_line(line: dict[str, float], more: int):
    """The grade is rolled at 40 t/h, so its charged tonne takes 1/40 h at full speed."""

    def margin(line: dict[str, Any]) -> int:
        tree = smallest()
        tree["sections"][0]["rate_t_per_h_by_grade"] = {"B500B": 40}
        tree["lines"] = [{"id": "first", **line}, {"id": "second", "worth_per_h": 9000}]
        problem = mill_json.from_tree(tree)
        return problem.orders[0].margin

    problem = mill_json.from_tree(smallest())
    stock, section = problem.stock[0], problem.sections[0]
    usable = stock.mass - stock.mass * 9_000 // 1_000_000 - section.crop
    without = margin({"worth_per_h": 0})
    assert abs(margin(line) - without - more * stock.mass // usable) <= 1


def test_large_orders_have_the_smaller_tolerance():
    tree = smallest()
    tree["orders"][0] |= {"quantity_kg": 40_000}
    order = mill_json.from_tree(tree).orders[0]
    # 40 000 kg / 10.656 kg = 3753.75: 94 % is 3528.5, 106 % is 3978.98.
    assert (order.lower, order.target, order.upper) == (3529, 3754, 3978)


def test_bounds_may_be_given_instead_of_tolerances():
    tree = smallest()
    tree["orders"][0] |= {"quantity_kg": 25_000, "minimum_kg": 24_000, "maximum_pieces": 2350}
    order = mill_json.from_tree(tree).orders[0]
    assert (order.lower, order.upper) == (2253, 2350)  # 24 000 / 10.656 = 2252.25


@given(
    st.integers(1, 10**9),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.sampled_from([FixedLength(12_000), Coil(1, 2)]),
)
def test_bounds_survive_being_written_as_tolerances(amount, under, over, piece):
    order = replace(SMALLEST.orders[0], piece=piece)
    row = order_parts(order) | {"under": under, "over": over}
    row |= {"quantity_pieces": amount} if isinstance(piece, FixedLength) else {"quantity": amount}
    (target,), (lower,), (upper,) = found = quantities(columns_of([row_of(row)]), [1])
    written = order_parts(replace(order, target=target, lower=lower, upper=upper))
    assert quantities(columns_of([row_of(written)]), [1]) == found


def row_of(parts):
    """Return what a file's row gives of an order's parts."""
    return OrderRow(**{name: parts[name] for name in OrderRow._fields})


def test_tolerances_are_written_round():
    assert tolerance(2346, 2346 - 2112) == 100_000
    assert tolerance(3, 1) == 340_000
    assert tolerance(10**9, 123_456_789) is None


def test_decimal_digits_count_as_written():
    tree = json.dumps(smallest()).replace("1800", "1800.0005")
    # 1 800 000.5 g: ties go to the even gram.
    assert mill_json.read(tree, "").stock[0].mass == 1_800_000
    tree = json.dumps(smallest()).replace("1800", "1800.0015")
    assert mill_json.read(tree, "").stock[0].mass == 1_800_002


def test_only_changes_that_were_listed_are_made():
    start = datetime(2026, 1, 5, 6, tzinfo=UTC)
    lot = {
        "type": "lot",
        "start": "2026-01-05T07:00:00Z",
        "grade": "g",
        "section": "s",
        "cuts": [{"stock": "k", "count": 2, "pieces": {"o": 3}}],
        "info": {"anything": [1, None]},
    }
    change = {"type": "groove_change", "section": "s", "start": "2026-01-05T06:30:00Z"}
    elements = [{"type": "changeover"}, change, lot, lot]
    tree = {"format": "antmill-schedule-1", "lines": [{"line": "L1", "elements": elements}]}
    first, second = schedule_json.from_tree(tree, start).lines[0].lots
    assert (first.start, first.groove_change, first.groove_change_start) == (3600, True, 1800)
    assert first.changeover_start is None
    assert not second.groove_change


@pytest.mark.parametrize(
    ("elements", "code", "pointer"),
    [
        ([{"type": "changeover"}], "dangling_change", "/lines/0/elements/0"),
        ([{"type": "nap"}], "unknown_choice", "/lines/0/elements/0/type"),
        ([{"type": "groove_change"}], "missing", "/lines/0/elements/0/section"),
    ],
)
def test_bad_schedules_name_the_place(elements, code, pointer):
    tree = {"format": "antmill-schedule-1", "lines": [{"line": "L1", "elements": elements}]}
    with pytest.raises(InvalidInput) as caught:
        schedule_json.from_tree(tree, datetime(2026, 1, 5, tzinfo=UTC))
    assert [(issue.code, issue.pointer) for issue in caught.value.issues] == [(code, pointer)]


def test_the_schema_knows_what_the_reader_knows():
    schema = problem_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator.check_schema(schedule_schema())
    checker = jsonschema.Draft202012Validator(schema)
    assert schema["title"] == FORMAT
    assert checker.is_valid(smallest())
    for path, value in [
        (("orders", 0, "length_mm"), 1.5),
        (("orders", 0, "coil_kg"), {"min": 1, "max": 2}),
        (("orders", 0, "lenght_mm"), 12_000),
        (("stock", 0, "mass_kg"), "1800"),
    ]:
        tree = smallest()
        tree[path[0]][path[1]][path[2]] = value
        assert not checker.is_valid(tree), path


@given(problems())
@settings(max_examples=20)
def test_written_files_meet_the_schema(problem):
    CHECKER.validate(mill_json.to_tree(problem))


def test_the_page_shows_a_plan_of_its_smallest_file():
    assert evaluate_mill(SMALLEST, schedule_json.from_tree(shown(7), SMALLEST.start)).feasible


def test_the_page_shows_the_tables():
    page = PAGE.read_text(encoding="utf-8")
    assert with_tables(page) == page, "run: python -m instances.field_page docs/problem.md"
