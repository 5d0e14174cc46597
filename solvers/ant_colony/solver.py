"""The solver ``aco``: the right colonies for each kind of problem, behind one name."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from time import perf_counter
from typing import Any

from scheduler.evaluation import evaluate
from scheduler.mill import MillProblem
from scheduler.sequencing import SequencingProblem
from solvers.ant_colony.colony import search
from solvers.ant_colony.cutting_colony import Exact
from solvers.ant_colony.cutting_solver import solve_cutting, takes_cutting
from solvers.ant_colony.mill_solver import solve_mill, takes_mill
from solvers.ant_colony.params import ColonyParams
from solvers.ant_colony.pareto_colony import pareto_colonies
from solvers.ant_colony.sequencing_solver import MakeProver, solve_sequencing, takes_sequencing
from solvers.ant_colony.tardiness_colony import tardiness_colonies
from solvers.mill.catalogue import book_of
from solvers.mill.freeze import frozen_schedule
from solvers.progress import OnProgress, ignore_progress
from solvers.solver import Result, checked
from solvers.stopping import Stop
from solvers.tardiness_bound import tardiness_bound
from solvers.timed_form import has_timed_form

Solve = Callable[..., Result]

LARGE = 150
"""Timed jobs above which each iteration looks at the clock: with 1 000 jobs it takes seconds."""


def takes_tardiness(problem: Any) -> bool:
    """Whether ``problem`` is an open timed sequence whose tardiness is the cost."""
    return (
        isinstance(problem, SequencingProblem)
        and problem.objective == "weighted_tardiness"
        and has_timed_form(problem)
    )


def solve_tardiness(
    problem: SequencingProblem,
    params: ColonyParams,
    *,
    stop: Stop,
    seed: int,
    threads: int,
    warm_start: Any | None,
    on_progress: OnProgress,
) -> Result:
    """Search for the sequence of least weighted tardiness."""
    started = perf_counter()
    timed = params.timed
    return search(
        problem,
        tardiness_colonies(problem, timed, seed, warm_start),
        stop=stop,
        slice_iterations=timed.slice_iterations if problem.size <= LARGE else 1,
        exchange_every=timed.exchange_every,
        threads=threads,
        on_progress=on_progress,
        started=started,
        lower_bound=tardiness_bound(problem),
    )


def takes_pareto(problem: Any) -> bool:
    """Whether ``problem`` is an open timed sequence that asks for a front."""
    return (
        isinstance(problem, SequencingProblem)
        and problem.objective == "pareto"
        and has_timed_form(problem)
    )


def solve_pareto(
    problem: SequencingProblem,
    params: ColonyParams,
    *,
    stop: Stop,
    seed: int,
    threads: int,
    warm_start: Any | None,
    on_progress: OnProgress,
    prover: MakeProver | None = None,
) -> Result:
    """Search for the front of weighted tardiness and transition cost."""
    started = perf_counter()
    timed = params.timed
    return search(
        problem,
        pareto_colonies(problem, params, seed, warm_start, prover),
        stop=stop,
        slice_iterations=timed.slice_iterations,
        exchange_every=timed.slice_iterations,
        threads=threads,
        on_progress=on_progress,
        started=started,
    )


def takes_frozen(problem: Any) -> bool:
    """Whether ``problem`` is a mill's whose frozen lots make all that is wanted."""
    return (
        isinstance(problem, MillProblem)
        and problem.freeze is not None
        and not book_of(problem).products
    )


def solve_frozen(problem: MillProblem, params: ColonyParams, **_: Any) -> Result:
    """Return the frozen lots: there is nothing to search for."""
    started = perf_counter()
    plan = frozen_schedule(problem)
    score = evaluate(problem, plan)
    return Result("aco", plan, score, 0, 0, perf_counter() - started, "done")


KINDS: tuple[tuple[Callable[[Any], bool], Solve], ...] = (
    (takes_tardiness, solve_tardiness),
    (takes_frozen, solve_frozen),
    (takes_mill, solve_mill),
)
"""The kinds of problems that need nothing injected."""


@dataclass(frozen=True)
class AntColony:
    """Ant colony: focused ants with pheromone, local search and parallel colonies.

    ``exact_cutting`` is an exact method whose steps a cutting colony takes now and then, and
    ``prover`` makes one that takes turns with a colony of untimed sequences.
    """

    name: str = "aco"
    params: ColonyParams = field(default_factory=ColonyParams)
    exact_cutting: Exact | None = None
    prover: MakeProver | None = None

    @property
    def kinds(self) -> tuple[tuple[Callable[[Any], bool], Solve], ...]:
        """Which problems the colony takes, and how each is solved; the first that fits is used."""
        return (
            (takes_sequencing, partial(solve_sequencing, prover=self.prover)),
            (takes_pareto, partial(solve_pareto, prover=self.prover)),
            *KINDS,
            (takes_cutting, partial(solve_cutting, exact=self.exact_cutting)),
        )

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
        solve = next((solve for takes, solve in self.kinds if takes(problem)), None)
        if solve is None:
            raise TypeError(f"aco has no colony for a {type(problem).__name__}")
        result = solve(
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
