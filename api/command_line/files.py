"""Reading problems and solutions, and writing files, for all commands."""

from pathlib import Path
from typing import Any

import scheduler.mill_evaluation
import scheduler.sequence_evaluation  # noqa: F401  both register their evaluators
from api.command_line.errors import UnusableError, reading
from api.result_file import solution_tree
from instances import solution_json
from instances.reader import read_text
from instances.strict_json import parse
from instances.text import text_of

LARGEST_FILE = 1 << 28


def load_problem(path: Path, reader: str | None = None) -> Any:
    """Return the problem in the file at ``path``; raise UnusableError where there is none."""
    return problem_in(read_bytes(path), path, reader)


def load_solution(problem: Any, path: Path) -> tuple[Any, Any]:
    """Return the solution in the file at ``path`` and the file's whole tree."""
    return solution_in(read_bytes(path), problem, path)


def read_bytes(path: Path) -> bytes:
    """Return what the file at ``path`` holds; a pipe can be read only once."""
    with reading(path):
        return bytes_of(path)


def problem_in(data: bytes, path: Path, reader: str | None) -> Any:
    """Return the problem in ``data``, which the file at ``path`` held."""
    with reading(path):
        return read_text(text_of(data), path.stem, reader)


def solution_in(data: bytes, problem: Any, path: Path) -> tuple[Any, Any]:
    """Return the solution in ``data``, which the file at ``path`` held, and the whole tree."""
    with reading(path):
        tree = parse(text_of(data))
        part = solution_tree(tree)
        if part is None:
            raise ValueError(f"{path}: this result holds no solution")
        return solution_json.from_tree(problem, part), tree


def check_writable(*paths: Path | None) -> None:
    """Raise UnusableError now if a file could not be written later, after a long search."""
    for path in paths:
        if path is not None and path.is_dir():
            raise UnusableError(f"{path}: is a folder, name a file")
        if path is not None and not path.absolute().parent.is_dir():
            raise UnusableError(f"{path}: its folder does not exist, make it first")


def write_file(path: Path, content: str | bytes) -> None:
    """Write ``content`` in one go: a reader never sees half a file."""
    data = content.encode() if isinstance(content, str) else content
    with reading(path):
        if path.exists() and not path.is_file():  # a pipe, or /dev/stdout
            path.write_bytes(data)
            return
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(data)
        part.replace(path)


def bytes_of(path: Path) -> bytes:
    """Return what a file or a pipe holds; raise ValueError for a folder or what is too large."""
    if path.is_dir():
        raise ValueError(f"{path}: is a folder, name a file")
    with path.open("rb") as file:
        data = file.read(LARGEST_FILE + 1)  # a device has no size and may never end
    if len(data) > LARGEST_FILE:
        raise ValueError(f"{path}: larger than {LARGEST_FILE >> 20} MiB, not read")
    return data
