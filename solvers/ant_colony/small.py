"""Sequences too short for a colony: try every order."""

from itertools import permutations
from time import perf_counter

from scheduler.evaluation import evaluate
from scheduler.sequencing import SequencingProblem
from solvers.solver import Result


def best_permutation(problem: SequencingProblem, started: float) -> Result:
    """Return the best of all orders of ``problem``'s jobs; ``started`` is the clock's zero."""
    scored = [(evaluate(problem, order), order) for order in permutations(range(problem.size))]
    evaluation, order = min(scored, key=lambda pair: (not pair[0].feasible, pair[0].cost))
    return Result(
        solver="aco",
        solution=order,
        evaluation=evaluation,
        seed=0,
        iterations=1,
        ants=len(scored),
        elapsed=perf_counter() - started,
        stop_reason="optimal" if evaluation.feasible else "infeasible",
        lower_bound=evaluation.cost if evaluation.feasible else None,
        trace=((0.0, 0, evaluation.cost),) if evaluation.feasible else (),
    )
