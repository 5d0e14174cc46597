"""Hypothesis strategies: tiny random mills with odd figures, and random schedules for them.

Figures are odd on purpose (grams that do not divide, prices below zero, closures that touch, clocks
off the quarter hour), so that every rounding rule of docs/problem.md matters. Schedules are mostly
sensible, and now and then broken in any way that still names known things.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from scheduler.mill import (
    Coil,
    Freeze,
    MillProblem,
    Order,
    Stock,
)
from scheduler.mill_quantities import piece_mass, usable_mass
from scheduler.schedule import Cut, LinePlan, Lot, Schedule
from tests.element_strategies import (
    campaigns,
    changeovers,
    grade,
    instants,
    line,
    maybe,
    order,
    section,
    stock_row,
    tariffs,
    weights,
)

HOUR = 3600


def ids(prefix: str, most: int):
    return st.integers(1, most).map(lambda n: [f"{prefix}{i}" for i in range(n)])


@st.composite
def problems(draw) -> MillProblem:
    """A mill of one or two lines, up to three sections, grades, stock rows and four orders."""
    horizon = draw(st.sampled_from([2 * HOUR, 7 * HOUR + 1, 30 * HOUR]))
    sections = [draw(section(name)) for name in draw(ids("s", 3))]
    grades = [draw(grade(name)) for name in draw(ids("g", 2))]
    stock = [draw(stock_row(name, grades, horizon)) for name in draw(ids("k", 3))]
    lines = [draw(line(name, sections, grades, horizon)) for name in draw(ids("l", 2))]
    orders: list[Order] = []
    for name in draw(ids("o", 4)):
        orders.append(draw(order(name, sections, grades, stock, lines, orders, horizon)))
    problem = MillProblem(
        name="tiny",
        start=draw(starts()),
        horizon=horizon,
        lines=tuple(lines),
        sections=tuple(sections),
        grades=tuple(grades),
        section_changes=draw(changeovers(sections)),
        grade_changes=draw(changeovers(grades)),
        stock=tuple(stock),
        orders=tuple(orders),
        tariff=draw(tariffs(horizon)),
        weights=draw(weights()),
        campaign=draw(campaigns(sections, grades)),
        ambient_temperature=draw(st.integers(-100, 350)),
    )
    if draw(st.integers(0, 3)):
        return problem
    freeze = Freeze(draw(instants(horizon)), draw(schedules(problem)))
    return replace(problem, freeze=freeze)


def starts():
    zone = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))])
    return st.builds(
        lambda minute, tz: datetime(2026, 3, 29, 1, minute, minute, tzinfo=tz),
        st.integers(0, 59),
        zone,
    )


@st.composite
def schedules(draw, problem: MillProblem) -> Schedule:
    """Up to four lots a line, mostly in a sensible order of time, with mostly fitting cuts."""
    return Schedule(
        tuple(
            LinePlan(plant.id, draw(line_lots(problem)))
            for plant in draw(st.permutations(problem.lines))
            if draw(st.integers(0, 4))
        )
    )


@st.composite
def line_lots(draw, problem: MillProblem) -> tuple[Lot, ...]:
    result, clock = [], draw(st.integers(-200, problem.horizon // 3))
    for _ in range(draw(st.integers(0, 4))):
        lot = draw(lots(problem, clock))
        result.append(lot)
        clock = lot.start + draw(st.sampled_from([0, 60, 1000, problem.horizon // 4, HOUR]))
    return tuple(result)


@st.composite
def lots(draw, problem: MillProblem, start: int) -> Lot:
    about = draw(st.sampled_from(problem.orders))
    other = draw(st.integers(0, 9)) == 0
    opening = maybe(st.integers(start - 3000, start + 100), often=1 + draw(st.integers(0, 1)))
    return Lot(
        start=start,
        section=draw(st.sampled_from(problem.sections)).id if other else about.section,
        grade=draw(st.sampled_from(problem.grades)).id if other else about.grade,
        cuts=tuple(draw(st.lists(cuts(problem, about), min_size=1, max_size=3))),
        groove_change=draw(st.booleans()),
        changeover_start=draw(opening),
        groove_change_start=draw(opening),
    )


@st.composite
def cuts(draw, problem: MillProblem, about: Order) -> Cut:
    """Billets for an order, shared with other orders of its lot where there are any."""
    same = [o for o in problem.orders if (o.grade, o.section) == (about.grade, about.section)]
    rows = [k for k in problem.stock if k.grade == about.grade]
    any_row, any_order = draw(st.integers(0, 9)) == 0, draw(st.integers(0, 9)) == 0
    row = draw(st.sampled_from(problem.stock if any_row or not rows else rows))
    wanted = draw(
        st.lists(
            st.sampled_from(problem.orders if any_order else same),
            unique_by=lambda o: o.id,
            max_size=2,
        )
    )
    if wanted and isinstance(wanted[0].piece, Coil) and draw(st.integers(0, 9)):
        pieces: tuple[tuple[str, int], ...] = ((wanted[0].id, 1),)
    else:
        pieces = tuple((o.id, draw(st.integers(1, most_pieces(problem, row, o)))) for o in wanted)
    return Cut(row.id, draw(st.integers(1, 7)), pieces)


def most_pieces(problem: MillProblem, row: Stock, order: Order) -> int:
    """As many pieces as a billet holds, and one more."""
    section = next(s for s in problem.sections if s.id == order.section)
    of_order = next(g for g in problem.grades if g.id == order.grade)
    of_row = next(g for g in problem.grades if g.id == row.grade)
    piece = piece_mass(order, section, of_order) or row.mass
    return max(1, usable_mass(row, of_row, section) // piece + 1)
