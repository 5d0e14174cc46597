"""Slow, obvious twins of the timed sequences' evaluator and local search."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, permutations
from typing import Any

from scheduler.sequencing import SequencingProblem


def naive_tardiness(problem: SequencingProblem, jobs: Sequence[int]) -> tuple[Any, list[Any]]:
    """Return the weighted tardiness and every completion of ``jobs``."""
    timing = problem.timing
    assert timing is not None
    clock, previous, tardiness, completions = 0, None, 0, []
    for job in jobs:
        clock = (
            timing.first_start[job] if previous is None else clock + timing.start_lag[previous, job]
        )
        if timing.release is not None and clock < timing.release[job]:
            clock = timing.release[job]
        completion = clock + timing.duration[job]
        if completion > timing.due_date[job]:
            tardiness += timing.weight[job] * (completion - timing.due_date[job])
        completions.append(completion)
        previous = job
    return tardiness, completions


def naive_links(problem: SequencingProblem, jobs: Sequence[int]) -> Any:
    """Return the transition cost of ``jobs``, with both ends and the constant."""
    cost = problem.constant + problem.first_cost[jobs[0]] + problem.last_cost[jobs[-1]]
    for place in range(1, len(jobs)):
        cost += problem.transition_cost[jobs[place - 1], jobs[place]]
    return cost


def naive_violations(problem: SequencingProblem, jobs: Sequence[int]) -> int:
    """Return how many forbidden transitions and missed deadlines ``jobs`` has."""
    assert problem.timing is not None
    broken = sum(bool(problem.forbidden[i, j]) for i, j in pairwise(jobs))
    if problem.timing.deadline is not None:
        completions = naive_tardiness(problem, jobs)[1]
        broken += sum(
            bool(done > problem.timing.deadline[job])
            for job, done in zip(jobs, completions, strict=True)
        )
    return broken


def all_feasible(problem: SequencingProblem) -> Iterator[tuple[int, ...]]:
    """Yield every sequence without violations; for tiny problems."""
    for jobs in permutations(range(problem.size)):
        if naive_violations(problem, jobs) == 0:
            yield jobs


def block_swaps(size: int, longest: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield the moves of the local search as places of blocks [a, b) and [c, d), from 1 on.

    All exchanges of neighbouring blocks, and swaps of blocks of at most ``longest`` jobs that are
    apart.
    """
    places = range(1, size + 2)
    for a in places:
        for b in range(a + 1, size + 2):
            for d in range(b + 1, size + 2):
                yield a, b, b, d
                for c in range(b + 1, d):
                    if b - a <= longest and d - c <= longest:
                        yield a, b, c, d


def swapped(jobs: Sequence[int], move: tuple[int, int, int, int]) -> tuple[int, ...]:
    """Return ``jobs`` with the blocks of ``move`` (places from 1 on) changed round."""
    a, b, c, d = (place - 1 for place in move)
    return (*jobs[:a], *jobs[c:d], *jobs[b:c], *jobs[a:b], *jobs[d:])
