"""Score a sequence: the one place where its cost, terms and violations are computed."""

from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduler.evaluation import Evaluation, Violation, evaluate
from scheduler.front import Front, FrontPoint, evaluate_front, front_of
from scheduler.sequence_timing import deadline_violations, exact_sum, timing_terms
from scheduler.sequencing import Sequence, SequencingProblem

FRONT_TERMS = ("weighted_tardiness", "transition_cost")


@evaluate.register
def evaluate_sequence(problem: SequencingProblem, solution: Any) -> Evaluation:
    """Score ``solution``, a tuple or array of 0-based jobs, or a `Front` of them.

    Terms are ``transition_cost`` (ends, arcs, the closing arc of a tour, and the constant) and,
    for timed problems, those of `timing_terms`. A forbidden transition adds no cost and is a
    violation. Jobs that do not exist are skipped and are violations. Where a Pareto front is
    asked for, a single sequence is scored as a front of one point.
    """
    if problem.objective != "pareto":
        return _score(problem, solution)
    front = solution if isinstance(solution, Front) else front_of([front_point(problem, solution)])
    reference = problem.reference_point or ()
    return evaluate_front(front, reference, partial(_score, problem), FRONT_TERMS)


def front_point(problem: SequencingProblem, solution: Any) -> FrontPoint:
    """Return a sequence with its objectives, (weighted tardiness, transition cost)."""
    return scored_point(problem, solution)[1]


def scored_point(problem: SequencingProblem, solution: Any) -> tuple[bool, FrontPoint]:
    """Return whether a sequence is feasible, and it with its objectives."""
    score = _score(problem, solution)
    objectives = tuple(float(score.terms[term]) for term in FRONT_TERMS)
    return score.feasible, FrontPoint(objectives, as_sequence(solution))


def _score(problem: SequencingProblem, solution: Any) -> Evaluation:
    given = as_sequence(solution)
    sequence = tuple(job for job in given if 0 <= job < problem.size)
    terms: dict[str, Any] = {"transition_cost": transition_cost(problem, sequence)}
    violations = [
        *_membership_violations(problem, given),
        *_transition_violations(problem, sequence),
        *_precedence_violations(problem, sequence),
        *_end_violations(problem, sequence),
    ]
    if problem.timing is not None:
        terms |= timing_terms(problem.timing, sequence)
        violations += deadline_violations(problem.timing, sequence)
    chosen = "transition_cost" if problem.objective == "pareto" else problem.objective
    return Evaluation(float(terms[chosen]), terms, tuple(violations))


def as_sequence(solution: Any) -> Sequence:
    """Return ``solution`` as a tuple of ints; raise ValueError when it is no list of integers."""
    values = np.asarray(solution)
    if values.size == 0:
        return ()
    if values.ndim != 1 or not np.issubdtype(values.dtype, np.integer):
        raise ValueError("sequence: expected a flat list of 0-based job numbers")
    return tuple(values.tolist())


def arcs(problem: SequencingProblem, sequence: Sequence) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the first and second jobs of all neighbours, with the closing arc of a tour."""
    order = np.array(sequence, dtype=np.int64)
    if problem.closed and len(order) > 1:
        return order, np.roll(order, -1)
    return order[:-1], order[1:]


def transition_cost(problem: SequencingProblem, sequence: Sequence) -> int | float:
    """Return the cost of ends and allowed arcs, and the constant; an int where all data are."""
    if not sequence:
        return problem.constant
    tails, heads = arcs(problem, sequence)
    allowed = ~problem.forbidden[tails, heads]
    costs = problem.transition_cost[tails, heads][allowed].tolist()
    costs += [problem.first_cost[sequence[0]].item(), problem.last_cost[sequence[-1]].item()]
    return exact_sum([*costs, problem.constant] if problem.constant else costs)


def _membership_violations(problem: SequencingProblem, given: Sequence) -> Iterable[Violation]:
    counts = Counter(given)
    for job in sorted(counts):
        if not 0 <= job < problem.size:
            detail = f"jobs are 0 .. {problem.size - 1}"
            yield Violation("unknown_job", f"job {job}", counts[job], "times", detail)
        elif counts[job] > 1:
            yield Violation("repeated_job", f"job {job}", counts[job] - 1, "times")
    for job in range(problem.size):
        if job not in counts:
            yield Violation("missing_job", f"job {job}", 1, "times")


def _transition_violations(problem: SequencingProblem, sequence: Sequence) -> Iterable[Violation]:
    tails, heads = arcs(problem, sequence)
    for k in np.flatnonzero(problem.forbidden[tails, heads]).tolist():
        where = f"job {tails[k]} -> job {heads[k]}"
        yield Violation("forbidden_transition", where, 1, "times")


def _precedence_violations(problem: SequencingProblem, sequence: Sequence) -> Iterable[Violation]:
    if problem.predecessors is None:
        return
    place = np.full(problem.size, -1, dtype=np.int64)
    place[list(sequence)] = np.arange(len(sequence))
    before, after = problem.predecessors.T
    late = place[before] - place[after]
    for k in np.flatnonzero((late > 0) & (place[after] >= 0)).tolist():
        where = f"job {before[k]} before job {after[k]}"
        yield Violation("precedence", where, int(late[k]), "positions")


def _end_violations(problem: SequencingProblem, sequence: Sequence) -> Iterable[Violation]:
    if problem.fixed_first is not None and sequence[:1] != (problem.fixed_first,):
        yield Violation("first_job", f"job {problem.fixed_first}", 1, "times")
    if problem.fixed_last is not None and sequence[-1:] != (problem.fixed_last,):
        yield Violation("last_job", f"job {problem.fixed_last}", 1, "times")
