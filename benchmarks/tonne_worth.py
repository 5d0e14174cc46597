"""``python -m benchmarks.tonne_worth``: what plans deliver and save as a tonne is worth more.

The margin of every order is raised by a few amounts, and with it the price of a missing tonne. Each
plan of ``aco`` is compared with the rule's on the same book at the same margin; medians over books.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from benchmarks.families import instances_of
from benchmarks.machine import environment
from benchmarks.table import markdown
from instances.catalogue import data_folder
from scheduler.kpis import Kpi
from scheduler.mill import MONEY, MillProblem
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
HEAD = ("books", "added a tonne", *SHOWN, "trim per tonne delivered")
MISSING = 4
"""Times its margin that a missing tonne costs by default."""


def main() -> int:
    """Measure what the command line asks for; print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tonne_worth", description=__doc__)
    parser.add_argument("--families", nargs="+", default=["bar_week", "rod_week"])
    parser.add_argument("--books", type=int, default=4, help="of each family")
    parser.add_argument("--added", nargs="+", type=int, default=[0, 9, 18, 36], help="money a t")
    parser.add_argument("--time", type=float, default=10, help="seconds a search")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--data", type=Path, help="public instances; by default $ANTMILL_DATA")
    asked = parser.parse_args()
    rows = []
    for family in asked.families:
        books = instances_of(family, asked.data or data_folder(), asked.books, None)
        problems = [(book.load(), book.seed or 0) for book in books]
        warm_up(SOLVERS["aco"], problems[0][0], asked.threads)
        for added in asked.added:
            changes = [
                compared(dearer(problem, added), seed, asked.time, asked.threads)
                for problem, seed in problems
            ]
            rows.append((family, str(added), *shown(changes)))
    machine = environment()
    print(markdown(HEAD, rows))
    print(
        f"{asked.books} books each, {asked.time:g} s, {asked.threads} threads of "
        f"{machine['processor']}, commit {machine['commit']}, {machine['time'][:10]}, load "
        f"{machine['load_1_min']} at the end."
    )
    return 0


def dearer(problem: MillProblem, added: int) -> MillProblem:
    """Return the problem with ``added`` money more for each tonne inside the tolerances."""
    more = added * MONEY
    orders = (
        replace(order, margin=order.margin + more, shortage=order.shortage + MISSING * more)
        for order in problem.orders
    )
    return replace(problem, orders=tuple(orders))


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
