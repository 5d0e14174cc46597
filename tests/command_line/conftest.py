"""The command ``antmill`` as a user starts it, and tiny files of every kind to give to it."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.cli import main
from instances import mill_json
from instances.examples import EXAMPLES, example
from instances.generator import generate

ANTMILL = (sys.executable, "-m", "api.cli")


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def antmill(capsys):
    """Run ``antmill`` inside this process, which saves its start."""

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Ended(code, printed.out, printed.err)

    return run


@pytest.fixture
def refused(antmill):
    """Run ``antmill``, which must refuse with exit code 2 and one message; return the message."""

    def run(*arguments):
        ended = antmill(*arguments)
        assert ended.code == 2
        assert "Traceback" not in ended.err
        assert ended.err.startswith("antmill: ")
        assert ended.out == ""
        return ended.err

    return run


def environment() -> dict[str, str]:
    """Return the environment without what other tests put on the path of their processes."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def process(*arguments, **options) -> Ended:
    """Run ``antmill`` in a process of its own."""
    done = subprocess.run(
        [*ANTMILL, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=240,
        env=environment(),
        **options,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def files(tmp_path_factory) -> Path:
    """A folder with a tiny problem of every format, named by its reader."""
    folder = tmp_path_factory.mktemp("files")
    for reader in EXAMPLES:
        (folder / reader).write_text(example(reader), encoding="utf-8")
    book = generate("bar", "day", seed=1, orders=3)
    (folder / "mill_json").write_text(mill_json.write(book), encoding="utf-8")
    return folder
