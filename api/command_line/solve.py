"""``antmill solve``: the options; the work is in ``solving``."""

from pathlib import Path
from typing import Annotated

import typer

Seconds = Annotated[
    float | None,
    typer.Option(
        "--time",
        min=0,
        max=604_800,
        metavar="S",
        help="seconds of search, compilation apart; by default 10, or no limit with --iterations",
    ),
]
Iterations = Annotated[
    int | None,
    typer.Option(
        min=0, metavar="N", help="stop after N iterations; with the same seed, the same plan"
    ),
]


def solve(
    file: Annotated[Path, typer.Argument(help="problem file of any known format")],
    solver: Annotated[str, typer.Option(metavar="NAME", help="aco, cp_sat, planner_rule")] = "aco",
    time: Seconds = None,
    iterations: Iterations = None,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, metavar="K", help="random seed")] = 0,
    threads: Annotated[
        int | None,
        typer.Option(min=1, max=1024, metavar="N", help="by default all cores given"),
    ] = None,
    target: Annotated[
        float | None,
        typer.Option(metavar="V", help="stop once the objective is V or better"),
    ] = None,
    reader: Annotated[
        str | None,
        typer.Option("--format", metavar="F", help="file format; by default told from content"),
    ] = None,
    warm_start: Annotated[
        Path | None,
        typer.Option(metavar="RESULT.json", help="begin with this solution"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="RESULT.json", help="write the result here")
    ] = None,
    gantt: Annotated[
        Path | None, typer.Option(metavar="G.svg", help="draw the schedule (mill files)")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="R.html", help="write the report (mill files)")
    ] = None,
    bound: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=86_400,
            metavar="S",
            help="after the search, prove a lower bound in at most about S s (mill files)",
        ),
    ] = None,
    profile: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="what the search prefers (mill files): money, in_time, few_changes, little_scrap, "
            "low_energy, low_carbon, lexicographic, no_worse (than --warm-start), pareto",
        ),
    ] = "money",
    goals: Annotated[
        str,
        typer.Option(
            metavar="A,B,...",
            help="of lexicographic (in that order), no_worse and pareto: lateness, scrap, energy, "
            "co2, changes",
        ),
    ] = "",
    weights: Annotated[
        str | None,
        typer.Option(
            metavar="JSON",
            help="prices for the search, as '{\"tardiness_per_h\": 200}'; named as in the file's "
            "weights and tariff (mill files)",
        ),
    ] = None,
    front: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="of pareto: write every plan of the front here"),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="print RESULT.json instead of a summary")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="show no progress")] = False,
) -> int:
    """Solve a problem file. Ctrl-C stops the search and keeps the best solution found.

    Exit code 0: a feasible solution was found, 1: none was, 2: the input cannot be used.
    """
    from api.command_line.solving import Request, run

    return run(
        Request(
            file=file,
            solver=solver,
            time=time,
            iterations=iterations,
            seed=seed,
            threads=threads,
            target=target,
            reader=reader,
            warm_start=warm_start,
            out=out,
            gantt=gantt,
            report=report,
            bound=bound,
            profile=profile,
            goals=tuple(name.strip() for name in goals.split(",") if name.strip()),
            weights=weights,
            front=front,
            as_json=as_json,
            quiet=quiet or as_json,
        )
    )
