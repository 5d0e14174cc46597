"""Parameters of the cutting colony: one frozen, validated set, stored with every result."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CuttingParams:
    """How a cutting colony searches; the defaults serve every kind of cutting problem.

    Attributes
    ----------
    colonies : colonies that search side by side; their number, not that of threads, decides
        the result.
    ants : ants of a colony in one iteration.
    changes : most units that an ant opens besides the first.
    temperature : a plan this share of the least difference in cost worse than the source is
        accepted as the next source with probability 1 / e.
    persistence : share of pheromone that an iteration leaves.
    beta : weight of the heuristic against the pheromone (alpha is 1).
    best_probability : chance that a converged colony builds its best plan again, which sets the
        lower trail limit.
    patience : iterations without a better plan after which a colony goes back to its best and
        forgets its trails.
    slice_iterations : iterations between two looks at the clock.
    exchange_every : iterations between two exchanges of the best among the colonies; a multiple
        of ``slice_iterations``.
    exact_every : iterations between two steps of the injected exact method, a multiple of
        ``slice_iterations``; 0 for none.
    """

    colonies: int = 2
    ants: int = 32
    changes: int = 6
    temperature: float = 0.1
    persistence: float = 0.98
    beta: float = 1.0
    best_probability: float = 0.05
    patience: int = 500
    slice_iterations: int = 5
    exchange_every: int = 100
    exact_every: int = 20

    def __post_init__(self) -> None:
        """Check every range."""
        for name in ("colonies", "ants", "changes", "patience", "slice_iterations"):
            if (value := getattr(self, name)) < 1:
                raise ValueError(f"{name}: {value} is below 1")
        for name in ("temperature", "beta", "exact_every"):
            if (value := getattr(self, name)) < 0:
                raise ValueError(f"{name}: {value} is below 0")
        for name in ("persistence", "best_probability"):
            if not 0.0 < (value := getattr(self, name)) < 1.0:
                raise ValueError(f"{name}: {value} is outside 0 .. 1, ends excluded")
        for name in ("exchange_every", "exact_every"):
            if (value := getattr(self, name)) % self.slice_iterations:
                raise ValueError(
                    f"{name}: {value} is no multiple of slice_iterations, {self.slice_iterations}"
                )
        if self.exchange_every < 1:
            raise ValueError(f"exchange_every: {self.exchange_every} is below 1")
