"""``antmill convert``: a problem in another format, or a result's schedule as a file of its own."""

from pathlib import Path
from typing import Annotated

import typer


def convert(
    file: Annotated[
        Path, typer.Argument(help="problem file of any known format, or a table of orders")
    ],
    solution: Annotated[
        Path | None,
        typer.Argument(metavar="[RESULT.json]", help="write this file's solution alone, to edit"),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            metavar="F", help="format to write; by default the one read; csv, xlsx: its orders"
        ),
    ] = None,
    plant: Annotated[
        Path | None,
        typer.Option(
            metavar="MILL.json", help="FILE is a table of orders for this problem file's plant"
        ),
    ] = None,
    decimal: Annotated[
        str | None, typer.Option(metavar="SIGN", help="decimal sign of the table: . or ,")
    ] = None,
    zone: Annotated[
        str | None, typer.Option(metavar="Z", help="time zone of its times, as Europe/Berlin")
    ] = None,
    sheet: Annotated[str | None, typer.Option(metavar="S", help="sheet of a workbook")] = None,
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
    edited by hand and scored by antmill evaluate. With --plant, read a table of orders (CSV, XLSX):
    lines, sections, grades, stock and prices are those of MILL.json, its own orders do not count.
    """
    from api.command_line.converting import Request, run
    from instances.order_book.sheets import TableForm

    form = TableForm(decimal, zone, sheet)
    return run(Request(file, solution, to, reader, out, plant, form))
