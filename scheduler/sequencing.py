"""The sequencing core: order jobs on one machine, asymmetric and possibly timed.

A job j takes the place after job i at ``transition_cost[i, j]`` and starts at least
``start_lag[i, j]`` after the start of i. It completes ``duration[j]`` after its own start.
ATSP (closed), minimum-cost Hamiltonian path (open), SOP (precedence), weighted tardiness with
set-ups (start_lag = duration + set-up) and the heat-treatment line are all cases of it.

A solution is a `Sequence`: a tuple of 0-based jobs, each of them once.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

Sequence = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class SequencingProblem:
    """n jobs to put in one sequence.

    Arrays are copied, checked once and read-only from then on.

    Attributes
    ----------
    transition_cost : (n, n) cost of i right before j; its diagonal is never looked at.
    forbidden : (n, n) true where j may not come right after i; the diagonal always is.
    first_cost, last_cost : (n,) cost of starting, ending with a job.
    closed : whether the last job is followed by the first (a tour; its arc costs too). Where the
        start matters, because of precedences, a last job or times, ``fixed_first`` names it.
    predecessors : (m, 2) pairs (i, j): i somewhere before j.
    fixed_first, fixed_last : a job that must be first, last; None leaves it free.
    timing : None when time does not matter.
    objective : which figure is the cost; ``"pareto"`` asks for the front of (tardiness,
        transition cost).
    constant : added to the transition cost (energy that no sequence changes).
    reference_point : (tardiness, transition cost) that a Pareto front's hypervolume is taken
        against; points beyond it add nothing.
    known_order : (n,) a sequence known beforehand, such as the one the plant ran.

    Raises
    ------
    ValueError
        naming the field and the entry, when the data is not a sequencing problem.
    """

    name: str
    transition_cost: IntArray | FloatArray
    forbidden: BoolArray
    first_cost: IntArray | FloatArray
    last_cost: IntArray | FloatArray
    closed: bool = False
    predecessors: IntArray | None = None
    fixed_first: int | None = None
    fixed_last: int | None = None
    timing: "Timing | None" = None
    objective: Literal["transition_cost", "weighted_tardiness", "pareto"] = "transition_cost"
    constant: float = 0.0
    reference_point: tuple[float, float] | None = None
    known_order: IntArray | None = None

    def __post_init__(self) -> None:
        """Freeze the arrays and check every field."""
        from scheduler.sequencing_checks import check_problem

        check_problem(self)

    @property
    def size(self) -> int:
        """Number of jobs."""
        return len(self.first_cost)


@dataclass(frozen=True, eq=False)
class Timing:
    """Times of a timed sequence, all in one unit.

    start_lag (n, n): least time from the start of i to the start of a j right after it;
    first_start (n,): start of j when it is first; duration (n,): completion less start;
    release, due_date, deadline (n,): earliest start, soft and hard latest completion;
    weight (n,): cost per unit of tardiness.
    """

    start_lag: IntArray | FloatArray
    first_start: IntArray | FloatArray
    duration: IntArray | FloatArray
    due_date: IntArray | FloatArray
    weight: IntArray | FloatArray
    release: IntArray | FloatArray | None = None
    deadline: IntArray | FloatArray | None = None

    def __post_init__(self) -> None:
        """Freeze the arrays and check every field."""
        from scheduler.sequencing_checks import check_timing

        check_timing(self)
