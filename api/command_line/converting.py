"""Read a file in one format and write it in another."""

from pathlib import Path
from typing import Any

from api.command_line.errors import FEASIBLE, UnusableError, reading
from api.command_line.files import check_writable, load_problem, load_solution, write_file
from api.command_line.summary import show
from instances import solution_json
from instances.json_layout import dump
from instances.reader import READERS
from instances.text import BadInstance
from instances.writers import WRITERS, write_text


def run(
    file: Path, solution_file: Path | None, to: str | None, reader: str | None, out: Path | None
) -> int:
    """Write what is asked for and return the exit code."""
    check_writable(out)
    problem = load_problem(file, reader)
    if solution_file is not None:
        if to is not None:
            raise UnusableError("--to goes with a problem alone; a solution has one form")
        solution = load_solution(problem, solution_file)[0]
        text = dump(solution_json.to_tree(problem, solution))
    else:
        with reading(file):
            text = write_text(problem, to or _natural(problem))
    if out is None:
        show([text.rstrip("\n")])
    else:
        write_file(out, text)
    return FEASIBLE


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
