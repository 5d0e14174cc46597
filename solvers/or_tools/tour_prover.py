"""The exact method for tours in steps: first the bound, then branch and cut below it."""

import numpy as np
from numpy.typing import NDArray

from solvers.or_tools.tour_bound import TourBound, TourProgram
from solvers.or_tools.tour_branching import TourTree
from solvers.tour_form import TourForm

MOST_ARCS = 25
"""Useful arcs per node above which branching waits for a better tour."""
NODE_EFFORT = 6
"""Rounds that a node of the tree counts for, for every thousand arcs begun."""
LARGEST_SIZE = 1500
"""Nodes above which one round of the program takes too long between two looks at the clock."""


class TourProver:
    """Cuts, prices and branches as far as the effort of each step goes.

    One unit of effort is one round of cuts; a node of the tree counts for several.
    """

    def __init__(self, form: TourForm) -> None:
        self.form = form
        self.program: TourProgram | None = None
        self.root: TourBound | None = None
        self.tree: TourTree | None = None
        self.bound = form.assignment_bound

    def advance(self, upper: int, effort: int, deadline: float) -> NDArray[np.int32] | None:
        """Look for a tour of less than ``upper`` whole units; see `hand_off.Prover`."""
        if self.form.size > LARGEST_SIZE or self.bound >= upper:
            return None
        if self.program is None:
            self.program = TourProgram(self.form)
        if not self.program.finished:
            self.root = self.program.solve(deadline, upper, effort)
            self.bound = max(self.bound, min(self.root.bound, upper))
        if self.root is None or self.root.bound >= upper:
            return None
        if self.tree is None:
            arcs = int((self.root.useful(upper) & ~self.form.forbidden).sum())
            if not self.program.finished or arcs > MOST_ARCS * self.form.size:
                return None
            self.tree = TourTree(self.program, self.root, upper)
        price = NODE_EFFORT * (1 + len(self.program.variables) // 1000)
        found = self.tree.search(upper, deadline, max(1, effort // price))
        self.bound = max(self.bound, found.bound)
        return found.tour
