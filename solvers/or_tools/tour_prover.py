"""The exact method for tours in steps: first the bound, then branch and cut below it."""

import numpy as np
from numpy.typing import NDArray

from solvers.or_tools.tour_bound import TourBound, TourProgram
from solvers.or_tools.tour_branching import TourTree
from solvers.start_tour import patched
from solvers.tour_form import Duals, Hint, TourForm

MOST_ARCS = 30
"""Useful arcs per node above which branching waits for a better tour."""
LARGEST_SIZE = 1500
"""Nodes above which one round of the program takes too long between two looks at the clock."""


class TourProver:
    """Cuts, prices and branches as far as the work of each step goes."""

    def __init__(self, form: TourForm) -> None:
        self.form = form
        self.program: TourProgram | None = None
        self.root: TourBound | None = None
        self.tree: TourTree | None = None
        self.bound = form.assignment_bound

    @property
    def work(self) -> float:
        """Milliseconds of work so far, as estimated from its kind and size."""
        return 0.0 if self.program is None else self.program.work

    def duals(self) -> Duals | None:
        """Return the multipliers of the best bound at the root, None before the first turn."""
        return None if self.root is None else self.root.duals

    def hint(self) -> Hint | None:
        """Return the tour nearest to the part of the tree that was bounded last.

        It is the assignment there, patched at the slacks. None under precedence, and before
        the first turn.
        """
        last = None if self.program is None else self.program.last
        if last is None or len(self.form.predecessor):
            return None
        wall = int(last.slack.max()) + 1
        slack = np.where(self.form.forbidden, wall * self.form.size, last.slack)
        return Hint(patched(last.successor, slack, self.form.depot), last.duals)

    def advance(self, upper: int, work: float, deadline: float) -> NDArray[np.int32] | None:
        """Look for a tour of less than ``upper`` whole units; see `hand_off.Prover`."""
        if self.form.size > LARGEST_SIZE or self.bound >= upper:
            return None
        if self.program is None:
            self.program = TourProgram(self.form)
        most_work = self.program.work + work
        if not self.program.finished:
            root = self.program.solve(deadline, upper, most_work)
            if self.root is None or root.scaled_bound > self.root.scaled_bound:
                self.root = root
            self.bound = max(self.bound, min(self.root.bound, upper))
        if not self.program.finished or self.root is None or self.root.bound >= upper:
            return None
        if self.tree is None:
            arcs = int((self.root.useful(upper) & ~self.form.forbidden).sum())
            if arcs > MOST_ARCS * self.form.size:
                return None
            self.tree = TourTree(self.program, self.root, upper)
        found = self.tree.search(upper, deadline, most_work)
        self.bound = max(self.bound, found.bound)
        return found.tour
