"""Hand-off: at fixed iteration counts an injected exact method takes over from the ants.

Where the bound is tight, local search stalls just above the optimum while an exact method, told
what the ants found, needs only the few arcs that a better tour can have. It works in steps of a
fixed effort, so that the result still depends on the iterations alone; it also proves bounds.
"""

from collections.abc import Sequence
from time import perf_counter
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from solvers.ant_colony.params import ColonyParams
from solvers.ant_colony.sequencing_colony import SequencingColony
from solvers.tour_form import TourForm


class Prover(Protocol):
    """An exact method that goes on where its last step ended."""

    @property
    def bound(self) -> int:
        """Proven bound on every tour, in the form's whole units."""
        ...

    def advance(self, upper: int, effort: int, deadline: float) -> NDArray[np.int32] | None:
        """Look for a tour of less than ``upper`` whole units with ``effort`` of work.

        Gives up, returning None, when ``deadline`` (of ``time.perf_counter``) passes.
        """
        ...


class HandOff:
    """Decides when the exact method has its turn, and passes tours both ways."""

    def __init__(self, form: TourForm, prover: Prover | None, params: ColonyParams) -> None:
        self.form, self.prover = form, prover
        self.due_at = params.hand_off_first
        self.effort = params.hand_off_effort

    def lower_bound(self) -> float:
        """Return the best proven bound on the problem's cost."""
        units = self.form.assignment_bound
        if self.prover is not None:
            units = max(units, self.prover.bound)
        return self.form.proven(units)

    def step(
        self, colonies: Sequence[SequencingColony], iterations: int, seconds_left: float
    ) -> None:
        """Give the exact method its turn when it is due: after ever more iterations, for longer."""
        if self.prover is None or iterations < self.due_at:
            return
        best = min(colonies, key=lambda colony: colony.best_units)
        if best.best_units < self.form.penalty:
            upper = self.form.assignment_bound + best.best_units
            tour = self.prover.advance(upper, self.effort, perf_counter() + seconds_left)
            if tour is not None:
                for colony in colonies:
                    colony.take(tour)
            self.effort *= 2
        self.due_at *= 2
