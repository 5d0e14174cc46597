"""Whether lines at full speed draw more than power caps allow: then billets wait for power."""

from collections.abc import Iterator

from scheduler.arrays import MILLION
from scheduler.issues import Issue, pointer
from scheduler.mill import Line, MillProblem
from scheduler.mill_checks.cases import Cases, Route

HINT = "billets then wait for power; a cap that leaves too little for all orders makes them late"


def check_power(problem: MillProblem, cases: Cases) -> Iterator[Issue]:
    """Yield warnings where rolling at full speed can draw more than a line's cap, or the mill's."""
    caps = [line.power_cap for line in problem.lines]
    if problem.tariff.power_cap is None and not any(cap is not None for cap in caps):
        return
    most = [
        _most(line, [route for route in cases.needed if line in route.lines])
        for line in problem.lines
    ]
    for index, (line, cap) in enumerate(zip(problem.lines, caps, strict=True)):
        if cap is not None and most[index] > cap:
            place = pointer("lines", index, "power_cap_kw")
            yield _above(place, f"line '{line.id}'", most[index], cap)
    cap = problem.tariff.power_cap
    if cap is not None and sum(most) > cap:
        what = "all lines together" if len(most) > 1 else f"line '{problem.lines[0].id}'"
        yield _above(pointer("tariff", "power_cap_kw"), what, sum(most), cap)


def _most(line: Line, routes: list[Route]) -> int:
    """Return the most W that a line draws while it rolls any of ``routes``.

    A billet takes whole seconds, rounded down, so that it draws a little more than at its rate.
    """
    draws = [
        3600
        * (row.mass * route.section.rolling_energy // MILLION)
        // max(1, 3600 * row.mass // route.rate(line))
        for route in routes
        for row in route.stock
    ]
    return line.base_load + max(draws, default=0)


def _above(place: str, what: str, most: int, cap: int) -> Issue:
    detail = f"{what} can draw {most // 1000:_} kW, the cap is {cap // 1000:_} kW".replace("_", " ")
    return Issue("power_above_cap", place, detail, "warning", hint=HINT)
