"""A lower bound on weighted tardiness with set-ups: set-ups at their least, due dates priced.

A job keeps the line at least as long as its least start lag to any other job. With these times and
prices 0 <= price_j <= weight_j for the lateness (completion - due date) of every job, the cheapest
order is Smith's (least time per price first), and its priced lateness is at most the least
weighted tardiness, since tardiness is never below lateness nor below 0 (Lagrangian relaxation as
in Potts and Van Wassenhove 1985). Prices are improved by projected subgradients.
"""

import math

import numpy as np
from numpy.typing import NDArray

from scheduler.sequencing import SequencingProblem, Timing

FloatArray = NDArray[np.float64]

ROUNDS = 300
SAFETY = 1e-9
"""Relative amount taken off against rounding."""


def tardiness_bound(problem: SequencingProblem) -> float:
    """Return a proven lower bound on the weighted tardiness of every sequence of ``problem``.

    In the problem's own unit; whole where all data are whole. Raise ValueError without times.
    """
    timing = problem.timing
    if timing is None:
        raise ValueError(f"{problem.name}: a sequence without times has no tardiness")
    bound = max(0.0, _each_alone(timing), _priced(problem, timing))
    bound -= SAFETY * bound
    fields = (timing.start_lag, timing.first_start, timing.duration, timing.due_date, timing.weight)
    whole = all(np.issubdtype(field.dtype, np.integer) for field in fields)
    whole = whole and (timing.release is None or np.issubdtype(timing.release.dtype, np.integer))
    return float(math.ceil(bound)) if whole else bound


def earliest_starts(timing: Timing) -> FloatArray:
    """Return (n,) the earliest that each job can start: its release, or that of any first job."""
    starts = np.full(len(timing.first_start), float(timing.first_start.min()))
    if timing.start_lag.min() < 0:
        starts = np.full_like(starts, -np.inf)
    return starts if timing.release is None else np.maximum(starts, timing.release)


def _each_alone(timing: Timing) -> float:
    """Return the tardiness that each job has even if it starts as early as it ever could."""
    late = earliest_starts(timing) + timing.duration - timing.due_date
    return float(np.sum(timing.weight * np.maximum(0.0, late)))


def _priced(problem: SequencingProblem, timing: Timing) -> float:
    """Return the best bound that ``ROUNDS`` steps of pricing the due dates find."""
    time = _least_times(problem, timing)
    tail = timing.duration - timing.due_date.astype(np.float64)
    first = float(timing.first_start.min())
    weight = timing.weight.astype(np.float64)
    price, best, step = weight.copy(), 0.0, 1.0
    for _ in range(ROUNDS):
        lateness = _smith_starts(time, price, first) + tail
        value = float(price @ lateness)
        step *= 1.0 if value > best else 0.97
        best = max(best, value)
        length = float(np.sum((weight * lateness) ** 2)) ** 0.5
        if length == 0.0:
            break
        price = np.clip(price + step * weight * weight * lateness / length * 3.0, 0.0, weight)
    return best


def _least_times(problem: SequencingProblem, timing: Timing) -> FloatArray:
    """Return (n,) the least lag from each job to one that may follow it, 0 where none may."""
    lag = np.where(problem.forbidden, np.inf, timing.start_lag)
    least = lag.min(axis=1)
    return np.where(np.isfinite(least), least, 0.0)


def _smith_starts(time: FloatArray, price: FloatArray, first: float) -> FloatArray:
    """Return (n,) the start of each job in the order of time per price, the least first."""
    order = np.argsort(time / np.maximum(price, 1e-12), kind="stable")
    starts = np.empty(len(time))
    starts[order] = first + np.concatenate([[0.0], np.cumsum(time[order])[:-1]])
    return starts
