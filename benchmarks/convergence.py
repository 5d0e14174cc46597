"""A picture of convergence: the median gap of each solver's runs over the seconds of search."""

import math
from collections.abc import Sequence
from html import escape
from statistics import median

from benchmarks.runs import Run

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 320, 64, 150, 16, 40
FIRST_SECOND, POINTS = 0.01, 120
LEAST, MOST = 1e-5, 1.0
"""Gaps shown; what is smaller is drawn on the lower edge, what is larger on the upper one."""
COLOURS = ("#1b6ca8", "#c44e1a", "#2e8b57", "#7a4fa3", "#a67c00", "#666666")


def convergence(runs: Sequence[Run]) -> str | None:
    """Return the picture as SVG; None where no run tells when it found anything.

    A run's gap is taken against the reference of its instance, or else against the best value that
    any run of the instance reached. Before its first solution a run counts as infinitely far.
    """
    traced = [run for run in runs if run.trace]
    if not traced:
        return None
    goals = {name: _goal([r for r in traced if r.instance == name]) for name in _names(traced)}
    limit = max(run.time_limit for run in runs)
    seconds = [FIRST_SECOND * (limit / FIRST_SECOND) ** (i / POINTS) for i in range(POINTS + 1)]
    curves = {
        solver: [
            median(_gap_at(run, t, goals[run.instance]) for run in runs
                   if run.solver == solver and run.instance in goals)
            for t in seconds
        ]
        for solver in dict.fromkeys(run.solver for run in traced)
    }  # fmt: skip
    return _svg(curves, seconds)


def _names(runs: Sequence[Run]) -> list[str]:
    return list(dict.fromkeys(run.instance for run in runs))


def _goal(runs: Sequence[Run]) -> float:
    """Return what an instance's gaps are taken against."""
    if runs[0].reference is not None:
        return runs[0].reference
    best = max if runs[0].maximised else min
    return best(value for run in runs for _, value in run.trace)


def _gap_at(run: Run, seconds: float, goal: float) -> float:
    found = [value for at, value in run.trace if at <= seconds]
    gap = run.gap_of(found[-1], goal) if found else math.inf
    return math.inf if gap is None else gap


def _svg(curves: dict[str, list[float]], seconds: list[float]) -> str:
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="sans-serif" font-size="12"><title>Median gap over time</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
    ]
    first, last = math.log10(seconds[0]), math.log10(seconds[-1])
    for power in range(math.ceil(first), math.floor(last + 1e-9) + 1):
        x = _x(10.0**power, seconds)
        parts.append(_line(x, TOP, x, HEIGHT - BOTTOM))
        parts.append(_text(x, HEIGHT - BOTTOM + 16, f"{10.0**power:g} s", "middle"))
    for power in range(round(math.log10(LEAST)), round(math.log10(MOST)) + 1):
        y, label = _y(10.0**power), f"{100 * 10.0**power:g} %"
        parts.append(_line(LEFT, y, WIDTH - RIGHT, y))
        parts.append(
            _text(LEFT - 6, y + 4, "0" if power == round(math.log10(LEAST)) else label, "end")
        )
    for k, (solver, gaps) in enumerate(curves.items()):
        parts += _curve(solver, gaps, seconds, COLOURS[k % len(COLOURS)], k)
    return "\n".join([*parts, "</svg>\n"])


def _curve(
    solver: str, gaps: list[float], seconds: list[float], colour: str, k: int
) -> tuple[str, str]:
    points = " ".join(
        f"{_x(t, seconds):.1f},{_y(gap):.1f}" for t, gap in zip(seconds, gaps, strict=True)
    )
    line = f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
    name = f'<tspan fill="{colour}">━ </tspan>{escape(solver)}'
    return line, _text(WIDTH - RIGHT + 12, TOP + 18 * (k + 1), name, "start")


def _x(second: float, seconds: list[float]) -> float:
    share = math.log(second / seconds[0]) / math.log(seconds[-1] / seconds[0])
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(gap: float) -> float:
    share = math.log(min(MOST, max(LEAST, gap)) / LEAST) / math.log(MOST / LEAST)
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#dddddd"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'
