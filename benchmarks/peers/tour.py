"""Untimed sequences as the tours that peers want: a closed matrix of whole costs."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduler.sequencing import SequencingProblem

FAR = 10**7


@dataclass(frozen=True, slots=True)
class Tour:
    """A closed tour over ``cost`` (n, n) whole numbers.

    depot: a node that stands for both ends of an open path; None for a problem that is a tour.
    forbidden: (n, n); its entries of ``cost`` are a high price.
    """

    cost: NDArray[np.int64]
    forbidden: NDArray[np.bool_]
    depot: int | None

    def sequence(self, tour: list[int]) -> tuple[int, ...]:
        """Return the problem's sequence of a closed tour (each node once)."""
        if self.depot is None:
            return tuple(tour)
        cut = tour.index(self.depot)
        return tuple(tour[cut + 1 :] + tour[:cut])


def is_tour(problem: Any) -> bool:
    """Whether ``problem`` is an untimed sequence of whole costs without precedence."""
    return (
        isinstance(problem, SequencingProblem)
        and problem.timing is None
        and problem.objective == "transition_cost"
        and problem.predecessors is None
        and problem.size >= 3
        and np.issubdtype(problem.transition_cost.dtype, np.integer)
    )


def tour_of(problem: SequencingProblem) -> Tour:
    """Return the tour form of ``problem``; an open path gets a depot with the ends' costs."""
    price = max(FAR, 10 * int(problem.transition_cost.max(initial=1)))
    cost = np.where(problem.forbidden, price, problem.transition_cost).astype(np.int64)
    forbidden = np.array(problem.forbidden)
    if problem.closed:
        return Tour(cost, forbidden, None)
    n = problem.size
    wide = np.zeros((n + 1, n + 1), dtype=np.int64)
    wide[:n, :n] = cost
    wide[n, :n] = problem.first_cost
    wide[:n, n] = problem.last_cost
    banned = np.zeros((n + 1, n + 1), dtype=np.bool_)
    banned[:n, :n] = forbidden
    np.fill_diagonal(banned, True)
    if problem.fixed_first is not None:
        banned[n, :n] = True
        banned[n, problem.fixed_first] = False
    if problem.fixed_last is not None:
        banned[:n, n] = True
        banned[problem.fixed_last, n] = False
    wide[banned] = price
    return Tour(wide, banned, n)
