"""The Solver protocol and the checked Result that every solver returns."""

from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from scheduler.evaluation import Evaluation, evaluate
from scheduler.front import Front
from scheduler.gap import gap
from solvers.bound import Bound
from solvers.progress import OnProgress, Progress, ignore_progress
from solvers.stopping import Stop


@dataclass(frozen=True, slots=True)
class Result:
    """What a solver found, scored by the one evaluator.

    ``solution`` is None when the solver found none. ``lower_bound`` is proven, in the unit of
    ``evaluation.cost``, and None where nothing is proven; ``bound`` says what it is made of, where
    it was asked for. ``trace`` lists (seconds, iteration, cost) at each improvement. ``warm_up``
    counts the seconds spent on compilation and set-up. ``parameters`` are the solver's, as plain
    JSON values. ``front`` holds all plans of a mill's Pareto front, of which ``solution`` is the
    cheapest.
    """

    solver: str
    solution: Any | None
    evaluation: Evaluation | None
    seed: int
    iterations: int
    elapsed: float
    stop_reason: str
    ants: int = 0
    warm_up: float = 0.0
    lower_bound: float | None = None
    bound: Bound | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    trace: tuple[tuple[float, int, float], ...] = ()
    front: Front | None = None

    @property
    def feasible(self) -> bool:
        """Whether a solution without violations was found."""
        return self.evaluation is not None and self.evaluation.feasible

    @property
    def gap(self) -> float | None:
        """The gap between cost and lower bound (`scheduler.gap`)."""
        return gap(None if self.evaluation is None else self.evaluation.cost, self.lower_bound)

    def with_bound(self, bound: Bound | None) -> "Result":
        """Return this result with a bound that was proven apart, beside the solver's own."""
        if bound is None:
            return self
        known = bound.value if self.lower_bound is None else self.lower_bound
        return replace(self, lower_bound=max(known, bound.value), bound=bound)


class Solver(Protocol):
    """A way to solve problems: a name, what it can solve, and ``solve``.

    The result is a function of (problem, parameters, seed, iterations) alone: ``stop`` only
    decides how many iterations there are, and ``threads`` only how fast they go.
    """

    @property
    def name(self) -> str:
        """Name in the registry, on the command line and in results."""
        ...

    def supports(self, problem: Any) -> bool:
        """Whether this solver can take ``problem``."""
        ...

    def solve(
        self,
        problem: Any,
        *,
        stop: Stop,
        seed: int = 0,
        threads: int = 1,
        warm_start: Any | None = None,
        on_progress: OnProgress = ignore_progress,
    ) -> Result:
        """Search until ``stop`` gives a reason; call ``on_progress`` at most twice a second.

        Raises
        ------
        TypeError
            Where ``supports`` says no.
        InvalidInput
            Where ``warm_start`` is no solution of this problem (`solvers.warm_start`).
        """
        ...


def checked(problem: Any, result: Result) -> Result:
    """Return ``result`` after asserting that its score is the evaluator's own."""
    if result.solution is not None and evaluate(problem, result.solution) != result.evaluation:
        raise AssertionError(f"{result.solver}: reported score differs from the evaluator's")
    return result


__all__ = ["OnProgress", "Progress", "Result", "Solver", "checked", "ignore_progress"]
