"""Galvanizing line days: n rows of n whole numbers separated by ``;``.

The number in row i, column j is the cost of coil i right before coil j, -1 where that is
forbidden. Wanted is the cheapest sequence of all coils, both ends free (Alvarez-Gil et al. 2022).
"""

import numpy as np

from instances.text import BadInstance, integer_rows
from scheduler.sequencing import SequencingProblem

FORBIDDEN = -1


def matches(text: str) -> bool:
    """Whether the first line of ``text`` is whole numbers separated by semicolons.

    A day of one coil has nothing to separate: it is the number of a forbidden change, alone.
    """
    if text.split() == [str(FORBIDDEN)]:
        return True
    first = next((line for line in text.splitlines() if line.strip()), "")
    words = first.rstrip().rstrip(";").split(";")
    return ";" in first and all(word.strip().lstrip("-").isdecimal() for word in words)


def read(text: str, name: str) -> SequencingProblem:
    """Read one day; raise BadInstance with the line of an error."""
    lines = [line.rstrip().rstrip(";") for line in text.splitlines()]
    rows = list(integer_rows("\n".join(lines).replace(";", " "), name))
    for number, row in rows:
        if len(row) != len(rows):
            raise BadInstance(
                f"{name}: line {number}: has {len(row)} numbers, but the file has {len(rows)} rows"
            )
        for column, value in enumerate(row, start=1):
            if value < FORBIDDEN:
                raise BadInstance(
                    f"{name}: line {number}, column {column}: {value} is neither a cost (0 or"
                    " more) nor -1 (forbidden)"
                )
    cost = np.array([row for _, row in rows], dtype=np.int64).reshape(len(rows), -1)
    forbidden = cost == FORBIDDEN
    no_cost = np.zeros(len(cost), dtype=np.int64)
    return SequencingProblem(name, np.where(forbidden, 0, cost), forbidden, no_cost, no_cost)
