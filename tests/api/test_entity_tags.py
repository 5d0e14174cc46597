"""Conditions with entity tags, as RFC 9110 has them."""

import pytest

from api.wire.entity_tags import if_match, if_none_match

CURRENT = '"sch-1.0"'


@pytest.mark.parametrize(
    ("header", "strong", "weak"),
    [
        ('"sch-1.0"', True, True),
        ('"sch-0.9", "sch-1.0"', True, True),
        ('"sch-0.9","sch-1.0" , "x,y"', True, True),
        (', "sch-1.0",,', True, True),
        ('W/"sch-1.0"', False, True),
        ('"other", W/"sch-1.0"', False, True),
        ('"sch-0.9, sch-1.0"', False, False),
        ('"a", "b"', False, False),
        ("sch-1.0", False, False),
        ('"sch-1.0', False, False),
        ('"a" "sch-1.0"', False, False),
        ('w/"sch-1.0"', False, False),
        ("", False, False),
        ("*", True, True),
        (" * ", True, True),
        ('*, "a"', False, False),
    ],
)
def test_a_condition_names_the_current_tag_or_not(header, strong, weak):
    assert if_match(header, CURRENT) is strong
    assert if_none_match(header, CURRENT) is not weak


def test_no_condition_lets_pass():
    assert if_match(None, CURRENT)
    assert if_none_match(None, CURRENT)
