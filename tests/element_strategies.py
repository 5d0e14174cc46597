"""Hypothesis strategies: the elements of a mill, from sections and orders to tariffs and rules."""

from hypothesis import strategies as st

from scheduler.mill import (
    CampaignRules,
    Change,
    Changeovers,
    Closure,
    Coil,
    FixedLength,
    Furnace,
    Grade,
    Line,
    Lock,
    LotKind,
    Order,
    Section,
    Series,
    Stock,
    Tariff,
    Weights,
)


def maybe(strategy, often: int = 2):
    """The strategy's values, or None about every ``often``-th time."""
    return st.integers(1, often).flatmap(lambda k: st.none() if k == 1 else strategy)


def instants(horizon: int):
    return st.integers(0, horizon)


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
        kind = draw(st.sampled_from(["closed", "maintenance", "delay"]))
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
