"""``python -m benchmarks.long_books``: days whose horizon is cut, with and without scarce hours.

The cost of aco's plan where a scarce hour has its price, against none (``mill_setting.SCARCE``).
"""

import argparse
import sys
from dataclasses import replace
from typing import Literal

from benchmarks.table import markdown
from instances.generator import generate
from solvers.ant_colony import mill_setting
from solvers.registry import SOLVERS
from solvers.stopping import MaxIterations

Mill = Literal["bar", "rod"]
MILLS: tuple[Mill, ...] = ("bar", "rod")
FREE = 1 << 60
"""A share so small that scarce hours have no price."""


def main() -> int:
    """Measure what the command line asks for; print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.long_books", description=__doc__)
    parser.add_argument("--books", type=int, default=3, help="of each mill")
    parser.add_argument("--shares", type=float, nargs="+", default=[0.7, 0.6, 0.5])
    parser.add_argument("--iterations", type=int, default=30)
    asked = parser.parse_args()
    books = [(mill, seed) for mill in MILLS for seed in range(1, asked.books + 1)]
    rows = [
        (f"{share:g}", *(change(mill, seed, share, asked.iterations) for mill, seed in books))
        for share in asked.shares
    ]
    heads = ("horizon left", *(f"{mill} {seed}" for mill, seed in books))
    print(markdown(heads, rows))
    return 0


def change(mill: Mill, seed: int, share: float, iterations: int) -> str:
    """Return how much less (or more) a day's plan costs for the price of scarce hours."""
    problem = generate(mill, "day", seed=seed)
    problem = replace(problem, horizon=int(share * problem.horizon))
    priced, costs = mill_setting.SCARCE, []
    for mill_setting.SCARCE in (FREE, priced):
        result = SOLVERS["aco"].solve(problem, stop=MaxIterations(iterations))
        costs.append(result.evaluation.cost if result.evaluation else float("nan"))
    return f"{costs[1] / costs[0] - 1:+.1%}"


if __name__ == "__main__":
    sys.exit(main())
