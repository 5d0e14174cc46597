"""Results as a few lines that people read."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from api.command_line.errors import UnusableError
from scheduler.goals import GOALS
from scheduler.mill import MillProblem
from scheduler.validation import check

SHOWN_VIOLATIONS = 20
SHOWN_WARNINGS = 10
LABEL = 12
LARGE = {"g": ("t", 1e6), "Wh": ("MWh", 1e6), "W": ("MW", 1e6), "s": ("h", 3600.0)}
"""Units of the evaluator's amounts, and those in which people read them."""


def show(lines: Iterable[str]) -> None:
    """Print lines to stdout; raise UnusableError where it takes none, as on a full disk.

    Whoever has read enough of them (``| head``) closes the pipe: that changes no exit code.
    """
    try:
        for line in lines:
            sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise UnusableError(f"the output: {(error.strerror or str(error)).lower()}") from error


def show_warnings(problem: Any) -> None:
    """Print to stderr what the planner of a mill should know before the search."""
    issues = check(problem) if isinstance(problem, MillProblem) else ()
    for issue in issues[:SHOWN_WARNINGS]:
        sys.stderr.write(f"warning: {issue}\n")
    if len(issues) > SHOWN_WARNINGS:
        sys.stderr.write(f"warning: and {len(issues) - SHOWN_WARNINGS} more\n")
    sys.stderr.flush()


def row(label: str, text: object) -> str:
    """Return one aligned line."""
    return f"{label:<{LABEL}} {text}"


def number(value: float | None) -> str:
    """Return a number as people read it: thousands apart, no needless digits."""
    if value is None:
        return "-"
    if float(value).is_integer():
        return f"{int(value):,}".replace(",", " ")
    return f"{value:,.4f}".rstrip("0").replace(",", " ")


def result_lines(problem: Any, found: Mapping[str, Any], written: list[Path]) -> Iterator[str]:
    """Yield the summary of a RESULT.json."""
    times = found["times"]
    yield row("problem", problem.name)
    yield row("solver", f"{found['solver']}, seed {found['seed']}, {found['threads']} threads")
    yield row(
        "search",
        f"{times['search_s']:.2f} s, {found['iterations']} iterations, "
        f"stopped by {found['stop_reason']}",
    )
    yield row("warm-up", f"{times['warm_up_s'] + times['compile_s']:.2f} s")
    yield from score_lines(problem, found)
    bound = found["lower_bound"] if "upper_bound" not in found else found["upper_bound"]
    if bound is not None and found["gap"] is not None:
        yield row("bound", f"{number(bound)} proven, gap {100 * found['gap']:.2f} %")
    if found.get("bound"):
        yield from bound_lines(found["bound"])
    elif "bound" in found:
        yield row("bound", "--bound proved nothing: give it more seconds, or see docs/bounds.md")
    if found.get("front"):
        yield from front_lines(found["front"], problem.currency)
    for path in written:
        yield row("written", path)


def bound_lines(bound: Mapping[str, Any]) -> Iterator[str]:
    """Yield the parts of a mill's bound beside the plan's cost, and the gap where it matters."""
    avoidable = bound["avoidable_gap"]
    shown = "" if avoidable is None else f", {100 * avoidable:.1f} % of what is avoidable"
    yield row("", f"found in {bound['elapsed_s']:.1f} s{shown}")
    yield f"  {'part':<21} {'bound':>16} {'plan':>16} {'gap':>14}"
    for name, part in bound["parts"].items():
        figures = (part["bound"], part["cost"], part["cost"] - part["bound"])
        low, cost, gap = (f"{figure:,.0f}".replace(",", " ") for figure in figures)
        yield f"  {name:<21} {low:>16} {cost:>16} {gap:>14}"


def front_lines(front: list[Mapping[str, Any]], currency: str) -> Iterator[str]:
    """Yield a row a plan of a Pareto front; less is better in every column."""
    names = list(front[0]["goals"])
    units = [currency if GOALS[name].unit == "money" else GOALS[name].unit for name in names]
    heads = [f"{name}, {unit}" for name, unit in zip(names, units, strict=True)]
    yield row(
        "front", f"{len(front)} plans, none better in one goal without being worse in another"
    )
    yield "  plan " + " ".join(f"{head:>16}" for head in (*heads, f"cost, {currency}"))
    for place, plan in enumerate(front, 1):
        figures = (*plan["goals"].values(), plan["objective"])
        shown = " ".join(f"{figure:,.1f}".replace(",", " ").rjust(16) for figure in figures)
        yield f"  {place:>4} {shown}"


def score_lines(problem: Any, found: Mapping[str, Any]) -> Iterator[str]:
    """Yield objective, terms and violations."""
    if found["objective"] is None:
        yield row("objective", "no solution was found")
        return
    unit = f" {problem.currency}" if isinstance(problem, MillProblem) else ""
    objective = found["objective"]
    shown = f"{objective:,.2f}".replace(",", " ") if unit else number(objective)
    yield row("objective", f"{shown}{unit}")
    if isinstance(problem, MillProblem):
        yield from _term_lines(found["terms"], problem.currency)
    else:
        for name, value in found["terms"].items():
            yield row("", f"{name} {number(value)}")
    yield from violation_lines(found["violations"])


def _term_lines(terms: Mapping[str, Any], currency: str) -> Iterator[str]:
    for name, term in terms.items():
        if term["amount"] or term["money"]:
            unit, size = LARGE.get(term["unit"], (term["unit"], 1.0))
            amount = f"{term['amount'] / size:,.2f}" if size != 1 else number(term["amount"])
            money = f"{term['money']:,.2f} {currency}"
            yield f"  {name:<20} {amount:>12} {unit:<8} {money:>20}".replace(",", " ")


def violation_lines(violations: list[Mapping[str, Any]]) -> Iterator[str]:
    """Yield one line a violation, of the first few, and whether there are none."""
    yield row("feasible", "no" if violations else "yes")
    for broken in violations[:SHOWN_VIOLATIONS]:
        detail = f" ({broken['detail']})" if broken["detail"] else ""
        amount = f"{number(broken['magnitude'])} {broken['unit']}"
        yield f"  {broken['code']} at {broken['where']}: {amount}{detail}"
    if len(violations) > SHOWN_VIOLATIONS:
        yield f"  and {len(violations) - SHOWN_VIOLATIONS} more"
