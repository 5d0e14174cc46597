"""Parameters of the ant colony: one frozen, validated set, stored with every result."""

from dataclasses import asdict, dataclass, field
from typing import Any

from solvers.ant_colony.cutting_params import CuttingParams


@dataclass(frozen=True, slots=True)
class TimedParams:
    """How a colony on timed sequences searches; names as in `ColonyParams`.

    Attributes
    ----------
    bridge : share of ants that swap two blocks near each other instead of following the trails.
    longest_bridge : most jobs in each of these blocks, and one more than between them.
    longest_swap : most jobs in each of two blocks apart that the local search swaps.
    front_swap : the same with two objectives.
    longest_block : most jobs in the shorter of two neighbouring blocks that it exchanges.
    longest_span : most places that an exchange covers, and between swapped blocks' starts: beyond
        it an ant's time would grow with the square of the jobs.
    temperature : mean loss at which a worse line is still accepted as the source, as a share of
        the mean loss of ants; cooler in every second colony.
    warmth : the same with two objectives, as a share of the front's range.
    patience : iterations without a better line of the round after which the next one starts.
    elite : lines of former rounds between which rounds start.
    loyalty : rounds in a row of which none joins the elite, after which only its best stays.
    episode : iterations that a colony with two objectives spends on one goal.
    """

    colonies: int = 2
    ants: int = 10
    changes: int = 1
    longest_segment: int = 8
    bridge: float = 0.5
    longest_bridge: int = 6
    longest_swap: int = 5
    front_swap: int = 2
    longest_block: int = 20
    longest_span: int = 150
    temperature: float = 0.1
    warmth: float = 0.01
    candidates: int = 20
    backup: int = 16
    persistence: float = 0.9
    beta: float = 1.0
    best_probability: float = 0.05
    patience: int = 12
    elite: int = 6
    loyalty: int = 20
    episode: int = 5
    slice_iterations: int = 5
    exchange_every: int = 200

    def __post_init__(self) -> None:
        """Check every range."""
        for name in (
            "colonies",
            "ants",
            "changes",
            "longest_segment",
            "longest_bridge",
            "longest_swap",
            "front_swap",
            "longest_block",
            "longest_span",
            "patience",
            "loyalty",
            "episode",
            "candidates",
            "slice_iterations",
        ):
            _at_least(name, getattr(self, name), 1)
        _at_least("elite", self.elite, 2)
        for name in ("backup", "beta", "temperature", "warmth", "bridge"):
            _at_least(name, getattr(self, name), 0)
        for name in ("persistence", "best_probability"):
            _inside(name, getattr(self, name))
        _check_multiple("exchange_every", self.exchange_every, self.slice_iterations)


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
    ordered_candidates : the same as ``candidates`` under precedence, where the duals tell less.
    persistence : share of pheromone that an iteration leaves.
    beta : weight of the heuristic against the pheromone (alpha is 1).
    best_probability : chance that a converged colony builds its best tour again, which sets the
        lower trail limit.
    depth : exchanges that the local search of a roaming colony (every second one, unless there
        is precedence) chains before it gives up; in others it makes single ones.
    ordered_depth : the same for all colonies under precedence.
    patience : iterations per node without a better source after which a cold round ends.
    kick : most random changes per node at the start of a cold round.
    strong_kick : the same for every second colony under precedence, where many changes fail.
    cooling : iterations per node in which a hot round cools down.
    hottest, coldest : temperatures between which a hot round starts, in mean losses of ants.
    hand_off_every : iterations between two turns of an exact method; a multiple of
        ``slice_iterations``.
    hand_off_share : its share of the processor time, of its first ``hand_off_early``
        milliseconds of work; at a half it fills one of two threads.
    hand_off_late_share : its share from then on: most proofs come early or not at all.
    slice_iterations : iterations between two looks at the clock.
    exchange_every : iterations between two exchanges of the best among the colonies; a multiple
        of ``slice_iterations``.
    timed : parameters of the colonies for timed sequences.
    cutting : parameters of the colonies for cutting problems.
    """

    colonies: int = 2
    ants: int = 32
    changes: int = 4
    longest_segment: int = 50
    candidates: int = 10
    ordered_candidates: int = 25
    backup: int = 16
    persistence: float = 0.5
    beta: float = 1.0
    best_probability: float = 0.1
    patience: float = 0.25
    kick: float = 0.5
    strong_kick: float = 2.0
    depth: int = 3
    ordered_depth: int = 2
    cooling: float = 5.0
    hottest: float = 6.0
    coldest: float = 0.1
    hand_off_every: int = 200
    hand_off_early: float = 3000.0
    hand_off_share: float = 0.5
    hand_off_late_share: float = 0.15
    slice_iterations: int = 40
    exchange_every: int = 1000
    timed: TimedParams = field(default_factory=TimedParams)
    cutting: CuttingParams = field(default_factory=CuttingParams)

    def __post_init__(self) -> None:
        """Check every range."""
        for name in (
            "colonies",
            "ants",
            "changes",
            "longest_segment",
            "depth",
            "ordered_depth",
            "candidates",
            "ordered_candidates",
            "slice_iterations",
        ):
            _at_least(name, getattr(self, name), 1)
        _at_least("backup", self.backup, 0)
        for name in ("beta", "patience", "kick", "strong_kick", "cooling", "hand_off_early"):
            _at_least(name, getattr(self, name), 0.0)
        if not 0.0 < self.coldest <= self.hottest:
            raise ValueError(
                f"coldest: {self.coldest} is outside 0 .. hottest, {self.hottest}, 0 excluded"
            )
        for name in ("hand_off_share", "hand_off_late_share", "persistence", "best_probability"):
            _inside(name, getattr(self, name))
        _check_multiple("exchange_every", self.exchange_every, self.slice_iterations)
        _check_multiple("hand_off_every", self.hand_off_every, self.slice_iterations)

    def as_json(self) -> dict[str, Any]:
        """Return the parameters as plain values."""
        return asdict(self)


def _inside(name: str, value: float) -> None:
    if not 0.0 < value < 1.0:
        raise ValueError(f"{name}: {value} is outside 0 .. 1, ends excluded")


def _check_multiple(name: str, value: int, slice_iterations: int) -> None:
    if value < 1 or value % slice_iterations:
        raise ValueError(f"{name}: {value} is no multiple of slice_iterations, {slice_iterations}")


def _at_least(name: str, value: float, least: float) -> None:
    if value < least:
        raise ValueError(f"{name}: {value} is below {least}")
