"""Pareto fronts: points that no other point dominates, and the hypervolume they cover.

All objectives are minimised. A front's figure of merit is its hypervolume against a reference
point (Zitzler and Thiele 1998): the volume of all that some point of the front dominates and that
dominates the reference point itself. More is better, so a front's cost is minus its hypervolume.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.evaluation import Evaluation, Violation

Objectives = tuple[float, ...]

STATED_TOLERANCE = 1e-6
"""How far, relatively, a point's stated objectives may lie from the evaluator's."""


@dataclass(frozen=True, slots=True)
class FrontPoint:
    """A solution and its objectives, each in its own unit, all minimised."""

    objectives: Objectives
    solution: Any


@dataclass(frozen=True, slots=True)
class Front:
    """Points in ascending order of their objectives; `front_of` keeps only the non-dominated."""

    points: tuple[FrontPoint, ...]


def covers(a: Sequence[float], b: Sequence[float]) -> bool:
    """Whether ``a`` is no worse than ``b`` in every objective."""
    return all(x <= y for x, y in zip(a, b, strict=True))


def dominates(a: Sequence[float], b: Sequence[float]) -> bool:
    """Whether ``a`` is no worse than ``b`` in every objective and better in one."""
    return covers(a, b) and tuple(a) != tuple(b)


def front_of(points: Iterable[FrontPoint]) -> Front:
    """Return the front of ``points``; of equal objectives the first given stays."""
    kept: list[FrontPoint] = []
    for point in sorted(points, key=lambda candidate: candidate.objectives):
        # In ascending order only an earlier point can dominate or equal a later one.
        if not any(covers(other.objectives, point.objectives) for other in kept):
            kept.append(point)
    return Front(tuple(kept))


def matched(published: Front, found: Front, tolerance: float = STATED_TOLERANCE) -> int:
    """Return how many points of ``published`` are equalled or dominated by one of ``found``.

    ``tolerance`` is relative to each objective, and absolute below 1.
    """
    limits = (
        tuple(value + tolerance * max(1.0, abs(value)) for value in point.objectives)
        for point in published.points
    )
    return sum(any(covers(point.objectives, limit) for point in found.points) for limit in limits)


def hypervolume(points: Iterable[Sequence[float]], reference: Sequence[float]) -> float:
    """Return the volume between ``points`` and ``reference``, in the product of their units.

    Points that do not lie below the reference in every objective add nothing. The volume is cut
    into slices along the first objective; each slice is the same task with one objective less
    (While et al. 2006, "hypervolume by slicing objectives").
    """
    inside = sorted(
        tuple(point)
        for point in points
        if all(x < r for x, r in zip(point, reference, strict=True))
    )
    if not inside:
        return 0.0
    if len(reference) == 1:
        return reference[0] - inside[0][0]
    edges = [point[0] for point in inside] + [reference[0]]
    slices = (
        (edges[count] - edges[count - 1])
        * hypervolume([point[1:] for point in inside[:count]], reference[1:])
        for count in range(1, len(inside) + 1)
        if edges[count] > edges[count - 1]
    )
    return math.fsum(slices)


def evaluate_front(
    front: Front,
    reference: Sequence[float],
    score: Callable[[Any], Evaluation],
    objective_terms: Sequence[str],
) -> Evaluation:
    """Score a front: every point anew, and the hypervolume of the feasible ones.

    Parameters
    ----------
    front : the points to score.
    reference : reference point of the hypervolume, one value an objective.
    score : the evaluator of a single solution.
    objective_terms : names of the terms of ``score`` that are the objectives, in their order.

    Returns
    -------
    Evaluation
        Cost is minus the hypervolume; terms are ``hypervolume``, ``points`` (number of feasible
        points) and, of the feasible points, the least of each objective as ``least_<term>``.
        Violations are each point's own, ``misstated_point`` where its stated objectives are
        wrong, ``dominated_point``, and ``empty_front``.
    """
    scores = [score(point.solution) for point in front.points]
    exact = [tuple(float(found.terms[term]) for term in objective_terms) for found in scores]
    feasible = [point for point, found in zip(exact, scores, strict=True) if found.feasible]
    volume = hypervolume(feasible, reference)
    terms: dict[str, Any] = {"hypervolume": volume, "points": len(feasible)}
    for index, term in enumerate(objective_terms):
        terms[f"least_{term}"] = min((point[index] for point in feasible), default=None)
    violations = [
        violation
        for place, found in enumerate(scores)
        for violation in _point_violations(place, front.points[place].objectives, exact, found)
    ]
    if not front.points:
        violations.append(Violation("empty_front", "front", 1, "points"))
    return Evaluation(-volume, terms, tuple(violations), maximised=True)


def _point_violations(
    place: int, stated: Objectives, exact: list[Objectives], found: Evaluation
) -> Iterator[Violation]:
    where = f"point {place}"
    for own in found.violations:
        yield Violation(own.code, f"{where}, {own.where}", own.magnitude, own.unit, own.detail)
    for value, true in zip(stated, exact[place], strict=True):
        if not math.isclose(value, true, rel_tol=STATED_TOLERANCE, abs_tol=STATED_TOLERANCE):
            yield Violation(
                "misstated_point", where, abs(value - true), "objective", f"{value} is {true}"
            )
    if any(dominates(other, exact[place]) for other in exact):
        yield Violation("dominated_point", where, 1, "points")
