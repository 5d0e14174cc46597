"""Large neighbourhood search: windows of a plan, each searched by CP-SAT, small ones first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from ortools.sat.python import cp_model

from scheduler.evaluation import Evaluation, evaluate
from scheduler.mill import MONEY, MillProblem
from scheduler.mill_arrays import index_of
from scheduler.schedule import Schedule
from solvers.or_tools.cp_solver import beside, cp_solver
from solvers.or_tools.mill.build import build
from solvers.or_tools.mill.choice import Room, rolled, rooms_around, window_choice
from solvers.or_tools.mill.close_up import closed_up
from solvers.or_tools.mill.plan import add_hint, schedule_of

SIZES = (2, 3, 4, 5)
"""Lots of a line that a window frees, in order of search."""
EFFORTS = (0.25, 1.0, 4.0, 16.0)
"""CP-SAT's deterministic time for a window, about as many seconds on a free core."""

Rooms = tuple[Room, ...]


@dataclass(eq=False)
class Windows:
    """The windows of the best plan that are still to be searched.

    ``closed`` holds those without a better plan, at any effort; ``tried`` those without one found
    at the present effort. A better plan opens all windows again. ``_every`` holds the windows of
    ``_plan`` by size, cut when they are first asked for.
    """

    problem: MillProblem
    random: Random
    effort: int = 0
    closed: set[Rooms] = field(default_factory=set)
    tried: set[Rooms] = field(default_factory=set)
    _plan: Schedule | None = field(default=None, init=False)
    _every: dict[int, set[Rooms]] = field(default_factory=dict, init=False)

    def choose(self, plan: Schedule) -> Rooms | None:
        """Return a window to search, the smallest first, or None when all are closed."""
        for effort in range(self.effort, len(EFFORTS)):
            for size in SIZES:
                if left := self.every(plan, size) - self.closed - self.tried:
                    return self.random.choice(sorted(left, key=_place))
            self.tried, self.effort = set(), effort + 1
        return None

    def every(self, plan: Schedule, size: int) -> set[Rooms]:
        """Return all windows of a plan that free ``size`` lots of a line."""
        if self._plan is not plan:
            self._plan, self._every = plan, {}
        if size not in self._every:
            self._every[size] = set(windows_of(self.problem, plan, size))
        return self._every[size]

    def search(
        self, plan: Schedule, rooms: Rooms, should_stop: Callable[[], bool]
    ) -> Schedule | None:
        """Return a better plan in a window, closed up; None when there is none, or when stopped.

        The result depends on ``plan``, ``rooms`` and the state of ``random`` alone.
        """
        model = build(self.problem, window_choice(self.problem, plan, rooms))
        add_hint(model, plan)
        solver = cp_solver(self.random.randrange(2**31))
        # On such small models these take longer than the search.
        solver.parameters.cp_model_probing_level = solver.parameters.symmetry_level = 0
        solver.parameters.max_deterministic_time = EFFORTS[min(self.effort, len(EFFORTS) - 1)]
        status = watched(solver, model.cp, should_stop)
        if status is None:
            return None
        (self.closed if status == cp_model.OPTIMAL else self.tried).add(rooms)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        found = schedule_of(model, solver.value)
        evaluation = scored(self.problem, found, solver.objective_value)
        found = closed_up(self.problem, found, evaluation, min(room.begin for room in rooms))
        if evaluate(self.problem, found).cost >= evaluate(self.problem, plan).cost:
            return None
        self.effort, self.closed, self.tried = 0, set(), set()
        return found


def windows_of(problem: MillProblem, plan: Schedule, size: int) -> Iterator[Rooms]:
    """Yield the windows that free ``size`` neighbouring lots of a line."""
    lines, walked = index_of(problem.lines), rolled(problem, plan)
    for line in plan.lines:
        for first in range(max(1, len(line.lots) - size + 1)):
            yield tuple(rooms_around(walked, lines[line.line], first, size))


def _place(rooms: Rooms) -> tuple[tuple[int, int, int], ...]:
    return tuple((room.line, room.first, room.last) for room in rooms)


def watched(
    solver: cp_model.CpSolver, model: cp_model.CpModel, should_stop: Callable[[], bool]
) -> cp_model.CpSolverStatus | None:
    """Solve and look at ``should_stop`` now and then; return the status, None when stopped."""
    status: list[cp_model.CpSolverStatus] = []
    with beside(solver, lambda: status.append(solver.solve(model))) as working:
        while working():
            if should_stop():
                return None
    return status[0]


def scored(problem: MillProblem, plan: Schedule, objective: float) -> Evaluation:
    """Return the evaluation of a plan of the model, whose objective must be the same."""
    evaluation = evaluate(problem, plan)
    if round(evaluation.cost * MONEY) != round(objective):
        raise AssertionError(
            f"the model's objective is {objective / MONEY}, the evaluator's {evaluation.cost}"
        )
    return evaluation
