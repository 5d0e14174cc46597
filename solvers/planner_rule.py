"""The solver ``planner_rule``: the declared baseline, as `solvers.mill.rule` plans it."""

import time
from typing import Any

import scheduler.mill_evaluation  # noqa: F401  (registers the mill's evaluator)
from scheduler.evaluation import evaluate
from scheduler.mill import MillProblem
from solvers.progress import OnProgress, Progress, ignore_progress
from solvers.solver import Result
from solvers.stopping import Stop


class PlannerRule:
    """The declared baseline as a solver; it does not search, so stop, seed and threads are idle."""

    name = "planner_rule"

    def supports(self, problem: Any) -> bool:
        """Whether ``problem`` is a mill's."""
        return isinstance(problem, MillProblem)

    def solve(
        self,
        problem: Any,
        *,
        stop: Stop,  # noqa: ARG002
        seed: int = 0,
        threads: int = 1,  # noqa: ARG002
        warm_start: Any | None = None,  # noqa: ARG002
        on_progress: OnProgress = ignore_progress,
    ) -> Result:
        """Return the rule's plan."""
        if not self.supports(problem):
            raise TypeError(f"{self.name} plans mills, not a {type(problem).__name__}")
        from solvers.mill.catalogue import book_of
        from solvers.mill.rule import rule_plan

        begin = time.perf_counter()
        decoder, genes, _ = rule_plan(book_of(problem))
        schedule = decoder.schedule(genes)
        evaluation = evaluate(problem, schedule)
        elapsed = time.perf_counter() - begin
        on_progress(Progress(elapsed=elapsed, iterations=1, cost=evaluation.cost))
        return Result(
            solver=self.name,
            solution=schedule,
            evaluation=evaluation,
            seed=seed,
            iterations=1,
            elapsed=elapsed,
            stop_reason="done",
        )
