"""A starting worker is judged by what it does, not by the clock."""

from types import SimpleNamespace

import pytest

from api.jobs import slots
from api.jobs.limits import TICKS


@pytest.fixture
def look(monkeypatch):
    """Look at a starting worker at a time (s), when it has had so much processor time (s)."""
    now = {"at": 0.0, "worked": 0.0}
    monkeypatch.setattr(slots, "time", SimpleNamespace(monotonic=lambda: now["at"]))
    monkeypatch.setattr(slots, "worked_by", lambda _: int(now["worked"] * TICKS))
    looking = slots.must_get_ready(1)

    def look(at, worked):
        now.update(at=at, worked=worked)
        looking()

    return look


def test_one_that_does_nothing_is_given_up(look):
    look(1.0, 1.0)
    look(1.0 + slots.STILL, 1.0)
    with pytest.raises(slots.WorkerGone, match="has done nothing for 120 s"):
        look(1.1 + slots.STILL, 1.0)


def test_one_that_works_on_may_take_any_time_by_the_clock(look):
    for minute in range(600):
        look(60.0 * minute, 0.9 * minute)


def test_one_that_never_gets_ready_is_given_up(look):
    look(600.0, slots.START)
    with pytest.raises(slots.WorkerGone, match="after 600 s of processor time"):
        look(601.0, slots.START + 1)
