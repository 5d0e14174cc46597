"""The tours' program: a Ctrl-C that CLP takes for itself is heard of all the same.

That CLP does so while it solves is tested by the command on a matrix of 400 cities.
"""

import signal

import pytest
from ortools.linear_solver import pywraplp

from solvers.or_tools.tour_lp import TourLp


@pytest.fixture
def lp():
    program = TourLp(3, 1e6)
    for i, j in ((0, 1), (1, 2), (2, 0)):
        program.add_arc(i, j, 1.0)
    return program


@pytest.fixture
def heard():
    """The signals that reached Python's handler of SIGINT."""
    signals = []
    before = signal.signal(signal.SIGINT, lambda number, _: signals.append(number))
    yield signals
    signal.signal(signal.SIGINT, before)


def test_the_signal_that_stopped_clp_is_raised_again(lp, heard, monkeypatch):
    monkeypatch.setattr(lp.solver, "Solve", lambda _how: pywraplp.Solver.FEASIBLE)
    assert not lp.solve()
    assert heard == [signal.SIGINT]


def test_a_program_that_is_solved_raises_no_signal(lp, heard):
    assert lp.solve()
    assert not heard
