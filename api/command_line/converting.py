"""Read a file in one format and write it in another."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.command_line.errors import FEASIBLE, UnusableError, reading
from api.command_line.files import (
    bytes_of,
    check_writable,
    load_problem,
    load_solution,
    write_file,
)
from api.command_line.summary import show, show_warnings
from instances import solution_json
from instances.json_layout import dump
from instances.order_book import TableForm, from_table, orders_csv, orders_xlsx
from instances.reader import READERS
from instances.strict_json import parse
from instances.text import BadInstance, text_of
from instances.writers import WRITERS, write_text
from scheduler.mill import MillProblem

TABLES: dict[str | None, Callable[[MillProblem], str | bytes]] = {
    "csv": orders_csv,
    "xlsx": orders_xlsx,
}


@dataclass(frozen=True, slots=True)
class Request:
    """What ``antmill convert`` was asked for; the names are those of its options."""

    file: Path
    solution: Path | None
    to: str | None
    reader: str | None
    out: Path | None
    plant: Path | None
    form: TableForm


def run(request: Request) -> int:
    """Write what is asked for and return the exit code."""
    check_writable(request.out)
    if request.plant is None:
        problem = load_problem(request.file, request.reader)
    else:
        problem = _table_problem(request.file, request.plant, request.form)
        show_warnings(problem)
    content = _content(request, problem)
    if request.out is not None:
        write_file(request.out, content)
    elif isinstance(content, bytes):
        raise UnusableError("--to xlsx: name a file with --out, a workbook is no text")
    else:
        show([content.rstrip("\n")])
    return FEASIBLE


def _table_problem(path: Path, plant: Path, form: TableForm) -> MillProblem:
    """Return the problem of a table of orders for the plant in the problem file ``plant``."""
    with reading(plant):
        tree = parse(text_of(bytes_of(plant)))
        if not isinstance(tree, dict):
            raise ValueError(f"{plant}: is no problem file")
    with reading(path):
        return from_table(bytes_of(path), tree, form)


def _content(request: Request, problem: Any) -> str | bytes:
    if request.solution is not None:
        if request.to is not None:
            raise UnusableError("--to goes with a problem alone; a solution has one form")
        return dump(solution_json.to_tree(problem, load_solution(problem, request.solution)[0]))
    if request.to in TABLES:
        if not isinstance(problem, MillProblem):
            raise UnusableError(f"--to {request.to}: only a mill has orders to write as a table")
        return TABLES[request.to](problem)
    if request.to is not None and request.to not in WRITERS:
        known = ", ".join(filter(None, (*WRITERS, *TABLES)))
        raise UnusableError(f"--to: '{request.to}' is unknown; known are {known}")
    with reading(request.file):
        return write_text(problem, request.to or _natural(problem))


def _natural(problem: Any) -> str:
    """Return the first format that can hold ``problem``."""
    for writer in WRITERS:
        try:
            write_text(problem, writer)
        except BadInstance:
            continue
        return writer
    raise BadInstance(f"{problem.name}: no format can hold it; known are {', '.join(WRITERS)}")


def readable() -> list[str]:
    """Return the names of the formats that can be read."""
    return [reader.name for reader in READERS]
