"""``antmill evaluate``: score a solution, whoever made it."""

from pathlib import Path
from typing import Annotated

import typer


def evaluate(
    file: Annotated[Path, typer.Argument(help="problem file of any known format")],
    solution: Annotated[
        Path,
        typer.Argument(
            metavar="RESULT.json", help="result of antmill solve, or a schedule or solution alone"
        ),
    ],
    reader: Annotated[
        str | None,
        typer.Option("--format", metavar="F", help="file format; by default told from content"),
    ] = None,
    gantt: Annotated[
        Path | None, typer.Option(metavar="G.svg", help="draw the schedule (mill files)")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="R.html", help="write the report (mill files)")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="print JSON instead of a summary")
    ] = False,
) -> int:
    """Score a solution: its objective, every term and every violation.

    Exit code 0: it is feasible, 1: it breaks something, 2: a file cannot be read.
    """
    from api.command_line.evaluating import run

    return run(file, solution, reader, gantt, report, as_json)
