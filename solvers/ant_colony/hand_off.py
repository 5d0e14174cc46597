"""Hand-off: at fixed iteration counts an injected exact method takes over from the ants.

Where the bound is tight, local search stalls just above the optimum while an exact method, told
what the ants found, needs only the few arcs that a better tour can have. Its share of the work is
counted, not timed, so that the result still depends on the iterations alone; it also proves bounds.
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

    @property
    def work(self) -> float:
        """Milliseconds of work so far, estimated without a clock."""
        ...

    def advance(self, upper: int, work: float, deadline: float) -> NDArray[np.int32] | None:
        """Look for a tour of less than ``upper`` whole units for about ``work`` milliseconds.

        Gives up, returning None, when ``deadline`` (of ``time.perf_counter``) passes.
        """
        ...


ANT_WORK = 0.004
"""Milliseconds that an ant takes (measured, 50 to 400 nodes)."""


class HandOff:
    """Decides when the exact method has its turn, and passes tours both ways."""

    def __init__(self, form: TourForm, prover: Prover | None, params: ColonyParams) -> None:
        self.form, self.prover = form, prover
        self.params = params
        self.credit = 0.0

    def lower_bound(self) -> float:
        """Return the best proven bound on the problem's cost."""
        units = self.form.assignment_bound
        if self.prover is not None:
            units = max(units, self.prover.bound)
        return self.form.proven(units)

    def step(
        self, colonies: Sequence[SequencingColony], iterations: int, seconds_left: float
    ) -> None:
        """Give the exact method its turn when it is due and has work to its credit."""
        if self.prover is None or iterations % self.params.hand_off_every:
            return
        best = min(colonies, key=lambda colony: colony.best_units)
        earned = self._earned(self.prover.work)
        self.credit += earned
        if self.credit <= 0.0 or best.best_units >= self.form.penalty:
            return
        before = self.prover.work
        upper = self.form.assignment_bound + best.best_units
        tour = self.prover.advance(upper, self.credit, perf_counter() + seconds_left)
        self.credit = min(self.credit - (self.prover.work - before), earned)
        if tour is not None:
            for colony in colonies:
                colony.take(tour)

    def _earned(self, work: float) -> float:
        """Return the milliseconds that a turn is worth to a prover that has done ``work``."""
        params = self.params
        early = work < params.hand_off_early
        share = params.hand_off_share if early else params.hand_off_late_share
        return params.hand_off_every * params.ants * ANT_WORK * share / (1.0 - share)
