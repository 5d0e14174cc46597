"""Our solvers and the peers behind one call, so that all run under the same conditions."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from benchmarks.families import Instance
from benchmarks.peers import PEERS
from benchmarks.peers.process import killable
from benchmarks.runs import Run
from instances.text import BadInstance
from scheduler.evaluation import Evaluation, evaluate
from scheduler.front import Front, matched
from scheduler.mill import MillProblem
from scheduler.profiles import PROFILES
from solvers.planner_rule import PlannerRule
from solvers.profiled import solve_profiled
from solvers.registry import SOLVERS
from solvers.solver import Result, Solver
from solvers.stopping import MaxIterations, MaxRuntime
from solvers.warm_up import warm_up


@dataclass(frozen=True, slots=True)
class Task:
    """An instance to be solved by somebody, and under which conditions."""

    family: str
    instance: Instance
    problem: Any
    reference: float | None
    seed: int
    threads: int
    time_limit: float


@dataclass(frozen=True, slots=True)
class Contestant:
    """A solver or peer: what it can take, and a run of it with the solution it found."""

    name: str
    supports: Callable[[Any], bool]
    run: Callable[[Task], tuple[Run, Any]]


def contestant(name: str) -> Contestant:
    """Return the contestant of that name; raise BadInstance with all names.

    ``solver:profile`` is a solver that plans mills by a profile of ``scheduler.profiles``; one that
    needs a plan to begin with is given the rule's.
    """
    if name in SOLVERS:
        solver = SOLVERS[name]
        return Contestant(name, solver.supports, partial(_run_ours, name, solver, solver.solve))
    base, _, profile = name.partition(":")
    if base in SOLVERS and profile in PROFILES:
        profiled = partial(_solve_profiled, SOLVERS[base], profile)
        return Contestant(name, _is_mill, partial(_run_ours, name, SOLVERS[base], profiled))
    if name in PEERS:
        return Contestant(name, PEERS[name].supports, lambda task: _run_peer(name, task))
    known = ", ".join([*SOLVERS, *PEERS])
    raise BadInstance(
        f"solver '{name}' is unknown; known are {known}, and for mills solver:profile such as "
        "aco:low_energy"
    )


def _run_ours(
    name: str, solver: Solver, solve: Callable[..., Result], task: Task
) -> tuple[Run, Any]:
    compile_seconds = warm_up(solver, task.problem, task.threads)
    stop = MaxRuntime(task.time_limit)
    result = solve(task.problem, stop=stop, seed=task.seed, threads=task.threads)
    run = _of_result(task, result, compile_seconds + result.warm_up)
    return replace(run, solver=name), result.solution


def _solve_profiled(solver: Solver, profile: str, problem: MillProblem, **how: Any) -> Result:
    if PROFILES[profile].needs_plan:
        how["warm_start"] = PlannerRule().solve(problem, stop=MaxIterations(1)).solution
    return solve_profiled(problem, profile, solver, **how)


def _is_mill(problem: Any) -> bool:
    return isinstance(problem, MillProblem)


def _of_result(task: Task, result: Result, compile_seconds: float) -> Run:
    run = replace(
        _blank(task, result.solver),
        seconds=result.elapsed,
        compile_seconds=compile_seconds,
        iterations=result.iterations,
        ants=result.ants,
        stop_reason=result.stop_reason,
        best_at=result.trace[-1][0] if result.trace else None,
    )
    run = _scored(task, run, result.evaluation, result.solution)
    sign = -1 if run.maximised else 1
    run = replace(run, trace=tuple((at, sign * cost) for at, _, cost in result.trace))
    if result.lower_bound is not None:
        run = replace(run, bound=-result.lower_bound if run.maximised else result.lower_bound)
    return run


def _run_peer(name: str, task: Task) -> tuple[Run, Any]:
    peer = PEERS[name]
    answer = killable(peer.module, task.problem, task.time_limit, task.threads, task.seed)
    run = replace(
        _blank(task, name),
        seconds=answer.seconds,
        compile_seconds=answer.start_seconds,
        best_at=answer.best_at,
        bound=answer.bound,
        stop_reason=answer.stop_reason,
        note=answer.note,
    )
    if answer.solution is None:
        return run, None
    trace = ((at, evaluate(task.problem, found)) for at, found in answer.found)
    run = replace(run, trace=tuple((at, e.objective) for at, e in trace if e.feasible))
    evaluation = evaluate(task.problem, answer.solution)
    return _scored(task, run, evaluation, answer.solution), answer.solution


def _scored(task: Task, run: Run, evaluation: Evaluation | None, solution: Any) -> Run:
    if evaluation is None:
        return replace(run, note=run.note or "no solution")
    if not evaluation.feasible:
        codes = sorted({violation.code for violation in evaluation.violations})
        return replace(run, note="infeasible: " + ", ".join(codes))
    run = replace(run, value=evaluation.objective, maximised=evaluation.maximised)
    published = task.instance.front(task.problem)
    if published is None or not isinstance(solution, Front):
        return run
    return replace(run, published=len(published.points), matched=matched(published, solution))


def _blank(task: Task, solver: str) -> Run:
    return Run(
        family=task.family,
        instance=task.instance.name,
        solver=solver,
        seed=task.seed,
        threads=task.threads,
        time_limit=task.time_limit,
        seconds=0.0,
        compile_seconds=0.0,
        iterations=0,
        ants=0,
        value=None,
        reference=task.reference,
        bound=None,
    )
