"""A starting worker is judged by what it does, not by the clock."""

import subprocess
import sys
import time

import pytest

from api.jobs import slots


@pytest.fixture
def starting():
    """Start a Python program in place of a worker; it is killed in the end."""
    started = []

    def start(program):
        started.append(subprocess.Popen([sys.executable, "-c", program]))
        return started[0].pid

    yield start
    for process in started:
        process.kill()
        process.wait()


def looked_at_for(look, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        look()
        time.sleep(0.05)


def test_one_that_does_nothing_is_given_up(starting, monkeypatch):
    monkeypatch.setattr(slots, "STILL", 1.5)
    look = slots.must_get_ready(starting("import time; time.sleep(600)"))
    with pytest.raises(slots.WorkerGone, match="has done nothing"):
        looked_at_for(look, 60)


def test_one_that_works_on_may_take_longer(starting, monkeypatch):
    monkeypatch.setattr(slots, "STILL", 1.5)
    looked_at_for(slots.must_get_ready(starting("while True: pass")), 3)


def test_one_that_never_gets_ready_is_given_up(starting, monkeypatch):
    monkeypatch.setattr(slots, "START", 0.5)
    look = slots.must_get_ready(starting("while True: pass"))
    with pytest.raises(slots.WorkerGone, match="of processor time"):
        looked_at_for(look, 60)
