"""Short forms of ``python -m benchmarks.survival``, with the controls that fail every time.

The other controls depend on the moment of a kill or a jump, and run in the long form only.
"""

import pytest

from benchmarks.survival import hardships, kills, zombies

pytestmark = pytest.mark.slow


def test_killed_workers_and_services_lose_nothing(tmp_path):
    assert kills.run(tmp_path, seed=1, kills=4).faults == []


def test_without_rescue_a_job_that_ran_when_the_service_was_killed_never_ends(tmp_path):
    few = {"kills": 1, "posters": 1, "drain": 15, "search": 2}
    report = kills.run(tmp_path, seed=1, sabotage="rescue", **few)
    assert any("is running" in fault for fault in report.faults)


def test_a_zombie_that_wakes_up_publishes_nothing(tmp_path):
    assert zombies.run(tmp_path, seed=1, zombies=1).faults == []


@pytest.mark.parametrize(("sabotage", "fault"), [("", None), ("durability", "is lost")])
def test_a_disk_that_fills_up_costs_no_accepted_job(tmp_path, sabotage, fault):
    assert found(hardships.full_disk(tmp_path, posts=20, sabotage=sabotage), fault)


def test_a_clock_that_jumps_takes_no_job_away(tmp_path):
    assert hardships.jumping_clock(tmp_path, jobs=1).faults == []


@pytest.mark.parametrize(("sabotage", "fault"), [("", None), ("no deadlines", "refused")])
def test_slow_sockets_are_cut_off(tmp_path, sabotage, fault):
    assert found(hardships.slow_sockets(tmp_path, seconds=1, sabotage=sabotage), fault)


def found(report, fault):
    """Whether the report shows no fault, or the one that the sabotage must cause."""
    text = "; ".join(report.faults)
    return not report.faults if fault is None else fault in text
