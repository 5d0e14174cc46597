"""What a running solver tells the outside, at most a few times a second."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Progress:
    """A snapshot of a search.

    ``elapsed`` is in seconds of search, without compilation and warm-up. ``cost`` is the best
    feasible cost so far (None before the first), ``lower_bound`` the best proven one.
    ``solution`` is the best feasible solution, where the solver has it at hand: the service shows
    its terms and keeps it, so that a killed worker does not lose the plan.
    """

    elapsed: float = 0.0
    iterations: int = 0
    ants: int = 0
    cost: float | None = None
    best_iteration: int = 0
    best_at: float = 0.0
    lower_bound: float | None = None
    solution: Any | None = None


OnProgress = Callable[[Progress], None]


def ignore_progress(progress: Progress) -> None:
    """Take a snapshot and do nothing with it."""
