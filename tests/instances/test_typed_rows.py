"""Rows decoded straight into types are read as the exact reader reads them, or are doubted."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instances import mill_json
from instances.fields.elements import Element, Field
from instances.fields.kinds import Number
from instances.fields.place import INVALID, Place, Report
from instances.fields.quick import Doubt
from instances.fields.typed import TypedRows
from instances.fields.units import COUNT, MONEY_PER_TONNE, PERCENT, Unit
from instances.generator import generate
from instances.mill_file.book_table import ORDER, STOCK
from instances.strict_json import parse

KINDS = (
    Number(MONEY_PER_TONNE, -100_000, 100_000),
    Number(PERCENT, 0, 100),
    Number(Unit("", 1), 0.1, 10),
    Number(COUNT, 1, 1000, whole=True),
)


def both(kind: Number, texts: list[str]) -> tuple[list[int] | None, list[Any]]:
    """Return what the typed reader makes of numbers, None where it doubts, and the exact one."""
    typed = TypedRows(Element("row", "", (Field("n", "n", kind, ""), Field("m", "m", kind, ""))))
    raw = "[" + ",".join(f'{{"n": {text}, "m": 1}}' for text in texts) + "]"
    report = Report()
    exact = [kind.read(row["n"], Place(report)) for row in parse(raw)]
    try:
        return list(typed.read(raw.encode(), Report())[0]), exact
    except (Doubt, ValueError):
        return None, exact


@given(
    st.sampled_from(KINDS),
    st.lists(
        st.one_of(
            st.integers(-2000, 2000).map(str),
            st.decimals(-1000, 1000, places=4).map(str),
            st.decimals(-10, 110, places=5).map(str),
            st.decimals(0, 2, places=25).map(str),
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_numbers_are_those_of_the_exact_reader_or_doubted(kind, texts):
    found, exact = both(kind, texts)
    assert found is None or found == exact


@pytest.mark.parametrize(
    "text",
    [
        *("0.54325", "0.543249999999999999999", "100.0", "99.99999999999999999999", "100000.00001"),
        *("0.00000000000000000000001", "-0.0", "1e2", "1E+400", "true", '"1"', f"0.{'1' * 100}"),
    ],
)
def test_what_a_double_cannot_tell_is_doubted(text):
    for kind in KINDS:
        found, exact = both(kind, ["50.25", text])
        assert found is None or found == exact


def test_four_decimals_of_money_are_beyond_doubt():
    found, exact = both(KINDS[0], ["544.1347", "-99999.9999", "0.0001", "7"])
    assert found == exact == [5_441_347, -999_999_999, 1, 70_000]
    assert both(KINDS[3], ["1.0"]) == (None, [1])


@pytest.mark.parametrize("number", [f"0.{'1' * 100}", "1" * 101])
def test_a_number_too_long_to_be_honest_is_doubted(number):
    found, exact = both(KINDS[0], [number])
    assert found is None
    assert exact[0] is INVALID


@pytest.mark.parametrize("mill", ["bar", "rod"])
def test_generated_rows_are_beyond_doubt(mill):
    tree = mill_json.to_tree(generate(mill, "week", seed=5, orders=40))
    for element, name in ((STOCK, "stock"), (ORDER, "orders")):
        report = Report(start=generate(mill, "week", seed=5, orders=40).start)
        columns = TypedRows(element).read(json.dumps(tree[name]).encode(), report)
        assert {len(column) for column in columns} == {len(tree[name])}
        assert all(type(x) is not Decimal for column in columns for x in column)
        assert report.keys == json.dumps(tree[name]).count('":')
