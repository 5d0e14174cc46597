"""Whatever stands in a file, reading it gives a problem or a list of faults and nothing else."""

import copy
import json
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from instances import mill_json, schedule_json
from instances.generator import generate
from scheduler.issues import InvalidInput
from scheduler.mill import MillProblem
from scheduler.mill_arrays import arrays_of
from scheduler.validation import validate

BOOKS = [
    mill_json.to_tree(generate(mill, "day", seed=1, orders=4, lines=2)) for mill in ("bar", "rod")
]
INSTANTS = ("2026-01-05T06:00:00+01:00", "2026-01-07T06:00:00Z", "1970-01-01T00:00:00Z", "soon")
WORDS = ("", "L1", "B500B", "R12", "B0001", "all", "closed", "\ud800", "\u200b", "a" * 65)
NUMBERS = st.one_of(
    st.sampled_from([0, 1, -1, 2, 1000, 10**6, 10**9, 10**15, 10**30, 0.5, 1e-9, 1e300]),
    st.floats(),
    st.integers(),
)
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, st.sampled_from(INSTANTS + WORDS))
VALUES = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=3),
    st.dictionaries(st.sampled_from(("id", "type", "min", "section", "x")), SCALARS, max_size=2),
)


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in ``tree``."""
    keys = tree if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    return [path, *(place for key in keys for place in places(tree[key], (*path, key)))]


def changed(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return ``tree`` with one value changed."""
    if not path:
        return value
    tree = copy.deepcopy(tree)
    node = tree
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return tree


def outcome(read: Callable[[], Any]) -> Any:
    """Return what ``read`` gives, or the InvalidInput that it raises."""
    try:
        return read()
    except InvalidInput as error:
        return error


@given(st.data())
def test_changed_files_are_read_or_refused(data):
    tree = data.draw(st.sampled_from(BOOKS))
    for _ in range(data.draw(st.integers(1, 3))):
        tree = changed(tree, data.draw(st.sampled_from(places(tree))), data.draw(VALUES))
    result = outcome(lambda: mill_json.read(json.dumps(tree), "fuzzed"))
    if isinstance(result, InvalidInput):
        assert result.total >= 1
        assert all(len(issue.value) <= 64 and issue.code for issue in result.issues)
        assert str(result).encode()
    else:
        assert isinstance(result, MillProblem)
        assert not [issue for issue in validate(result) if issue.severity == "error"]
        assert mill_json.read(mill_json.write(result), "") == result
        arrays_of(result)


@given(st.data())
def test_changed_schedules_are_read_or_refused(data):
    start = mill_json.from_tree(BOOKS[0]).start
    lot: dict[str, Any] = {"type": "lot", "start": INSTANTS[0], "grade": "B500B", "section": "R12"}
    lot["cuts"] = [{"stock": "k", "count": 2, "pieces": {"B0001": 3}}]
    change = {"type": "groove_change", "section": "R12", "start": INSTANTS[0], "info": {}}
    lines = [{"line": "L1", "elements": [{"type": "changeover"}, change, lot]}]
    tree: Any = {"format": "antmill-schedule-1", "lines": lines}
    for _ in range(data.draw(st.integers(1, 3))):
        tree = changed(tree, data.draw(st.sampled_from(places(tree))), data.draw(VALUES))
    result = outcome(lambda: schedule_json.read(json.dumps(tree), start))
    if isinstance(result, InvalidInput):
        assert result.total >= 1
    else:
        assert schedule_json.read(schedule_json.write(result, start), start) == result
