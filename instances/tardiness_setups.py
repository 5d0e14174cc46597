"""Weighted tardiness with sequence-dependent set-ups: Cicirello's WTSDS text form.

``Problem Size: n``, then between ``Begin Problem Specification`` and ``End Problem
Specification`` the sections ``Process Times:``, ``Weights:`` and ``Duedates:`` with n whole
numbers each (one a line; due dates may be negative) and ``Setup Times:`` with lines ``i j s``:
the set-up s of j right after i, i = -1 where j is first. The line starts at 0.
"""

import numpy as np

from instances.text import BadInstance, integer_rows
from scheduler.sequencing import IntArray, SequencingProblem, Timing

SIZE = "Problem Size:"
SECTIONS = ("Process Times:", "Weights:", "Duedates:", "Setup Times:")
BEGIN, END = "Begin Problem Specification", "End Problem Specification"
LARGEST_SIZE = 100_000


def matches(text: str) -> bool:
    """Whether ``text`` looks like a WTSDS instance."""
    return BEGIN in text and all(section in text for section in SECTIONS)


def read(text: str, name: str) -> SequencingProblem:
    """Read the text form; raise BadInstance with the place of an error."""
    size = _size(text, name)
    sections = _sections(text, name)
    duration = _column(sections, "Process Times:", size, name, least=0)
    setup, first_setup = _setups(sections["Setup Times:"], size, name)
    timing = Timing(
        start_lag=duration[:, None] + setup,
        first_start=first_setup,
        duration=duration,
        due_date=_column(sections, "Duedates:", size, name),
        weight=_column(sections, "Weights:", size, name, least=0),
    )
    return SequencingProblem(
        name=name,
        transition_cost=np.zeros((size, size), dtype=np.int64),
        forbidden=np.eye(size, dtype=np.bool_),
        first_cost=np.zeros(size, dtype=np.int64),
        last_cost=np.zeros(size, dtype=np.int64),
        timing=timing,
        objective="weighted_tardiness",
    )


def _size(text: str, name: str) -> int:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip().startswith(SIZE):
            word = line.split(":", 1)[1].strip()
            if not word.isdecimal() or not 1 <= int(word[:9]) <= LARGEST_SIZE:
                raise BadInstance(
                    f"{name}: line {number}: '{SIZE} {word[:40]}' is not a number of jobs "
                    f"(1..{LARGEST_SIZE})"
                )
            return int(word)
    raise BadInstance(f"{name}: no line '{SIZE} n' tells the number of jobs")


def _sections(text: str, name: str) -> dict[str, list[tuple[int, list[int]]]]:
    """Return (line number, whole numbers) of every line of each section."""
    lines = text.splitlines()
    rows: dict[str, list[tuple[int, list[int]]]] = {}
    inside, current = False, ""
    for number, line in enumerate(lines, start=1):
        word = line.strip()
        if word == BEGIN:
            inside = True
        elif word == END:
            return _complete(rows, name)
        elif inside and word in SECTIONS:
            if word in rows:
                raise BadInstance(f"{name}: line {number}: '{word}' appears a second time")
            current, rows[word] = word, []
        elif inside and word:
            if not current:
                raise BadInstance(f"{name}: line {number}: '{word[:40]}' is in no section")
            ((_, values),) = integer_rows(word, f"{name}: line {number}")
            rows[current].append((number, values))
    raise BadInstance(f"{name}: no line '{END}'; the file is cut short")


def _complete(
    rows: dict[str, list[tuple[int, list[int]]]], name: str
) -> dict[str, list[tuple[int, list[int]]]]:
    for section in SECTIONS:
        if section not in rows:
            raise BadInstance(f"{name}: section '{section}' is missing")
    return rows


def _column(
    sections: dict[str, list[tuple[int, list[int]]]],
    section: str,
    size: int,
    name: str,
    least: int | None = None,
) -> IntArray:
    values = []
    for number, row in sections[section]:
        if len(row) != 1:
            raise BadInstance(
                f"{name}: line {number}: one number is expected in '{section}', found {len(row)}"
            )
        if least is not None and row[0] < least:
            raise BadInstance(
                f"{name}: line {number}: {row[0]} in '{section}' must be at least {least}"
            )
        values.append(row[0])
    if len(values) != size:
        raise BadInstance(f"{name}: '{section}' holds {len(values)} numbers, {size} are needed")
    return np.array(values, dtype=np.int64)


def _setups(rows: list[tuple[int, list[int]]], size: int, name: str) -> tuple[IntArray, IntArray]:
    """Return the set-ups (n, n) between jobs, zero on the diagonal, and (n,) of the first job."""
    table = np.full((size + 1, size), -1, dtype=np.int64)
    for number, row in rows:
        where = f"{name}: line {number}"
        if len(row) != 3:
            raise BadInstance(f"{where}: a set-up is 'i j s', found {len(row)} numbers")
        i, j, setup = row
        if not (-1 <= i < size and 0 <= j < size):
            raise BadInstance(f"{where}: set-up {i} {j}: jobs are 0..{size - 1} (or -1, j first)")
        if setup < 0:
            raise BadInstance(f"{where}: set-up {i} {j} is {setup}, it must be at least 0")
        if table[i, j] >= 0:
            raise BadInstance(f"{where}: set-up {i} {j} is given a second time")
        table[i, j] = setup
    between = table[:size]
    np.fill_diagonal(between, 0)
    for i, j in np.argwhere(table < 0):
        first = -1 if i == size else i
        raise BadInstance(f"{name}: no set-up time for job {j} right after {first}")
    return between, table[size]
