"""The service's only way to the domain: documents in, documents out. No planning happens here."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import scheduler.mill_evaluation  # noqa: F401  registers the evaluator of mills
from api.jobs.states import State
from api.store.documents import Document, packed
from api.store.leases import Plan
from api.store.schedules import JobInput
from instances import mill_json, schedule_json
from instances.generator import generate
from instances.json_schema import problem_schema, schedule_schema
from instances.strict_json import parse
from scheduler.evaluation import Evaluation, evaluate
from scheduler.issues import InvalidInput, Issue
from scheduler.mill import MONEY, Freeze, MillProblem
from scheduler.mill_arrays import UnusableScheduleError
from scheduler.schedule import Schedule
from scheduler.validation import check
from solvers.progress import OnProgress, Progress
from solvers.solver import Result
from solvers.stopping import FirstOf, MaxIterations, MaxRuntime, NoImprovement, Stop, Target
from solvers.versions import versions
from solvers.warm_up import warm_up as warm_up_solver

SHOWN_VIOLATIONS = 100
WARMED = ("aco", "planner_rule")
"""Solvers with kernels; the rule's plan stands beside every other."""
Tree = Any


def read_problem(tree: Tree, name: str = "") -> tuple[MillProblem, tuple[Issue, ...]]:
    """Return the problem and its warnings; raise InvalidInput with every fault."""
    problem, issues = mill_json.draft(tree, name)
    if problem is None:
        raise InvalidInput(issues)
    return problem, check(problem)


def stored_problem(document: Document) -> MillProblem:
    """Return the problem of a stored document."""
    return read_problem(stored_tree(document))[0]


def stored_tree(document: Document) -> Tree:
    """Return the JSON tree of a stored problem."""
    tree = parse(document.text)
    return tree["problem"] if document.inline else tree


def stored_schedule(document: Document, problem: MillProblem) -> Schedule:
    """Return the schedule of a stored document."""
    return schedule_json.read(document.text, problem.start)


def pack_schedule(schedule: Schedule, problem: MillProblem) -> bytes:
    """Return the schedule's file as the store keeps it."""
    return packed(schedule_json.write(schedule, problem.start))


def summary(problem: MillProblem) -> dict[str, Any]:
    """Return what a list of order books shows of one."""
    return {
        "orders": len(problem.orders),
        "lines": len(problem.lines),
        "start": problem.start.isoformat(),
        "horizon_hours": problem.horizon / 3600,
        "currency": problem.currency,
    }


def score(problem: MillProblem, schedule: Schedule) -> Evaluation:
    """Return the evaluator's word; raise InvalidInput where the schedule cannot be read at all."""
    try:
        return evaluate(problem, schedule)
    except UnusableScheduleError as error:
        raise InvalidInput([Issue("unusable_schedule", "", str(error))]) from error


def evaluation_document(problem: MillProblem, evaluation: Evaluation) -> dict[str, Any]:
    """Return an evaluation as JSON values; money in the problem's currency."""
    return {
        "cost": evaluation.cost,
        "currency": problem.currency,
        "feasible": evaluation.feasible,
        "terms": _terms(evaluation),
        "violations": [
            {
                "code": violation.code,
                "where": violation.where,
                "magnitude": violation.magnitude,
                "unit": violation.unit,
                "detail": violation.detail,
            }
            for violation in evaluation.violations[:SHOWN_VIOLATIONS]
        ],
        "violations_total": len(evaluation.violations),
    }


def progress_document(
    problem: MillProblem, progress: Progress, terms: dict[str, Any] | None
) -> dict[str, Any]:
    """Return a snapshot of a search as JSON values."""
    gap = None
    if progress.cost and progress.lower_bound is not None:
        gap = (progress.cost - progress.lower_bound) / abs(progress.cost)
    return {
        "elapsed_s": round(progress.elapsed, 3),
        "iterations": progress.iterations,
        "cost": progress.cost,
        "currency": problem.currency,
        "lower_bound": progress.lower_bound,
        "gap": gap,
        "best_at_s": round(progress.best_at, 3),
        "terms": terms,
    }


def checkpoint(problem: MillProblem, schedule: Schedule) -> tuple[dict[str, Any], bytes]:
    """Return the terms of the best plan so far, and its packed file."""
    return _terms(evaluate(problem, schedule)), pack_schedule(schedule, problem)


def plan(
    problem: MillProblem, given: JobInput, reason: Stop, tell: OnProgress
) -> tuple[str, dict[str, Any], Plan | None]:
    """Solve a job; return its final state, its outcome, and the schedule to publish."""
    request = given.request
    warm = None if given.warm_start is None else stored_schedule(given.warm_start, problem)
    if warm is not None and request.get("freeze_until") is not None:
        problem = _frozen(problem, warm, request["freeze_until"])
    result = _registry()[request["solver"]].solve(
        problem,
        stop=FirstOf((reason, *criteria(request["termination"]))),
        seed=request["seed"],
        threads=request["threads"],
        warm_start=warm,
        on_progress=tell,
    )
    state = State.SUCCEEDED if result.feasible else State.INFEASIBLE
    return state, _outcome(result, problem), _published(result, problem)


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


def solver_names() -> list[str]:
    """Return the names of all solvers, the default first."""
    return list(_registry())


def solver_texts() -> dict[str, str]:
    """Return what each solver is, the default first."""
    return {
        name: (type(solver).__doc__ or "").strip().split("\n")[0]
        for name, solver in _registry().items()
    }


def schemas(ref: str) -> dict[str, Any]:
    """Return the JSON Schemas of problem and schedule files, their references below ``ref``."""
    found: dict[str, Any] = {}
    for name, schema in (
        ("MillProblem", problem_schema()),
        ("MillSchedule", schedule_schema()),
    ):
        text = json.dumps(schema).replace('"#/$defs/', f'"{ref}{name}.')
        whole = json.loads(text)
        found |= {f"{name}.{part}": value for part, value in whole.pop("$defs").items()}
        whole.pop("$schema")
        found[name] = whole
    return found


def _registry() -> dict[str, Any]:
    # Imported when first needed: it compiles kernels and loads OR-Tools.
    from solvers.registry import SOLVERS

    return SOLVERS


def _frozen(problem: MillProblem, schedule: Schedule, until: str) -> MillProblem:
    seconds = int((datetime.fromisoformat(until) - problem.start).total_seconds())
    return replace(problem, freeze=Freeze(seconds, schedule))


def _terms(evaluation: Evaluation) -> dict[str, Any]:
    return {
        name: {"amount": term.amount, "unit": term.unit, "money": term.money / MONEY}
        for name, term in evaluation.terms.items()
    }


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
        "terms": None if evaluation is None else _terms(evaluation),
        "lower_bound": result.lower_bound,
        "gap": result.gap,
        "parameters": result.parameters,
        "trace": [list(point) for point in result.trace[-200:]],
        "versions": versions(),
    }


def _published(result: Result, problem: MillProblem) -> Plan | None:
    if result.solution is None or result.evaluation is None:
        return None
    rule = None if result.solver == "planner_rule" else _rule_plan(problem)
    return Plan(
        body=pack_schedule(result.solution, problem),
        feasible=result.feasible,
        evaluation=evaluation_document(problem, result.evaluation),
        run={
            "solver": result.solver,
            "seed": result.seed,
            "iterations": result.iterations,
            "elapsed": round(result.elapsed, 3),
            "stop_reason": result.stop_reason,
            "lower_bound": result.lower_bound,
            "parameters": result.parameters,
            "versions": versions(),
        },
        reference=None if rule is None else pack_schedule(rule, problem),
    )


def _rule_plan(problem: MillProblem) -> Schedule | None:
    """Return the planner's rule's plan of the same problem, the reference of every report."""
    rule = _registry().get("planner_rule")
    if rule is None:
        return None
    schedule: Schedule | None = rule.solve(problem, stop=MaxRuntime(10)).solution
    return schedule


def warm_up(solvers: tuple[str, ...] = WARMED) -> None:
    """Compile what a first job would have to wait for: the evaluator's and the solvers' kernels."""
    problem = generate("bar", "day", seed=0, orders=3)
    evaluate(problem, Schedule(()))
    for name in solvers:
        if _registry()[name].supports(problem):
            warm_up_solver(_registry()[name], problem)


def problem_text(document: Document) -> str:
    """Return the text of a stored problem as a file of its own."""
    return mill_json.write(stored_problem(document)) if document.inline else document.text
