"""A warm start that kernels can take: every job of the problem exactly once."""

from typing import Any

from scheduler.front import Front
from scheduler.sequence_evaluation import as_sequence
from scheduler.sequencing import SequencingProblem


def check_warm_start(problem: Any, warm_start: Any | None) -> None:
    """Raise ValueError unless every sequence of ``warm_start`` has every job exactly once.

    Kernels write where a sequence's jobs say, unchecked. Other rules may be broken: the evaluator
    says so, and the search begins with something else.
    """
    if warm_start is None or not isinstance(problem, SequencingProblem):
        return
    is_front = isinstance(warm_start, Front)
    for given in [point.solution for point in warm_start.points] if is_front else [warm_start]:
        sequence = as_sequence(given)
        if sorted(sequence) != list(range(problem.size)):
            raise ValueError(
                f"warm start: {problem.name} has jobs 0 .. {problem.size - 1}, and these "
                f"{len(sequence)} are not each of them once; give a solution of this problem"
            )
