"""The form in which kernels see a timed sequence: a line that starts and ends at a depot node.

Node n, the depot, stands before the first job and after the last one, so ends need no cases of
their own. What the evaluator calls a violation becomes a price so high that no saving pays for
it; the evaluator has the last word.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.sequencing import SequencingProblem

FloatArray = NDArray[np.float64]

NEVER = 1e300

TIE = 1e-3
"""Price of a line's whole length, in the cost of a mean job that is late by a mean lag."""


class TimedForm(NamedTuple):
    """A timed sequence of n jobs and the depot (node n); read-only float64 arrays.

    Its cost is that of its links plus a charge for its late cost (tardiness and missed deadlines):
    ``spare_rate`` per unit up to ``allowance``, 1 per unit beyond, and ``step`` once for going
    beyond. Without an allowance it is the plain sum, and with one the epsilon-constraint "late
    cost at most the allowance".

    Attributes
    ----------
    lag : (n+1, n+1) least time from the start of a node to the start of the next one.
    least_lag : (n+1,) least time from the start of a place to the start of a node anywhere behind.
    link : (n+1, n+1) cost of a transition, with the price of a forbidden one.
    duration, due_date, weight, release, deadline : (n+1,) of each node, in the problem's time.
    price : cost of a forbidden transition, and of each time unit beyond a deadline.
    shifts : whether a late start delays all that follows by as much, so no release dates.
    linked : whether any transition costs anything.
    depot : the node before the first and after the last job; also the number of jobs.
    allowance, spare_rate, step : late cost up to this much is charged at this rate only; one
        that is beyond is charged with the step, too.
    """

    lag: FloatArray
    least_lag: FloatArray
    link: FloatArray
    duration: FloatArray
    due_date: FloatArray
    weight: FloatArray
    release: FloatArray
    deadline: FloatArray
    price: float
    shifts: bool
    linked: bool
    depot: int
    allowance: float = 0.0
    spare_rate: float = 1.0
    step: float = 0.0


def has_timed_form(problem: SequencingProblem) -> bool:
    """Whether ``problem`` is an open sequence with times and without precedences."""
    return problem.timing is not None and not problem.closed and problem.predecessors is None


def timed_form(
    problem: SequencingProblem, tardiness_weight: float = 1.0, link_weight: float = 0.0
) -> TimedForm:
    """Return the form of ``problem`` whose cost is the weighted sum of both objectives.

    ``tardiness_weight`` multiplies the weighted tardiness, ``link_weight`` the transition cost.
    Raise ValueError where the problem has no times, precedences, or is closed.
    """
    timing = problem.timing
    if timing is None or not has_timed_form(problem):
        raise ValueError(
            f"{problem.name}: only an open sequence with times and without precedences has one"
        )
    n = problem.size
    lag = _with_depot(timing.start_lag, timing.first_start, np.zeros(n))
    link = link_weight * _with_depot(problem.transition_cost, problem.first_cost, problem.last_cost)
    weight = tardiness_weight * _padded(timing.weight, 0.0, n)
    release = _padded(timing.release, -NEVER, n)
    price = _price(lag, link, weight, release)
    link += price * _barred(problem)
    np.fill_diagonal(link, 0.0)
    return TimedForm(
        lag=lag,
        least_lag=_least_lag(lag),
        link=link,
        duration=_padded(timing.duration, 0.0, n),
        due_date=_padded(timing.due_date, NEVER, n),
        weight=weight,
        release=release,
        deadline=_padded(timing.deadline, NEVER, n),
        price=price,
        shifts=timing.release is None,
        linked=bool(link.any()),
        depot=n,
    )


def ending_early(form: TimedForm) -> TimedForm:
    """Return ``form`` with a price on the line's end, which decides between lines of equal cost.

    Set-up time saved is slack for all that follows, and tardiness alone does not see it. At most a
    ``TIE`` of a mean late job: lines whose costs differ by less than that may change places.
    """
    lag, weight, due_date = form.lag.copy(), form.weight.copy(), form.due_date.copy()
    lag[:-1, -1] = form.duration[:-1]
    horizon = max(np.abs(lag).max(axis=1).sum() + max(0.0, form.release.max()), 1e-9)
    weight[-1] = TIE * weight[:-1].mean() * np.abs(lag).mean() / horizon
    due_date[-1] = min(0.0, lag[-1, :-1].min())
    least = _least_lag(lag)
    return form._replace(lag=lag, least_lag=least, weight=weight, due_date=due_date)


def _with_depot(
    between: NDArray[np.generic], first: NDArray[np.generic], last: NDArray[np.generic]
) -> FloatArray:
    """Return ``between`` (n, n) with a last row of ``first`` and a last column of ``last``."""
    n = len(first)
    table = np.zeros((n + 1, n + 1))
    table[:n, :n], table[n, :n], table[:n, n] = between, first, last
    return table


def _padded(values: NDArray[np.generic] | None, otherwise: float, size: int) -> FloatArray:
    """Return ``values`` (n,) with ``otherwise`` for the depot, or for all where there are none."""
    given = np.full(size, otherwise) if values is None else values
    return np.append(given, otherwise).astype(np.float64)


def _barred(problem: SequencingProblem) -> FloatArray:
    """Return 1 where a transition is forbidden or contradicts a fixed end, else 0."""
    n = problem.size
    ends = np.zeros((2, n))
    for row, job in zip(ends, (problem.fixed_first, problem.fixed_last), strict=True):
        if job is not None:
            row[np.arange(n) != job] = 1.0
    return _with_depot(problem.forbidden, ends[0], ends[1])


def _least_lag(lag: FloatArray) -> FloatArray:
    """Return (n+1,) the least of each column, and less where lags are negative."""
    backwards = np.minimum(lag, 0.0).min(axis=1).sum()
    return np.where(np.eye(len(lag), dtype=bool), np.inf, lag).min(axis=0) + backwards


def _price(lag: FloatArray, link: FloatArray, weight: FloatArray, release: FloatArray) -> float:
    """Return more than any sequence can cost: all links and jobs at their worst."""
    horizon = np.abs(lag).max(axis=1).sum() + max(0.0, release.max())
    return float(1.0 + 2.0 * np.abs(link).max(axis=1).sum() + weight.sum() * horizon)
