"""Texts are looked through by samples and by columns of bytes, and nothing is overlooked."""

import pytest

from instances.fields.typed import has_long_number
from instances.raw_json import SHORT, Nested, keys_in
from instances.strict_json import LONGEST_NUMBER

FILL = '{"key": "text: no key", "n": 1}'


@pytest.mark.parametrize("shift", range(10))
@pytest.mark.parametrize("digits", ["1" * 101, "-0." + "5" * 98, "1e" + "9" * 99])
def test_a_number_that_is_too_long_is_found_wherever_it_stands(shift, digits):
    before, after = b" " * shift + b'[{"n":', b', "m": 2}]'
    assert len(digits) == LONGEST_NUMBER + 1
    assert has_long_number(before + digits.encode() + after)
    assert not has_long_number(before + digits[:-1].encode() + after)


@pytest.mark.parametrize("gap", ["", " ", "\t", "\n", "\r", " \n "])
@pytest.mark.parametrize("rows", [1, SHORT])
def test_keys_are_counted_whatever_blanks_stand_before_the_colon(gap, rows):
    text = "[" + ",".join([FILL] * rows + [f'{{"last"{gap}: 1}}']) + "]"
    assert keys_in(text.encode()) == 2 * rows + 1


def test_text_that_looks_like_a_key_counts_as_one():
    text = "[" + ",".join([FILL] * SHORT + ['{"last": "\\":"}']) + "]"
    assert keys_in(text.encode()) == 2 * SHORT + 2


def test_an_object_and_the_one_inside_it_are_taken_apart_in_one_go():
    read = Nested(("inside", "a", "b"), "inside").members
    assert read(b'{"a": [1], "inside": {"x": 1.0, "y": {}}}') == (
        {"a": b"[1]"},
        {"x": b"1.0", "y": b"{}"},
    )
    assert read(b'{"b":2}') == ({"b": b"2"}, None)
    assert read(b'{"inside": null}') == ({"inside": b"null"}, None)


@pytest.mark.parametrize(
    "text", ["[]", '{"inside": 1}', '{"inside": []}', '{"c": 1}', '{"a": 1', "[" * 100_000]
)
def test_what_is_no_such_object_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        Nested(("inside", "a"), "inside").members(text.encode())
