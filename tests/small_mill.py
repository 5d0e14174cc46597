"""A mill in round figures, so that a test's arithmetic fits into a comment.

A billet of 1 t is rolled in 100 s, takes 60 kWh of electricity and 439 444 Wh of gas from cold, and
gives exactly 100 pieces: 1 000 000 g - 10 000 g scale (1 %) - 10 000 g crop = 980 000 g = 100 x
9 800 g (9.8 m of 1 kg/m).
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scheduler.mill import (
    MONEY,
    Change,
    Changeovers,
    Coil,
    FixedLength,
    Furnace,
    Grade,
    Line,
    MillProblem,
    Order,
    Section,
    Series,
    Stock,
    Tariff,
    Weights,
)
from scheduler.schedule import Cut, LinePlan, Lot, Schedule

TONNE = 1_000_000
HOUR = 3600

FURNACE = Furnace(
    holding_w=3_600_000,  # 1 kWh a second
    residence=0,
    efficiency=500_000,
    specific_heat=700,
    heating_rate=30,
    cooling_rate=20,
    shut_down_after=600,
    cold_start_wh=5_000_000,
)
LINE = Line("L", FURNACE)
SECTION = Section(
    id="A",
    family="round",
    mass_per_metre=1000,
    rate=36 * TONNE,
    rolling_energy=60_000,
    crop=10_000,
    groove_life=5 * TONNE,
    groove_change_time=600,
    groove_change_scrap=200_000,
)
GRADE = Grade("G", "carbon", discharge_temperature=11_500, scale=10_000)
STOCK = Stock("K", "G", TONNE, count=-1, cost=500 * MONEY)
ORDER = Order(
    id="o",
    grade="G",
    section="A",
    piece=FixedLength(9800),
    target=200,
    lower=190,
    upper=210,
    due_date=24 * HOUR,
    margin=600 * MONEY,
    shortage=2400 * MONEY,
)
COIL_ORDER = replace(
    ORDER,
    id="c",
    piece=Coil(970_000, 990_000),
    target=2 * 980_000,
    lower=1_900_000,
    upper=2_000_000,
)


def mill(**changes: Any) -> MillProblem:
    """A day on one line: sections A and B, grades G and H (50 C less), flat price of 100/MWh."""
    problem = MillProblem(
        name="small",
        start=datetime(2026, 1, 5, tzinfo=UTC),
        horizon=24 * HOUR,
        lines=(LINE,),
        sections=(SECTION, replace(SECTION, id="B")),
        grades=(GRADE, replace(GRADE, id="H", discharge_temperature=11_000)),
        section_changes=Changeovers((Change("round", "round", time=900, scrap=1_500_000),)),
        grade_changes=Changeovers((Change("carbon", "carbon", time=60, scrap=100_000),)),
        stock=(STOCK, replace(STOCK, id="KH", grade="H")),
        orders=(ORDER,),
        tariff=Tariff(Series(0, HOUR, (100 * MONEY,) * 24), gas=40 * MONEY),
        weights=Weights(),
    )
    return replace(problem, **changes)


def lot(start: int, billets: int = 1, **changes: Any) -> Lot:
    """A lot of ``billets`` billets of 100 pieces of order o."""
    return replace(Lot(start, "A", "G", (Cut("K", billets, (("o", 100),)),)), **changes)


def plan(*lots: Lot, line: str = "L") -> Schedule:
    return Schedule((LinePlan(line, lots),))
