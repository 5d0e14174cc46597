"""Random timed sequencing problems for the tests."""

from typing import Literal

import numpy as np

from scheduler.sequencing import SequencingProblem, Timing


def timed_problem(
    seed: int,
    size: int,
    *,
    releases: bool = False,
    deadlines: bool = False,
    forbidden: float = 0.0,
    links: bool = False,
    whole: bool = True,
    objective: Literal["weighted_tardiness", "pareto"] = "weighted_tardiness",
) -> SequencingProblem:
    """Return a problem whose identity order keeps every deadline and forbidden transition."""
    random = np.random.default_rng(seed)

    def draw(low: int, high: int, *shape: int) -> np.ndarray:
        values = random.integers(low, high, shape)
        return values if whole else values + random.random(shape)

    duration = draw(1, 20, size)
    lag = duration[:, None] + draw(0, 15, size, size)
    barred = random.random((size, size)) < forbidden
    barred[np.arange(size - 1), np.arange(1, size)] = False
    release = draw(0, 8 * size, size) if releases else None
    first_start = draw(0, 10, size)
    start = 0
    completions = []
    for job in range(size):
        start = first_start[0] if job == 0 else start + lag[job - 1, job]
        start = start if release is None else max(start, release[job])
        completions.append(start + duration[job])
    slack = draw(0, 30, size)
    return SequencingProblem(
        name=f"random {seed}",
        transition_cost=draw(0, 50, size, size) if links else np.zeros((size, size), dtype=int),
        forbidden=barred,
        first_cost=draw(0, 20, size) if links else np.zeros(size, dtype=int),
        last_cost=draw(0, 20, size) if links else np.zeros(size, dtype=int),
        timing=Timing(
            start_lag=lag,
            first_start=first_start,
            duration=duration,
            due_date=draw(-5, 12 * size, size),
            weight=draw(0, 10, size),
            release=release,
            deadline=np.array(completions) + slack if deadlines else None,
        ),
        objective=objective,
        reference_point=(100.0 * size * size, 100.0 * size) if objective == "pareto" else None,
    )
