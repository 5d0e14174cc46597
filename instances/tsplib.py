"""TSPLIB's asymmetric travelling salesman (ATSP) and sequential ordering (SOP) files.

ATSP: the cheapest tour. SOP: the cheapest path from the first node to the last; -1 in row i,
column j means that j comes before i (Reinelt 1995). Only explicit full matrices are read, the one
form in which either problem is published. The diagonal is ignored.
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instances.text import BadInstance, integer_rows
from scheduler.sequencing import SequencingProblem

KEYWORD = re.compile(r"^\s*([A-Z_]+)\s*(?::(.*))?$")
SECTION = "EDGE_WEIGHT_SECTION"
LARGEST_DIMENSION = 20_000


@dataclass(frozen=True)
class _File:
    """Header fields and the square matrix of a file."""

    header: dict[str, str]
    matrix: NDArray[np.int64]


def matches_atsp(text: str) -> bool:
    """Whether ``text`` says that it is of type ATSP."""
    return _type_of(text) == "ATSP"


def matches_sop(text: str) -> bool:
    """Whether ``text`` says that it is of type SOP."""
    return _type_of(text) == "SOP"


def read_atsp(text: str, name: str) -> SequencingProblem:
    """Read an ATSP file; raise BadInstance with the line of an error."""
    cost = _parse(text, name, "ATSP").matrix
    nothing = np.zeros(len(cost), dtype=np.int64)
    forbidden = np.eye(len(cost), dtype=np.bool_)
    return SequencingProblem(name, cost, forbidden, nothing, nothing, closed=True)


def read_sop(text: str, name: str) -> SequencingProblem:
    """Read a SOP file; raise BadInstance with the line of an error."""
    cost = _parse(text, name, "SOP").matrix
    forbidden = cost == -1
    np.fill_diagonal(forbidden, False)
    after, before = np.nonzero(forbidden)
    nothing = np.zeros(len(cost), dtype=np.int64)
    try:
        return SequencingProblem(
            name,
            np.where(forbidden, 0, cost),
            forbidden,
            nothing,
            nothing,
            predecessors=np.column_stack([before, after]),
            fixed_first=0,
            fixed_last=len(cost) - 1,
        )
    except ValueError as error:
        raise BadInstance(f"{name}: {error}") from error


def _type_of(text: str) -> str:
    found = re.search(r"^\s*TYPE\s*:\s*(\w+)", text, flags=re.MULTILINE)
    return found.group(1).upper() if found else ""


def _parse(text: str, name: str, kind: str) -> _File:
    header, body, first_line = _split(text, name)
    _expect(header, "TYPE", kind, name)
    _expect(header, "EDGE_WEIGHT_TYPE", "EXPLICIT", name)
    _expect(header, "EDGE_WEIGHT_FORMAT", "FULL_MATRIX", name)
    dimension = header.get("DIMENSION", "")
    if not dimension.isdecimal() or not 1 <= int(dimension) <= LARGEST_DIMENSION:
        raise BadInstance(
            f"{name}: DIMENSION is '{dimension[:40]}', expected 1 .. {LARGEST_DIMENSION}"
        )
    size = int(dimension)
    # Blank lines stand for the header, so that an error names the line of the file.
    values = [v for _, row in integer_rows("\n" * first_line + body, name) for v in row]
    if len(values) == size * size + 1 and values[0] == size:
        del values[0]  # SOP files repeat the dimension at the head of the section.
    if len(values) != size * size:
        raise BadInstance(
            f"{name}: {SECTION} holds {len(values)} numbers, DIMENSION {size} needs {size * size}"
        )
    matrix = np.array(values, dtype=np.int64).reshape(size, size)
    least = -1 if kind == "SOP" else None
    if least is not None and (matrix < least).any():
        row, column = np.argwhere(matrix < least)[0]
        raise BadInstance(
            f"{name}: row {row + 1}, column {column + 1}: {matrix[row, column]} is neither a cost"
            " (0 or more) nor -1 (must come after)"
        )
    return _File(header, matrix)


def _split(text: str, name: str) -> tuple[dict[str, str], str, int]:
    """Return the header's fields, the matrix text, and the number of lines before it."""
    header: dict[str, str] = {}
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        found = KEYWORD.match(line)
        if not found:
            raise BadInstance(f"{name}: line {number + 1}: expected 'KEYWORD: value'")
        if found.group(1) == SECTION:
            body = lines[number + 1 :]
            end = next((k for k, text in enumerate(body) if text.strip() == "EOF"), len(body))
            return header, "\n".join(body[:end]), number + 1
        header[found.group(1)] = (found.group(2) or "").strip()
    raise BadInstance(f"{name}: has no {SECTION}")


def _expect(header: dict[str, str], field: str, value: str, name: str) -> None:
    if header.get(field, "").upper() != value:
        found = header.get(field, "nothing")
        raise BadInstance(f"{name}: {field} is '{found[:40]}', only {value} is read")
