"""The tardiness bound against brute force, and on public instances against known sequences."""

import csv

import pytest

from solvers.tardiness_bound import tardiness_bound
from tests.naive_timed import all_feasible, naive_tardiness
from tests.timed_problems import timed_problem


@pytest.mark.parametrize(
    "kind",
    [
        {},
        {"whole": False},
        {"forbidden": 0.3},
        {"releases": True},
        {"releases": True, "deadlines": True, "forbidden": 0.2, "whole": False},
    ],
)
def test_never_above_the_optimum(kind):
    for seed in range(12):
        problem = timed_problem(seed, 6, **kind)
        best = min(naive_tardiness(problem, jobs)[0] for jobs in all_feasible(problem))
        assert 0 <= tardiness_bound(problem) <= best


def test_tight_where_everything_is_late_and_setups_do_not_differ():
    from dataclasses import replace

    problem = timed_problem(0, 6)
    timing = problem.timing
    assert timing is not None
    lag = timing.duration[:, None] + 0 * timing.start_lag
    late = replace(timing, start_lag=lag, due_date=timing.due_date * 0 - 50, first_start=lag[0] * 0)
    problem = replace(problem, timing=late)
    best = min(naive_tardiness(problem, jobs)[0] for jobs in all_feasible(problem))
    assert tardiness_bound(problem) == best


def test_public_instances(data_dir):
    from instances.reader import read_file

    folder = data_dir / "tardiness_setups"
    for row in csv.DictReader((folder / "best_known.csv").open()):
        problem = read_file(folder / f"wt_sds_{row['instance']}.instance")
        assert tardiness_bound(problem) <= float(row["unverified_optimum"])
