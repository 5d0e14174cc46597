"""Galvanizing and TSPLIB files: what is read, and the errors of bad ones."""

import numpy as np
import pytest

from instances import galvanizing, tsplib
from instances.reader import read_text
from instances.text import BadInstance
from scheduler.evaluation import evaluate

ATSP = """NAME: three
TYPE: ATSP
COMMENT: made by hand
DIMENSION: 3
EDGE_WEIGHT_TYPE: EXPLICIT
EDGE_WEIGHT_FORMAT: FULL_MATRIX
EDGE_WEIGHT_SECTION
9999 1
2 3 9999 4
5 6 9999
EOF
"""
SOP = (
    ATSP.replace("ATSP", "SOP")
    .replace("9999 1\n2 3 9999 4\n5 6 9999", "3\n0 1 8\n-1 0 4\n-1 -1 0")
    .replace("three", "path")
)


def test_galvanizing_day():
    day = galvanizing.read("-1;300;-1\n305;-1;963\n952;493;-1\n", "day")
    assert day.forbidden.tolist() == [[1, 0, 1], [0, 1, 0], [0, 0, 1]]
    assert evaluate(day, (2, 0, 1)).cost == 952 + 300
    assert not evaluate(day, (0, 2, 1)).feasible


def test_atsp_rows_may_break_anywhere():
    tour = tsplib.read_atsp(ATSP, "three")
    assert tour.closed
    assert evaluate(tour, (0, 1, 2)).cost == 1 + 4 + 5


def test_sop_path_from_first_to_last_with_precedence():
    path = tsplib.read_sop(SOP, "path")
    assert sorted(path.predecessors.tolist()) == [[0, 1], [0, 2], [1, 2]]
    scored = evaluate(path, (0, 1, 2))
    assert (scored.cost, scored.feasible) == (1 + 4, True)
    assert not evaluate(path, (0, 2, 1)).feasible


@pytest.mark.parametrize(
    ("read", "text", "message"),
    [
        (galvanizing.read, "-1;3\n4\n", "line 2: has 1 numbers, but the file has 2 rows"),
        (galvanizing.read, "-1;x\n4;-1\n", "line 1: 'x' is not a whole number"),
        (galvanizing.read, "-1;-7\n4;-1\n", "line 1, column 2: -7 is neither"),
        (tsplib.read_atsp, ATSP.replace("5 6", "5"), "holds 8 numbers, DIMENSION 3 needs 9"),
        (tsplib.read_atsp, ATSP.replace("2 3", "2 x"), "line 9: 'x' is not a whole number"),
        (tsplib.read_atsp, ATSP.replace("DIMENSION: 3", "DIMENSION: -3"), "DIMENSION is '-3'"),
        (tsplib.read_atsp, ATSP.replace("FULL_MATRIX", "UPPER_ROW"), "only FULL_MATRIX"),
        (tsplib.read_atsp, "TYPE: ATSP\n1 2\n", "line 2: expected 'KEYWORD: value'"),
        (tsplib.read_atsp, "TYPE: ATSP\n", "has no EDGE_WEIGHT_SECTION"),
        (tsplib.read_sop, SOP.replace("0 1 8", "0 1 -1"), "cycle of precedences"),
        (tsplib.read_sop, SOP.replace("0 1 8", "0 1 -2"), "row 1, column 3: -2 is neither"),
    ],
)
def test_bad_files_are_refused_with_their_place(read, text, message):
    with pytest.raises(BadInstance, match=message):
        read(text, "bad")


def test_formats_are_told_apart_by_content():
    assert tsplib.matches_sop(SOP)
    assert not tsplib.matches_atsp(SOP)
    assert tsplib.matches_atsp(ATSP)
    assert galvanizing.matches("\n-1;3\n")
    assert galvanizing.matches("-1\n")
    assert read_text("-1\n", "day").size == 1
    assert not galvanizing.matches("-1\n3\n")
    assert not galvanizing.matches("3;a\n")


def test_a_public_file_is_read(data_dir):
    text = (data_dir / "tsplib" / "atsp" / "p43.atsp").read_text()
    p43 = tsplib.read_atsp(text, "p43")
    assert p43.size == 43
    assert np.trace(p43.transition_cost) == 0
