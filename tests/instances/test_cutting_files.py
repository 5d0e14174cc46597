"""Slab design and cutting stock files: both slab forms agree, errors name line and value."""

import json

import pytest

from instances import cutting_stock, slab_design
from instances.text import BadInstance

SLABS = {
    "nbOrders": 3,
    "nbColours": 2,
    "sizes": [0, 5, 9],
    "ordSize": [4, 5, 3],
    "ordCol": [1, 2, 1],
}
SLAB_TEXT = "2 5 9\n2\n3\n4 1\n5 2\n3 1\n"
ROLLS = "2\n100\n60 3\n40 1\n"


def test_both_slab_forms_give_the_same_problem():
    one = slab_design.read_json(json.dumps(SLABS), "one")
    two = slab_design.read_text(SLAB_TEXT, "two")
    for field in ("item_size", "item_demand", "item_family", "capacity", "stock_count"):
        assert getattr(one, field).tolist() == getattr(two, field).tolist()
    assert one.capacity.tolist() == [5, 9]
    assert (one.family_limit, one.objective) == (two.family_limit, two.objective) == (2, "loss")


def test_cutting_stock_is_one_capacity_and_fewest_units():
    problem = cutting_stock.read(ROLLS.replace("\n", "\r\n"), "rolls")
    assert problem.capacity.tolist() == [100]
    assert problem.item_size.tolist() == [60, 40]
    assert problem.item_demand.tolist() == [3, 1]
    assert (problem.family_limit, problem.objective) == (None, "units")


def test_formats_are_told_apart_by_content():
    texts = (json.dumps(SLABS), SLAB_TEXT, ROLLS)
    for index, matches in enumerate(
        (slab_design.matches_json, slab_design.matches_text, cutting_stock.matches)
    ):
        assert [matches(text) for text in texts] == [i == index for i in range(3)]
        assert not any(matches(text) for text in ("", "{", "hello\nworld", "1\n2\n"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3\n100\n60 3\n40 1\n", "line 1: announces 3 item types, 2 follow"),
        ("2\n100\n60 3\n40\n", "line 4: an item is 'length demand'"),
        ("2\n100\n60 3\nforty 1\n", "line 4: 'forty' is not a whole number"),
        ("2\n100 7\n60 3\n40 1\n", "line 2: must hold the roll"),
        ("2\n100\n60 3\n101 1\n", "item 1 has size 101, more than the largest stock unit"),
        ("2\n100\n60 -3\n40 1\n", r"item_demand\[0\] is -3"),
        ("1\n100\n60 9999999999999999\n", "line 3: 9999999999999999 is out of range"),
        ("2\n", "ends before the roll length"),
    ],
)
def test_bad_cutting_stock_files_name_line_and_value(text, words):
    with pytest.raises(ValueError, match=words):
        cutting_stock.read(text, "rolls")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"nbOrders": 4}, "nbOrders is 4, but the lists hold 3"),
        ({"nbColours": 3}, "nbColours is 3, but the lists hold 2"),
        ({"ordCol": [1, 2]}, "ordSize has 3 entries, ordCol has 2"),
        ({"ordCol": [1, 2, "red"]}, r"ordCol\[2\] is 'red'"),
        ({"sizes": None}, "sizes must be a list"),
        ({"sizes": [0]}, "no slab capacity other than 0"),
        ({"ordSize": [4, 10, 3]}, "item 1 has size 10, more than the largest stock unit .9"),
    ],
)
def test_bad_slab_files_name_field_and_value(changes, words):
    changes = {"nbOrders": 3} | changes
    data = {k: v for k, v in (SLABS | changes).items() if k in changes or k != "nbOrders"}
    if "ordCol" in changes and len(changes["ordCol"]) != 3:
        data.pop("nbColours")
    with pytest.raises(ValueError, match=words):
        slab_design.read_json(json.dumps(data), "slabs")


def test_broken_json_and_short_text_are_refused():
    with pytest.raises(BadInstance, match="line 1: not valid JSON"):
        slab_design.read_json('{"ordSize": [1,', "slabs")
    with pytest.raises(BadInstance, match="line 3: announces 3 orders, 2 follow"):
        slab_design.read_text("2 5 9\n2\n3\n4 1\n5 2\n", "slabs")
    with pytest.raises(BadInstance, match="line 6: colour 7 is not in"):
        slab_design.read_text("2 5 9\n2\n3\n4 1\n5 2\n3 7\n", "slabs")


def test_every_public_file_is_read(data_dir):
    slab_files = sorted((data_dir / "slab_design").glob("*.json"))
    rolls = sorted((data_dir / "cutting_stock").glob("*.txt"))
    assert slab_files
    assert rolls
    for path in slab_files:
        assert slab_design.matches_json(path.read_text())
        assert slab_design.read_json(path.read_text(), path.stem).n_items == 111
    for path in rolls:
        assert cutting_stock.matches(path.read_text())
        assert cutting_stock.read(path.read_text(), path.stem).total_size > 0
    text = (data_dir / "slab_design" / "111Orders.txt").read_text()
    assert slab_design.matches_text(text)
    assert slab_design.read_text(text, "111Orders").n_items == 111
