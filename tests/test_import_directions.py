"""The layers of the house: who may import whom, and which libraries stay where."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent

MAY_IMPORT = {
    "scheduler": set(),
    "instances": {"scheduler"},
    "solvers": {"scheduler"},
    "benchmarks": {"scheduler", "instances", "solvers", "api"},
    "api": {"scheduler", "instances", "solvers"},
}
# library -> folders that may import it
LIVES_IN = {
    "fastapi": ("api", "benchmarks"),
    "pydantic": ("api",),
    "pydantic_settings": ("api",),
    "starlette": ("api",),
    "sqlalchemy": ("api", "benchmarks"),
    "alembic": ("api",),
    "ortools": ("solvers/or_tools", "benchmarks"),
}
# The command line starts the benchmarks, and loads them only when asked to.
LAZY_EXCEPTIONS = {("api/command_line/benchmarking.py", "benchmarks")}


def imported(tree: ast.AST) -> Iterator[tuple[str, int, bool]]:
    """Yield (top-level name, line, whether inside a function) of every absolute import."""
    stack = [(tree, False)]
    while stack:
        node, lazy = stack.pop()
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], node.lineno, lazy) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").split(".")[0], node.lineno, lazy
        lazy = lazy or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        stack.extend((child, lazy) for child in ast.iter_child_nodes(node))


def breaches(path: str, source: str) -> list[str]:
    """Return what ``source``, the text of the file ``path``, imports against the plan."""
    package = path.split("/")[0]
    found = []
    for name, line, lazy in imported(ast.parse(source, path)):
        ours = name in MAY_IMPORT and name != package and name not in MAY_IMPORT[package]
        if ours and not (lazy and (path, name) in LAZY_EXCEPTIONS):
            found.append(f"{path}:{line} {package} must not import {name}")
        homes = LIVES_IN.get(name)
        if homes and not path.startswith(tuple(f"{home}/" for home in homes)):
            found.append(f"{path}:{line} {name} is imported only in {' and '.join(homes)}")
        if name == "tests":
            found.append(f"{path}:{line} nothing that is shipped imports tests")
    return found


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_the_tree_keeps_the_directions(package):
    files = sorted((REPOSITORY / package).rglob("*.py"))
    found = [
        breach
        for file in files
        for breach in breaches(file.relative_to(REPOSITORY).as_posix(), file.read_text("utf-8"))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("path", "source", "allowed"),
    [
        ("scheduler/mill.py", "from scheduler.arrays import x", True),
        ("scheduler/mill.py", "from solvers.solver import x", False),
        ("solvers/ant_colony/colony.py", "def f():\n    import instances.reader", False),
        ("solvers/ant_colony/colony.py", "from ortools.sat.python import cp_model", False),
        ("solvers/or_tools/cp_sat.py", "from ortools.sat.python import cp_model", True),
        ("instances/reader.py", "import pydantic", False),
        ("benchmarks/run.py", "import api.jobs", True),
        ("instances/reader.py", "import benchmarks.runs", False),
        ("api/command_line/benchmarking.py", "def f():\n    from benchmarks import run", True),
        ("api/command_line/benchmarking.py", "from benchmarks import run", False),
        ("api/app.py", "def f():\n    from benchmarks import run", False),
        ("api/app.py", "import tests.naive", False),
    ],
)
def test_a_breach_is_seen_and_what_is_allowed_is_not(path, source, allowed):
    assert (breaches(path, source) == []) is allowed
