"""Running a solver for a job, and what is published of its result."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from api.jobs.states import State
from api.planning.books import Book, book_of_problem
from api.planning.edits import Draft
from api.planning.problems import pack_schedule, stored_problem, stored_schedule
from api.planning.scores import evaluation_document, term_documents
from api.planning.solvers import RULE, registry
from api.result_file import bound_document
from api.store.documents import Document
from api.store.schedules import JobInput, Plan, StoredPlan
from instances.search_weights import seen_with
from scheduler.evaluation import Evaluation, evaluate
from scheduler.gap import gap
from scheduler.goals import GOALS
from scheduler.mill import MillProblem
from scheduler.profiles import DEFAULT
from scheduler.schedule import Schedule
from solvers.bound import Bound
from solvers.profiled import solve_profiled
from solvers.progress import OnProgress, Progress
from solvers.solver import Result
from solvers.stopping import (
    FirstOf,
    MaxIterations,
    MaxRuntime,
    NoImprovement,
    Stop,
    Target,
    TargetGap,
)
from solvers.versions import versions


def plan(
    problem: MillProblem, given: JobInput, reason: Stop, tell: OnProgress
) -> tuple[str, dict[str, Any], Plan | None]:
    """Solve a job; return its final state, its outcome, and the schedule to publish."""
    request = given.request
    if problem.freeze is not None:
        warm: Schedule | None = problem.freeze.schedule
    else:
        warm = None if given.warm_start is None else stored_schedule(given.warm_start, problem)
    weights = request.get("weights")
    share = request["termination"].get("target_gap")
    bound = None if share is None else _bound(problem, request, reason)
    stops = criteria(request["termination"])
    if bound is not None:
        stops.append(TargetGap(share, bound.value))
    result = solve_profiled(
        problem,
        request.get("profile", DEFAULT),
        registry()[request["solver"]],
        stop=FirstOf((reason, *stops)),
        goals=tuple(request.get("goals", ())),
        seen=None if weights is None else seen_with(problem, weights),
        seed=request["seed"],
        threads=request["threads"],
        warm_start=warm,
        on_progress=tell if bound is None else _told_with(bound, tell),
    )
    if share is None:
        bound = _bound(problem, request, reason)
    result = result.with_bound(bound)
    state = State.SUCCEEDED if result.feasible else State.INFEASIBLE
    return state, _outcome(result, problem), _published(result, problem)


def _bound(problem: MillProblem, request: dict[str, Any], reason: Stop) -> Bound | None:
    """Return the bound that a job asks for."""
    seconds = request.get("bound_s")
    if seconds is None:
        return None
    from solvers.or_tools.mill_bound import mill_bound

    return mill_bound(problem, seconds, lambda: reason(Progress()) is not None)


def _told_with(bound: Bound, tell: OnProgress) -> OnProgress:
    """Return ``tell`` for a search with a bound that was proven before."""

    def told(progress: Progress) -> None:
        known = bound.value if progress.lower_bound is None else progress.lower_bound
        tell(replace(progress, lower_bound=max(known, bound.value)))

    return told


def criteria(termination: dict[str, Any]) -> list[Stop]:
    """Return the stopping criteria that a job's request names."""
    known: dict[str, Callable[[Any], Stop]] = {
        "time_s": MaxRuntime,
        "iterations": MaxIterations,
        "no_improvement": NoImprovement,
        "target_cost": Target,
    }
    return [
        make(value) for name, make in known.items() if (value := termination.get(name)) is not None
    ]


def progress_document(
    problem: MillProblem, progress: Progress, terms: dict[str, Any] | None
) -> dict[str, Any]:
    """Return a snapshot of a search as JSON values."""
    return {
        "elapsed_s": round(progress.elapsed, 3),
        "iterations": progress.iterations,
        "cost": progress.cost,
        "currency": problem.currency,
        "lower_bound": progress.lower_bound,
        "gap": gap(progress.cost, progress.lower_bound),
        "best_at_s": round(progress.best_at, 3),
        "terms": terms,
    }


def checkpoint(problem: MillProblem, schedule: Schedule) -> tuple[dict[str, Any], bytes]:
    """Return the terms of the best plan so far, and its packed file."""
    return term_documents(evaluate(problem, schedule)), pack_schedule(schedule, problem)


def salvaged(
    given: JobInput, best: Document, progress: dict[str, Any]
) -> tuple[dict[str, Any], Plan]:
    """Return outcome and schedule of a search that was killed after it told of ``best``."""
    problem = stored_problem(given.problem)
    schedule = stored_schedule(best, problem)
    evaluation = evaluate(problem, schedule)
    result = Result(
        solver=given.request["solver"],
        solution=schedule,
        evaluation=evaluation,
        seed=given.request["seed"],
        iterations=progress.get("iterations", 0),
        elapsed=progress.get("elapsed_s", 0.0),
        stop_reason="killed",
        lower_bound=progress.get("lower_bound"),
    )
    plan = _published(result, problem)
    assert plan is not None
    return _outcome(result, problem), plan


def _outcome(result: Result, problem: MillProblem) -> dict[str, Any]:
    evaluation = result.evaluation
    return {
        "solver": result.solver,
        "seed": result.seed,
        "iterations": result.iterations,
        "elapsed_s": round(result.elapsed, 3),
        "warm_up_s": round(result.warm_up, 3),
        "stop_reason": result.stop_reason,
        "cost": None if evaluation is None else evaluation.cost,
        "currency": problem.currency,
        "terms": None if evaluation is None else term_documents(evaluation),
        "lower_bound": result.lower_bound,
        "gap": result.gap,
        "bound": bound_document(result).get("bound"),
        "parameters": result.parameters,
        "trace": [list(point) for point in result.trace[-200:]],
        "versions": versions(),
    }


def _published(result: Result, problem: MillProblem) -> Plan | None:
    """Return what is stored of a result: its plan, and with a front the front's other plans."""
    if result.solution is None or result.evaluation is None:
        return None
    run = {
        "solver": result.solver,
        "seed": result.seed,
        "iterations": result.iterations,
        "elapsed": round(result.elapsed, 3),
        "stop_reason": result.stop_reason,
        "lower_bound": result.lower_bound,
        "parameters": result.parameters,
        "versions": versions(),
    }
    reference = None if result.solver == RULE else _rule(problem)
    goals = tuple(GOALS[name] for name in result.parameters.get("goals", ()))

    def made(schedule: Schedule, evaluation: Evaluation) -> Plan:
        return Plan(
            body=pack_schedule(schedule, problem),
            feasible=evaluation.feasible,
            evaluation=evaluation_document(problem, evaluation),
            run=run,
            reference=reference,
            goals={goal.name: goal.shown(evaluation) for goal in goals},
        )

    plan = made(result.solution, result.evaluation)
    if result.front is None:
        return plan
    others = (point.solution for point in result.front.points)
    front = tuple(
        made(one.schedule, one.evaluation) for one in others if one.schedule != result.solution
    )
    return replace(plan, front=front)


@dataclass(frozen=True, slots=True)
class HandMade:
    """A plan changed by hand, and its order book where that changed too."""

    plan: Plan
    book: Book | None


def hand_made(stored: StoredPlan, draft: Draft, edits: list[dict[str, Any]]) -> HandMade:
    """Return a plan after ``edits``, scored."""
    evaluation = evaluate(draft.problem, draft.schedule)
    before = stored_problem(stored.problem)
    # With one more order the rule's plan is no reference: it would be short of it.
    same_orders = len(draft.problem.orders) == len(before.orders)
    plan = Plan(
        body=pack_schedule(draft.schedule, draft.problem),
        feasible=evaluation.feasible,
        evaluation=evaluation_document(draft.problem, evaluation),
        run={"solver": "hand", "parameters": {"edits": edits}, "versions": versions()},
        reference=stored.reference.body if same_orders and stored.reference else None,
    )
    return HandMade(plan, None if draft.problem == before else book_of_problem(draft.problem))


def _rule(problem: MillProblem) -> bytes | None:
    """Return the planner's rule's plan of a problem, the reference of every report, packed."""
    rule = registry().get(RULE)
    if rule is None:
        return None
    schedule: Schedule | None = rule.solve(problem, stop=MaxRuntime(10)).solution
    return None if schedule is None else pack_schedule(schedule, problem)
