"""The page of results, put together from what the runs left behind."""

from pathlib import Path

from benchmarks.command import DETAILS

HEAD = """# Benchmarks

Everything here can be measured again. Each table names its command, commit and date: not all were
made on the same day.

    make benchmark                                   # all families; many hours; writes docs/ anew
    make benchmark ARGS="galvanizing --seeds 3 --out build/trial/benchmarks"     # for a look
    antmill benchmark bar_week --time 10 --seeds 10 --solvers planner_rule,aco

`ANTMILL_DATA` names the folder of the public instances (`antmill data` says where each is from).
This page is `make benchmark ARGS=--page`: it is put together from the tables in
[benchmarks/](benchmarks/), where every single run is a line of a CSV file.

How to read it: *time* is search time; compilation is apart (`compile_seconds` in the CSV files).
All contestants of a table ran in the same call with the same cores and the same time; ours in the
calling process, peers in one of their own, killed two seconds after the limit; `aco:no_worse` and
`aco:low_energy` are ours with these profiles, the first from the rule's plan. *At reference*
counts runs that end at the best known objective or better; *gap* is the distance to it, in percent
of it; *bound* is proven in the same run, *proven gap* the distance to it. Every solution was scored
by `scheduler.evaluation.evaluate`; what breaks a constraint has no value.
"""

REMARKS = {
    "tardiness_setups": "The reference of wt_sds_37 (32) is wrong: 0 can be reached, and less "
    "there cannot be. A run that does counts as a gap of -100 %, and weighs on the mean so.",
}
"""What a reader must know of a family's figures."""


def page(results: Path, families: list[str]) -> str:
    """Return the page: what was asked and reached, each family's summary, and the other tables.

    ``reached.md`` is written by hand from the tables; ``ablation.md`` and ``micro.md`` are what
    those commands print.
    """
    parts = [HEAD, *_texts(results, "reached")]
    for name in families:
        file = results / f"{name}.md"
        if not file.is_file():
            parts.append(f"## {name}\n\nNot measured yet.\n")
            continue
        text = file.read_text(encoding="utf-8").split(DETAILS)[0].rstrip()
        if name in REMARKS:
            text += f"\n\n{REMARKS[name]}"
        picture = results / f"{name}.svg"
        seen = (
            f"\n\n![Median gap over time]({results.name}/{name}.svg)" if picture.is_file() else ""
        )
        parts.append(f"#{text}{seen}\n\n[Every instance]({results.name}/{name}.md), "
                     f"[every run]({results.name}/{name}.csv).\n")  # fmt: skip
    return "\n".join([*parts, *_texts(results, "ablation", "micro")])


def _texts(results: Path, *names: str) -> list[str]:
    files = [results / f"{name}.md" for name in names]
    return [file.read_text(encoding="utf-8") for file in files if file.is_file()]
