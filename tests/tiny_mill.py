"""Tiny random mills for exhaustive search: few billets, two hours, every rule now and then."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

from scheduler.mill import (
    MONEY,
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
from scheduler.schedule import Cut, LinePlan, Lot, Schedule

HORIZON = 7200
GRID = 900


def tiny_mill(seed: int, lines: int = 1, billets: int = 3) -> MillProblem:
    """Return a mill with at most ``billets`` billets in stock."""
    r = Random(seed)
    sections = tuple(_section(r, f"s{i}") for i in range(r.randint(1, 2)))
    grades = tuple(_grade(r, f"g{i}") for i in range(r.randint(1, 2)))
    stock = _stock(r, grades, billets)
    problem = MillProblem(
        name=f"tiny {seed}",
        start=datetime(2026, 1, 5, 6, r.choice([0, 7]), tzinfo=UTC),
        horizon=HORIZON,
        lines=tuple(_line(r, f"l{i}", sections, grades) for i in range(lines)),
        sections=sections,
        grades=grades,
        section_changes=_changes(r, [s.id for s in sections]),
        grade_changes=_changes(r, [g.id for g in grades]),
        stock=stock,
        orders=_orders(r, sections, stock, lines),
        tariff=_tariff(r),
        weights=_weights(r),
        campaign=_campaign(r),
        ambient_temperature=150,
    )
    return _with_freeze(r, problem) if r.random() < 0.15 else problem


def _sometimes(r: Random, share: float, value):
    return value if r.random() < share else None


def _section(r: Random, name: str) -> Section:
    return Section(
        id=name,
        family="round",
        mass_per_metre=r.randint(20_000, 60_000),
        rate=r.randint(3_000_000, 9_000_000),
        rolling_energy=r.randint(40_000, 150_000),
        crop=r.randint(0, 30_000),
        groove_life=r.choice([2_300_000, 3_500_000, 90_000_000]),
        groove_change_time=r.choice([0, 300, 1000]),
        groove_change_scrap=r.randint(0, 200_000),
        kerf=r.randint(0, 5),
    )


def _grade(r: Random, name: str) -> Grade:
    return Grade(name, "carbon", r.randint(10_500, 12_000), r.randint(0, 15_000))


def _line(r: Random, name: str, sections, grades) -> Line:
    kind = LotKind(r.choice(sections).id, _sometimes(r, 0.5, r.choice(grades).id))
    closure = Closure(
        r.choice(["closed", "maintenance", "delay"]), a := r.randint(0, 5000), a + 1100
    )
    return Line(
        id=name,
        furnace=Furnace(
            holding_w=r.randint(0, 9_000_000),
            residence=r.choice([0, 1800]),
            efficiency=r.randint(400_000, 900_000),
            specific_heat=r.randint(600, 750),
            heating_rate=r.randint(20, 100),
            cooling_rate=r.randint(20, 100),
            shut_down_after=r.choice([600, 3600]),
            cold_start_wh=r.randint(0, 3_000_000),
        ),
        closures=(closure,) if r.random() < 0.5 else (),
        rate_factor=r.choice([1_000_000, 1_100_000]),
        ready=r.choice([0, 0, 400]),
        initial_section=_sometimes(r, 0.5, r.choice(sections).id),
        initial_grade=_sometimes(r, 0.5, r.choice(grades).id),
        initial_temperature=_sometimes(r, 0.5, r.randint(10_000, 12_000)),
        initial_wear=tuple((s.id, r.randint(0, 1_500_000)) for s in sections if r.random() < 0.5),
        base_load=r.choice([0, 1_234_567]),
        power_cap=_sometimes(r, 0.1, r.randint(300_000, 3_000_000)),
        first_lot=_sometimes(r, 0.1, kind),
        last_lot=_sometimes(r, 0.1, kind),
    )


def _changes(r: Random, ids: list[str]) -> Changeovers:
    pairs = [(a, b) for a in ids for b in ids if a != b]
    return Changeovers(
        pairs=tuple(
            Change(a, b, r.choice([0, 500, 1500]), r.randint(0, 900_000), r.random() < 0.1)
            for a, b in pairs
        )
    )


def _stock(r: Random, grades, billets: int) -> tuple[Stock, ...]:
    rows: list[Stock] = []
    left = billets
    while left and len(rows) < 2:
        count = r.randint(1, left)
        left -= count
        hot = r.random() < 0.4
        rows.append(
            Stock(
                id=f"k{len(rows)}",
                grade=r.choice(grades).id,
                mass=r.randint(700_000, 1_700_000),
                count=count,
                cost=r.randint(300, 600) * MONEY,
                available_from=r.choice([0, 900, 2000]) if hot else None,
                charge_temperature=r.randint(4000, 9000) if hot else 150,
                cooling_time_constant=r.randint(3000, 20_000) if hot else None,
            )
        )
    return tuple(rows)


def _orders(r: Random, sections, stock, lines: int) -> tuple[Order, ...]:
    names = [f"o{i}" for i in range(r.randint(1, 3))]
    orders = []
    for name in names:
        section = r.choice(sections)
        target = r.randint(2, 5)
        share = r.choice([33, 45, 60])  # percent of a billet of 1 t
        piece = FixedLength(share * 10_000_000 // section.mass_per_metre)
        order = Order(
            id=name,
            grade=r.choice(stock).grade,
            section=section.id,
            piece=piece,
            target=target,
            lower=r.randint(1, target),
            upper=target + r.randint(0, 2),
            due_date=r.randint(0, HORIZON),
            margin=r.randint(0, 900) * MONEY,
            shortage=r.randint(2000, 9000) * MONEY,
            release=_sometimes(r, 0.2, r.randint(0, 3000)),
            deadline=_sometimes(r, 0.2, r.randint(3000, HORIZON)),
            weight=r.randint(0, 4000),
            lines=("l0",) if r.random() < 0.2 else (),
            may_split_lines=r.random() < 0.7,
            max_groove_wear=r.choice([1_000_000, 1_000_000, 600_000]),
            predecessors=(names[0],) if name != names[0] and r.random() < 0.2 else (),
            lock=_lock(r, lines) if r.random() < 0.15 else None,
        )
        orders.append(_as_coils(r, order) if r.random() < 0.2 else order)
    return tuple(orders)


def _as_coils(r: Random, order: Order) -> Order:
    low = r.randint(600_000, 900_000)
    target = order.target * 700_000
    window = Coil(low, low + r.randint(100_000, 800_000))
    return replace(order, piece=window, target=target, lower=target * 8 // 10, upper=target + 9999)


def _lock(r: Random, lines: int) -> Lock:
    return r.choice(
        [
            Lock(line=f"l{lines - 1}"),
            Lock(position=r.randint(1, 2)),
            Lock(start_not_before=r.randint(0, 4000)),
            Lock(start_exactly=GRID * r.randint(0, 4)),
        ]
    )


def _tariff(r: Random) -> Tariff:
    prices = Series(-500, 1000, tuple(r.randint(-300_000, 3_000_000) for _ in range(9)))
    carbon = Series(0, 3600, (300_001, 99_999))
    return Tariff(
        electricity=prices,
        gas=r.randint(100_000, 600_000),
        carbon_intensity=_sometimes(r, 0.4, carbon),
        co2=r.choice([0, 70 * MONEY]),
        peak=r.choice([0, 0, 3 * MONEY]),
        power_cap=_sometimes(r, 0.1, r.randint(300_000, 3_000_000)),
    )


def _weights(r: Random) -> Weights:
    return Weights(
        tardiness=r.choice([0, 40, 4000]) * MONEY,
        crop_resale=r.randint(0, 300) * MONEY,
        cut_resale=r.randint(0, 300) * MONEY,
        section_change=r.randint(0, 300) * MONEY,
        groove_change=r.randint(0, 150) * MONEY,
        stability=r.choice([0, 50 * MONEY]),
    )


def _campaign(r: Random) -> CampaignRules:
    return CampaignRules(
        lot_min=_sometimes(r, 0.1, 1_600_000),
        lot_max=_sometimes(r, 0.15, 2_500_000),
        section_family_max=(("round", 3_000_000),) if r.random() < 0.1 else (),
        grade_family_max=(("carbon", 3_000_000),) if r.random() < 0.1 else (),
    )


def _with_freeze(r: Random, problem: MillProblem) -> MillProblem:
    """Freeze a first lot of one billet, if there is one that fits."""
    order = problem.orders[0]
    rows = [k for k in problem.stock if k.grade == order.grade]
    if not rows:
        return problem
    lot = Lot(
        start=r.choice([500, 1800]),
        section=order.section,
        grade=order.grade,
        cuts=(Cut(rows[0].id, 1, ((order.id, 1),)),),
        groove_change=r.random() < 0.5,
    )
    freeze = Freeze(r.choice([0, 3600]), Schedule((LinePlan("l0", (lot,)),)))
    return replace(problem, freeze=freeze)
