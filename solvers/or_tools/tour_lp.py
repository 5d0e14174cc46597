"""The linear program behind the bound on tours: a column an arc, a row a node or a cut.

CLP solves it, because its dual simplex goes on from the last basis when a cut comes or an arc is
closed; what it says is never trusted, only used (see `tour_bound`).
"""

import signal

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import linear_solver_pb2, pywraplp

Nodes = NDArray[np.bool_]
Values = NDArray[np.float64]

# Milliseconds of a solution: once, per column, per row, and per pivot and row (measured).
WORK_SOLUTION = 0.2
WORK_COLUMN = 5e-4
WORK_ROW = 1e-3
WORK_PIVOT_ROW = 1e-4


class TourLp:
    """Arcs with values of 0 or more: one out of and one into every node, cuts as they come."""

    def __init__(self, size: int, price_of_no_arc: float) -> None:
        """Start without arcs; a cut may go without an arc for ``price_of_no_arc``."""
        self.size = size
        self.price_of_no_arc = price_of_no_arc
        self.solver = pywraplp.Solver.CreateSolver("CLP")
        self.objective = self.solver.Objective()
        self.out = [self.solver.Constraint(1.0, 1.0) for _ in range(size)]
        self.into = [self.solver.Constraint(1.0, 1.0) for _ in range(size)]
        self.cuts: list[tuple[Nodes, Nodes, pywraplp.Constraint]] = []
        self.ends: list[NDArray[np.int64]] = []
        """Of each cut not yet in ``joined`` its tails, and then its heads, as node numbers."""
        self.joined = (np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64))
        self.arcs: list[pywraplp.Variable] = []
        self.tail: list[int] = []
        self.head: list[int] = []
        self.column: list[int] = []
        """Of each arc among all columns."""
        self.closed = np.zeros(0, dtype=np.bool_)
        self.going_on = _parameters(going_on=True)
        self.afresh = _parameters(going_on=False)
        self.wider = True
        """Whether arcs came since the last solution: CLP takes them one by one, so start afresh."""
        self.response = linear_solver_pb2.MPSolutionResponse()

    def add_arc(self, i: int, j: int, cost: float) -> None:
        """Let the program use the arc from ``i`` to ``j``."""
        self.column.append(self.solver.NumVariables())
        variable = self.solver.NumVar(0.0, self.solver.infinity(), "")
        self.objective.SetCoefficient(variable, cost)
        self.out[i].SetCoefficient(variable, 1.0)
        self.into[j].SetCoefficient(variable, 1.0)
        for tails, heads, row in self.cuts:
            if tails[i] and heads[j]:
                row.SetCoefficient(variable, 1.0)
        self.arcs.append(variable)
        self.tail.append(i)
        self.head.append(j)
        self.wider = True

    def add_cut(self, tails: Nodes, heads: Nodes) -> None:
        """Ask for at least one arc from ``tails`` to ``heads``, or pay for going without."""
        row = self.solver.Constraint(1.0, self.solver.infinity())
        without = self.solver.NumVar(0.0, self.solver.infinity(), "")
        self.objective.SetCoefficient(without, self.price_of_no_arc)
        row.SetCoefficient(without, 1.0)
        for k in np.flatnonzero(tails[self.tail] & heads[self.head]).tolist():
            row.SetCoefficient(self.arcs[k], 1.0)
        self.cuts.append((tails, heads, row))
        self.ends += [np.flatnonzero(tails), np.flatnonzero(heads)]

    def cut_ends(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the tails and then the heads of each cut in one array, and where each set begins.

        The last number of the second is where the last set ends.
        """
        if self.ends:
            nodes, start = self.joined
            further = start[-1] + np.cumsum([len(ends) for ends in self.ends])
            self.joined = (np.concatenate([nodes, *self.ends]), np.concatenate([start, further]))
            self.ends = []
        return self.joined

    def close(self, barred: NDArray[np.bool_]) -> None:
        """Close the arcs in ``barred`` (n, n), and open all others."""
        closed = barred[self.tail, self.head]
        before = np.zeros(len(closed), dtype=np.bool_)
        before[: len(self.closed)] = self.closed
        for k in np.flatnonzero(closed != before).tolist():
            self.arcs[k].SetUb(0.0 if closed[k] else self.solver.infinity())
        self.closed = closed

    def solve(self) -> bool:
        """Solve the program as it is; return whether that went well, as it cannot without arcs.

        While it solves, CLP takes the process's SIGINT for itself: it stops, which nothing else
        makes it do, and nobody else hears of it. So the signal is raised again.
        """
        if not self.arcs:  # CLP crashes on a program without columns
            return False
        status = self.solver.Solve(self.afresh if self.wider else self.going_on)
        self.wider = False
        if status == pywraplp.Solver.FEASIBLE:
            signal.raise_signal(signal.SIGINT)
        if status != pywraplp.Solver.OPTIMAL:
            return False
        self.solver.FillSolutionResponseProto(self.response)
        return True

    @property
    def work(self) -> float:
        """Estimate of the last solution's work, in milliseconds of one core."""
        if not self.arcs:
            return 0.0
        rows = 2 * self.size + len(self.cuts)
        return (
            WORK_SOLUTION
            + WORK_COLUMN * len(self.arcs)
            + WORK_ROW * rows
            + WORK_PIVOT_ROW * rows * self.solver.iterations()
        )

    def duals(self) -> Values:
        """Return the duals of all rows at the last solution: out, into, cuts."""
        return np.array(self.response.dual_value)

    def values(self) -> Values:
        """Return (n, n) the arcs' values at the last solution."""
        flow = np.zeros((self.size, self.size))
        flow[self.tail, self.head] = np.array(self.response.variable_value)[self.column]
        return np.maximum(flow, 0.0)


def _parameters(going_on: bool) -> pywraplp.MPSolverParameters:
    kinds = pywraplp.MPSolverParameters
    chosen = kinds()
    chosen.SetIntegerParam(kinds.PRESOLVE, kinds.PRESOLVE_OFF)
    how = kinds.INCREMENTALITY_ON if going_on else kinds.INCREMENTALITY_OFF
    chosen.SetIntegerParam(kinds.INCREMENTALITY, how)
    return chosen
