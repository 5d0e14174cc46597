"""Parameters of the ant colony: one frozen, validated set, stored with every result."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ColonyParams:
    """How a colony searches; the defaults serve every kind of problem.

    Attributes
    ----------
    colonies : colonies that search side by side; their number, not that of threads, decides
        the result.
    ants : ants of a colony in one iteration.
    changes : successors that an ant chooses anew in its copy of the source tour.
    longest_segment : most nodes that move along with a chosen successor.
    candidates, backup : successors considered per node, and the next cheapest kept in reserve.
    persistence : share of pheromone that an iteration leaves.
    beta : weight of the heuristic against the pheromone (alpha is 1).
    best_probability : chance that a converged colony builds its best tour again, which sets the
        lower trail limit.
    patience : iterations without a better source after which a colony starts anew.
    slice_iterations : iterations between two looks at the clock.
    exchange_every : iterations between two exchanges of the best among the colonies; a multiple
        of ``slice_iterations``.
    """

    colonies: int = 2
    ants: int = 32
    changes: int = 4
    longest_segment: int = 50
    candidates: int = 10
    backup: int = 16
    persistence: float = 0.5
    beta: float = 1.0
    best_probability: float = 0.1
    patience: int = 2000
    slice_iterations: int = 20
    exchange_every: int = 1000

    def __post_init__(self) -> None:
        """Check every range."""
        for name in (
            "colonies",
            "ants",
            "changes",
            "longest_segment",
            "candidates",
            "patience",
            "slice_iterations",
        ):
            _at_least(name, getattr(self, name), 1)
        _at_least("backup", self.backup, 0)
        _at_least("beta", self.beta, 0.0)
        for name in ("persistence", "best_probability"):
            value = getattr(self, name)
            if not 0.0 < value < 1.0:
                raise ValueError(f"{name}: {value} is outside 0 .. 1, ends excluded")
        if self.exchange_every < 1 or self.exchange_every % self.slice_iterations:
            raise ValueError(
                f"exchange_every: {self.exchange_every} is no multiple of slice_iterations,"
                f" {self.slice_iterations}"
            )

    def as_json(self) -> dict[str, Any]:
        """Return the parameters as plain values."""
        return asdict(self)


def _at_least(name: str, value: float, least: float) -> None:
    if value < least:
        raise ValueError(f"{name}: {value} is below {least}")
