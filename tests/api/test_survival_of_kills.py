"""Short forms of ``python -m benchmarks.survival``, each with a control that shows it can fail."""

import pytest

from benchmarks.survival import hardships, kills, zombies

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("sabotage", "fault"), [("", None), ("durability", "lost")])
def test_killed_workers_and_services_lose_nothing(tmp_path, sabotage, fault):
    report = kills.run(tmp_path, seed=1, kills=4, sabotage=sabotage, drain=3 if sabotage else 30)
    assert found(report, fault)


@pytest.mark.parametrize(("sabotage", "fault"), [("", None), ("fence", "the zombie's result")])
def test_a_zombie_that_wakes_up_publishes_nothing(tmp_path, sabotage, fault):
    assert found(
        zombies.run(tmp_path, seed=1, zombies=1 + bool(sabotage), sabotage=sabotage), fault
    )


@pytest.mark.parametrize(("sabotage", "fault"), [("", None), ("durability", "is lost")])
def test_a_disk_that_fills_up_costs_no_accepted_job(tmp_path, sabotage, fault):
    assert found(hardships.full_disk(tmp_path, posts=20, sabotage=sabotage), fault)


@pytest.mark.parametrize(("sabotage", "fault"), [("", None), ("wall clock", "attempt")])
def test_a_clock_that_jumps_takes_no_job_away(tmp_path, sabotage, fault):
    assert found(hardships.jumping_clock(tmp_path, jobs=1, sabotage=sabotage), fault)


@pytest.mark.parametrize(("sabotage", "fault"), [("", None), ("no deadlines", "refused")])
def test_slow_sockets_are_cut_off(tmp_path, sabotage, fault):
    assert found(hardships.slow_sockets(tmp_path, seconds=1, sabotage=sabotage), fault)


def found(report, fault):
    """Whether the report shows no fault, or the one that the sabotage must cause."""
    text = "; ".join(report.faults)
    return not report.faults if fault is None else fault in text
