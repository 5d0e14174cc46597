"""Hand-off: an injected exact method works beside the ants, and both learn at fixed iterations.

Where the bound is tight, local search stalls just above the optimum while an exact method, told
what the ants found, needs only the few arcs that a better tour can have. Its turn begins at one
iteration count and what it found is passed on at a later one, so it may run on a thread of its own;
its work is counted, not timed. The solution still depends on the iterations alone: of a turn that
is under way when the search ends, which the time limit may cut short, only the bound is kept.

Its multipliers know of subtours, the assignment's do not. So the ants see arcs by them, too: costs
are reduced by those of the nodes, and candidates ranked by the slack that all of them leave.
"""

from collections.abc import Sequence
from concurrent.futures import Executor, Future
from time import perf_counter
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from solvers.ant_colony.params import ColonyParams
from solvers.ant_colony.sequencing_colony import SequencingColony, View, tour_view
from solvers.tour_form import Duals, Hint, TourForm


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

    def duals(self) -> Duals | None:
        """Return the multipliers of its best bound on all tours, the same object until it rises."""
        ...

    def hint(self) -> Hint | None:
        """Return a tour worth improving, not known to be good; None where there is none."""
        ...


ANT_WORK = 0.003
"""Milliseconds that an ant takes (measured, 50 to 200 nodes)."""


class HandOff:
    """Decides when the exact method has its turns, and passes tours both ways."""

    def __init__(self, form: TourForm, prover: Prover | None, params: ColonyParams) -> None:
        self.form, self.prover, self.params = form, prover, params
        self.credit = 0.0
        self.bound = form.assignment_bound
        self.begun = False
        self.hints = 0
        self.seen: tuple[Duals, View] | None = None
        """The exact method's best multipliers, and how colonies see by them."""
        self.worked = 0.0
        """Work of the exact method when its turn began."""
        self.turn: Future[NDArray[np.int32] | None] | None = None
        """The turn that was begun, and the tour it finds."""

    def lower_bound(self) -> float:
        """Return the best bound on the problem's cost that ended turns have proven."""
        return self.form.proven(self.bound)

    def step(
        self,
        colonies: Sequence[SequencingColony],
        iterations: int,
        seconds_left: float,
        pool: Executor,
    ) -> None:
        """At the first call, and then every so many iterations, end a turn and begin the next.

        What the turn found is passed on: to all colonies its multipliers, and a better tour.
        Without one, the first colony starts a round from its hint.
        """
        if self.prover is None or (self.begun and iterations % self.params.hand_off_every):
            return
        self.begun = True
        self._pass_on(colonies)
        best = min(colonies, key=lambda colony: colony.best_units)
        earned = self._earned(self.prover.work, len(colonies))
        self.credit = min(self.credit, 0.0) + earned
        if self.credit > 0.0 and best.feasible:
            self.worked = self.prover.work
            deadline = perf_counter() + seconds_left
            self.turn = pool.submit(self.prover.advance, best.best_units, self.credit, deadline)

    def end(self) -> None:
        """Wait for the turn that runs, and keep the bound that it has proven."""
        self._ended()

    def _pass_on(self, colonies: Sequence[SequencingColony]) -> None:
        if self.prover is None or self.turn is None:
            return
        tour = self._ended()
        self._show(colonies, self.prover.duals())
        if tour is not None:
            for colony in colonies:
                colony.take(tour)
        elif (hint := self.prover.hint()) is not None:
            self._take_hint(colonies[0], hint)

    def _show(self, colonies: Sequence[SequencingColony], duals: Duals | None) -> None:
        """Let all colonies see by ``duals``, if there are any."""
        if duals is None:
            return
        if self.seen is None or self.seen[0] is not duals:
            self.seen = (duals, tour_view(self.form, self.params, duals))
        for colony in colonies:
            colony.look(self.seen[1])

    def _take_hint(self, colony: SequencingColony, hint: Hint) -> None:
        """Let ``colony`` go on from ``hint``, and see every second one by multipliers of its own.

        The best on all tours may mislead; those of a part of them mislead elsewhere.
        """
        self.hints += 1
        if self.hints % 2:
            colony.look(tour_view(self.form, self.params, hint.duals))
        colony.take(hint.tour)

    def _ended(self) -> NDArray[np.int32] | None:
        """Wait for the turn that runs; keep its bound, charge its work and return its tour."""
        if self.prover is None or self.turn is None:
            return None
        tour, self.turn = self.turn.result(), None
        self.credit -= self.prover.work - self.worked
        self.bound = max(self.bound, self.prover.bound)
        return tour

    def _earned(self, work: float, colonies: int) -> float:
        """Return the milliseconds that a turn is worth to a prover that has done ``work``."""
        params = self.params
        early = work < params.hand_off_early
        share = params.hand_off_share if early else params.hand_off_late_share
        ants = params.hand_off_every * params.ants * colonies
        return ants * ANT_WORK * share / (1.0 - share)
