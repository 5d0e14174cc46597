"""Which problems the ant colony takes, told without loading the colonies' kernels."""

from typing import Any

from scheduler.cutting import CuttingProblem
from scheduler.mill import MillProblem
from scheduler.sequencing import SequencingProblem
from solvers.timed_form import has_timed_form

MOST_PIECES = 10_000
"""Pieces of a cut plan from which on its first local search takes longer than seconds."""


def takes_untimed(problem: Any) -> bool:
    """Whether ``problem`` is an untimed sequence: only its transition cost matters."""
    return (
        isinstance(problem, SequencingProblem)
        and problem.objective == "transition_cost"
        and (problem.timing is None or problem.timing.deadline is None)
    )


def takes_tardiness(problem: Any) -> bool:
    """Whether ``problem`` is an open timed sequence whose tardiness is the cost."""
    return (
        isinstance(problem, SequencingProblem)
        and problem.objective == "weighted_tardiness"
        and has_timed_form(problem)
    )


def takes_pareto(problem: Any) -> bool:
    """Whether ``problem`` is an open timed sequence that asks for a front."""
    return (
        isinstance(problem, SequencingProblem)
        and problem.objective == "pareto"
        and has_timed_form(problem)
    )


def takes_mill(problem: Any) -> bool:
    """Whether ``problem`` is a mill's."""
    return isinstance(problem, MillProblem)


def takes_cutting(problem: Any) -> bool:
    """Whether ``problem`` is a cutting problem of unlimited stock and not too many pieces."""
    if not isinstance(problem, CuttingProblem) or problem.item_demand.sum() > MOST_PIECES:
        return False
    return bool((problem.stock_count <= 0).all() or not problem.item_demand.any())
