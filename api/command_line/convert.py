"""``antmill convert``: a problem in another format, or a result's schedule as a file of its own."""

from pathlib import Path
from typing import Annotated

import typer


def convert(
    file: Annotated[Path, typer.Argument(help="problem file of any known format")],
    solution: Annotated[
        Path | None,
        typer.Argument(metavar="[RESULT.json]", help="write this file's solution alone, to edit"),
    ] = None,
    to: Annotated[
        str | None, typer.Option(metavar="F", help="format to write; by default the one read")
    ] = None,
    reader: Annotated[
        str | None,
        typer.Option("--format", metavar="F", help="file format; by default told from content"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="write here; by default to the terminal")
    ] = None,
) -> int:
    """Read a problem and write it in another format, where that can express it.

    With RESULT.json, write its solution alone instead: for a mill the schedule file, which can be
    edited by hand and scored by antmill evaluate.
    """
    from api.command_line.converting import run

    return run(file, solution, to, reader, out)
