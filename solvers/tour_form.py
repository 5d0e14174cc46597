"""An untimed sequencing problem as one asymmetric tour through a depot.

An open path becomes a tour by a depot, an extra node before the first and after the last job; a
tour whose first job is fixed starts at that job. Fixed ends and precedences then forbid arcs, and
what is left of precedence is an order seen from the depot. Colony, bounds and exact solvers all
start here, so none of them knows whether it was given a path, a tour or precedences.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.sequencing import Sequence, SequencingProblem
from solvers.assignment import solve_assignment

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

LARGEST_SUM = 2**61
OUT = 2**60


class Duals(NamedTuple):
    """What an exact method knows of arcs: multipliers of nodes, and slack by all its multipliers.

    row, column (n,) int64 whole units: an arc costs at least the sum of its two ends' (see
    `TourForm.less`). slack (n, n) int64, in parts of a unit: what the arc adds to the bound, and
    `OUT` where an arc is out of the question.
    """

    row: IntArray
    column: IntArray
    slack: IntArray


class Hint(NamedTuple):
    """A tour (n,) int32 worth improving, and the multipliers that it was made by."""

    tour: NDArray[np.int32]
    duals: Duals


@dataclass(frozen=True, eq=False)
class TourForm:
    """A tour problem in whole units, with reduced costs.

    Attributes
    ----------
    cost : (n, n) int64 cost of an arc in units of ``unit``; 0 where forbidden.
    forbidden : (n, n) arcs that no feasible tour has.
    reduced_cost : (n, n) int64 cost less the assignment's duals, 0 or more; ``penalty`` where
        forbidden. Every tour without forbidden arcs costs ``assignment_bound`` more. Other duals
        take the place of the assignment's in what `less` returns.
    assignment : (n,) each node's successor in the cheapest assignment.
    unit : cost of one whole unit, 1 for whole-number data.
    depot : the node where the sequence starts.
    depot_is_job : whether the depot is the first job itself.
    predecessor, predecessor_start : immediate predecessors of node j (without those implied by
        others) are ``predecessor[predecessor_start[j] : predecessor_start[j + 1]]``.
    """

    cost: IntArray
    forbidden: BoolArray
    reduced_cost: IntArray
    penalty: int
    assignment: IntArray
    assignment_bound: int
    unit: float
    constant: float
    depot: int
    depot_is_job: bool
    predecessor: NDArray[np.int32]
    predecessor_start: NDArray[np.int32]

    @property
    def size(self) -> int:
        """Number of nodes, the depot included."""
        return len(self.cost)

    def sequence(self, tour: NDArray[np.integer]) -> Sequence:
        """Return the jobs of ``tour`` in order, starting at the depot."""
        start = int(np.flatnonzero(tour == self.depot)[0])
        jobs = np.roll(tour, -start)
        return tuple((jobs if self.depot_is_job else jobs[1:]).tolist())

    def tour(self, sequence: Sequence) -> NDArray[np.int32]:
        """Return ``sequence`` as a tour that starts at the depot."""
        jobs = np.array(sequence, dtype=np.int32)
        if not self.depot_is_job:
            return np.concatenate([np.array([self.depot], dtype=np.int32), jobs])
        return np.roll(jobs, -int(np.flatnonzero(jobs == self.depot)[0]))

    def keeps_precedence(self, tour: NDArray[np.integer]) -> bool:
        """Whether ``tour``, seen from the depot, visits predecessors before their successors."""
        place = np.empty(self.size, dtype=np.int64)
        place[np.roll(tour, -int(np.flatnonzero(tour == self.depot)[0]))] = np.arange(self.size)
        after = np.repeat(np.arange(self.size), np.diff(self.predecessor_start))
        return bool((place[self.predecessor] < place[after]).all())

    def less(self, duals: Duals) -> "TourForm":
        """Return the same tours with the multipliers of ``duals`` taken off the reduced costs."""
        reduced = self.reduced_cost - duals.row[:, None] - duals.column[None, :]
        reduced, penalty = _with_penalty(reduced, self.forbidden)
        bound = self.assignment_bound + int(duals.row.sum() + duals.column.sum())
        return replace(self, reduced_cost=reduced, penalty=penalty, assignment_bound=bound)

    @property
    def lower_bound(self) -> float:
        """The assignment's cost as a bound on the problem's."""
        return self.proven(self.assignment_bound)

    def proven(self, units: int) -> float:
        """Return the bound on the problem's cost that a bound of ``units`` on tours proves.

        Where costs were rounded to whole units, each arc may have gained half a unit.
        """
        return self.problem_cost(units if self.unit == 1.0 else units - self.size)

    def problem_cost(self, units: float) -> float:
        """Return the problem's own cost of a tour (or bound) of ``units``."""
        return units * self.unit + self.constant


def tour_form(problem: SequencingProblem) -> TourForm:
    """Return ``problem`` as a tour; its timing, if any, is left out."""
    cost, unit = _whole_costs(problem)
    depot_is_job = problem.closed
    depot = (problem.fixed_first or 0) if depot_is_job else problem.size
    before = _all_predecessors(problem)
    forbidden = _forbidden(problem, before, depot)
    predecessor, start = _immediate_predecessors(before, len(cost))
    reduced, penalty, assignment, bound = _reduce(cost, forbidden)
    np.copyto(cost, 0, where=forbidden)
    return TourForm(
        cost,
        forbidden,
        reduced,
        penalty,
        assignment,
        bound,
        unit,
        float(problem.constant),
        depot,
        depot_is_job,
        predecessor,
        start,
    )


def _whole_costs(problem: SequencingProblem) -> tuple[IntArray, float]:
    """Return the arc costs with the depot as last node, rounded to a power of two if floats."""
    size = problem.size
    if problem.closed:
        cost = np.array(problem.transition_cost)
    else:
        kinds = (problem.transition_cost, problem.first_cost, problem.last_cost)
        cost = np.zeros((size + 1, size + 1), dtype=np.result_type(*kinds))
        cost[:size, :size] = problem.transition_cost
        cost[size, :size] = problem.first_cost
        cost[:size, size] = problem.last_cost
    if np.issubdtype(cost.dtype, np.integer):
        return cost.astype(np.int64, copy=False), 1.0
    largest = max(float(np.abs(cost).max()), 1e-300)
    # Sums of n arcs fill at most 2^50 units, so that rounding is far below any real cost.
    unit = 2.0 ** np.ceil(np.log2(largest * len(cost)) - 50)
    return np.rint(cost / unit).astype(np.int64), float(unit)


def _all_predecessors(problem: SequencingProblem) -> BoolArray | None:
    """Return the transitive closure: (size, size) true at [j, i] where i comes before j."""
    if problem.predecessors is None or len(problem.predecessors) == 0:
        return None
    before = np.zeros((problem.size, problem.size), dtype=np.bool_)
    before[problem.predecessors[:, 1], problem.predecessors[:, 0]] = True
    if problem.closed and problem.fixed_first is not None:
        before[:, problem.fixed_first] = False  # The first job comes before all others anyway.
    for job in _topological(before):
        before[job] |= before[before[job]].any(axis=0)
    return before


def _topological(before: BoolArray) -> list[int]:
    open_predecessors = before.sum(axis=1)
    ready = np.flatnonzero(open_predecessors == 0).tolist()
    for job in ready:
        for after in np.flatnonzero(before[:, job]).tolist():
            open_predecessors[after] -= 1
            if open_predecessors[after] == 0:
                ready.append(after)
    return ready


def _implied(before: BoolArray) -> BoolArray:
    """Return where [j, i] has a job between: i before k before j for some k."""
    steps = before.astype(np.float32)
    return (steps @ steps) > 0.5


def _forbidden(problem: SequencingProblem, before: BoolArray | None, depot: int) -> BoolArray:
    size = problem.size
    nodes = max(size, depot + 1)
    forbidden = np.eye(nodes, dtype=np.bool_)
    forbidden[:size, :size] |= problem.forbidden
    if before is not None:
        forbidden[:size, :size] |= before | _implied(before).T
        forbidden[depot, :size] |= before.any(axis=1)
        forbidden[:size, depot] |= before.any(axis=0)
    if nodes == 1:
        forbidden[0, 0] = False  # The tour of one node returns to it.
    if problem.fixed_first is not None and not problem.closed:
        _only(forbidden, depot, problem.fixed_first)
    if problem.fixed_last is not None:
        _only(forbidden, problem.fixed_last, depot)
    return forbidden


def _only(forbidden: BoolArray, node: int, successor: int) -> None:
    """Forbid every arc that competes with ``node`` right before ``successor``."""
    kept = forbidden[node, successor]
    forbidden[node, :] = True
    forbidden[:, successor] = True
    forbidden[node, successor] = kept


def _immediate_predecessors(
    before: BoolArray | None, nodes: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    start = np.zeros(nodes + 1, dtype=np.int32)
    if before is None:
        return np.zeros(0, dtype=np.int32), start
    immediate = before & ~_implied(before)
    start[1 : len(before) + 1] = np.cumsum(immediate.sum(axis=1))
    start[len(before) + 1 :] = start[len(before)]
    return np.nonzero(immediate)[1].astype(np.int32), start


def _reduce(cost: IntArray, forbidden: BoolArray) -> tuple[IntArray, int, IntArray, int]:
    """Return the reduced costs, the penalty of a forbidden arc, the assignment and its cost."""
    least, most = _range(cost, ~forbidden)
    span = most - least
    wall = min(1 + span * len(cost), LARGEST_SUM // (4 * len(cost)))
    reduced = cost - least
    np.copyto(reduced, wall, where=forbidden)
    assigned = solve_assignment(reduced)
    reduced -= assigned.row_dual[:, None]
    reduced -= assigned.col_dual[None, :]
    bound = int(assigned.row_dual.sum() + assigned.col_dual.sum()) + least * len(cost)
    return *_with_penalty(reduced, forbidden), assigned.successor, bound


def _range(cost: IntArray, allowed: BoolArray) -> tuple[int, int]:
    """Return the least and the largest cost of an allowed arc; 0 where there is none."""
    if not allowed.any():
        return 0, 0
    ends = np.iinfo(np.int64)
    least = cost.min(where=allowed, initial=ends.max)
    return int(least), int(cost.max(where=allowed, initial=ends.min))


def _with_penalty(reduced: IntArray, forbidden: BoolArray) -> tuple[IntArray, int]:
    """Put the penalty into ``reduced`` where forbidden; return both: it is above any tour."""
    worst = reduced.max(axis=1, where=~forbidden, initial=0)
    penalty = min(1 + int(worst.sum()), LARGEST_SUM // (4 * len(reduced)))
    np.copyto(reduced, penalty, where=forbidden)
    return reduced, penalty
