"""Checks that pass over sound orders by columns find what they would find order by order."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from instances.generator import generate
from scheduler.mill import Closure, Coil, FixedLength, Order
from scheduler.mill_checks import calendar, steel
from scheduler.mill_checks.cases import cases_of

HOUR = 3600
PROBLEMS = [generate(mill, "day", seed=3, orders=6) for mill in ("bar", "rod")]
CHANGES = {
    "lower": st.sampled_from([-1, 0, 1, 50, 10**9]),
    "target": st.sampled_from([0, 1, 50, 10**9]),
    "upper": st.sampled_from([-1, 0, 1, 50, 10**9]),
    "due_date": st.integers(-HOUR, 80 * HOUR),
    "release": st.one_of(st.none(), st.integers(0, 80 * HOUR)),
    "deadline": st.one_of(st.none(), st.integers(0, 80 * HOUR)),
    "margin": st.sampled_from([0, 100, 10**7]),
    "shortage": st.sampled_from([0, 100, 10**7]),
    "max_groove_wear": st.sampled_from([0, 100, 1_000_000]),
    "piece": st.sampled_from(
        [FixedLength(1), FixedLength(12_000), FixedLength(900_000), Coil(1, 2), Coil(1, 10**7)]
    ),
}


@st.composite
def problems(draw):
    """A problem with some orders, grooves, billets and lines changed, for the better or worse."""
    problem = draw(st.sampled_from(PROBLEMS))
    orders: list[Order] = list(problem.orders)
    for index in draw(st.lists(st.sampled_from(range(len(orders))), max_size=3)):
        names = draw(st.lists(st.sampled_from(sorted(CHANGES)), max_size=3, unique=True))
        changes = {name: draw(CHANGES[name]) for name in names}
        orders[index] = replace(orders[index], **changes)
    life = draw(st.sampled_from([1, 10**6, None]))
    sections = tuple(replace(x, groove_life=life or x.groove_life) for x in problem.sections)
    grade = draw(st.sampled_from([None, *(row.grade for row in problem.stock)]))
    stock = tuple(row for row in problem.stock if row.grade != grade)
    start = draw(st.integers(0, 20)) * HOUR
    closed = Closure("closed", start, start + draw(st.sampled_from([HOUR, 300 * HOUR])))
    closures = draw(st.sampled_from([(), (closed,)]))
    first = replace(problem.lines[0], closures=closures)
    second = replace(first, id="second", rate_factor=first.rate_factor // 2)
    lines = draw(st.sampled_from([(first,), (first, second)]))
    changed = {"orders": tuple(orders), "sections": sections, "stock": stock, "lines": lines}
    return replace(problem, **changed)


@given(problems())
def test_steel_is_checked_as_order_by_order(problem):
    cases = cases_of(problem)
    one_by_one = [issue for case in cases for issue in steel._case(case)]
    assert list(steel.check_steel(problem, cases)) == [
        *one_by_one,
        *steel._shortfall(problem, cases),
    ]


@given(problems())
def test_dates_are_checked_as_order_by_order(problem):
    cases = cases_of(problem)
    reachable = [case for case in cases if case.route.lines and case.route.stock]
    assert list(calendar.check_reach(problem, cases)) == [
        issue
        for case in reachable
        for issue in calendar._reach(problem, case, calendar.earliest_end(case))
    ]
