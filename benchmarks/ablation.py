"""``python -m benchmarks.ablation``: the mill colony without one of its parts, in equal time.

A part that earns its place makes plans dearer when it is taken out. Every variant searches the same
generated weeks with the same seeds; the figures are total cost against the planner's rule.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from benchmarks.families import instances_of
from benchmarks.machine import environment
from benchmarks.table import markdown
from instances.catalogue import data_folder
from scheduler.mill import MillProblem
from solvers.ant_colony.mill_colony import MillParams
from solvers.ant_colony.mill_solver import solve_mill
from solvers.ant_colony.params import ColonyParams
from solvers.planner_rule import PlannerRule
from solvers.progress import ignore_progress
from solvers.registry import SOLVERS
from solvers.stopping import MaxIterations, MaxRuntime
from solvers.warm_up import warm_up

FULL = MillParams()


class Variant(NamedTuple):
    """A way to search: what the mill's colonies do, and how many there are."""

    mill: MillParams = FULL
    colony: ColonyParams = ColonyParams()


ONE = ColonyParams(colonies=1)
VARIANTS = {
    "all parts": Variant(),
    "one colony, cycles twice as long": Variant(
        replace(FULL, cycle=2 * FULL.cycle, first_cycle=2 * FULL.first_cycle), ONE
    ),
    "one colony": Variant(FULL, ONE),
    "colonies that never exchange": Variant(replace(FULL, exchange=False)),
    "no joint moves: sequence only, lots and cuts as the rule made them": Variant(
        replace(FULL, joint=False)
    ),
    "line time without a price in cut plans": Variant(replace(FULL, line_time=False)),
    "no guess: every trial is decoded": Variant(replace(FULL, margin=1e6)),
    "no heat: only cheaper plans are taken": Variant(replace(FULL, hot=1e-9, cold=1e-9)),
    "no recuts between cycles": Variant(replace(FULL, recuts=False)),
}


def main() -> int:
    """Measure what the command line asks for; print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ablation", description=__doc__)
    parser.add_argument("--families", nargs="+", default=["bar_week", "rod_week"])
    parser.add_argument("--books", type=int, default=3, help="of each family")
    parser.add_argument("--seeds", type=int, default=1, help="of the search, on each book")
    parser.add_argument("--time", type=float, default=10, help="seconds a run")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--data", type=Path, help="public instances; by default $ANTMILL_DATA")
    asked = parser.parse_args()
    folder = asked.data or data_folder()
    books = [
        instance.load()
        for family in asked.families
        for instance in instances_of(family, folder, asked.books, None)
    ]
    warm_up(SOLVERS["aco"], books[0], asked.threads)
    rows = [
        (name, *shown(changes(books, variant, asked.seeds, asked.time, asked.threads)))
        for name, variant in VARIANTS.items()
    ]
    machine = environment()
    print(markdown(("variant", "mean", "best", "worst"), rows))
    print(
        f"{len(books)} books ({', '.join(asked.families)}), {asked.seeds} seeds, {asked.time:g} s, "
        f"{asked.threads} threads of {machine['processor']}, commit {machine['commit']}, "
        f"{machine['time'][:10]}, load {machine['load_1_min']} at the end."
    )
    return 0


def changes(
    books: Sequence[MillProblem], variant: Variant, seeds: int, seconds: float, threads: int
) -> list[float]:
    """Return the total cost against the rule's, in percent, for every book and seed."""
    result = []
    for book in books:
        rule = PlannerRule().solve(book, stop=MaxIterations(1)).evaluation
        for seed in range(seeds):
            plan = solve_mill(
                book, variant.colony, stop=MaxRuntime(seconds), seed=seed, threads=threads,
                warm_start=None, on_progress=ignore_progress, mill_params=variant.mill,
            ).evaluation  # fmt: skip
            if rule is not None and plan is not None:
                result.append(100 * (plan.cost / rule.cost - 1))
    return result


def shown(percent: Sequence[float]) -> tuple[str, str, str]:
    """Return mean, best and worst as text."""
    return tuple(f"{value:+.3f} %" for value in (mean(percent), min(percent), max(percent)))  # type: ignore[return-value]


if __name__ == "__main__":
    sys.exit(main())
