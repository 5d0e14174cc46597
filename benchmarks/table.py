"""Runs as tables: a line a run, a line an instance over all seeds, a line a solver over all."""

import csv
import math
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from statistics import mean, median

from benchmarks.runs import Run

Cells = Sequence[str]

MATCHED = "published points matched"
"""Head of the column of fronts: points of the published one that are equalled or dominated."""

RUN_HEAD = (
    "instance",
    "solver",
    "seed",
    "time s",
    "ants",
    "iterations",
    "value",
    "reference",
    "gap",
    "bound",
    "note",
)
INSTANCE_HEAD = (
    "instance",
    "solver",
    "runs",
    "time s",
    "ants/s",
    "best",
    "median",
    "worst",
    "reference",
    "median gap",
    "at reference",
    "bound",
)
SOLVER_HEAD = (
    "solver",
    "instances",
    "runs",
    "solved",
    "at reference",
    "mean gap",
    "worst gap",
    "mean proven gap",
    "proven",
    "best found after s",
)


def markdown(head: Cells, rows: Iterable[Cells]) -> str:
    """Return a Markdown table whose columns are aligned as plain text too."""
    rows = [tuple(row) for row in rows]
    widths = [max([len(cell), *(len(row[k]) for row in rows)]) for k, cell in enumerate(head)]
    lines = [head, tuple("-" * width for width in widths), *rows]
    return "".join(
        "| " + " | ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)) + " |\n"
        for line in lines
    )


def run_cells(run: Run) -> Cells:
    """Return a run's cells under ``RUN_HEAD``."""
    return (
        run.instance,
        run.solver,
        str(run.seed),
        f"{run.seconds:.2f}",
        count(run.ants),
        count(run.iterations),
        number(run.value),
        number(run.reference),
        share(run.gap),
        number(run.bound),
        run.note,
    )


def by_instance(runs: Sequence[Run]) -> str:
    """Return a line for each instance and solver, over all seeds."""
    return _with_matched(INSTANCE_HEAD, _instance_cells, grouped(runs, _instance_key))


def by_solver(runs: Sequence[Run]) -> str:
    """Return a line for each solver, over all instances and seeds."""
    return _with_matched(SOLVER_HEAD, _solver_cells, grouped(runs, _solver_key))


def _with_matched(head: Cells, cells: Callable[[list[Run]], Cells], groups: list[list[Run]]) -> str:
    """Return a line for each group, with a column ``MATCHED`` where fronts were published."""
    rows = [cells(group) for group in groups]
    if all(run.published is None for group in groups for run in group):
        return markdown(head, rows)
    shares = [_matched_of(group) for group in groups]
    return markdown([*head, MATCHED], [[*r, s] for r, s in zip(rows, shares, strict=True)])


def _matched_of(runs: list[Run]) -> str:
    return f"{sum(run.matched or 0 for run in runs)}/{sum(run.published or 0 for run in runs)}"


def to_csv(runs: Sequence[Run]) -> str:
    """Return every run with all its figures."""
    text = StringIO()
    writer = csv.DictWriter(text, list(runs[0].as_row()), lineterminator="\n")
    writer.writeheader()
    writer.writerows(run.as_row() for run in runs)
    return text.getvalue()


def grouped(runs: Sequence[Run], key: Callable[[Run], object]) -> list[list[Run]]:
    """Return the runs in groups of one ``key``, in the order of their first."""
    groups: dict[object, list[Run]] = {}
    for run in runs:
        groups.setdefault(key(run), []).append(run)
    return list(groups.values())


def _instance_key(run: Run) -> object:
    return run.instance, run.solver


def _solver_key(run: Run) -> object:
    return run.solver


def _instance_cells(runs: list[Run]) -> Cells:
    first = runs[0]
    values = sorted((run.value for run in runs if run.value is not None), reverse=first.maximised)
    gaps = [run.gap for run in runs if run.gap is not None]
    bounds = [run.bound for run in runs if run.bound is not None]
    seconds = sum(run.seconds for run in runs)
    return (
        first.instance,
        first.solver,
        str(len(runs)),
        f"{median(run.seconds for run in runs):.2f}",
        count(round(sum(run.ants for run in runs) / seconds)) if seconds else "-",
        number(values[0] if values else None),
        number(median(values) if len(values) == len(runs) else None),
        number(values[-1] if len(values) == len(runs) else None),
        number(first.reference),
        share(median(gaps) if len(gaps) == len(runs) else None),
        f"{sum(gap <= 0 for gap in gaps)}/{len(runs)}" if first.reference is not None else "-",
        number((min if first.maximised else max)(bounds, default=None)),
    )


def _solver_cells(runs: list[Run]) -> Cells:
    gaps = [run.gap for run in runs if run.gap is not None]
    compared = sum(run.reference is not None for run in runs)
    finite = [gap for gap in gaps if math.isfinite(gap)]
    proven = [run.proven_gap for run in runs if run.proven_gap is not None]
    solved = [run for run in runs if run.value is not None]
    found = [run.best_at for run in solved if run.best_at is not None]
    return (
        runs[0].solver,
        str(len({run.instance for run in runs})),
        str(len(runs)),
        str(len(solved)),
        f"{sum(gap <= 0 for gap in gaps)}/{compared}" if compared else "-",
        share(mean(finite) if finite else None),
        share(max(gaps) if gaps else None),
        share(mean(proven) if proven else None),
        f"{sum(gap <= 0 for gap in proven)}/{len(runs)}" if proven else "-",
        f"{median(found):.2f}" if found else "-",
    )


def number(value: float | None) -> str:
    """Return a value without needless digits, thousands apart."""
    if value is None:
        return "-"
    if float(value).is_integer():
        return f"{int(value):,}".replace(",", " ")
    return f"{value:,.2f}".replace(",", " ")


def count(value: int) -> str:
    """Return a count, thousands apart; nothing where none was counted."""
    return f"{value:,}".replace(",", " ") if value else "-"


def share(value: float | None) -> str:
    """Return a share in percent."""
    if value is None:
        return "-"
    return f"{100 * value:.2f} %" if math.isfinite(value) else "missed"
