"""Every sort of bad mill file: its code, its place, and that all faults come together."""

import json

import pytest

from instances import mill_json
from instances.strict_json import parse
from scheduler.clock import stamp
from scheduler.issues import InvalidInput, Issue, shown
from tests.instances.test_mill_files import smallest

START = "2026-01-05T06:00:00+01:00"
ORDER = "/orders/0"
NFD = "A\u0308"


def faults(text: str) -> list[Issue]:
    """Return the issues that reading ``text`` raises."""
    with pytest.raises(InvalidInput) as caught:
        mill_json.read(text, "bad")
    return list(caught.value.issues)


def only(text: str) -> Issue:
    """Return the one issue that reading ``text`` raises."""
    found = faults(text)
    assert len(found) == 1, [str(issue) for issue in found]
    return found[0]


def changed(*path_and_value) -> str:
    """Return the smallest file with one value set; the path's last key may be new."""
    *path, key, value = path_and_value
    tree = smallest()
    node = tree
    for part in path:
        node = node.setdefault(part, {}) if isinstance(node, dict) else node[part]
    node[key] = value
    return json.dumps(tree)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_json"),
        ("{", "not_json"),
        ('{"format": "antmill-problem-1"} trailing', "not_json"),
        ("[" * 100_000, "too_deep"),
        ("[" * 40 + "]" * 40, "too_deep"),
        ("[]", "not_an_object"),
        ("null", "not_an_object"),
    ],
)
def test_what_is_no_object_is_refused_whole(text, code):
    issue = only(text)
    assert (issue.code, issue.pointer) == (code, "")


@pytest.mark.parametrize(
    ("old", "new", "code", "pointer"),
    [
        ("1800", "NaN", "not_finite", "/stock/0/mass_kg"),
        ("1800", "-Infinity", "not_finite", "/stock/0/mass_kg"),
        ("1800", "1e999", "out_of_range", "/stock/0/mass_kg"),
        ("1800", "1e99999999999999999999", "not_finite", "/stock/0/mass_kg"),
        ("1800", "9" * 5000, "not_finite", "/stock/0/mass_kg"),
        ("1800", '"1800"', "not_a_number", "/stock/0/mass_kg"),
        ("1800", '"1.800,5"', "not_a_number", "/stock/0/mass_kg"),
        ("1800", "true", "not_a_number", "/stock/0/mass_kg"),
        ("1800", "null", "not_a_number", "/stock/0/mass_kg"),
        ("1800", "-1800", "out_of_range", "/stock/0/mass_kg"),
        ("1800", "[1800]", "not_a_number", "/stock/0/mass_kg"),
        ("12000", "12000.5", "not_whole", f"{ORDER}/length_mm"),
        ('"A1"', '"\\ud800"', "bad_character", f"{ORDER}/id"),
        ('"A1"', '"A\\u0000"', "bad_character", f"{ORDER}/id"),
        ('"A1"', '"A\\u200b1"', "bad_character", f"{ORDER}/id"),
        ('"A1"', '"A\\r\\n1"', "bad_character", f"{ORDER}/id"),
        ('"A1"', '" A1"', "bad_character", f"{ORDER}/id"),
        ('"A1"', f'"{NFD}"', "not_normalized", f"{ORDER}/id"),
        ('"A1"', '"  "', "blank", f"{ORDER}/id"),
        ('"A1"', '""', "blank", f"{ORDER}/id"),
        ('"A1"', f'"{"A" * 1_000_000}"', "text_too_long", f"{ORDER}/id"),
        ('"A1"', "17", "not_a_text", f"{ORDER}/id"),
        ('"id": "A1"', '"id": "A1", "id": "A2"', "duplicate_key", f"{ORDER}/id"),
        ('"id": "A1"', '"id": "A1", "due": 1', "unknown_field", f"{ORDER}/due"),
        ('"id": "A1"', '"id": "A1", "a/b~c": 1', "unknown_field", f"{ORDER}/a~1b~0c"),
        ('"length_mm": 12000,', "", "missing", ORDER),
        ('"quantity_kg": 25000', '"weight": 1', "missing", ORDER),
        ('"grade": "B500B", "mass_kg"', '"mass_kg"', "missing", "/stock/0/grade"),
        ("antmill-problem-1", "antmill-problem-2", "unknown_choice", "/format"),
    ],
)
def test_bad_values_are_refused_with_their_place(old, new, code, pointer):
    text = json.dumps(smallest())
    assert text.count(old) >= 1
    issue = only(text.replace(old, new, 1))
    assert (issue.code, issue.pointer) == (code, pointer)
    assert len(issue.value) <= 64
    assert issue.value.isprintable()


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-06",
        "2026-01-06T06:00:00",
        "2026-01-06 06:00:00+01:00",
        "2026-02-30T06:00:00+01:00",
        "2026-01-06T24:00:00+01:00",
        "2026-01-06T06:60:00+01:00",
        "2026-01-06T06:00:60+01:00",
        "2026-01-06T06:00:00.5+01:00",
        "2026-01-06T06:00:00+25:00",
        "20260106T060000+0100",
        "2026-W02-2T06:00:00+01:00",
        "\u0662026-01-06T06:00:00+01:00",
        "9999-12-31T23:59:59-14:00",
        "tomorrow",
        "",
        1_767_675_600,
        1_767_675_600.5,
        True,
        None,
        {"seconds": 1},
    ],
)
def test_what_names_no_instant_is_refused(value):
    issue = only(changed("horizon", "end", value))
    assert (issue.code, issue.pointer) == ("not_an_instant", "/horizon/end")


@pytest.mark.parametrize(
    "value", ["2026-01-06T06:00+01:00", "2026-01-06T05:00:00Z", "2026-01-06T05:00:00.000Z"]
)
def test_the_same_instant_may_be_written_in_several_ways(value):
    assert mill_json.read(changed("horizon", "end", value), "").horizon == 86_400


@pytest.mark.parametrize("value", ["Europe/Berln", "../../etc/passwd", "+02:00", "Europe"])
def test_a_time_zone_is_known_by_its_name(value):
    issue = only(changed("horizon", "time_zone", value))
    assert (issue.code, issue.pointer) == ("unknown_zone", "/horizon/time_zone")
    assert repr(value)[1:-1] in str(issue)
    assert "time zone such as Europe/Berlin" in str(issue)


def test_the_mills_clock_changes_with_its_time_zone_and_no_instant_does():
    tree = smallest()
    tree["horizon"] |= {"start": "2026-10-24T06:00:00+02:00", "end": "2026-10-26T06:00:00+01:00"}
    fixed, zoned = (
        mill_json.from_tree({**tree, "horizon": tree["horizon"] | zone})
        for zone in ({}, {"time_zone": "Europe/Berlin"})
    )
    assert zoned.horizon == fixed.horizon == 49 * 3600
    assert stamp(fixed.origin, zoned.horizon) == "Mon 26 Oct 07:00"
    assert stamp(zoned.origin, zoned.horizon) == "Mon 26 Oct 06:00"
    assert mill_json.from_tree(mill_json.to_tree(zoned)) == zoned


def test_a_horizon_across_a_clock_change_counts_true_seconds():
    tree = smallest()
    tree["horizon"] = {"start": "2026-03-29T00:00:00+01:00", "end": "2026-03-30T00:00:00+02:00"}
    assert mill_json.from_tree(tree).horizon == 23 * 3600


@pytest.mark.parametrize(
    ("path", "value", "hint"),
    [
        (("stock", 0, "mass_kg"), 1.8, "looks like t; write 1 800 kg"),
        (("orders", 0, "length_mm"), 12, "looks like m; write 12 000 mm"),
        (("orders", 0, "under_tolerance_precent"), 6, "did you mean 'under_tolerance_percent'?"),
        (("orders", 0, "quantity_kg"), "25,5", "write the number without quotation marks"),
        (("orders", 0, "due_date"), "2026-01-06T06:00:00", "add Z or an offset"),
    ],
)
def test_hints_say_what_to_do(path, value, hint):
    assert hint in str(only(changed(*path, value)))


@pytest.mark.parametrize(
    ("fields", "code", "pointer"),
    [
        ({"coil_kg": {"min": 1, "max": 2}}, "conflicting_fields", ORDER),
        ({"quantity_pieces": 7}, "conflicting_fields", ORDER),
        ({"minimum_kg": 7, "under_tolerance_percent": 3}, "conflicting_fields", ORDER),
        ({"quantity_pieces": 1.5, "quantity_kg": None}, "not_whole", f"{ORDER}/quantity_pieces"),
        ({"lock": {"position": 0}}, "out_of_range", f"{ORDER}/lock/position"),
        ({"lock": []}, "not_an_object", f"{ORDER}/lock"),
        ({"lines": "L1"}, "not_a_list", f"{ORDER}/lines"),
        ({"lines": ["L1", 2]}, "not_a_text", f"{ORDER}/lines/1"),
        ({"may_split_lines": 1}, "not_a_flag", f"{ORDER}/may_split_lines"),
        ({"may_split_lines": None}, "not_a_flag", f"{ORDER}/may_split_lines"),
        ({"weight": 1e400}, "not_finite", f"{ORDER}/weight"),
    ],
)
def test_orders_that_contradict_themselves_are_refused(fields, code, pointer):
    tree = smallest()
    tree["orders"][0] |= fields
    with pytest.raises(InvalidInput) as caught:
        mill_json.from_tree(tree)
    assert [(issue.code, issue.pointer) for issue in caught.value.issues] == [(code, pointer)]
    assert caught.value.issues[0].order == "A1"


def test_all_faults_are_reported_together_and_the_first_hundred_shown():
    tree = smallest()
    tree["orders"] = [{"id": f"A{k}"} for k in range(60)]
    with pytest.raises(InvalidInput) as caught:
        mill_json.from_tree(tree)
    # Each lacks grade, section, length or coil, and quantity.
    assert caught.value.total == 240
    assert len(caught.value.issues) == 100
    assert "and 140 more" in str(caught.value)


def test_lists_have_limits():
    assert only(changed("orders", [])).code == "too_few"
    assert only(changed("lines", [{"id": f"L{k}"} for k in range(21)])).code == "too_many"


def test_values_are_shown_short_and_printable():
    assert shown("a\r\n\u200b") == '"a\\r\\n\\u200b"'
    assert len(shown("x" * 1000)) == 64
    assert shown(1) == "1"
    assert shown(value=True) == "true"
    assert shown([1, 2]) == "a list of 2"


def test_numbers_keep_their_decimal_digits():
    assert str(parse("[0.1]")[0]) == "0.1"
