"""A posted job's members are read quickly only where none can be doubled."""

import json

import pytest

from api.errors import Problem
from api.reading import tasks
from api.reading.quick_job import quick_job
from api.reading.tasks import NewBook, read_book, read_job
from api.settings import Settings
from api.wire.body import JSON, Body
from instances import mill_json
from instances.fields.quick import Doubt
from instances.generator import generate

PROBLEM = json.dumps(mill_json.to_tree(generate("bar", "day", seed=1, orders=4)))
OTHER = json.dumps(mill_json.to_tree(generate("bar", "day", seed=2, orders=4)))
ASKED = f'{{"problem": {PROBLEM}, "termination": {{"time_s": 1}}, "tags": ["a"]}}'


def body(text: str) -> Body:
    """Return a body of JSON."""
    return Body(text.encode(), JSON)


def test_a_sound_job_is_read_without_the_exact_reader(monkeypatch):
    monkeypatch.setattr(tasks, "read_json", None)
    read = read_job(Settings(), body(ASKED))
    assert (read.request["tags"], read.request["termination"]["time_s"]) == (["a"], 1)
    assert isinstance(read.book, NewBook)
    assert read.book.summary["orders"] == 4
    named = read_job(
        Settings(), body('{"order_book": "ob-01kb0000000000000000000000", "problem": null}')
    )
    assert named.book == "ob-01kb0000000000000000000000"


def test_requests_in_the_same_words_are_each_held_to_the_limits():
    read_job(Settings(), body(ASKED))
    with pytest.raises(Problem) as refused:
        read_job(Settings(max_time_s=0.5), body(ASKED))
    assert [issue.pointer for issue in refused.value.issues] == ["/termination/time_s"]


@pytest.mark.parametrize("first", [PROBLEM, OTHER, "{}", "null", "1"])
@pytest.mark.parametrize("key", ['"problem":', '"problem" :', '"problem"\n\t:', '"pro\\u0062lem":'])
def test_a_doubled_problem_is_refused(first, key):
    text = ASKED.replace('{"problem":', f'{{{key} {first}, "problem":', 1)
    with pytest.raises((Doubt, ValueError)):
        quick_job(Settings(), text.encode())
    with pytest.raises(Problem) as refused:
        read_job(Settings(), body(text))
    assert [issue.code for issue in refused.value.issues] == ["duplicate_key"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"tags"', '"tags" : [], "tags"'),
        ('"time_s"', '"time_s": 1, "time_s"'),
        ('"tags"', '"seed": 1, "seed": 1, "tags"'),
        ('"sections"', '"sections": [], "sections"'),
        ('"id"', '"id" : "x", "id"'),
    ],
)
def test_a_doubled_key_anywhere_is_refused(old, new):
    with pytest.raises(Problem) as refused:
        read_job(Settings(), body(ASKED.replace(old, new, 1)))
    assert {issue.code for issue in refused.value.issues} == {"duplicate_key"}


def test_text_that_looks_like_a_key_is_read_exactly():
    text = ASKED.replace('["a"]', '[":"]')
    with pytest.raises(Doubt):
        quick_job(Settings(), text.replace('"tags"', '"seed": 1, "seed": 2, "tags"').encode())
    assert read_job(Settings(), body(text)).request["tags"] == [":"]


@pytest.mark.parametrize("read", [read_job, read_book])
@pytest.mark.parametrize("sound", [True, False])
def test_a_book_of_too_many_orders_is_too_large_and_not_read_again(read, sound, monkeypatch):
    text = ASKED if read is read_job else PROBLEM
    if sound:
        monkeypatch.setattr(tasks, "read_json", None)
    else:  # which is not looked for in so large a book
        monkeypatch.setattr(tasks, "read_problem", None)
        text = text.replace('"grade": "', '"grade": "no ', 1)
    with pytest.raises(Problem) as refused:
        read(Settings(max_orders=3), body(text))
    assert (refused.value.status, refused.value.code) == (413, "too_many_orders")
    assert refused.value.issues[0].pointer.endswith("/orders")
