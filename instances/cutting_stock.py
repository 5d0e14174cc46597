"""One-dimensional cutting stock in plain text (Falkenauer's sets and the like).

Line 1 holds the number of item types, line 2 the roll length, then ``length demand`` a line.
Fewest rolls of any number, no families.
"""

import numpy as np

from instances.text import BadInstance, integer_rows
from scheduler.cutting import CuttingProblem


def matches(text: str) -> bool:
    """Whether ``text`` starts like the format: two single numbers, then pairs."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    if len(lines) < 3 or [len(line) for line in lines[:3]] != [1, 1, 2]:
        return False
    return all(word.isdecimal() for line in lines[:3] for word in line)


def read(text: str, name: str) -> CuttingProblem:
    """Read the problem; raise BadInstance with the line of an error."""
    rows = list(integer_rows(text, name))
    if len(rows) < 2:
        raise BadInstance(f"{name}: ends before the roll length (second line)")
    (line, types), (length_line, length), *body = rows
    for where, row, what in (
        (line, types, "number of item types"),
        (length_line, length, "roll"),
    ):
        if len(row) != 1:
            raise BadInstance(f"{name}: line {where}: must hold the {what} alone, not {row}")
    if len(body) != types[0]:
        raise BadInstance(
            f"{name}: line {line}: announces {types[0]} item types, {len(body)} follow"
        )
    for where, row in body:
        if len(row) != 2:
            raise BadInstance(f"{name}: line {where}: an item is 'length demand', not {row}")
    return CuttingProblem(
        name=name,
        item_size=np.array([row[0] for _, row in body], dtype=np.int64),
        item_demand=np.array([row[1] for _, row in body], dtype=np.int64),
        item_family=np.zeros(len(body), dtype=np.int64),
        capacity=np.array(length, dtype=np.int64),
        stock_count=np.array([-1], dtype=np.int64),
        objective="units",
    )
