"""The heat-treatment line of a steel company (Gomes, Ravetti, Carrano 2021): its JSON form.

Read under ``Parameters``: ``NumberJobs`` n, ``ProcessTimeTotal`` (n, h), ``WaitingTime`` (n x n,
h from start to start), ``VolumeGasByJob`` (n), ``VolumeGasIdleTime`` (n x n), ``CostNaturalGas``
and ``DueDates`` (n, days: due at hour 24 (d + 1)). Two objectives: total tardiness (h) and energy
cost. The order of the file is the one the plant really ran; the reference point of the
hypervolume is 1.1 times the plant's own point, 1 h where its tardiness is 0.
"""

import json
import math
from typing import Any

import numpy as np

from instances.text import BadInstance
from scheduler.sequence_timing import timing_terms
from scheduler.sequencing import FloatArray, SequencingProblem, Timing

REFERENCE_FACTOR = 1.1
REFERENCE_HOURS_WITHOUT_TARDINESS = 1.0


def matches(text: str) -> bool:
    """Whether ``text`` looks like a heat-treatment instance."""
    return text.lstrip()[:1] == "{" and '"VolumeGasIdleTime"' in text and '"DueDates"' in text


def read(text: str, name: str) -> SequencingProblem:
    """Read the JSON form; raise BadInstance with the place of an error."""
    parameters = _parameters(text, name)
    n = _job_count(parameters, name)
    price = float(_numbers(parameters, "CostNaturalGas", (), name))
    timing = Timing(
        start_lag=_numbers(parameters, "WaitingTime", (n, n), name),
        first_start=np.zeros(n),
        duration=_numbers(parameters, "ProcessTimeTotal", (n,), name),
        due_date=24.0 * (_numbers(parameters, "DueDates", (n,), name, least=None) + 1.0),
        weight=np.ones(n),
    )
    transition_cost = price * _numbers(parameters, "VolumeGasIdleTime", (n, n), name)
    constant = price * float(_numbers(parameters, "VolumeGasByJob", (n,), name).sum())
    return SequencingProblem(
        name=name,
        transition_cost=transition_cost,
        forbidden=np.eye(n, dtype=np.bool_),
        first_cost=np.zeros(n),
        last_cost=np.zeros(n),
        timing=timing,
        objective="pareto",
        constant=constant,
        reference_point=_reference_point(timing, transition_cost, constant),
        known_order=np.arange(n),
    )


def _reference_point(
    timing: Timing, transition_cost: FloatArray, constant: float
) -> tuple[float, float]:
    n = len(transition_cost)
    tardiness = float(timing_terms(timing, range(n))["tardiness"])
    energy = constant + float(np.diagonal(transition_cost, 1).sum())
    hours = REFERENCE_FACTOR * tardiness if tardiness > 0 else REFERENCE_HOURS_WITHOUT_TARDINESS
    return hours, REFERENCE_FACTOR * energy


def _parameters(text: str, name: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInstance(f"{name}: line {error.lineno}: not valid JSON: {error.msg}") from error
    except (RecursionError, ValueError) as error:
        raise BadInstance(f"{name}: not readable JSON: {error}") from error
    parameters = data.get("Parameters") if isinstance(data, dict) else None
    if not isinstance(parameters, dict):
        raise BadInstance(f"{name}: 'Parameters' is missing or not an object")
    return parameters


def _job_count(parameters: dict[str, Any], name: str) -> int:
    count = parameters.get("NumberJobs")
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise BadInstance(f"{name}: NumberJobs is {count!r}, it must be a whole number from 1 up")
    return count


def _numbers(
    parameters: dict[str, Any],
    field: str,
    shape: tuple[int, ...],
    name: str,
    least: float | None = 0.0,
) -> FloatArray:
    """Return ``field`` as floats of ``shape``, every one finite and at least ``least``."""
    if field not in parameters:
        raise BadInstance(f"{name}: Parameters.{field} is missing")
    _check(parameters[field], shape, f"{name}: Parameters.{field}", least)
    return np.array(parameters[field], dtype=np.float64)


def _check(value: Any, shape: tuple[int, ...], where: str, least: float | None) -> None:
    if shape:
        found = len(value) if isinstance(value, list) else None
        if found != shape[0]:
            count = "not a list" if found is None else f"{found} entries"
            raise BadInstance(f"{where}: {count}, {shape[0]} are needed (NumberJobs)")
        for index, entry in enumerate(value):
            _check(entry, shape[1:], f"{where}[{index}]", least)
    elif isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadInstance(f"{where}: {str(value)[:40]!r} is not a number")
    elif least is not None and value < least:
        raise BadInstance(f"{where}: {value} must be at least {least:g}")
