"""Run the benchmarks and write what they found."""

from pathlib import Path

from api.command_line.errors import FEASIBLE, reading


def run(
    families: list[str],
    seconds: float,
    seeds: int,
    peer_seeds: int | None,
    solvers: str,
    threads: int | None,
    only: str | None,
    data: Path | None,
    out: Path | None,
) -> int:
    """Run families x solvers x seeds, print the tables, and return the exit code."""
    from benchmarks.command import Wanted, run_all

    wanted = [
        Wanted(
            family=family,
            seconds=seconds,
            seeds=seeds,
            solvers=tuple(name.strip() for name in solvers.split(",") if name.strip()),
            only=only,
            peer_seeds=peer_seeds,
        )
        for family in families
    ]
    with reading("antmill benchmark"):
        run_all(wanted, threads=threads, data=data, out=out)
    return FEASIBLE
