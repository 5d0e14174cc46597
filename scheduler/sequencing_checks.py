"""Checks that sequencing data is sound; each names the field and the entry at fault."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduler.sequencing import SequencingProblem, Timing

# Sums over a sequence stay exact in int64 and in the doubles of other solvers.
LARGEST_COST = 2**44


def check_problem(problem: SequencingProblem) -> None:
    """Freeze and check all fields of ``problem``; raise ValueError at the first fault."""
    size = len(np.atleast_1d(problem.first_cost))
    if size < 1:
        raise ValueError("first_cost: a sequencing problem needs at least 1 job, got 0")
    _freeze_costs(problem, "transition_cost", (size, size), skip_diagonal=True)
    _freeze_costs(problem, "first_cost", (size,))
    _freeze_costs(problem, "last_cost", (size,))
    forbidden = np.array(problem.forbidden, dtype=np.bool_)
    _check_shape("forbidden", forbidden, (size, size))
    np.fill_diagonal(forbidden, True)
    _freeze(problem, "forbidden", forbidden)
    for field in ("fixed_first", "fixed_last"):
        job = getattr(problem, field)
        if job is not None and not 0 <= job < size:
            raise ValueError(f"{field}: job {job} is outside 0 .. {size - 1}")
    if size > 1 and problem.fixed_first is not None and problem.fixed_first == problem.fixed_last:
        raise ValueError(f"fixed_last: job {problem.fixed_last} is already fixed as the first job")
    _check_predecessors(problem, size)
    _check_known_order(problem, size)
    _check_objective(problem, size)


def check_timing(timing: Timing) -> None:
    """Freeze and check all fields of ``timing``; raise ValueError at the first fault."""
    size = len(np.atleast_1d(timing.first_start))
    _freeze_costs(timing, "start_lag", (size, size), skip_diagonal=True)
    for field in ("first_start", "duration", "due_date", "weight", "release", "deadline"):
        if getattr(timing, field) is not None:
            _freeze_costs(timing, field, (size,))
    for field in ("duration", "weight"):
        negative = np.flatnonzero(getattr(timing, field) < 0)
        if len(negative):
            value = getattr(timing, field)[negative[0]]
            raise ValueError(f"{field}[{negative[0]}]: {value} is negative; use 0 or more")


def _check_predecessors(problem: SequencingProblem, size: int) -> None:
    if problem.predecessors is None:
        return
    pairs = np.array(problem.predecessors, dtype=np.int64).reshape(-1, 2)
    _freeze(problem, "predecessors", pairs)
    for before, after in pairs[((pairs < 0) | (pairs >= size)).any(axis=1)]:
        raise ValueError(f"predecessors: pair ({before}, {after}) is outside 0 .. {size - 1}")
    _check_acyclic(pairs, size)
    for before, after in pairs.tolist():
        if problem.fixed_first == after:
            raise ValueError(f"fixed_first: job {after} must come after job {before}")
        if problem.fixed_last == before:
            raise ValueError(f"fixed_last: job {before} must come before job {after}")


def _check_known_order(problem: SequencingProblem, size: int) -> None:
    if problem.known_order is None:
        return
    order = np.array(problem.known_order, dtype=np.int64)
    if order.shape != (size,) or not np.array_equal(np.sort(order), np.arange(size)):
        raise ValueError(f"known_order: must hold every job 0 .. {size - 1} once")
    _freeze(problem, "known_order", order)


def _check_acyclic(pairs: NDArray[np.int64], size: int) -> None:
    """Peel off jobs without predecessors (Kahn); whatever is left lies on or behind a cycle."""
    successors: list[list[int]] = [[] for _ in range(size)]
    open_predecessors = np.zeros(size, dtype=np.int64)
    for before, after in pairs.tolist():
        successors[before].append(after)
        open_predecessors[after] += 1
    ready = np.flatnonzero(open_predecessors == 0).tolist()
    while ready:
        for after in successors[ready.pop()]:
            open_predecessors[after] -= 1
            if open_predecessors[after] == 0:
                ready.append(after)
    if open_predecessors.any():
        job = int(np.flatnonzero(open_predecessors)[0])
        raise ValueError(f"predecessors: a cycle of precedences holds up job {job}; remove a pair")


def _check_objective(problem: SequencingProblem, size: int) -> None:
    if not np.isfinite(problem.constant):
        raise ValueError(f"constant: {problem.constant} is not a finite number")
    if problem.timing is not None and len(problem.timing.first_start) != size:
        got = len(problem.timing.first_start)
        raise ValueError(f"timing: has {got} jobs, the problem has {size}")
    if problem.objective not in ("transition_cost", "weighted_tardiness", "pareto"):
        raise ValueError(f"objective: {problem.objective!r} is unknown")
    if problem.objective != "transition_cost" and problem.timing is None:
        raise ValueError(f"objective: {problem.objective!r} needs timing")
    if problem.objective == "pareto":
        point = np.array(problem.reference_point, dtype=np.float64)
        if point.shape != (2,) or not np.isfinite(point).all():
            raise ValueError(
                f"reference_point: {problem.reference_point} is not (tardiness, transition cost), "
                "which a Pareto front's hypervolume needs"
            )
    if not problem.closed:
        return
    if problem.first_cost.any() or problem.last_cost.any():
        raise ValueError("first_cost, last_cost: a closed sequence has no ends; set both to 0")
    has_pairs = problem.predecessors is not None and len(problem.predecessors) > 0
    begins_somewhere = has_pairs or problem.fixed_last is not None or problem.timing is not None
    if begins_somewhere and problem.fixed_first is None:
        raise ValueError(
            "fixed_first: a closed sequence with precedences, a last job or times needs it"
        )


def _freeze_costs(
    owner: Any, field: str, shape: tuple[int, ...], *, skip_diagonal: bool = False
) -> None:
    values = np.array(getattr(owner, field))
    if not np.issubdtype(values.dtype, np.number) or np.iscomplexobj(values):
        raise ValueError(f"{field}: holds {values.dtype}, not numbers")
    whole = np.issubdtype(values.dtype, np.integer)
    values = values.astype(np.int64 if whole else np.float64)
    _check_shape(field, values, shape)
    if skip_diagonal:
        np.fill_diagonal(values, 0)
    wrong = np.argwhere(~np.isfinite(values) | (np.abs(values) > LARGEST_COST))
    if len(wrong):
        entry = ", ".join(map(str, wrong[0]))
        value = values[tuple(wrong[0])]
        raise ValueError(f"{field}[{entry}]: {value} is outside -2^44 .. 2^44")
    _freeze(owner, field, values)


def _check_shape(field: str, values: NDArray[Any], shape: tuple[int, ...]) -> None:
    if values.shape != shape:
        raise ValueError(f"{field}: has shape {values.shape}, expected {shape}")


def _freeze(owner: Any, field: str, values: NDArray[Any]) -> None:
    values.setflags(write=False)
    object.__setattr__(owner, field, values)
