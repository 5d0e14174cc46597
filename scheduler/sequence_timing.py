"""Times of a sequence: starts, completions, tardiness and missed deadlines.

The first job starts at ``max(first_start, release)``, each next one at
``max(release, start of the one before + start_lag)``; a job completes ``duration`` after its
start. Integers stay exact; a sum of floats is rounded once, at its end.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from scheduler.evaluation import Violation
from scheduler.sequencing import Timing

DEADLINE_TOLERANCE = 1e-9
"""A deadline given as a float is missed only beyond this share of it; whole ones are exact."""


def start_times(timing: Timing, jobs: Sequence[int]) -> list[int | float]:
    """Return the start of every job of ``jobs``, in their order, as early as each can be.

    Parameters
    ----------
    timing : times of the problem, in its own unit.
    jobs : distinct jobs of the problem; it need not hold all of them.
    """
    starts: list[int | float] = []
    for place, job in enumerate(jobs):
        if place == 0:
            start = timing.first_start[job].item()
        else:
            start = starts[-1] + timing.start_lag[jobs[place - 1], job].item()
        if timing.release is not None:
            start = max(start, timing.release[job].item())
        starts.append(start)
    return starts


def completion_times(timing: Timing, jobs: Sequence[int]) -> list[int | float]:
    """Return the completion (start + duration) of every job of ``jobs``, in their order."""
    starts = start_times(timing, jobs)
    return [start + timing.duration[job].item() for start, job in zip(starts, jobs, strict=True)]


def timing_terms(timing: Timing, jobs: Sequence[int]) -> dict[str, Any]:
    """Return the terms that time adds to a sequence's score.

    ``weighted_tardiness`` = sum of weight x max(0, completion - due date); ``tardiness`` is the
    same without weights; ``late_jobs`` counts jobs beyond their due date; ``makespan`` is the last
    completion. Times are in the problem's unit.
    """
    completions = completion_times(timing, jobs)
    late = [
        max(0, completion - timing.due_date[job].item())
        for completion, job in zip(completions, jobs, strict=True)
    ]
    return {
        "weighted_tardiness": exact_sum(
            [timing.weight[job].item() * time for job, time in zip(jobs, late, strict=True)]
        ),
        "tardiness": exact_sum(late),
        "late_jobs": sum(time > 0 for time in late),
        "makespan": max(completions, default=0),
    }


def exact_sum(amounts: list[Any]) -> int | float:
    """Sum ints as an int, and floats with one rounding at the end, whatever their order."""
    return sum(amounts) if all(isinstance(a, int) for a in amounts) else math.fsum(amounts)


def deadline_violations(timing: Timing, jobs: Sequence[int]) -> Iterator[Violation]:
    """Yield a ``missed_deadline`` for every job that completes after its deadline."""
    if timing.deadline is None:
        return
    for job, completion in zip(jobs, completion_times(timing, jobs), strict=True):
        deadline = timing.deadline[job].item()
        excess = completion - deadline
        tolerance = 0 if isinstance(excess, int) else DEADLINE_TOLERANCE * abs(deadline)
        if excess > tolerance:
            yield Violation("missed_deadline", f"job {job}", excess, "time")
