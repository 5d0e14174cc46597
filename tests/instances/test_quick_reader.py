"""The quick readers take nothing but what the exact ones take, and read it the same."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instances import mill_json, mill_text
from instances.fields.quick import Doubt
from instances.generator import generate
from instances.strict_json import parse
from scheduler.issues import InvalidInput
from scheduler.mill import Freeze, MillProblem
from scheduler.schedule import Cut, LinePlan, Lot, Schedule

from .test_mill_file_fuzz import BOOKS, VALUES, changed, places

ODD = (
    ('"2026-01-', '"2026-1-'),
    (":", " : "),
    ("1", "1.0"),
    ("0,", "0.50000000000000000000000000000000000000001,"),
    ("5,", f"{'5' * 101},"),
    ("5,", f"0.{'5' * 101},"),
    ("5,", "1e400,"),
    ("5,", "NaN,"),
    ('{"id"', '{"id": "X", "id"'),
    ('"format"', '"source": "\\u00fc", "format"'),
    ('"format"', '"source": "u\\u0308", "format"'),
    ('"format"', '"source": "\\ud800", "format"'),
    ('"format"', '"x": ' + "[" * 40 + "]" * 40 + ', "format"'),
    ('"format"', '"source": null, "freeze": null, "format"'),
    ('"id"', '"ID"'),
    ("+01:00", "Z"),
    ("T06", "T24"),
    ("-05T", "-31T"),
    ("+01:00", "+15:00"),
    ('"id"', '"id" '),
    ('"id"', '"\\u0069d"'),
    ('"grade"', '"grade" : "B500B",\t"grade"'),
    ('"format"', '"source": "":", "format"'),
    ('"format"', '"source": ":", "format"'),
    ('"format"', '"source": "\\ud800x", "format"'),
    ('"format"', '"source": "\\udc00", "format"'),
    ('"format"', '"source": "a\x01", "format"'),
    ('"format"', '"source": "a\x7f", "format"'),
    ("1,", "true,"),
    ("1,", "01,"),
    ("1,", "1.,"),
    ("1,", "-0,"),
    ("1,", "1e0,"),
    ("5,", "18446744073709551616,"),
    ("5,", "0.9007199254740993,"),
    ("5,", "[5],"),
    ("5,", "5,,"),
    ("5,", "5, /* five */"),
    ("}", "} "),
    ("}", ""),
)
"""What is replaced in a file's text by what."""


def quickly(text: str) -> MillProblem | None:
    """Return what the quick reader makes of a text, None where it doubts."""
    try:
        return mill_json.quick(text.encode(), "name")
    except (Doubt, ValueError):
        return None


def exactly(text: str) -> MillProblem | None:
    """Return what the exact reader makes of a text, None where it finds faults."""
    try:
        return mill_json.draft(parse(text), "name")[0]
    except InvalidInput:
        return None


@given(st.data())
def test_both_agree_on_changed_trees(data):
    tree = data.draw(st.sampled_from(BOOKS))
    for _ in range(data.draw(st.integers(0, 2))):
        tree = changed(tree, data.draw(st.sampled_from(places(tree))), data.draw(VALUES))
    text = json.dumps(tree)
    assert quickly(text) == exactly(text)


@given(st.data())
def test_both_agree_on_odd_texts(data):
    text = json.dumps(data.draw(st.sampled_from(BOOKS)))
    for _ in range(data.draw(st.integers(1, 2))):
        old, new = data.draw(st.sampled_from(ODD))
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + text[at:].replace(old, new, 1)
    found = quickly(text)
    assert found is None or found == exactly(text)


def test_a_missing_field_or_one_too_many_is_doubted():
    text = json.dumps(BOOKS[0])
    row = BOOKS[0]["orders"][0]
    for more in ({"coil_kg": {"min": 1, "max": 2}}, {"colour": "red"}):
        assert quickly(text.replace(json.dumps(row), json.dumps(row | more))) is None
    fewer = {name: value for name, value in row.items() if name != "id"}
    assert quickly(text.replace(json.dumps(row), json.dumps(fewer))) is None


@pytest.mark.parametrize("mill", ["bar", "rod"])
def test_generated_books_are_read_without_doubt(mill):
    problem = generate(mill, "week", seed=3, orders=40)
    text = mill_json.write(problem)
    assert quickly(text) == exactly(text) == problem


def test_a_frozen_plan_is_read_without_doubt_unless_its_remarks_are_nested():
    problem = generate("bar", "day", seed=1, orders=4)
    order = problem.orders[0]
    lot = Lot(0, order.section, order.grade, (Cut(problem.stock[0].id, 1, ((order.id, 1),)),))
    plan = Schedule((LinePlan(problem.lines[0].id, (lot,)),))
    tree = mill_json.to_tree(
        MillProblem(**{**vars(problem), "freeze": Freeze(until=60, schedule=plan)})
    )
    assert quickly(json.dumps(tree)) == exactly(json.dumps(tree))
    (element,) = tree["freeze"]["schedule"]["lines"][0]["elements"]
    element["info"] = {"by": "hand"}
    assert quickly(json.dumps(tree)) == exactly(json.dumps(tree))
    element["info"] = {"by": ["hand"]}
    assert quickly(json.dumps(tree)) is None


def with_number(path: tuple[Any, ...], number: str) -> str:
    """Return the text of a good file with a number written so at a path."""
    return json.dumps(changed(BOOKS[0], path, 123454321)).replace("123454321", number)


@pytest.mark.parametrize(
    ("number", "fits"), [("0.1", True), ("0.10", True), ("0.0999999999999999999999", False)]
)
def test_the_least_number_is_the_one_that_the_message_names(number, fits):
    text = with_number(("lines", 0, "furnace"), f'{{"specific_heat_kj_per_kg_k": {number}}}')
    assert (exactly(text) is not None) is fits
    assert quickly(text) == exactly(text)


def test_decimal_digits_are_rounded_and_not_their_double():
    text = with_number(("sections", 0, "kg_per_m"), "0.8885")
    found = quickly(text)
    assert found is not None
    assert found.sections[0].mass_per_metre == 888  # a tie, to even
    assert found == exactly(text)


def objects(tree: Any) -> list[tuple[Any, ...]]:
    """Return the path of every object in ``tree`` that holds anything."""
    found = places(tree)
    return [path for path in found if isinstance(part := at(tree, path), dict) and part]


def at(tree: Any, path: tuple[Any, ...]) -> Any:
    """Return what is at a path."""
    for key in path:
        tree = tree[key]
    return tree


@pytest.mark.parametrize("tree", BOOKS)
@pytest.mark.parametrize("between", ["", " ", "\n\t", "\r "])
def test_a_doubled_key_is_doubted_in_every_object(tree, between):
    for path in objects(tree):
        part = at(tree, path)
        name = next(iter(part))
        again = f'{{{json.dumps(name)}{between}:{json.dumps(part[name])}, "mark": 0'
        text = json.dumps(changed(tree, path, {"mark": 0} | part)).replace('{"mark": 0', again)
        assert quickly(text.replace(', "mark": 0', "")) is None, path
        assert exactly(text.replace(', "mark": 0', "")) is None, path
    assert quickly(json.dumps(tree)) is not None


def test_a_key_is_doubled_however_it_is_written():
    text = json.dumps(BOOKS[0])
    for again in ('"grades": [],', '"gr\\u0061des": [],', '"format":"antmill-problem-1",'):
        assert quickly(text.replace('"lines"', f'{again} "lines"')) is None
    # A colon too many in one place makes up for none in another.
    odd = text.replace('"lines"', '"source": ":", "source": "x", "lines"')
    assert quickly(odd) is None


def test_a_plant_that_comes_again_is_read_as_it_was_before():
    first = json.dumps(BOOKS[0])
    assert quickly(first) == exactly(first)
    later = first.replace("2026-01-05T06", "2026-01-05T05")
    assert later != first
    assert quickly(later) == exactly(later)
    for wrong in ("true", "1.0", '"1"'):
        text = with_number(("sections", 0, "kerf_mm"), "1")
        assert quickly(text) == exactly(text)
        changed_text = with_number(("sections", 0, "kerf_mm"), wrong)
        assert quickly(changed_text) == exactly(changed_text)


def test_what_is_remembered_is_bounded():
    memory = mill_text.Memory()
    part = b"x" * mill_text.LARGEST
    for number in range(20):
        memory.keep((str(number), None, part), (number, 0))
    assert sum(len(key[2]) for key in memory.known) <= mill_text.MOST
    assert memory.find(("19", None, part)) == (19, 0)
    memory.keep(("large", None, part + b"x"), (0, 0))
    assert memory.find(("large", None, part + b"x")) is None
