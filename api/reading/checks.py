"""What a job may ask for: limits of this service, a fitting solver, goals, weights, a webhook."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from api.errors import Problem
from api.planning.problems import stored_schedule
from api.planning.solvers import check_solver
from api.settings import Settings
from api.store.documents import Document
from api.webhooks.policy import Policy
from api.wire.jobs import JobRequest, Termination
from instances.search_weights import seen_with
from scheduler.issues import InvalidInput, Issue, shown
from scheduler.mill import MillProblem
from scheduler.profiles import PROFILES
from solvers.profiled import check_profile
from solvers.warm_start import check_warm_start


def fitting(solver: str, problem: MillProblem) -> None:
    """Raise Problem where the solver cannot take the problem."""
    try:
        check_solver(solver, problem)
    except InvalidInput as error:
        raise Problem.of(error) from error


def check_request(settings: Settings, asked: JobRequest) -> None:
    """Raise Problem where a job asks for what this service does not give."""
    check_limits(settings, asked.termination, asked.threads)
    check_webhook(settings, asked.webhook)
    check_goals(asked.profile, asked.goals, asked.solver, asked.warm_start is not None)


def check_limits(settings: Settings, termination: Termination, threads: int) -> None:
    """Raise Problem where a job asks for more than this service gives."""
    limits = [
        ("/termination/time_s", termination.time_s, settings.max_time_s, " s"),
        ("/threads", threads, settings.max_threads, ""),
    ]
    issues = [
        Issue(
            "out_of_range",
            place,
            "more than this service allows",
            value=shown(value),
            expected=f"at most {most:g}{unit}",
        )
        for place, value, most, unit in limits
        if value > most
    ]
    if issues:
        raise Problem(422, "invalid", issues[0].detail, issues=issues)


def check_goals(
    profile: str, goals: Sequence[str], solver: str, warm_start: bool, at: str = ""
) -> None:
    """Raise Problem where the profile cannot be searched with what was given."""
    try:
        check_profile(profile, tuple(goals), solver, warm_start=warm_start)
    except InvalidInput as error:
        raise Problem.of(error, at) from error


def check_needs_no_plan(profiles: Sequence[str], at: str, what: str) -> None:
    """Raise Problem where a profile needs a plan to begin with, which ``what`` does not give it."""
    for profile in profiles:
        if PROFILES[profile].needs_plan:
            able = " or ".join(name for name, one in PROFILES.items() if not one.needs_plan)
            detail = f"this profile needs a plan that none of its goals may get worse than; {what}"
            hint = "post a job of this profile with 'warm_start'"
            issue = Issue("not_for_profile", at, detail, value=profile, expected=able, hint=hint)
            raise Problem(422, "invalid", detail, issues=[issue])


def check_weights(problem: MillProblem, weights: dict[str, Any]) -> None:
    """Raise Problem where a job's weights are not for this problem."""
    try:
        seen_with(problem, weights)
    except InvalidInput as error:
        raise Problem.of(error, at="/weights") from error


def check_start(problem: MillProblem, plan: Document) -> None:
    """Raise Problem where a plan to begin with is of another problem."""
    try:
        check_warm_start(problem, stored_schedule(plan, problem))
    except InvalidInput as error:
        issues = [replace(issue, pointer="/warm_start") for issue in error.issues]
        raise Problem.of(InvalidInput(issues, total=error.total)) from error


def check_webhook(settings: Settings, url: str | None) -> None:
    """Raise Problem where a job names a webhook that this service does not send."""
    if url is None:
        return
    policy = Policy.of(settings.webhook_hosts, settings.webhook_networks)
    if not policy.enabled:
        detail, hint = "this service sends no webhooks", "follow the job's events instead"
    else:
        try:
            policy.target(url)
        except ValueError as error:
            detail, hint = str(error), "ask the service's operator to allow the receiver"
        else:
            return
    issue = Issue("webhook_not_allowed", "/webhook", detail, value=shown(url), hint=hint)
    raise Problem(422, "invalid", detail, issues=[issue])
