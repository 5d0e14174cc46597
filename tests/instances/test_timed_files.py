"""Readers of timed sequences: tiny files by hand, every bad file with its place, public figures."""

import csv
import json

import pytest

from instances.reader import read_file, read_text
from instances.text import BadInstance
from scheduler.evaluation import evaluate
from scheduler.front import front_of
from scheduler.sequence_evaluation import front_point

SETUPS = """Problem Instance: 7
Problem Size: 2
Begin Problem Specification
Process Times:
10
20
Weights:
3
1
Duedates:
-5
30
Setup Times:
-1 0 2
-1 1 4
0 1 6
1 0 8
End Problem Specification
"""

HEAT = {
    "Parameters": {
        "NumberJobs": 2,
        "ProcessTimeTotal": [30.0, 20.0],
        "WaitingTime": [[0.0, 5.0], [7.0, 0.0]],
        "VolumeGasByJob": [100.0, 50.0],
        "VolumeGasIdleTime": [[0.0, 10.0], [2.5, 0.0]],
        "CostNaturalGas": 2,
        "DueDates": [0, 1],
    }
}


def test_setups_by_hand():
    problem = read_text(SETUPS, "tiny")
    # 0 first: starts 2, done 12, late 17 x 3; then 12 + 6 + 20 = 38, late 8.
    assert evaluate(problem, (0, 1)).cost == 17 * 3 + 8
    # 1 first: starts 4, done 24, on time; then 24 + 8 + 10 = 42, late 47 x 3.
    assert evaluate(problem, (1, 0)).cost == 47 * 3


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Problem Size: 2", "Problem Size: two", "line 2"),
        ("Problem Size: 2\n", "", "Problem Size"),
        ("Weights:\n3\n", "Weights:\n", "'Weights:' holds 1 numbers, 2 are needed"),
        ("Weights:\n3\n", "Weights:\n-3\n", "line 8: -3"),
        ("Weights:\n3\n", "Weights:\nx\n", "line 8"),
        ("-1 1 4\n", "-1 1\n", "line 15: a set-up is 'i j s'"),
        ("-1 1 4\n", "-1 2 4\n", "line 15: set-up -1 2: jobs are 0..1"),
        ("-1 1 4\n", "-1 1 -4\n", "line 15: set-up -1 1 is -4"),
        ("-1 1 4\n", "", "no set-up time for job 1 right after -1"),
        ("-1 1 4\n", "-1 0 4\n", "line 15: set-up -1 0 is given a second time"),
        ("End Problem Specification\n", "", "cut short"),
        ("Duedates:\n", "Weights:\n", "format"),
    ],
)
def test_bad_setups_name_the_place(old, new, message):
    assert old in SETUPS
    with pytest.raises(BadInstance, match=message):
        read_text(SETUPS.replace(old, new), "bad")


def test_heat_treatment_by_hand():
    problem = read_text(json.dumps(HEAT), "tiny")
    # Order 0, 1: done at 30 (due 24) and 5 + 20 = 25 (due 48): 6 h; 2 x (150 + 10) = 320.
    assert front_point(problem, (0, 1)).objectives == (6.0, 320.0)
    # Order 1, 0: done at 20 and 7 + 30 = 37: 13 h; 2 x (150 + 2.5) = 305.
    assert front_point(problem, (1, 0)).objectives == (13.0, 305.0)
    assert problem.reference_point == pytest.approx((1.1 * 6.0, 1.1 * 320.0))
    assert problem.known_order.tolist() == [0, 1]


def test_reference_is_an_hour_where_the_plant_was_never_late():
    data = {"Parameters": HEAT["Parameters"] | {"DueDates": [5, 5]}}
    assert read_text(json.dumps(data), "tiny").reference_point[0] == 1.0


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("NumberJobs", 3, "WaitingTime: 2 entries, 3 are needed"),
        ("NumberJobs", 2.0, "NumberJobs is 2.0"),
        ("WaitingTime", [[0, 1], [1]], r"WaitingTime\[1\]: 1 entries"),
        ("VolumeGasIdleTime", [[0, "x"], [1, 0]], r"VolumeGasIdleTime\[0\]\[1\]: 'x'"),
        ("ProcessTimeTotal", [1, float("nan")], r"ProcessTimeTotal\[1\]: 'nan'"),
        ("ProcessTimeTotal", [1, -1], r"ProcessTimeTotal\[1\]: -1 must be at least 0"),
        ("DueDates", None, "DueDates: not a list"),
    ],
)
def test_bad_heat_treatment_names_the_place(field, value, message):
    data = {"Parameters": HEAT["Parameters"] | {field: value}}
    with pytest.raises(BadInstance, match=message):
        read_text(json.dumps(data), "bad")


def test_public_fronts_and_the_plants_own_order(data_dir):
    folder = data_dir / "heat_treatment"
    fronts = json.loads((folder / "published_fronts.json").read_text())
    for row in csv.DictReader((folder / "best_known.csv").open()):
        problem = read_file(folder / f"instance{row['instance']}_parameters.json")
        plant = front_point(problem, problem.known_order).objectives
        assert plant == pytest.approx((float(row["real_TT_h"]), float(row["real_TEC"])), abs=0.006)
        published = fronts[row["instance"]]
        for point in published:
            exact = front_point(problem, point["seq"]).objectives
            assert exact == pytest.approx((point["TT"], point["TEC"]), abs=0.006)
        front = front_of(front_point(problem, point["seq"]) for point in published)
        assert evaluate(problem, front).feasible


def test_public_setups_are_read_whole(data_dir):
    for path in sorted((data_dir / "tardiness_setups").glob("*.instance")):
        problem = read_file(path)
        assert problem.size == 60
        assert evaluate(problem, range(60)).feasible
