"""``python -m benchmarks.tonne_worth``: what plans deliver and save as a tonne is worth more.

Every order has the default margin, with an hour of the line worth a few amounts. Each plan of
``aco`` is compared with the rule's on the same book at the same margins; medians over books.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.families import instances_of
from benchmarks.machine import environment
from benchmarks.table import markdown
from instances import mill_json
from instances.catalogue import data_folder
from scheduler.kpis import Kpi
from scheduler.mill import MillProblem
from scheduler.report import report_on
from solvers.planner_rule import PlannerRule
from solvers.registry import SOLVERS
from solvers.stopping import MaxIterations, MaxRuntime
from solvers.warm_up import warm_up

SHOWN = (
    "scrap.delivered",
    "cost",
    "cost_per_tonne",
    "scrap.trim",
    "energy.total.money_per_tonne",
    "delivery.weighted_tardiness",
)
HEAD = ("books", "worth of an hour", *SHOWN, "trim per tonne delivered")


def main() -> int:
    """Measure what the command line asks for; print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tonne_worth", description=__doc__)
    parser.add_argument("--families", nargs="+", default=["bar_week", "rod_week"])
    parser.add_argument("--books", type=int, default=4, help="of each family")
    parser.add_argument("--worth", nargs="+", type=int, default=[0, 1000, 2000], help="money/h")
    parser.add_argument("--time", type=float, default=10, help="seconds a search")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--data", type=Path, help="public instances; by default $ANTMILL_DATA")
    asked = parser.parse_args()
    rows = []
    for family in asked.families:
        books = instances_of(family, asked.data or data_folder(), asked.books, None)
        problems = [(book.load(), book.seed or 0) for book in books]
        warm_up(SOLVERS["aco"], problems[0][0], asked.threads)
        for worth in asked.worth:
            changes = [
                compared(with_hours_worth(problem, worth), seed, asked.time, asked.threads)
                for problem, seed in problems
            ]
            rows.append((family, str(worth), *shown(changes)))
    machine = environment()
    print(markdown(HEAD, rows))
    print(
        f"{asked.books} books each, {asked.time:g} s, {asked.threads} threads of "
        f"{machine['processor']}, commit {machine['commit']}, {machine['time'][:10]}, load "
        f"{machine['load_1_min']} at the end."
    )
    return 0


def with_hours_worth(problem: MillProblem, worth: int) -> MillProblem:
    """Return the problem with an hour of each line worth this and no other margins than default."""
    tree = mill_json.to_tree(problem)
    for line in tree["lines"]:
        line["worth_per_h"] = worth
    for order in tree["orders"]:
        del order["margin_per_t"], order["shortage_per_t"]
    return mill_json.from_tree(tree)


def compared(problem: MillProblem, seed: int, seconds: float, threads: int) -> list[float]:
    """Return the changes against the rule's plan in percent, in the order of the table."""
    rule = PlannerRule().solve(problem, stop=MaxIterations(1)).solution
    stop = MaxRuntime(seconds)
    plan = SOLVERS["aco"].solve(problem, stop=stop, seed=seed, threads=threads).solution
    assert plan is not None
    kpis = {kpi.key: kpi for kpi in report_on(problem, plan, reference=rule).kpis}
    changes = [ratio(kpis[key]) for key in SHOWN]
    trim = ratio(kpis["scrap.trim"]) / ratio(kpis["scrap.delivered"])
    return [100 * (change - 1) for change in (*changes, trim)]


def ratio(kpi: Kpi) -> float:
    """Return a figure as a share of the rule's; 1 where that is nothing."""
    return kpi.value / kpi.reference if kpi.reference else 1.0


def shown(changes: Sequence[Sequence[float]]) -> list[str]:
    """Return the medians over books as text."""
    return [f"{median(column):+.2f} %" for column in zip(*changes, strict=True)]


if __name__ == "__main__":
    sys.exit(main())
