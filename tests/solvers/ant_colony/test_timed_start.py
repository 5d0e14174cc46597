"""Lines that rules of thumb make."""

import numpy as np

from solvers.ant_colony.timed_line import new_line, total
from solvers.ant_colony.timed_start import due_date_order, most_urgent_order
from solvers.timed_form import timed_form
from tests.timed_problems import timed_problem


def cost(form, jobs):
    return total(form, new_line(form, jobs))


def test_what_is_late_anyway_goes_by_weight_over_duration_where_no_setup_differs():
    form = timed_form(timed_problem(1, 12))
    lag = np.repeat(form.duration[:, None], 13, axis=1)
    late = form._replace(lag=lag, least_lag=np.zeros(13), due_date=np.full(13, -1e6))
    jobs = most_urgent_order(late)
    worth = form.weight[jobs] / form.duration[jobs]
    assert (np.diff(worth) <= 0).all()


def test_urgency_is_never_dearer_than_due_dates_and_mostly_cheaper():
    forms = [timed_form(timed_problem(seed, 30)) for seed in range(8)]
    urgent = [cost(form, most_urgent_order(form)) for form in forms]
    by_date = [cost(form, due_date_order(form)) for form in forms]
    assert all(a <= b for a, b in zip(urgent, by_date, strict=True))
    assert sum(a < b for a, b in zip(urgent, by_date, strict=True)) >= 6


def test_jobs_without_due_date_weight_or_duration_are_placed_too():
    form = timed_form(timed_problem(2, 9, releases=True, deadlines=True, links=True))
    for name in ("weight", "duration"):
        getattr(form, name)[:4] = 0.0
    form.due_date[2:6] = 1e300
    assert sorted(most_urgent_order(form)) == list(range(9))
