"""The solver ``aco``: the right colonies for each kind of problem, behind one name.

Colonies are imported when a problem first needs them, as all their kernels take a while to load.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from solvers.ant_colony.kinds import (
    takes_cutting,
    takes_mill,
    takes_pareto,
    takes_tardiness,
    takes_untimed,
)
from solvers.ant_colony.params import ColonyParams
from solvers.progress import OnProgress, ignore_progress
from solvers.solver import Result, checked
from solvers.stopping import Stop
from solvers.warm_sequence import check_warm_start

if TYPE_CHECKING:
    from solvers.ant_colony.cutting_colony import Exact
    from solvers.ant_colony.sequencing_solver import MakeProver

Solve = Callable[..., Result]


@dataclass(frozen=True)
class AntColony:
    """Ant colony: focused ants with pheromone, local search and parallel colonies.

    ``exact_cutting`` is an exact method whose steps a cutting colony takes now and then, and
    ``prover`` makes one that takes turns with a colony of untimed sequences.
    """

    name: str = "aco"
    params: ColonyParams = field(default_factory=ColonyParams)
    exact_cutting: "Exact | None" = None
    prover: "MakeProver | None" = None

    @property
    def kinds(self) -> tuple[tuple[Callable[[Any], bool], Callable[[], Solve]], ...]:
        """Which problems the colony takes, and what loads the colonies for each."""
        return (
            (takes_untimed, self._untimed),
            (takes_pareto, self._pareto),
            (takes_tardiness, _tardiness),
            (takes_mill, _mill),
            (takes_cutting, self._cutting),
        )

    def _untimed(self) -> Solve:
        from solvers.ant_colony.sequencing_solver import solve_sequencing

        return partial(solve_sequencing, prover=self.prover)

    def _pareto(self) -> Solve:
        from solvers.ant_colony.timed_solver import solve_pareto

        return partial(solve_pareto, prover=self.prover)

    def _cutting(self) -> Solve:
        from solvers.ant_colony.cutting_solver import solve_cutting

        return partial(solve_cutting, exact=self.exact_cutting)

    def supports(self, problem: Any) -> bool:
        """Whether there is a colony for ``problem``."""
        return any(takes(problem) for takes, _ in self.kinds)

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
        """Search until ``stop`` gives a reason; see `solvers.solver.Solver`."""
        load = next((load for takes, load in self.kinds if takes(problem)), None)
        if load is None:
            raise TypeError(f"aco has no colony for a {type(problem).__name__}")
        check_warm_start(problem, warm_start)
        result = load()(
            problem,
            self.params,
            stop=stop,
            seed=seed,
            threads=threads,
            warm_start=warm_start,
            on_progress=on_progress,
        )
        parameters = self.params.as_json() | result.parameters
        return checked(problem, replace(result, seed=seed, parameters=parameters))


def _tardiness() -> Solve:
    from solvers.ant_colony.timed_solver import solve_tardiness

    return solve_tardiness


def _mill() -> Solve:
    from solvers.ant_colony.mill_solver import solve_mill

    return solve_mill
