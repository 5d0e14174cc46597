"""When to stop: one small callable per criterion, combined by ``FirstOf``.

A criterion looks at the progress so far and returns the reason to stop, or None to go on.
"""

from collections.abc import Callable
from dataclasses import dataclass

from scheduler.gap import gap
from solvers.progress import Progress

StopReason = str
Stop = Callable[[Progress], StopReason | None]


@dataclass(frozen=True, slots=True)
class MaxRuntime:
    """Stop after ``seconds`` of search (compilation and warm-up do not count)."""

    seconds: float

    def __call__(self, progress: Progress) -> StopReason | None:
        """Return ``"time"`` once the search has used its seconds."""
        return "time" if progress.elapsed >= self.seconds else None


@dataclass(frozen=True, slots=True)
class MaxIterations:
    """Stop after ``iterations`` iterations."""

    iterations: int

    def __call__(self, progress: Progress) -> StopReason | None:
        """Return ``"iterations"`` once that many were done."""
        return "iterations" if progress.iterations >= self.iterations else None


@dataclass(frozen=True, slots=True)
class NoImprovement:
    """Stop after ``iterations`` iterations without a better solution."""

    iterations: int

    def __call__(self, progress: Progress) -> StopReason | None:
        """Return ``"no_improvement"`` once the best is that many iterations old."""
        stale = progress.iterations - progress.best_iteration
        return "no_improvement" if stale >= self.iterations else None


@dataclass(frozen=True, slots=True)
class Target:
    """Stop as soon as a feasible cost of ``value`` or less is known."""

    value: float

    def __call__(self, progress: Progress) -> StopReason | None:
        """Return ``"target"`` once the best cost reaches the target."""
        return "target" if progress.cost is not None and progress.cost <= self.value else None


@dataclass(frozen=True, slots=True)
class TargetGap:
    """Stop as soon as the best cost is proven to be within ``share`` of the least one.

    bound: a lower bound proven before the search; the search may prove a better one. The share is
    that of `scheduler.gap.gap`.
    """

    share: float
    bound: float | None = None

    def __call__(self, progress: Progress) -> StopReason | None:
        """Return ``"gap"`` once the gap is small enough."""
        known = [bound for bound in (self.bound, progress.lower_bound) if bound is not None]
        left = gap(progress.cost, max(known, default=None))
        return "gap" if left is not None and left <= self.share else None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Stop as soon as ``is_set`` (of a ``threading.Event``, say) answers true."""

    is_set: Callable[[], bool]

    def __call__(self, progress: Progress) -> StopReason | None:  # noqa: ARG002
        """Return ``"cancelled"`` once cancelling was asked for."""
        return "cancelled" if self.is_set() else None


@dataclass(frozen=True, slots=True)
class FirstOf:
    """Stop as soon as any of ``criteria`` says so; its reason is theirs."""

    criteria: tuple[Stop, ...]

    def __call__(self, progress: Progress) -> StopReason | None:
        """Return the first reason given, in the criteria's order."""
        return next((reason for stop in self.criteria if (reason := stop(progress))), None)


def iterations_left(stop: Stop, progress: Progress) -> int:
    """Return how many more iterations ``stop`` allows, at least 1; without a limit, 2^62."""
    if isinstance(stop, MaxIterations):
        return max(1, stop.iterations - progress.iterations)
    if isinstance(stop, FirstOf):
        return min((iterations_left(part, progress) for part in stop.criteria), default=2**62)
    return 2**62


def seconds_left(stop: Stop, progress: Progress) -> float:
    """Return how many more seconds ``stop`` allows, at least 0; without a limit, infinity.

    For steps that cannot be interrupted and take a time limit of their own.
    """
    if isinstance(stop, MaxRuntime):
        return max(0.0, stop.seconds - progress.elapsed)
    if isinstance(stop, FirstOf):
        return min((seconds_left(part, progress) for part in stop.criteria), default=float("inf"))
    return float("inf")
