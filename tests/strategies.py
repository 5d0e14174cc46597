"""Hypothesis strategies: tiny random mills with odd figures, and random schedules for them.

Figures are odd on purpose (grams that do not divide, prices below zero, closures that touch, clocks
off the quarter hour), so that every rounding rule of docs/problem.md matters. Schedules are mostly
sensible, and now and then broken in any way that still names known things.
"""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from scheduler.mill import (
    CampaignRules,
    Change,
    Changeovers,
    Closure,
    Coil,
    FixedLength,
    Freeze,
    Furnace,
    Grade,
    Line,
    Lock,
    LotKind,
    MillProblem,
    Order,
    Section,
    Series,
    Stock,
    Tariff,
    Weights,
)
from scheduler.mill_quantities import piece_mass, usable_mass
from scheduler.schedule import Cut, LinePlan, Lot, Schedule

HOUR = 3600


def ids(prefix: str, most: int):
    return st.integers(1, most).map(lambda n: [f"{prefix}{i}" for i in range(n)])


def maybe(strategy, often: int = 2):
    """The strategy's values, or None about every ``often``-th time."""
    return st.integers(1, often).flatmap(lambda k: st.none() if k == 1 else strategy)


def instants(horizon: int):
    return st.integers(0, horizon)


# --- the problem ----------------------------------------------------------------------------


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
    return replace_freeze(problem, Freeze(draw(instants(horizon)), draw(schedules(problem))))


def replace_freeze(problem: MillProblem, freeze: Freeze) -> MillProblem:
    from dataclasses import replace

    return replace(problem, freeze=freeze)


def starts():
    zone = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))])
    return st.builds(
        lambda minute, tz: datetime(2026, 3, 29, 1, minute, minute, tzinfo=tz),
        st.integers(0, 59),
        zone,
    )


def section(name: str):
    return st.builds(
        Section,
        id=st.just(name),
        family=st.sampled_from(["round", "flat"]),
        mass_per_metre=st.integers(200, 6000),
        rate=st.integers(5_000_000, 150_000_000),
        rolling_energy=st.integers(0, 150_000),
        crop=st.integers(0, 30_000),
        groove_life=st.integers(1_500_000, 9_000_000),
        groove_change_time=st.integers(0, 1500),
        groove_change_scrap=st.integers(0, 200_000),
        kerf=st.integers(0, 7),
        rate_by_grade=st.sampled_from([(), (("g1", 33_333_333),)]),
    )


def grade(name: str):
    return st.builds(
        Grade,
        id=st.just(name),
        family=st.sampled_from(["carbon", "alloy"]),
        discharge_temperature=st.integers(10_000, 12_500),
        scale=st.integers(0, 15_000),
        density=st.integers(7600, 8000),
    )


@st.composite
def stock_row(draw, name: str, grades: list[Grade], horizon: int) -> Stock:
    available = draw(maybe(instants(horizon)))
    return Stock(
        id=name,
        grade=draw(st.sampled_from(grades)).id,
        mass=draw(st.integers(300_000, 2_500_000)),
        count=draw(st.sampled_from([-1, 0, 1, 3, 20])),
        cost=draw(st.integers(0, 6_000_000)),
        available_from=available,
        charge_temperature=draw(st.integers(-50, 9000)),
        cooling_time_constant=None if available is None else draw(maybe(st.integers(100, 20_000))),
    )


@st.composite
def line(draw, name: str, sections, grades, horizon: int) -> Line:
    some_sections = st.lists(st.sampled_from([s.id for s in sections]), unique=True)
    kind = st.builds(
        LotKind,
        st.sampled_from(sections).map(lambda s: s.id),
        maybe(st.sampled_from(grades).map(lambda g: g.id)),
    )
    return Line(
        id=name,
        furnace=draw(furnaces()),
        closures=draw(closures(horizon)),
        sections=tuple(draw(some_sections)) if draw(st.booleans()) else (),
        rate_factor=draw(st.sampled_from([1_000_000, 900_000, 1_050_001])),
        ready=draw(st.sampled_from([0, 0, 777])),
        initial_section=draw(maybe(st.sampled_from([s.id for s in sections]))),
        initial_grade=draw(maybe(st.sampled_from([g.id for g in grades]))),
        initial_temperature=draw(maybe(st.integers(9_000, 12_500))),
        initial_wear=tuple((s.id, draw(st.integers(0, 3_000_000))) for s in sections[:1]),
        cooling_bed=draw(maybe(st.integers(6_000, 15_000))),
        base_load=draw(st.integers(0, 3_000_000)),
        power_cap=draw(maybe(st.integers(1_000_000, 9_000_000))),
        first_lot=draw(maybe(kind)),
        last_lot=draw(maybe(kind)),
    )


def furnaces():
    return st.builds(
        Furnace,
        holding_w=st.integers(0, 9_000_000),
        residence=st.integers(0, 9000),
        efficiency=st.integers(400_000, 900_000),
        specific_heat=st.integers(600, 750),
        heating_rate=st.integers(7, 100),
        cooling_rate=st.integers(7, 100),
        shut_down_after=st.integers(0, 4000),
        cold_start_wh=st.integers(0, 20_000_000),
    )


@st.composite
def closures(draw, horizon: int) -> tuple[Closure, ...]:
    result = []
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(-100, horizon)) // 600 * 600
        length = draw(st.sampled_from([1, 600, 1200, 5000]))
        kind = draw(st.sampled_from(["closed", "maintenance"]))
        result.append(Closure(kind, start, start + length))
    return tuple(result)


@st.composite
def order(draw, name, sections, grades, stock, lines, earlier, horizon: int) -> Order:
    made_of, of_section = draw(st.sampled_from(grades)), draw(st.sampled_from(sections))
    piece = draw(st.builds(FixedLength, st.integers(1000, 14_000)) | coils())
    target = draw(st.integers(1, 30))
    if isinstance(piece, Coil):
        target *= 500_000
    lower = draw(st.integers(target // 2, target))
    predecessors = (
        draw(st.lists(st.sampled_from([o.id for o in earlier]), unique=True, max_size=2))
        if earlier
        else []
    )
    return Order(
        id=name,
        grade=made_of.id,
        section=of_section.id,
        piece=piece,
        target=target,
        lower=lower,
        upper=draw(st.integers(target, 2 * target)),
        due_date=draw(st.integers(-1000, horizon)),
        margin=draw(st.integers(-1_000_000, 7_000_000)),
        shortage=draw(st.integers(0, 20_000_000)),
        release=draw(maybe(instants(horizon))),
        deadline=draw(maybe(instants(horizon))),
        weight=draw(st.integers(0, 5000)),
        lines=tuple(draw(st.lists(st.sampled_from([x.id for x in lines]), unique=True))),
        may_split_lines=draw(st.booleans()),
        max_groove_wear=draw(st.sampled_from([1_000_000, 333_333])),
        predecessors=tuple(predecessors),
        lock=draw(maybe(locks(lines, horizon))),
    )


def coils():
    return st.builds(
        lambda low, width: Coil(low, low + width),
        st.integers(200_000, 2_000_000),
        st.integers(0, 900_000),
    )


def locks(lines, horizon: int):
    return st.builds(
        Lock,
        maybe(st.sampled_from([x.id for x in lines])),
        maybe(st.integers(1, 3)),
        maybe(instants(horizon)),
        maybe(instants(horizon)),
    )


@st.composite
def changeovers(draw, elements) -> Changeovers:
    """Every pair of families is covered; some pairs of ids are overridden, some forbidden."""
    families = sorted({e.family for e in elements})
    names = [e.id for e in elements]
    return Changeovers(
        by_family=tuple(draw(change(a, b)) for a in families for b in families),
        pairs=tuple(
            draw(change(a, b)) for a in names for b in names if a != b and draw(st.booleans())
        ),
    )


def change(source: str, target: str):
    return st.builds(
        Change,
        st.just(source),
        st.just(target),
        time=st.integers(0, 3000),
        scrap=st.integers(0, 3_000_000),
        forbidden=st.sampled_from([False, False, False, True]),
    )


@st.composite
def series(draw, horizon: int, low: int, high: int) -> Series:
    slot = draw(st.sampled_from([900, 1000, 3600]))
    start = draw(st.integers(-2 * slot, 0))
    number = (horizon - start) // slot + 1
    values = draw(st.lists(st.integers(low, high), min_size=1, max_size=number))
    return Series(start, slot, tuple((values * number)[:number]))


@st.composite
def tariffs(draw, horizon: int) -> Tariff:
    return Tariff(
        electricity=draw(series(horizon, -500_000, 3_000_000)),
        gas=draw(st.integers(0, 900_000)),
        gas_emissions=draw(st.sampled_from([0, 201_600, 201_601])),
        carbon_intensity=draw(maybe(series(horizon, 0, 700_000))),
        co2=draw(st.integers(0, 1_000_000)),
        peak=draw(st.sampled_from([0, 30_000])),
        power_cap=draw(maybe(st.integers(1_000_000, 9_000_000))),
    )


def weights():
    money = st.integers(0, 7_000_000)
    return st.builds(
        Weights,
        crop_resale=money,
        cut_resale=money,
        transition_resale=money,
        surplus_resale=money,
        transition_steel=money,
        tardiness=money,
        section_change=money,
        grade_change=money,
        groove_change=money,
        stability=money,
    )


@st.composite
def campaigns(draw, sections, grades) -> CampaignRules:
    mass = st.integers(500_000, 8_000_000)
    families = {e.family for e in (*sections, *grades)}
    return CampaignRules(
        lot_min=draw(maybe(mass)),
        lot_max=draw(maybe(mass)),
        section_family_max=tuple((f, draw(mass)) for f in sorted(families & {"round"})),
        grade_family_max=tuple((f, draw(mass)) for f in sorted(families & {"alloy"})),
    )


# --- the schedule ---------------------------------------------------------------------------


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
