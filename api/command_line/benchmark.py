"""``antmill benchmark``: solvers and peers on families of instances, as one table."""

from pathlib import Path
from typing import Annotated

import typer


def benchmark(
    family: Annotated[list[str], typer.Argument(help="families; antmill data lists the public")],
    time: Annotated[
        float, typer.Option(min=0.01, max=86_400, metavar="S", help="seconds of each search")
    ] = 10.0,
    seeds: Annotated[int, typer.Option(min=1, max=1000, metavar="N", help="seeds 0 .. N-1")] = 1,
    peer_seeds: Annotated[
        int | None,
        typer.Option(min=1, max=1000, metavar="N", help="of peers; by default as many"),
    ] = None,
    solvers: Annotated[
        str, typer.Option(metavar="A,B", help="solvers and peers, separated by commas")
    ] = "aco",
    threads: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="by default all cores given")
    ] = None,
    only: Annotated[
        str | None, typer.Option(metavar="TEXT", help="instances with this in their name only")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="public instances; by default $ANTMILL_DATA"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="write CSV, table and environment here")
    ] = None,
) -> int:
    """Run solvers and peers on the same instances with the same time and cores."""
    from api.command_line.benchmarking import run

    return run(family, time, seeds, peer_seeds, solvers, threads, only, data, out)
