"""Running one job: the same function in every executor."""

import logging
from collections.abc import Callable
from typing import Any

from api.jobs.heart import Heart
from api.jobs.link import Link
from api.jobs.states import Failure
from api.planning.problems import stored_problem
from api.planning.search import plan
from api.store.jobs import NotFoundError
from api.store.schedules import JobInput, job_input
from scheduler.issues import InvalidInput

log = logging.getLogger(__name__)
Read = Callable[..., Any]


def run_job(job: str, attempt: int, *, link: Link, read: Read, beat_s: float) -> None:
    """Read the job's problem from the store, solve it, and write the result, fenced by ``attempt``.

    An exception of the solver fails the job at once: running it again would raise it again.
    A lost lease ends the search and writes nothing.
    """
    try:
        given: JobInput = read(job_input, job)
    except NotFoundError:  # deleted meanwhile
        return
    with Heart(link, job, attempt, beat_s) as heart:
        ending = _solve(given, heart)
    if not heart.lost.is_set():
        ending(link)


def _solve(given: JobInput, heart: Heart) -> Callable[[Link], bool]:
    """Return the write that ends the job."""
    job, attempt = heart.job, heart.attempt
    try:
        heart.problem = stored_problem(given.problem)
        state, outcome, made = plan(heart.problem, given, heart.reason, heart.tell)
    except InvalidInput as error:
        text = str(error)
        return lambda link: link.fail(job, attempt, Failure.INVALID, text)
    except MemoryError:
        return lambda link: link.fail(job, attempt, Failure.OUT_OF_MEMORY, "out of memory")
    except Exception as error:
        log.exception("job %s attempt %d", job, attempt)
        text = f"{type(error).__name__}: {error}"
        return lambda link: link.fail(job, attempt, Failure.CRASH, text)
    return lambda link: link.finish(job, attempt, state, outcome, made)
