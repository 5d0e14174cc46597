"""Lines to start from that a planner's rule of thumb makes: by due date, and by urgency.

The second is ATCS, apparent tardiness cost with set-ups (Lee, Bhaskaran and Pinedo 1997, "A
heuristic to minimize the total weighted tardiness with sequence-dependent setups"): next comes the
job that weighs most for its duration, less the more slack it has and the longer its set-up takes.
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from solvers.ant_colony.timed_line import new_line, total
from solvers.timed_form import FloatArray, TimedForm

SLACK_SCALES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Mean lags of slack that take away 63 % of a job's urgency, k1 of the rule."""

SETUP_SCALES = (0.1, 0.3, 1.0)
"""Mean set-ups that do the same, k2 of the rule."""

LEAST = 1e-9


def due_date_order(form: TimedForm) -> NDArray[np.int32]:
    """Return the jobs by due date, the planner's first thought."""
    return np.argsort(form.due_date[:-1], kind="stable").astype(np.int32)


def most_urgent_order(form: TimedForm) -> NDArray[np.int32]:
    """Return the cheapest of the lines by due date and by urgency at several scales."""
    setup = form.lag[:, :-1] - form.least_lag[:-1]
    scales = product(SLACK_SCALES, SETUP_SCALES)
    lines = [due_date_order(form), *(_by_urgency(form, setup, *scale) for scale in scales)]
    return min(lines, key=lambda jobs: total(form, new_line(form, jobs)))


def _by_urgency(
    form: TimedForm, setup: FloatArray, slack_scale: float, setup_scale: float
) -> NDArray[np.int32]:
    """Return the line of ATCS; ``setup`` (n+1, n) is what a transition takes beyond the least."""
    n = form.depot
    duration, due_date, release = form.duration[:-1], form.due_date[:-1], form.release[:-1]
    worth = np.log(np.maximum(form.weight[:-1], LEAST) / np.maximum(duration, LEAST))
    slack_unit = slack_scale * max(float(form.lag[:, :-1].mean()), LEAST)
    setup_unit = setup_scale * max(float(setup.mean()), LEAST)
    jobs = np.empty(n, dtype=np.int32)
    left = np.zeros(n)
    last, start = n, 0.0
    for place in range(n):
        starts = np.maximum(release, start + form.lag[last, :-1])
        slack = np.maximum(due_date - duration - starts, 0.0)
        urgency = worth - slack / slack_unit - setup[last] / setup_unit - form.link[last, :-1]
        last = int(np.argmax(urgency + left))
        left[last] = -np.inf
        start, jobs[place] = float(starts[last]), last
    return jobs
