"""A tiny problem of every public family, to try a format or to warm a solver; none is a benchmark.

Costs are small whole numbers drawn by a formula, so that every machine has the same ones.
"""

from collections.abc import Callable, Mapping

import numpy as np

from instances.writers import write_text
from scheduler.cutting import CuttingProblem
from scheduler.sequencing import SequencingProblem, Timing

SIZE = 8


def example(reader: str) -> str:
    """Return the text of a tiny problem in the format that ``reader`` names."""
    return write_text(EXAMPLES[reader](), reader)


def _costs() -> np.ndarray:
    i, j = np.indices((SIZE, SIZE))
    return (7 * i + 11 * j + 5 * i * j) % 23 + 1


def _sequence(**fields: object) -> SequencingProblem:
    nothing = np.zeros(SIZE, dtype=np.int64)
    values = {
        "name": "example",
        "transition_cost": _costs(),
        "forbidden": np.eye(SIZE, dtype=np.bool_),
        "first_cost": nothing,
        "last_cost": nothing,
    }
    return SequencingProblem(**{**values, **fields})  # type: ignore[arg-type]


def _path() -> SequencingProblem:
    forbidden = np.eye(SIZE, dtype=np.bool_)
    forbidden[1, 2] = forbidden[2, 1] = True
    return _sequence(forbidden=forbidden)


def _sop() -> SequencingProblem:
    last = SIZE - 1
    pairs = [(0, j) for j in range(1, SIZE)] + [(i, last) for i in range(1, last)] + [(3, 2)]
    forbidden = np.eye(SIZE, dtype=np.bool_)
    for before, after in pairs:
        forbidden[after, before] = True
    return _sequence(
        forbidden=forbidden, predecessors=np.array(pairs), fixed_first=0, fixed_last=last
    )


def _tardiness() -> SequencingProblem:
    jobs = np.arange(SIZE)
    duration = 10 + 3 * jobs % 7
    timing = Timing(
        start_lag=duration[:, None] + _costs(),
        first_start=jobs % 3,
        duration=duration,
        due_date=30 + 17 * jobs % 50,
        weight=1 + jobs % 4,
    )
    nothing = np.zeros((SIZE, SIZE), dtype=np.int64)
    return _sequence(transition_cost=nothing, timing=timing, objective="weighted_tardiness")


def _front() -> SequencingProblem:
    jobs = np.arange(SIZE, dtype=np.float64)
    timing = Timing(
        start_lag=_costs() / 4.0,
        first_start=np.zeros(SIZE),
        duration=4.0 + jobs % 3,
        due_date=24.0 + jobs % 2,
        weight=np.ones(SIZE),
    )
    return _sequence(
        transition_cost=_costs()[::-1] * 1.5,
        first_cost=np.zeros(SIZE),
        last_cost=np.zeros(SIZE),
        timing=timing,
        objective="pareto",
        reference_point=(100.0, 1000.0),
    )


def _slabs() -> CuttingProblem:
    sizes = np.array([4, 22, 9, 5, 8, 3, 3, 4])
    return CuttingProblem(
        "example",
        item_size=sizes,
        item_demand=np.ones(len(sizes), dtype=np.int64),
        item_family=np.array([1, 2, 3, 1, 2, 3, 1, 2]),
        capacity=np.array([12, 17, 25]),
        stock_count=np.array([-1, -1, -1]),
        family_limit=2,
    )


def _rolls() -> CuttingProblem:
    return CuttingProblem(
        "example",
        item_size=np.array([45, 36, 31, 14]),
        item_demand=np.array([7, 11, 9, 12]),
        item_family=np.zeros(4, dtype=np.int64),
        capacity=np.array([100]),
        stock_count=np.array([-1]),
        objective="units",
    )


EXAMPLES: Mapping[str, Callable[[], SequencingProblem | CuttingProblem]] = {
    "galvanizing": _path,
    "tsplib_atsp": lambda: _sequence(closed=True),
    "tsplib_sop": _sop,
    "tardiness_setups": _tardiness,
    "heat_treatment": _front,
    "slab_design_json": _slabs,
    "cutting_stock": _rolls,
}
"""Makers of the problems, by the name of their format's reader."""
