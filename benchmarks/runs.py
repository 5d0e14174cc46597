"""One run of one contestant on one instance, and how far it is from the reference."""

import math
from dataclasses import asdict, dataclass
from typing import Any

from scheduler.gap import gap


@dataclass(frozen=True, slots=True)
class Run:
    """What came out of one run.

    seconds: of search; compile_seconds: of loading and compiling kernels before it. value, bound,
    reference: in the family's objective; value None where no feasible solution was found.
    maximised: whether more of it is better. published, matched: points of the published front,
    and how many of them a point found equals or dominates; None without such a front.
    note: why there is no value. trace: (seconds, value) of every improvement.
    """

    family: str
    instance: str
    solver: str
    seed: int
    threads: int
    time_limit: float
    seconds: float
    compile_seconds: float
    iterations: int
    ants: int
    value: float | None
    reference: float | None
    bound: float | None
    maximised: bool = False
    published: int | None = None
    matched: int | None = None
    best_at: float | None = None
    stop_reason: str = ""
    note: str = ""
    trace: tuple[tuple[float, float], ...] = ()

    @property
    def gap(self) -> float | None:
        """Return how much worse than the reference, as a share of it; negative if better.

        A reference of 0 is met (0) or missed (infinite).
        """
        return None if self.value is None else self.gap_of(self.value, self.reference)

    def gap_of(self, value: float, reference: float | None) -> float | None:
        """Return how much worse ``value`` is than ``reference``, as a share of it."""
        if reference is None:
            return None
        worse = reference - value if self.maximised else value - reference
        if abs(worse) <= 1e-9 * max(1.0, abs(reference)):
            return 0.0
        return worse / abs(reference) if reference else math.copysign(math.inf, worse)

    @property
    def proven_gap(self) -> float | None:
        """How far the value may be from the optimum, as a share of the value."""
        if self.value is None or self.bound is None:
            return None
        sign = -1 if self.maximised else 1
        return gap(sign * self.value, sign * self.bound)

    def as_row(self) -> dict[str, Any]:
        """Return the run as a row of a CSV file, without its trace."""
        row = {**asdict(self), "gap": self.gap, "proven_gap": self.proven_gap}
        del row["trace"]
        return row
