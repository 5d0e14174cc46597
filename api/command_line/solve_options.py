"""The options of ``antmill solve``: what each is called and takes, and what help says of it."""

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
File = Annotated[Path, typer.Argument(help="problem file of any known format")]
SolverName = Annotated[str, typer.Option(metavar="NAME", help="aco, cp_sat, planner_rule")]
Seed = Annotated[int, typer.Option(min=0, max=2**63 - 1, metavar="K", help="random seed")]
Threads = Annotated[
    int | None,
    typer.Option(min=1, max=1024, metavar="N", help="by default all cores given"),
]
Target = Annotated[
    float | None,
    typer.Option(metavar="V", help="stop once the objective is V or better"),
]
Format = Annotated[
    str | None,
    typer.Option("--format", metavar="F", help="file format; by default told from content"),
]
WarmStart = Annotated[
    Path | None,
    typer.Option(metavar="RESULT.json", help="begin with this solution"),
]
Out = Annotated[Path | None, typer.Option(metavar="RESULT.json", help="write the result here")]
Gantt = Annotated[Path | None, typer.Option(metavar="G.svg", help="draw the schedule (mill files)")]
Report = Annotated[
    Path | None, typer.Option(metavar="R.html", help="write the report (mill files)")
]
BoundSeconds = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=86_400,
        metavar="S",
        help="after the search, prove a lower bound in at most about S s (mill files)",
    ),
]
TargetGap = Annotated[
    float | None,
    typer.Option(
        "--gap",
        min=0,
        max=0.999,
        metavar="G",
        help="stop once proven to be within the share G of the best, as 0.02; of mill files the "
        "bound is then proven before the search (--bound S)",
    ),
]
Profile = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="what the search prefers (mill files): money, in_time, few_changes, little_scrap, "
        "low_energy, low_carbon, lexicographic, no_worse (than --warm-start), pareto",
    ),
]
Goals = Annotated[
    str,
    typer.Option(
        metavar="A,B,...",
        help="of lexicographic (in that order), no_worse and pareto: lateness, scrap, energy, "
        "co2, changes",
    ),
]
Weights = Annotated[
    str | None,
    typer.Option(
        metavar="JSON",
        help="prices for the search, as '{\"tardiness_per_h\": 200}'; named as in the file's "
        "weights and tariff (mill files)",
    ),
]
FrontFolder = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="of pareto: write every plan of the front here"),
]
AsJson = Annotated[bool, typer.Option("--json", help="print RESULT.json instead of a summary")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="show no progress")]
