"""Write a problem in a public file format; ``instances.reader`` reads each of them back.

A format holds only what it was made for: what it cannot express is refused, never dropped.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from instances import mill_json
from instances.galvanizing import FORBIDDEN
from instances.slab_design import COLOURS_PER_SLAB
from instances.text import BadInstance
from scheduler.cutting import CuttingProblem
from scheduler.mill import MillProblem
from scheduler.sequencing import SequencingProblem, Timing

Writer = Callable[[Any], str]


def write_text(problem: Any, writer: str) -> str:
    """Return ``problem`` in the format ``writer``; raise BadInstance where it cannot hold it."""
    if writer not in WRITERS:
        known = ", ".join(WRITERS)
        raise BadInstance(f"unknown format '{writer}' to write; known are: {known}")
    return WRITERS[writer](problem)


def _mill(problem: Any) -> str:
    _refuse(problem, "mill_json", {"it is no mill problem": not isinstance(problem, MillProblem)})
    return mill_json.write(problem)


def _atsp(problem: Any) -> str:
    problem = _path(problem, "tsplib_atsp")
    reasons = {
        "it is a path, not a tour": not problem.closed,
        "it has forbidden transitions": problem.forbidden.sum() > problem.size,
        "it has precedence": problem.predecessors is not None,
    }
    _refuse(problem, "tsplib_atsp", reasons)
    return _tsplib(problem.name, "ATSP", problem.transition_cost, "")


def _sop(problem: Any) -> str:
    problem = _path(problem, "tsplib_sop")
    cost = np.array(problem.transition_cost)
    before = np.eye(problem.size, dtype=np.bool_)
    pairs = (
        np.empty((0, 2), dtype=np.int64) if problem.predecessors is None else problem.predecessors
    )
    before[pairs[:, 1], pairs[:, 0]] = True
    reasons = {
        "it is a tour, not a path": problem.closed,
        "its ends are free": (problem.fixed_first, problem.fixed_last) != (0, problem.size - 1),
        "it forbids transitions": bool((problem.forbidden & ~before).any()),
    }
    _refuse(problem, "tsplib_sop", reasons)
    np.fill_diagonal(before, False)
    return _tsplib(problem.name, "SOP", np.where(before, -1, cost), f"{problem.size}\n")


def _galvanizing(problem: Any) -> str:
    problem = _path(problem, "galvanizing")
    reasons = {
        "it is a tour, not a path": problem.closed,
        "it has precedence": problem.predecessors is not None,
        "its ends are fixed": problem.fixed_first is not None or problem.fixed_last is not None,
    }
    _refuse(problem, "galvanizing", reasons)
    cost = np.where(problem.forbidden, FORBIDDEN, problem.transition_cost)
    return _lines(";".join(map(str, row)) for row in cost.tolist())


def _tardiness_setups(problem: Any) -> str:
    timing = _timing(problem, "tardiness_setups", "weighted_tardiness")
    setup = timing.start_lag - timing.duration[:, None]
    between = [
        f"{i} {j} {setup[i, j]}" for i in range(problem.size) for j in range(problem.size) if i != j
    ]
    first = [f"-1 {j} {start}" for j, start in enumerate(timing.first_start.tolist())]
    sections = {
        "Process Times:": timing.duration.tolist(),
        "Weights:": timing.weight.tolist(),
        "Duedates:": timing.due_date.tolist(),
        "Setup Times:": first + between,
    }
    body = [line for head, rows in sections.items() for line in (head, *map(str, rows))]
    return _lines(
        [
            f"Problem Size: {problem.size}",
            "Begin Problem Specification",
            *body,
            "End Problem Specification",
        ]
    )


def _heat_treatment(problem: Any) -> str:
    timing = _timing(problem, "heat_treatment", "pareto")
    reasons = {
        "its jobs have weights": bool((timing.weight != 1).any()),
        "its first job waits": bool(timing.first_start.any()),
    }
    _refuse(problem, "heat_treatment", reasons)
    n = problem.size
    parameters = {
        "NumberJobs": n,
        "ProcessTimeTotal": timing.duration.tolist(),
        "WaitingTime": timing.start_lag.tolist(),
        "VolumeGasByJob": [problem.constant] + [0.0] * (n - 1),
        "VolumeGasIdleTime": problem.transition_cost.tolist(),
        "CostNaturalGas": 1.0,
        "DueDates": (timing.due_date / 24.0 - 1.0).tolist(),
    }
    return json.dumps({"Parameters": parameters}) + "\n"


def _slab_design(problem: Any) -> str:
    problem = _cutting(problem, "slab_design_json")
    reasons = {
        "it does not ask for least loss": problem.objective != "loss",
        "it is not for two colours a unit": problem.family_limit != COLOURS_PER_SLAB,
    }
    _refuse(problem, "slab_design_json", reasons)
    times = problem.item_demand
    tree = {
        "nbOrders": int(times.sum()),
        "nbColours": len(set(np.repeat(problem.item_family, times).tolist())),
        "sizes": [0, *problem.capacity.tolist()],
        "ordSize": np.repeat(problem.item_size, times).tolist(),
        "ordCol": np.repeat(problem.item_family, times).tolist(),
    }
    return json.dumps(tree) + "\n"


def _cutting_stock(problem: Any) -> str:
    problem = _cutting(problem, "cutting_stock")
    reasons = {
        "it does not ask for fewest units": problem.objective != "units",
        "it has several capacities": len(problem.capacity) != 1,
        "it limits families": problem.family_limit is not None,
    }
    _refuse(problem, "cutting_stock", reasons)
    rows = zip(problem.item_size.tolist(), problem.item_demand.tolist(), strict=True)
    head = [str(problem.n_items), str(problem.capacity[0])]
    return _lines([*head, *(f"{size}\t{demand}" for size, demand in rows)])


def _path(problem: Any, writer: str) -> SequencingProblem:
    """Return ``problem``, which must be a sequence of whole costs without times."""
    if not isinstance(problem, SequencingProblem):
        _refuse(problem, writer, {"it is no sequencing problem": True})
    whole = np.issubdtype(problem.transition_cost.dtype, np.integer)
    ends = problem.first_cost.any() or problem.last_cost.any()
    reasons = {
        "it has times": problem.timing is not None,
        "its costs are no whole numbers": not whole,
        "its ends cost something": bool(ends) or problem.constant != 0,
    }
    _refuse(problem, writer, reasons)
    return problem


def _timing(problem: Any, writer: str, objective: str) -> Timing:
    """Return the times of ``problem``, which must ask for ``objective``."""
    if not isinstance(problem, SequencingProblem) or problem.timing is None:
        raise BadInstance(f"{problem.name}: cannot be written as {writer}: it has no times")
    timing = problem.timing
    forbidden = problem.forbidden.sum() > problem.size or problem.predecessors is not None
    reasons = {
        f"its objective is not {objective}": problem.objective != objective,
        "it forbids transitions or has precedence": bool(forbidden),
        "it has release dates or deadlines": timing.release is not None
        or timing.deadline is not None,
    }
    _refuse(problem, writer, reasons)
    return timing


def _cutting(problem: Any, writer: str) -> CuttingProblem:
    """Return ``problem``, which must be a cutting problem with stock without limit."""
    if not isinstance(problem, CuttingProblem):
        _refuse(problem, writer, {"it is no cutting problem": True})
    _refuse(problem, writer, {"its stock is limited": bool((problem.stock_count >= 0).any())})
    return problem


def _refuse(problem: Any, writer: str, reasons: dict[str, bool]) -> None:
    """Raise BadInstance with the first of ``reasons`` that holds."""
    for reason, holds in reasons.items():
        if holds:
            raise BadInstance(f"{problem.name}: cannot be written as {writer}: {reason}")


def _tsplib(name: str, kind: str, matrix: Any, first: str) -> str:
    rows = [" ".join(map(str, row)) for row in np.asarray(matrix).tolist()]
    return _lines(
        [
            f"NAME: {name}",
            f"TYPE: {kind}",
            f"DIMENSION: {len(rows)}",
            "EDGE_WEIGHT_TYPE: EXPLICIT",
            "EDGE_WEIGHT_FORMAT: FULL_MATRIX",
            "EDGE_WEIGHT_SECTION",
        ]
    ) + first + _lines([*rows, "EOF"])  # fmt: skip


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


WRITERS: dict[str, Writer] = {
    "mill_json": _mill,
    "tardiness_setups": _tardiness_setups,
    "heat_treatment": _heat_treatment,
    "slab_design_json": _slab_design,
    "galvanizing": _galvanizing,
    "tsplib_atsp": _atsp,
    "tsplib_sop": _sop,
    "cutting_stock": _cutting_stock,
}
"""Formats that can be written, by the names of their readers."""
