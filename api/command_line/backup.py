"""``antmill backup`` and ``antmill restore``: the SQLite database as one file."""

from pathlib import Path
from typing import Annotated

import typer

Database = Annotated[str | None, typer.Option(metavar="FILE", help="by default antmill.db")]


def backup(
    target: Annotated[Path, typer.Argument(help="file to write; it must not exist")],
    database: Database = None,
) -> int:
    """Copy the database; the service may go on working."""
    from api.command_line.administration import back_up

    return back_up(database, target)


def restore(
    source: Annotated[Path, typer.Argument(help="file that `antmill backup` wrote")],
    database: Database = None,
) -> int:
    """Put a backup in the database's place; the service must not run."""
    from api.command_line.administration import restore as run

    return run(database, source)
