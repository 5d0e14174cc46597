"""Sequences by CP-SAT: one circuit through the depot, with order and times where they matter.

The bound of `tour_bound` comes first. Its cuts are no part of the model (CP-SAT finds its own),
but its value is, and with a known sequence it rules out every arc that no better one can have. One
is always known first: the assignment's cycles patched, or a greedy one that keeps precedence.
"""

from functools import partial
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from scheduler.evaluation import Evaluation
from scheduler.sequencing import Sequence, SequencingProblem
from solvers.or_tools.cp_solver import beside, cp_solver
from solvers.or_tools.run import Run
from solvers.or_tools.sequencing_model import SequencingModel, most_tardiness
from solvers.or_tools.tour_bound import TourBound, tour_bound
from solvers.progress import OnProgress, ignore_progress
from solvers.solver import Result
from solvers.start_tour import start_tour
from solvers.stopping import Stop, seconds_left
from solvers.tardiness_bound import tardiness_bound
from solvers.tour_form import LARGEST_SUM, TourForm, tour_form

BOUND_SHARE = 0.2
"""Part of the time that the bound may take before the search."""
LONGEST_BOUND = 60.0
BUILD_SECONDS = 1e-5
"""Least time that an arc takes to model (measured 1.2e-5 to 1.6e-5, 100 to 300 nodes): where they
all do not fit, nothing would be searched."""


def takes_sequencing(problem: Any) -> bool:
    """Whether there is a model: one cost, and whole numbers where time matters.

    CP-SAT adds in 64 bits, so weights times times must stay below.
    """
    if not isinstance(problem, SequencingProblem) or problem.objective == "pareto":
        return False
    timing = problem.timing
    if timing is None:
        return True
    fields = (timing.start_lag, timing.first_start, timing.duration, timing.due_date,
              timing.weight, timing.release, timing.deadline)  # fmt: skip
    whole = all(f is None or np.issubdtype(f.dtype, np.integer) for f in fields)
    return whole and most_tardiness(timing) <= LARGEST_SUM


def solve_sequencing(
    problem: SequencingProblem,
    *,
    stop: Stop,
    seed: int = 0,
    threads: int = 1,
    warm_start: Any | None = None,
    on_progress: OnProgress = ignore_progress,
) -> Result:
    """Solve ``problem`` to optimality, or as far as ``stop`` lets it come.

    With one thread the result depends on the seed alone, unless the clock stops it.
    """
    run = SequencingRun(problem, on_progress)
    form = tour_form(problem)
    run.improve(form.sequence(start_tour(form)))
    if warm_start is not None:
        run.improve(tuple(warm_start))
    bound = None
    if problem.objective == "transition_cost":
        seconds = min(LONGEST_BOUND, BOUND_SHARE * seconds_left(stop, run.progress))
        bound = tour_bound(form, seconds)
        run.prove(form.proven(bound.bound))
    elif problem.objective == "weighted_tardiness":
        run.prove(tardiness_bound(problem))
    if run.proven:
        return run.result(seed, "optimal")
    arcs = useful_arcs(form, bound, run.evaluation)
    run.note_time()
    if BUILD_SECONDS * int(arcs.sum()) > seconds_left(stop, run.progress):
        return run.result(seed, "time")
    model = SequencingModel(problem, form, arcs, bound)
    if run.solution is not None:
        model.hint(form.tour(run.solution))
    status, reason = run.search(model, form, stop, seed, threads)
    if status in (cp_model.OPTIMAL, cp_model.INFEASIBLE):
        # Without a better sequence among the arcs kept, the known one is optimal.
        proven = run.evaluation is not None
        reason = "optimal" if proven else "infeasible"
        if proven and run.evaluation is not None:
            run.prove(run.evaluation.cost)
    return run.result(seed, reason)


def useful_arcs(
    form: TourForm, bound: TourBound | None, known: Evaluation | None
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return (n, n) the arcs that a sequence as good as ``known`` may have."""
    allowed = ~form.forbidden
    if bound is None or known is None or not known.feasible:
        return allowed
    units = int(np.ceil((known.cost - form.constant) / form.unit))
    rounding = 0 if form.unit == 1.0 else form.size
    return allowed & bound.useful(units + 1 + rounding)


class SequencingRun(Run):
    """A search by CP-SAT; its iterations are the improving sequences."""

    def improve(self, sequence: Sequence) -> None:
        """Keep ``sequence`` if it is better than the best so far, and count it then."""
        if self.offer(sequence):
            self.count()

    def search(
        self, model: SequencingModel, form: TourForm, stop: Stop, seed: int, threads: int
    ) -> tuple[cp_model.CpSolverStatus, str]:
        """Let CP-SAT work beside, look at ``stop`` now and then; return status and reason."""
        solver = cp_solver(seed, threads)
        solver.parameters.max_time_in_seconds = max(0.01, seconds_left(stop, self.progress))
        found: list[Any] = []
        solver.best_bound_callback = lambda value: found.append(value)
        reason = None
        work = partial(solver.solve, model.cp, model.keep(self.improve))
        with beside(solver, lambda: found.append(work())) as working:
            while working():
                self._look(found, form, model)
                reason = reason or stop(self.progress)
                if reason:
                    solver.stop_search()
        self._look([solver.best_objective_bound], form, model)
        return found[-1], reason or "time"

    def _look(self, bounds: list[Any], form: TourForm, model: SequencingModel) -> None:
        values = [value for value in bounds if isinstance(value, float) and np.isfinite(value)]
        if values:
            self.prove(model.proven(values[-1], form))
        self.note_time()
