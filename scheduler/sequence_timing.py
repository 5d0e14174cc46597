"""Times of a sequence: starts, completions, tardiness and missed deadlines.

The first job starts at ``max(first_start, release)``, each next one at
``max(release, start of the one before + start_lag)``; a job completes ``duration`` after its
start. Integers stay exact; a sum of floats is rounded once, at its end.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
    if not jobs:
        return []
    order = np.asarray(jobs)
    lags = timing.start_lag[order[:-1], order[1:]].tolist()
    releases = timing.release[order].tolist() if timing.release is not None else None
    starts: list[int | float] = []
    for place in range(len(jobs)):
        start = starts[-1] + lags[place - 1] if place else timing.first_start[jobs[0]].item()
        starts.append(start if releases is None else max(start, releases[place]))
    return starts


def completion_times(timing: Timing, jobs: Sequence[int]) -> list[int | float]:
    """Return the completion (start + duration) of every job of ``jobs``, in their order."""
    durations = column(timing.duration, jobs)
    return [a + b for a, b in zip(start_times(timing, jobs), durations, strict=True)]


def column(values: NDArray[Any], jobs: Sequence[int]) -> list[Any]:
    """Return the value of every job of ``jobs``, as Python numbers."""
    return values[np.asarray(jobs, dtype=np.int64)].tolist()


def timing_terms(timing: Timing, jobs: Sequence[int]) -> dict[str, Any]:
    """Return the terms that time adds to a sequence's score.

    ``weighted_tardiness`` = sum of weight x max(0, completion - due date); ``tardiness`` is the
    same without weights; ``late_jobs`` counts jobs beyond their due date; ``makespan`` is the last
    completion. Times are in the problem's unit.
    """
    completions = completion_times(timing, jobs)
    due = column(timing.due_date, jobs)
    late = [max(0, end - at) for end, at in zip(completions, due, strict=True)]
    weighted = zip(column(timing.weight, jobs), late, strict=True)
    return {
        "weighted_tardiness": exact_sum([weight * time for weight, time in weighted]),
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
