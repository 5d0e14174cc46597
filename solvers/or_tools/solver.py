"""The solver ``cp_sat``: OR-Tools' exact methods for each kind of problem, behind one name."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from solvers.progress import OnProgress, ignore_progress
from solvers.solver import Result, checked
from solvers.stopping import Stop
from solvers.warm_sequence import check_warm_start

Kind = tuple[Callable[[Any], bool], Callable[..., Result]]


@cache
def kinds() -> tuple[Kind, ...]:
    """Return which problems are taken, and how each is solved; the first that fits is used.

    Imports OR-Tools, which takes a process a second, so not before a problem is to be solved.
    """
    from solvers.or_tools.cutting import solve_cutting, takes_cutting
    from solvers.or_tools.front import solve_front, takes_front
    from solvers.or_tools.mill.solve import solve_mill, takes_mill
    from solvers.or_tools.sequencing import solve_sequencing, takes_sequencing

    return (
        (takes_cutting, solve_cutting),
        (takes_sequencing, solve_sequencing),
        (takes_front, solve_front),
        (takes_mill, solve_mill),
    )


@dataclass(frozen=True)
class CpSat:
    """Exact methods of OR-Tools: CP-SAT models, and column generation for cutting."""

    name: str = "cp_sat"

    def supports(self, problem: Any) -> bool:
        """Whether there is a model for ``problem``."""
        return any(takes(problem) for takes, _ in kinds())

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
        """Search until ``stop`` gives a reason or optimality is proven; see `Solver`."""
        solve = next((solve for takes, solve in kinds() if takes(problem)), None)
        if solve is None:
            raise TypeError(f"cp_sat has no model for a {type(problem).__name__}")
        check_warm_start(problem, warm_start)
        result = solve(
            problem,
            stop=stop,
            seed=seed,
            threads=threads,
            warm_start=warm_start,
            on_progress=on_progress,
        )
        return checked(problem, replace(result, solver=self.name, seed=seed))
