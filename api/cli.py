"""Entry point of the command ``antmill``: runs a command and turns its end into an exit code."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import typer

from api.command_line.app import app
from api.command_line.errors import FAULT, FEASIBLE, INTERRUPTED, UNUSABLE, UnusableError

# Before numpy is there: its threads would be cores that nobody gave us, and could take Ctrl-C.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

TRACEBACK = "ANTMILL_TRACEBACK"
"""Variable that, when set, lets a fault of Antmill's own end in its traceback."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``antmill`` with ``arguments`` (by default the process's) and return the exit code."""
    _open_streams()
    try:
        code = app(arguments, prog_name="antmill", standalone_mode=False)
    except typer.TyperException as error:
        return _refuse(error)
    except UnusableError as error:
        print(f"antmill: {error}", file=sys.stderr)
        return UNUSABLE
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as error:
        if TRACEBACK in os.environ:
            raise
        print(f"antmill: a fault of Antmill's own, {type(error).__name__}: {error}\n"
              f"Please report it; {TRACEBACK}=1 shows where it is.", file=sys.stderr)  # fmt: skip
        return FAULT
    return code if isinstance(code, int) else FEASIBLE


def _open_streams() -> None:
    """Let what a closed stream would get go nowhere (``>&-``); Python has None in its place."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115


def _refuse(error: typer.TyperException) -> int:
    """Say what is wrong with the options; without any, show what there is."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.format_message())
        return UNUSABLE
    command = context.command_path if context is not None else "antmill"
    print(f"antmill: {error.format_message()}\nTry: {command} --help", file=sys.stderr)
    return UNUSABLE


def run() -> None:
    """Run ``antmill`` and end the process.

    Interrupted, it ends at once: threads of a library that still work would abort an orderly end.
    """
    code = main()
    if code == INTERRUPTED:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                stream.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    run()
