"""Weights given beside a problem: prices that a search shall see instead of the order book's."""

from dataclasses import fields, replace
from typing import Any

from instances.fields.place import INVALID, Place, Report
from instances.mill_file.price_table import SEARCH_WEIGHTS
from scheduler.issues import InvalidInput
from scheduler.mill import MillProblem, Tariff, Weights


def seen_with(problem: MillProblem, tree: Any) -> MillProblem:
    """Return the problem with the prices of ``tree``, in the problem file's names and units.

    Raises
    ------
    InvalidInput
        With every fault of ``tree``; pointers begin at it.
    """
    report = Report(problem.start)
    inside = SEARCH_WEIGHTS.read(tree, Place(report))
    if report.issues or inside is INVALID:
        raise InvalidInput(report.issues)
    given = {name: value for name, value in inside.items() if value is not None}
    weights, tariff = (
        {field.name: given[field.name] for field in fields(kind) if field.name in given}
        for kind in (Weights, Tariff)
    )
    return replace(
        problem,
        weights=replace(problem.weights, **weights),
        tariff=replace(problem.tariff, **tariff),
    )


def schema() -> dict[str, Any]:
    """Return the JSON Schema of such weights."""
    return SEARCH_WEIGHTS.definition()
