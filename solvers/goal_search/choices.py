"""What a search for several goals wants: the prices of its next round, and which plans it keeps.

Nothing here trusts the prices: whether a plan is kept is decided by the evaluator's exact amounts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from math import dist, isqrt
from typing import Protocol

from scheduler.evaluation import Evaluation, evaluate
from scheduler.front import Front, FrontPoint, front_of
from scheduler.goals import GOALS, SHORTAGE, Factors, largest_factor
from scheduler.mill import MillProblem
from scheduler.schedule import Schedule

EMPHASIS = 32
"""How many times a goal counts at its end of a Pareto front."""
MOST_POINTS = 16
"""Points that a front is thinned to."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A schedule and the evaluator's word on it, at the order book's own prices."""

    schedule: Schedule
    evaluation: Evaluation

    def amounts(self, goals: Sequence[str]) -> tuple[int, ...]:
        """Return the exact amounts of ``goals``."""
        return tuple(GOALS[name].amount(self.evaluation) for name in goals)

    @property
    def shortage(self) -> int:
        """Missing mass in g: delivering less is no way to be better in a goal."""
        return int(self.evaluation.terms["shortage"].amount)


class Choice(Protocol):
    """One way to choose among plans by several goals."""

    def factors(self, number: int) -> Factors:
        """Return how the goals count in round ``number``, from 0."""
        ...

    def sweep(self) -> int:
        """Return after how many rounds the next ones are twice as long."""
        ...

    def start(self, seen: MillProblem) -> Schedule | None:
        """Return the plan that the round of the problem ``seen`` begins with."""
        ...

    def offer(self, plan: Plan) -> None:
        """Take note of a round's plan."""
        ...

    def best(self) -> Plan | None:
        """Return the plan to publish."""
        ...

    def front(self) -> Front | None:
        """Return all plans to publish, where it is more than one."""
        ...


@dataclass
class Lexicographic:
    """The first goal as good as can be, then the second without harm to the first, and so on.

    Cost comes last. Each round lets one more goal count; the goals before it count so much that
    the search has no reason to give them up, and a plan that does is not kept.
    """

    problem: MillProblem
    goals: tuple[str, ...]
    kept: Plan | None = None

    def factors(self, number: int) -> Factors:
        """Return goals already dealt with at the largest factor, the one that is at its root."""
        most, level = largest_factor(self.problem, self.goals), number % self.sweep()
        if level == 0:
            return {self.goals[0]: most}
        present = {name: isqrt(most) for name in self.goals[level : level + 1]}
        return {**dict.fromkeys(self.goals[:level], most), **present}

    def sweep(self) -> int:
        """Return the goals and cost."""
        return len(self.goals) + 1

    def start(self, seen: MillProblem) -> Schedule | None:  # noqa: ARG002
        """Return the best plan so far."""
        return None if self.kept is None else self.kept.schedule

    def offer(self, plan: Plan) -> None:
        """Keep the plan if it comes before the best in the order of the goals."""
        if self.kept is None or self._rank(plan) < self._rank(self.kept):
            self.kept = plan

    def _rank(self, plan: Plan) -> tuple[object, ...]:
        score = plan.evaluation
        return not score.feasible, plan.shortage, *plan.amounts(self.goals), score.cost

    def best(self) -> Plan | None:
        """Return the first plan in the order of the goals."""
        return self.kept

    def front(self) -> Front | None:
        """Return nothing: there is one plan."""
        return None


@dataclass
class NoWorse:
    """The cheapest plan that is in no goal worse than ``given``.

    A goal that a round's plan was worse in, or what it left missing, counts four times as much in
    the next round; after a plan that was worse in none all count half as much. So the penalties
    settle where they just hold, in the manner of subgradient steps.
    """

    problem: MillProblem
    goals: tuple[str, ...]
    given: Plan
    kept: Plan = field(init=False)
    counts: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with the given plan, and all goals at their own price."""
        self.kept = self.given
        self.counts = dict.fromkeys((*self.goals, SHORTAGE), 1)

    def factors(self, number: int) -> Factors:  # noqa: ARG002
        """Return the present penalties."""
        return dict(self.counts)

    def sweep(self) -> int:
        """Return how many rounds penalties are given to settle."""
        return 4

    def start(self, seen: MillProblem) -> Schedule | None:  # noqa: ARG002
        """Return the best plan so far."""
        return self.kept.schedule

    def offer(self, plan: Plan) -> None:
        """Keep the plan if it is cheaper and nowhere worse; set the next round's penalties."""
        now, then = plan.amounts(self.goals), self.given.amounts(self.goals)
        worse = [
            name
            for name, amount, limit in zip(self.goals, now, then, strict=True)
            if amount > limit
        ]
        if plan.shortage > self.given.shortage:
            worse.append(SHORTAGE)
        self._count(worse)
        cheaper = plan.evaluation.cost < self.kept.evaluation.cost
        if plan.evaluation.feasible and not worse and (cheaper or not self._feasible()):
            self.kept = plan

    def _count(self, worse: list[str]) -> None:
        most = largest_factor(self.problem, self.goals)
        for name in worse:
            self.counts[name] = min(most, 4 * self.counts[name])
        if not worse:
            self.counts = {name: max(1, count // 2) for name, count in self.counts.items()}

    def _feasible(self) -> bool:
        return self.kept.evaluation.feasible

    def best(self) -> Plan | None:
        """Return the cheapest plan that is nowhere worse, at least the given one."""
        return self.kept

    def front(self) -> Front | None:
        """Return nothing: there is one plan."""
        return None


@dataclass
class Pareto:
    """Plans of which none is better in one goal without being worse in another.

    Colonies with different weights of the goals take turns and share one archive, in which each
    begins with the plan that is best by its own weights (Iredi, Merkle and Middendorf 2001; the
    components are those of Lopez-Ibanez and Stuetzle 2012).
    """

    problem: MillProblem
    goals: tuple[str, ...]
    plans: list[Plan] = field(default_factory=list)

    def factors(self, number: int) -> Factors:
        """Return the weights of a round: none, each goal alone, each pair, each goal a little."""
        return self._weights()[number % self.sweep()]

    def _weights(self) -> list[Factors]:
        top = min(EMPHASIS, largest_factor(self.problem, self.goals))
        alone: list[Factors] = [{name: top} for name in self.goals]
        pairs: list[Factors] = [
            dict.fromkeys((one, other), isqrt(top))
            for n, one in enumerate(self.goals)
            for other in self.goals[n + 1 :]
        ]
        slight: list[Factors] = [{name: isqrt(top)} for name in self.goals]
        return [{}, *alone, *pairs, *slight]

    def sweep(self) -> int:
        """Return how many weights there are."""
        return len(self._weights())

    def start(self, seen: MillProblem) -> Schedule | None:
        """Return the archive's plan that costs least in the round's problem."""
        plans = (plan.schedule for plan in self.plans)
        return min(plans, key=lambda plan: evaluate(seen, plan).cost, default=None)

    def offer(self, plan: Plan) -> None:
        """Add a plan to the archive unless another one covers it; drop what it dominates."""
        everything = [*self.plans, plan]
        feasible = [one for one in everything if one.evaluation.feasible]
        if not feasible:
            self.plans = self.plans or [plan]
            return
        least = min(one.shortage for one in feasible)
        points = [
            FrontPoint(one.amounts(self.goals), one) for one in feasible if one.shortage == least
        ]
        kept = thinned(front_of(points), MOST_POINTS)
        self.plans = [point.solution for point in kept.points]

    def best(self) -> Plan | None:
        """Return the front's cheapest plan."""
        return min(self.plans, key=lambda plan: plan.evaluation.cost, default=None)

    def front(self) -> Front | None:
        """Return the front; a solution is a ``Plan``."""
        return Front(tuple(FrontPoint(plan.amounts(self.goals), plan) for plan in self.plans))


def thinned(front: Front, most: int) -> Front:
    """Return at most ``most`` points; those nearest to another go first, ends of an axis never."""
    points = list(front.points)
    while len(points) > most:
        columns = list(zip(*(point.objectives for point in points), strict=True))
        ends = {column.index(min(column)) for column in columns}
        inner = [i for i in range(len(points)) if i not in ends]
        if not inner:
            break
        spans = [max(1.0, max(column) - min(column)) for column in columns]
        scaled = [
            [value / span for value, span in zip(point.objectives, spans, strict=True)]
            for point in points
        ]
        points.pop(min(inner, key=partial(_nearest, scaled)))
    return Front(tuple(points))


def _nearest(points: list[list[float]], index: int) -> float:
    """Return the distance of a point to the nearest other one."""
    return min(dist(points[index], other) for j, other in enumerate(points) if j != index)
