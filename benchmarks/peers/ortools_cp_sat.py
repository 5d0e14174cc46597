"""OR-Tools CP-SAT on plain models: circuit, circuit with times, items into units."""

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.peers.tour import FAR
from scheduler.cutting import CutPlan, CuttingProblem, StockUnit
from scheduler.sequencing import SequencingProblem


def supports(problem: Any) -> bool:
    """Whether there is a model for ``problem``: whole numbers, one objective."""
    if isinstance(problem, CuttingProblem):
        return bool((problem.stock_count < 0).all())
    return (
        isinstance(problem, SequencingProblem)
        and problem.objective != "pareto"
        and np.issubdtype(problem.transition_cost.dtype, np.integer)
    )


def load() -> None:
    """Load the library before the clock starts."""
    from ortools.sat.python import cp_model  # noqa: F401


def solve(
    problem: Any, seconds: float, threads: int, seed: int, offer: Callable[..., None]
) -> None:
    """Offer each better solution, and the bound at the end."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    build = _units if isinstance(problem, CuttingProblem) else _circuit
    read = build(problem, model)

    class Each(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            offer(read(self.Value))

    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = threads
    solver.parameters.random_seed = seed % 2**31
    status = solver.solve(model, Each())
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        offer(read(solver.value), solver.best_objective_bound)


def _circuit(problem: SequencingProblem, model: Any) -> Callable[[Any], tuple[int, ...]]:
    """Add one circuit through all jobs and, in an open path, a depot; return how to read it."""
    n = problem.size
    arcs = [
        (i, j, int(problem.transition_cost[i, j]), model.new_bool_var(""))
        for i in range(n)
        for j in range(n)
        if i != j and not problem.forbidden[i, j]
    ]
    if not problem.closed:
        arcs += [
            (n, j, int(problem.first_cost[j]), model.new_bool_var("")) for j in _first(problem)
        ]
        arcs += [(i, n, int(problem.last_cost[i]), model.new_bool_var("")) for i in _last(problem)]
    model.add_circuit([(i, j, taken) for i, j, _, taken in arcs])
    _add_precedence(problem, model, arcs)
    if problem.objective == "weighted_tardiness":
        _add_tardiness(problem, model, arcs)
    else:
        model.minimize(sum(cost * taken for _, _, cost, taken in arcs if cost))

    def read(value: Any) -> tuple[int, ...]:
        follow = {i: j for i, j, _, taken in arcs if value(taken)}
        node = 0 if problem.closed else follow[n]
        sequence = [node]
        while len(sequence) < n:
            sequence.append(follow[sequence[-1]])
        return tuple(sequence)

    return read


def _first(problem: SequencingProblem) -> list[int]:
    fixed = problem.fixed_first
    return list(range(problem.size)) if fixed is None else [fixed]


def _last(problem: SequencingProblem) -> list[int]:
    fixed = problem.fixed_last
    return list(range(problem.size)) if fixed is None else [fixed]


def _add_precedence(problem: SequencingProblem, model: Any, arcs: list[Any]) -> None:
    if problem.predecessors is None:
        return
    n = problem.size
    rank = [model.new_int_var(0, n - 1, "") for _ in range(n)]
    for i, j, _, taken in arcs:
        if i < n and j < n:
            model.add(rank[j] == rank[i] + 1).only_enforce_if(taken)
    for before, after in problem.predecessors.tolist():
        model.add(rank[before] + 1 <= rank[after])


def _add_tardiness(problem: SequencingProblem, model: Any, arcs: list[Any]) -> None:
    timing, n = problem.timing, problem.size
    assert timing is not None
    end = int(timing.start_lag.max(axis=0).sum() + timing.duration.sum())
    start = [model.new_int_var(0, end, "") for _ in range(n)]
    late = [model.new_int_var(0, end + FAR, "") for _ in range(n)]
    for i, j, _, taken in arcs:
        if j == n:
            continue
        if i == n:
            model.add(start[j] >= int(timing.first_start[j])).only_enforce_if(taken)
        else:
            model.add(start[j] >= start[i] + int(timing.start_lag[i, j])).only_enforce_if(taken)
    for j in range(n):
        model.add(late[j] >= start[j] + int(timing.duration[j]) - int(timing.due_date[j]))
    model.minimize(sum(int(timing.weight[j]) * late[j] for j in range(n)))


def _units(problem: CuttingProblem, model: Any) -> Callable[[Any], CutPlan]:
    """Add items into units, as many units as first-fit needs; return how to read them."""
    units = range(_enough(problem))
    capacities = problem.capacity.tolist()
    most = max(capacities)
    count = [
        [model.new_int_var(0, int(demand), "") for _ in units] for demand in problem.item_demand
    ]
    chosen = [[model.new_bool_var("") for _ in capacities] for _ in units]
    for item, demand in enumerate(problem.item_demand.tolist()):
        model.add(sum(count[item]) == demand)
    sizes = problem.item_size.tolist()
    for u in units:
        model.add_at_most_one(chosen[u])
        load = sum(size * count[item][u] for item, size in enumerate(sizes))
        model.add(load <= sum(c * x for c, x in zip(capacities, chosen[u], strict=True)))
        if u:
            model.add(sum(chosen[u]) <= sum(chosen[u - 1]))
        _add_families(problem, model, [row[u] for row in count])
    used = sum(
        (c if problem.objective == "loss" else 1) * x
        for row in chosen
        for c, x in zip(capacities, row, strict=True)
    )
    model.minimize(used - (problem.total_size if problem.objective == "loss" else 0))

    def read(value: Any) -> CutPlan:
        found = []
        for u in units:
            items = [i for i, row in enumerate(count) for _ in range(value(row[u]))]
            size = sum(c for c, x in zip(capacities, chosen[u], strict=True) if value(x))
            if items:
                found.append(StockUnit(size or most, tuple(items)))
        return CutPlan(tuple(found))

    return read


def _add_families(problem: CuttingProblem, model: Any, counts: list[Any]) -> None:
    if problem.family_limit is None:
        return
    families = sorted(set(problem.item_family.tolist()))
    present = {family: model.new_bool_var("") for family in families}
    for item, count in enumerate(counts):
        family = int(problem.item_family[item])
        model.add(count <= int(problem.item_demand[item]) * present[family])
    model.add(sum(present.values()) <= problem.family_limit)


def _enough(problem: CuttingProblem) -> int:
    """Return a number of units that certainly suffices: one unit a family, first-fit decreasing."""
    largest = int(problem.capacity.max())
    total = 0
    for family in set(problem.item_family.tolist()):
        items = np.flatnonzero(problem.item_family == family)
        pieces = np.repeat(problem.item_size[items], problem.item_demand[items])
        room: list[int] = []
        for size in sorted(pieces.tolist(), reverse=True):
            fit = next((k for k, left in enumerate(room) if left >= size), None)
            if fit is None:
                room.append(largest - size)
            else:
                room[fit] -= size
        total += len(room)
    return max(1, total)
