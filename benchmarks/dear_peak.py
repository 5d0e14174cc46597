"""``python -m benchmarks.dear_peak``: weeks with a dear peak, lowered by aco and left alone."""

import argparse
import sys
from dataclasses import replace
from typing import Literal

from benchmarks.table import markdown
from instances.generator import generate
from scheduler.evaluation import Evaluation
from scheduler.mill import MONEY, MillProblem
from solvers.mill import peak
from solvers.registry import SOLVERS
from solvers.stopping import MaxRuntime

Mill = Literal["bar", "rod"]
Lines = Literal[1, 2]
BOOKS: tuple[tuple[Mill, Lines], ...] = (("bar", 1), ("bar", 2), ("rod", 1), ("rod", 2))
"""Mill and number of lines."""


def main() -> int:
    """Measure what the command line asks for; print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dear_peak", description=__doc__)
    parser.add_argument("--seed", type=int, default=4, help="of the books")
    parser.add_argument("--peaks", type=float, nargs="+", default=[10, 100], help="money a kW")
    parser.add_argument("--time", type=float, default=10, help="seconds a run, on one thread")
    asked = parser.parse_args()
    rows = [
        row(mill, lines, asked.seed, price, asked.time)
        for mill, lines in BOOKS
        for price in asked.peaks
    ]
    print(markdown(("mill, lines", "a kW", "left alone", "lowered", "cost"), rows))
    return 0


def row(mill: Mill, lines: Lines, seed: int, price: float, seconds: float) -> tuple[str, ...]:
    """Return both peaks, and how much less (or more) the plan with the lower one costs."""
    problem = generate(mill, "week", seed=seed, lines=lines)
    problem = replace(problem, tariff=replace(problem.tariff, peak=int(price * MONEY)))
    worth = peak.WORTH
    peak.WORTH = 0
    alone = planned(problem, seconds)
    peak.WORTH = worth
    lowered = planned(problem, seconds)
    powers = (f"{score.terms['peak'].amount / 1e6:.1f} MW" for score in (alone, lowered))
    return f"{mill}, {lines}", f"{price:g}", *powers, f"{lowered.cost / alone.cost - 1:+.2%}"


def planned(problem: MillProblem, seconds: float) -> Evaluation:
    """Return the score of aco's plan."""
    result = SOLVERS["aco"].solve(problem, stop=MaxRuntime(seconds), threads=1)
    assert result.evaluation is not None
    return result.evaluation


if __name__ == "__main__":
    sys.exit(main())
