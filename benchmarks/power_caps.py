"""``python -m benchmarks.power_caps``: what a power cap costs on weeks of two lines.

The cap is a share of the highest quarter hour that the rule's plan without a cap draws.
"""

import argparse
import sys
from dataclasses import replace

from benchmarks.table import markdown
from instances.generator import generate
from scheduler.evaluation import Evaluation, evaluate
from scheduler.mill import MillProblem
from scheduler.mill_evaluation import case_of
from scheduler.schedule import Schedule
from solvers.registry import SOLVERS
from solvers.stopping import MaxIterations

HEADS = ("book", "cap", "rule", "aco", "weighted hours late", "orders short", "lots")


def main() -> int:
    """Measure what the command line asks for; print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.power_caps", description=__doc__)
    parser.add_argument("--mills", nargs="+", default=["bar", "rod"])
    parser.add_argument("--books", type=int, default=3, help="of each mill")
    parser.add_argument("--shares", type=float, nargs="+", default=[0.95, 0.85, 0.75])
    parser.add_argument("--iterations", type=int, default=300)
    asked = parser.parse_args()
    rows = [
        row
        for mill in asked.mills
        for seed in range(1, asked.books + 1)
        for row in measured(
            generate(mill, "week", seed=seed, lines=2), asked.shares, asked.iterations
        )
    ]
    print(markdown(HEADS, rows))
    return 0


def measured(problem: MillProblem, shares: list[float], iterations: int) -> list[tuple[str, ...]]:
    """Return a row without a cap, and one for each share; costs are against the first aco's."""
    rule, found = planned(problem, "planner_rule", 1), planned(problem, "aco", iterations)
    peak = int(case_of(problem, rule[0]).bill.energy.sum(axis=0).max()) // 900
    cost = found[1].cost
    rows = [shown(problem, "none", cost, rule[1], *found)]
    for share in shares:
        cap = int(share * peak)
        capped = replace(problem, tariff=replace(problem.tariff, power_cap=cap))
        limited = planned(capped, "planner_rule", 1)[1]
        found = planned(capped, "aco", iterations)
        rows.append(shown(capped, f"{share:.0%}, {cap / 1e6:.1f} MW", cost, limited, *found))
    return rows


def planned(problem: MillProblem, solver: str, iterations: int) -> tuple[Schedule, Evaluation]:
    """Return a solver's plan with its score."""
    result = SOLVERS[solver].solve(problem, stop=MaxIterations(iterations))
    assert isinstance(result.solution, Schedule)
    return result.solution, evaluate(problem, result.solution)


def shown(
    problem: MillProblem, cap: str, cost: float, rule: Evaluation, plan: Schedule, aco: Evaluation
) -> tuple[str, ...]:
    """Return a row: the rule and aco against ``cost``, and what the plan of aco does."""
    made = case_of(problem, plan).timeline.made.tolist()
    short = sum(a < order.lower for a, order in zip(made, problem.orders, strict=True))
    return (
        problem.name,
        cap,
        change(rule, cost),
        change(aco, cost),
        f"{aco.terms['tardiness'].amount / 3600:.0f}",
        str(short),
        " + ".join(str(len(line.lots)) for line in plan.lines),
    )


def change(score: Evaluation, cost: float) -> str:
    """Return how much dearer than ``cost`` a plan is, or what it breaks."""
    if not score.feasible:
        return "breaks " + ", ".join(sorted({v.code for v in score.violations}))
    return f"{score.cost / cost - 1:+.2%}"


if __name__ == "__main__":
    sys.exit(main())
