"""A line of jobs with its times and costs, and lower bounds of what blocks cost when shifted.

Without release dates a move only shifts blocks in time, and the cost of places p to q when shifted
by s is convex in s. Its tangents at a grid of shifts are kept as prefix sums over the places, so
that one tangent bounds the shifted cost of any block from below, in constant time.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.kernel import inlined_kernel, kernel_in_place
from solvers.timed_form import FloatArray, TimedForm

LEVELS = 64
"""Shifts at which tangents are kept, half of them to earlier times."""

OPTIMA_BITS = 12
"""Bits that number the local optima which a line remembers."""

DIGEST_FACTOR = np.uint64(0x9E3779B97F4A7C15)

RELATIVE_GAIN = 1e-10
"""A move counts as an improvement from this share of the cost on; less is rounding."""


class Line(NamedTuple):
    """A sequence with its times and costs; everything is changed in place.

    node (n+2,) int32: the depot, the jobs, the depot. start (n+2,): of each place. cost, links
    (n+3,): tardiness and deadline cost, and transition cost, of the places before k. level (G,):
    the grid of shifts, ``per_level`` levels a time unit. tangent, slope (n+3, G): cost of the
    places before k when all are shifted by level g, and its derivative; rate (n+3,): the latter
    where nothing is shifted. dirty (n+1,) bool:
    whether moves at the front of a node wait to be tried. move (4,) int64: the blocks [a, b) and
    [c, d) of the move found last. spare (n+2,) int32. optima (K,) uint64: digests of lines that no
    move improves, each at the place that its first bits say.
    """

    node: NDArray[np.int32]
    start: FloatArray
    cost: FloatArray
    links: FloatArray
    level: FloatArray
    per_level: float
    tangent: FloatArray
    slope: FloatArray
    rate: FloatArray
    dirty: NDArray[np.bool_]
    move: NDArray[np.int64]
    spare: NDArray[np.int32]
    optima: NDArray[np.uint64]


def new_line(form: TimedForm, jobs: NDArray[np.integer] | None = None) -> Line:
    """Return the line of ``jobs`` (n,), in the order of their numbers if not given, settled."""
    n = form.depot
    node = np.full(n + 2, n, dtype=np.int32)
    node[1:-1] = np.arange(n) if jobs is None else jobs
    typical = np.abs(form.lag).mean() + 1e-9
    level = (np.arange(LEVELS) - LEVELS // 2) * (typical * max(n, 4) * 2 / LEVELS)
    line = Line(
        node=node,
        start=np.zeros(n + 2),
        cost=np.zeros(n + 3),
        links=np.zeros(n + 3),
        level=level,
        per_level=float(1.0 / level[LEVELS // 2 + 1]),
        tangent=np.zeros((n + 3, LEVELS)),
        slope=np.zeros((n + 3, LEVELS)),
        rate=np.zeros(n + 3),
        dirty=np.ones(n + 1, dtype=np.bool_),
        move=np.zeros(4, dtype=np.int64),
        spare=np.zeros(n + 2, dtype=np.int32),
        optima=np.zeros(1 << OPTIMA_BITS, dtype=np.uint64),
    )
    settle(form, line, 1)
    return line


@inlined_kernel
def job_cost(form: TimedForm, job: int, completion: float) -> float:
    """Return the cost of ``job`` for tardiness, and for the time beyond its deadline."""
    late = max(0.0, completion - form.due_date[job]) * form.weight[job]
    return late + max(0.0, completion - form.deadline[job]) * form.price


@kernel_in_place
def settle(form: TimedForm, line: Line, first: int) -> None:
    """Bring times, costs and tangents up to date from place ``first`` on."""
    n = form.depot
    for place in range(first, n + 2):
        before, job = line.node[place - 1], line.node[place]
        start = max(form.release[job], line.start[place - 1] + form.lag[before, job])
        completion = start + form.duration[job]
        line.start[place] = start
        line.cost[place + 1] = line.cost[place] + job_cost(form, job, completion)
        line.links[place + 1] = line.links[place] + form.link[before, job]
        if form.shifts:
            extend_tangents(form, line, place, job, completion)


@inlined_kernel
def extend_tangents(form: TimedForm, line: Line, place: int, job: int, completion: float) -> None:
    """Add the job at ``place`` to the tangents of the places before ``place + 1``."""
    late = completion - form.due_date[job]
    missed = completion - form.deadline[job]
    weight = form.weight[job]
    for g in range(line.level.shape[0]):
        tardy, over = late + line.level[g], missed + line.level[g]
        cost = max(0.0, tardy) * weight + max(0.0, over) * form.price
        rate = (weight if tardy > 0.0 else 0.0) + (form.price if over > 0.0 else 0.0)
        line.tangent[place + 1, g] = line.tangent[place, g] + cost
        line.slope[place + 1, g] = line.slope[place, g] + rate
    line.rate[place + 1] = line.slope[place + 1, line.level.shape[0] // 2]


@inlined_kernel
def at_least(line: Line, first: int, end: int, shift: float) -> float:
    """Return a lower bound of the cost of places ``first`` to ``end`` when shifted by ``shift``."""
    levels = line.level.shape[0]
    g = min(max(np.int64(shift * line.per_level + (levels // 2 + 0.5)), 0), levels - 1)
    cost = line.tangent[end, g] - line.tangent[first, g]
    rate = line.slope[end, g] - line.slope[first, g]
    return max(0.0, cost + (shift - line.level[g]) * rate)


@inlined_kernel
def charge(form: TimedForm, late: float) -> float:
    """Return what a late cost of ``late`` is charged with."""
    if late <= form.allowance:
        return form.spare_rate * late
    return late - (1.0 - form.spare_rate) * form.allowance + form.step


@inlined_kernel
def affordable(form: TimedForm, budget: float) -> float:
    """Return the late cost up to which at most ``budget`` is charged; the inverse of `charge`."""
    full = form.spare_rate * form.allowance
    if budget <= full:
        return budget / form.spare_rate
    return form.allowance + max(0.0, budget - full - form.step)


@inlined_kernel
def total(form: TimedForm, line: Line) -> float:
    """Return the cost of the whole line."""
    return charge(form, line.cost[-1]) + line.links[-1]


@inlined_kernel
def late_limit(form: TimedForm, line: Line, links: float) -> float:
    """Return below which late cost a line is an improvement if its links cost ``links`` more."""
    cost = total(form, line)
    least_gain = RELATIVE_GAIN * max(1.0, abs(cost))
    return affordable(form, cost - least_gain - line.links[-1] - links)


@kernel_in_place
def digest(line: Line) -> np.uint64:
    """Return 64 bits that tell the order of the line's nodes from any other, but for bad luck."""
    bits = DIGEST_FACTOR
    for place in range(line.node.shape[0]):
        bits = (bits ^ np.uint64(line.node[place])) * DIGEST_FACTOR
        bits ^= bits >> np.uint64(29)
    return bits


@kernel_in_place
def is_optimum(line: Line) -> bool:
    """Whether the line is remembered as one that no move improves."""
    bits = digest(line)
    return line.optima[bits >> np.uint64(64 - OPTIMA_BITS)] == bits


@kernel_in_place
def remember_optimum(line: Line) -> None:
    """Remember that no move improves the line."""
    bits = digest(line)
    line.optima[bits >> np.uint64(64 - OPTIMA_BITS)] = bits


@kernel_in_place
def forget_optima(line: Line) -> None:
    """Forget all local optima: the form's cost has changed."""
    for k in range(line.optima.shape[0]):
        line.optima[k] = 0
