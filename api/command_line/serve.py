"""``antmill serve``: the service, and with ``--demo`` a planned week to look at."""

from typing import Annotated

import typer


def serve(
    host: Annotated[
        str | None, typer.Option(help="address to listen on; by default 127.0.0.1")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="by default 8000; 0 takes a free one")
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(metavar="FILE|URL", help="SQLite file or postgresql:// URL"),
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="plan a generated week and print where to look")
    ] = False,
) -> int:
    """Run the service until it is stopped. Settings come from ANTMILL_* and these options."""
    from api.command_line.serving import run

    return run(host, port, database, demo)
