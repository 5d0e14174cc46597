"""Terms and violations computed by hand, each with its arithmetic in a comment.

Both the evaluator and the naive checker must give them.
"""

from dataclasses import replace
from typing import Any

import pytest

from scheduler.mill import (
    MONEY,
    CampaignRules,
    Closure,
    Coil,
    FixedLength,
    Freeze,
    Lock,
    LotKind,
    MillProblem,
    Series,
    Tariff,
    Weights,
)
from scheduler.mill_evaluation import evaluate_mill
from scheduler.plan_arrays import UnusableScheduleError
from scheduler.schedule import Cut, LinePlan, Schedule
from tests.naive_mill import check
from tests.small_mill import (
    COIL_ORDER,
    FURNACE,
    HOUR,
    LINE,
    ORDER,
    SECTION,
    STOCK,
    TONNE,
    lot,
    mill,
    plan,
)

CLOSED = Closure("closed", 250, 1000)


def score(problem: MillProblem, schedule: Schedule):
    """Terms as (amount, money) and violations as a dict, from both evaluator and checker."""
    evaluation = evaluate_mill(problem, schedule)
    cost, terms, violations = check(problem, schedule)
    assert {n: (t.amount, t.money) for n, t in evaluation.terms.items()} == terms
    assert evaluation.cost == cost / MONEY
    broken = {v.code: v.magnitude for v in evaluation.violations}
    assert broken == {code: magnitude for code, _, magnitude in violations}
    return terms, broken


def with_line(**changes) -> MillProblem:
    return mill(lines=(replace(LINE, **changes),))


def test_a_plain_lot():
    terms, broken = score(mill(), plan(lot(0, 2)))
    # 2 billets, 2 x 100 pieces: the target; no change, no idle second, 0..200 s
    assert broken == {}
    assert terms["stock"] == (2 * TONNE, 2 * 500 * MONEY)
    assert terms["crop"] == (20_000, -(20 * 220 * MONEY // 1000))  # 20 kg at 220/t = 4.40
    assert terms["cut"] == (0, 0)
    # 1e6 g * 700 J/kgK * 11 300 (1 130.0 K) // (500 000 * 36) = 439 444 Wh a billet
    assert terms["reheating_gas"] == (878_888, 878_888 * 40 * MONEY // 1_000_000)
    assert terms["rolling_electricity"] == (120_000, 12 * MONEY)  # 0.12 MWh at 100
    assert terms["holding_gas"] == terms["margin"] == terms["shortage"] == (0, 0)


def test_wear_goes_on_from_the_initial_wear_and_a_groove_change_resets_it():
    worn = with_line(initial_wear=(("A", 3 * TONNE),))
    _, broken = score(worn, plan(lot(0, 2)))
    assert broken == {}  # 3 + 2 = 5 t, the groove's whole life
    _, broken = score(worn, plan(lot(0, 2), lot(200)))
    # 6 t; a limit of 100 % of the life holds for the order as well
    assert broken == {"wear_exceeded": TONNE, "order_wear_exceeded": TONNE}
    terms, broken = score(worn, plan(lot(0, 2), lot(800, groove_change=True)))
    assert broken == {}  # ready at 200 + 600 s
    # 200 kg of scrap at 520 - 220 = 300 a tonne: 60.00; one groove change: 150
    assert terms["transition"] == (200_000, 60 * MONEY)
    assert terms["changes"] == (1, 150 * MONEY)


def test_surface_critical_orders_want_a_fresh_groove():
    fussy = mill(orders=(replace(ORDER, max_groove_wear=300_000),))
    _, broken = score(fussy, plan(lot(0, 2)))
    assert broken == {"order_wear_exceeded": 500_000}  # 2 t on a limit of 30 % of 5 t


def test_the_furnace_ramps_beside_the_other_changes():
    of_h = lot(0, grade="H", cuts=(Cut("KH", 1, (("o", 100),)),))
    problem = mill(
        orders=(replace(ORDER, grade="H"),),
        lines=(replace(LINE, initial_grade="G", initial_temperature=11_500),),
    )
    # down 50.0 K at 2 K/min: 60 * 500 / 20 = 1 500 s; grade change 60 s in parallel
    terms, broken = score(problem, plan(of_h))
    assert broken == {"too_early": 1500}
    assert terms["transition"][0] == 100_000
    assert terms["changes"] == (1, 50 * MONEY)
    # up 50.1 K at 3 K/min: ceil(60 * 501 / 30) = 1 002 s
    rising = with_line(initial_temperature=10_999)
    assert score(rising, plan(lot(1000, 2)))[1] == {"too_early": 2}


def test_a_hot_billet_cools_by_the_minute_until_it_enters_the_furnace():
    hot = replace(STOCK, available_from=0, charge_temperature=8000, cooling_time_constant=HOUR)
    problem = mill(stock=(hot,), lines=(replace(LINE, furnace=replace(FURNACE, residence=1800)),))
    # enters at 5 459 - 1 800 = 3 659 s: 60 whole minutes
    # 200 + 7 800 / e = 3 069.4 -> 306.9 C; 1e6 * 700 * (11 500 - 3 069) // 18e6 = 327 872 Wh
    terms, broken = score(problem, plan(lot(5459)))
    assert terms["reheating_gas"][0] == 327_872
    assert broken == {}
    _, broken = score(problem, plan(lot(1750)))
    assert broken == {"stock_not_available": 50}


def test_a_closure_splits_a_lot_between_billets():
    terms, broken = score(with_line(closures=(CLOSED,)), plan(lot(0, 4)))
    # 0-100, 100-200, then 200-300 would overlap [250, 1000): 1000-1100, 1100-1200
    # 750 s > 600 s: a cold start of 5 000 kWh; held: 1200 - 400 - 750 = 50 s at 1 kWh
    assert broken == {}
    assert terms["holding_gas"][0] == 5_000_000 + 50_000
    late = with_line(closures=(CLOSED,))
    late = replace(late, orders=(replace(ORDER, due_date=1100, weight=2000),))
    terms, _ = score(late, plan(lot(0, 4)))
    # 100 s late, weight 2, 40 an hour: 80 * 100 / 3600 = 2.2222
    assert terms["tardiness"] == (100, 22_222)


def test_a_short_closure_is_held_through():
    at_limit = with_line(closures=(replace(CLOSED, end=850),))  # 600 s: not longer than 600
    terms, _ = score(at_limit, plan(lot(0, 4)))
    # ends at 850 + 200 = 1050; 1050 - 400 = 650 s held
    assert terms["holding_gas"][0] == 650_000
    touching = (replace(CLOSED, end=850), Closure("maintenance", 850, 851))
    terms, _ = score(with_line(closures=touching), plan(lot(0, 4)))
    # merged to 601 s: cold start; 1051 - 400 - 601 = 50 s held
    assert terms["holding_gas"][0] == 5_050_000


def test_first_billet_in_a_closure():
    _, broken = score(with_line(closures=(CLOSED,)), plan(lot(200)))
    assert broken == {"outside_calendar": 50}  # 200-300 meets [250, 1000)


def test_changes_run_in_maintenance_but_not_when_closed():
    b = replace(ORDER, section="B")
    lots = plan(lot(1350, section="B"))
    state: dict[str, Any] = {"initial_section": "A", "ready": 100}
    maintenance = mill(
        orders=(b,), lines=(replace(LINE, closures=(Closure("maintenance", 250, 1000),), **state),)
    )
    assert score(maintenance, lots)[1] == {}  # 900 s from 100: ready at 1000
    closed = mill(orders=(b,), lines=(replace(LINE, closures=(CLOSED,), **state),))
    # 150 s until 250, 750 s more from 1000: ready at 1750
    assert score(closed, lots)[1] == {"too_early": 400}
    wait = plan(lot(2000, section="B", changeover_start=1101))
    assert score(closed, wait)[1] == {"too_early": 1}  # 1101 + 900


def test_a_billet_across_a_price_step_is_priced_by_the_second():
    steps = Tariff(Series(0, HOUR, (100 * MONEY, *(-10 * MONEY,) * 23)), gas=0)
    terms, _ = score(mill(tariff=steps), plan(lot(3550)))
    # 60 kWh, 50 s at 100 and 50 s at -10 a MWh: 60 * 0.045 = 2.70
    assert terms["rolling_electricity"] == (60_000, 27_000)
    terms, _ = score(mill(tariff=steps), plan(lot(3601)))
    assert terms["rolling_electricity"] == (60_000, -6_000)  # 60 kWh at -0.01


def test_a_billet_that_takes_no_second_is_priced_by_the_second_that_begins():
    steps = Tariff(Series(0, HOUR, (100 * MONEY, *(-10 * MONEY,) * 23)), gas=0)
    light = mill(
        tariff=steps,
        stock=(replace(STOCK, mass=2500),),
        sections=(replace(SECTION, crop=0),),
    )
    terms, _ = score(light, plan(replace(lot(3599), cuts=(Cut("K", 5, (("o", 1),)),))))
    # 0.25 s each: four billets start in 3599, the fifth starts and ends in 3600;
    # 150 Wh each: 4 * 150 at 100 and 150 at -10 a MWh: 0.06 - 0.0015
    assert terms["rolling_electricity"] == (750, 585)


def test_base_load_and_its_floor_below_zero():
    steps = Tariff(Series(0, HOUR, (-1,) * 24), gas=0)
    problem = mill(tariff=steps, lines=(replace(LINE, base_load=1_000_000),))
    terms, _ = score(problem, plan(lot(100)))
    # 1 MW for 100 s: 27 777 Wh; B(100) = 1e6 * (-100 // 1000) // 3.6e6 = -1 (floor), B(200) too
    assert terms["base_electricity"] == (27_777, 0)
    terms, _ = score(problem, plan(lot(0)))
    assert terms["base_electricity"] == (27_777, -1)


def test_co2_of_gas_and_electricity():
    tariff = Tariff(
        Series(0, HOUR, (0,) * 24),
        gas=0,
        carbon_intensity=Series(0, HOUR, (300_000,) * 24),
        co2=80 * MONEY,
    )
    terms, _ = score(mill(tariff=tariff), plan(lot(0)))
    # gas 439 444 Wh * 201.6 g/kWh = 88 591 g; electricity 60 kWh * 300 g/kWh = 18 000 g
    assert terms["co2"] == (106_591, 106_591 * 80 * MONEY // 1_000_000)


def test_the_peak_is_a_quarter_hour_by_the_clock():
    problem = mill(tariff=replace(mill().tariff, peak=5 * MONEY, power_cap=200_000))
    # 4 billets 800-1200: 100 s (60 kWh) before 900, 300 s (180 kWh) after it
    terms, broken = score(problem, plan(lot(800, 4)))
    assert terms["peak"] == (720_000, 3600 * MONEY)  # 180 kWh in 0.25 h = 720 kW at 5
    assert broken == {"power_cap": 520_000}
    shifted = replace(problem, start=problem.start.replace(minute=5))  # slots end at 600, 1500
    terms, _ = score(shifted, plan(lot(800, 4)))
    assert terms["peak"][0] == 960_000  # all 240 kWh in one slot


def test_a_line_without_any_power():
    problem = mill(lines=(replace(LINE, power_cap=0),))
    _, broken = score(problem, plan(lot(0, 3)))
    assert broken == {"line_power_cap": 720_000}  # 180 kWh in the first quarter of an hour


def test_margin_surplus_and_shortage():
    terms, _ = score(mill(), plan(lot(0, 3)))
    # 300 pieces: 90 above 210 are surplus (882 kg at 260), 10 above the target gain the margin
    assert terms["surplus"] == (882_000, -(882 * 260 * MONEY // 1000))
    assert terms["margin"] == (98_000, -(98 * 600 * MONEY // 1000))
    terms, _ = score(mill(), plan(lot(0, 1)))
    # 100 pieces: 90 short of 190 (882 kg at 2400), and the bound itself is 10 below the target
    assert terms["shortage"] == (882_000, 882 * 2400 * MONEY // 1000)
    assert terms["margin"] == (-98_000, 98 * 600 * MONEY // 1000)


def test_cut_scrap_capacity_and_cooling_bed():
    short = lot(0, cuts=(Cut("K", 2, (("o", 99),)),))
    terms, _ = score(mill(), plan(short))
    assert terms["cut"] == (19_600, -(196 * 22 * MONEY // 1000))  # 2 x 9.8 kg at 220
    long = lot(0, cuts=(Cut("K", 2, (("o", 101),)),))
    terms, broken = score(with_line(cooling_bed=9000), plan(long))
    assert terms["cut"] == (0, 0)
    assert broken == {"over_capacity": 9800, "piece_too_long": 800}


def test_coils():
    problem = mill(orders=(COIL_ORDER,))
    coils = lot(0, cuts=(Cut("K", 2, (("c", 1),)),))
    terms, broken = score(problem, plan(coils))
    assert broken == {}
    assert terms["cut"] == terms["margin"] == (0, 0)  # made 2 x 980 kg, the target
    narrow = replace(COIL_ORDER, piece=Coil(970_000, 975_000))
    assert score(mill(orders=(narrow,)), plan(coils))[1] == {"coil_weight": 5000}
    two = lot(0, cuts=(Cut("K", 1, (("c", 2),)),))
    assert score(problem, plan(two))[1] == {"mismatch": 1}


def test_precedence_and_locks():
    first = replace(ORDER, id="p", section="B")
    after = replace(ORDER, predecessors=("p",))
    of_p = lot(1100, section="B", cuts=(Cut("K", 1, (("p", 100),)),))
    problem = mill(orders=(after, first))
    # A 0-100, then 900 s to B: p ends at 1200, o began at 0
    assert score(problem, plan(lot(0), of_p))[1] == {"precedence": 1200}
    assert score(problem, plan(lot(0)))[1] == {"precedence": 1}
    locked = replace(ORDER, lock=Lock(line="M", position=2, start_not_before=30, start_exactly=40))
    lines = (LINE, replace(LINE, id="M"))
    problem = mill(orders=(locked,), lines=lines)
    # on another line, in its first lot, 30 s and 40 s early
    expected = {"lock_line": 1, "lock_position": 1, "lock_start": 40}
    assert score(problem, plan(lot(0)))[1] == expected
    assert score(problem, plan())[1] == {"lock_position": 1, "lock_start": 1}


def test_campaign_rules_see_through_groove_changes():
    rules = CampaignRules(lot_min=3 * TONNE, section_family_max=(("round", TONNE),))
    problem = mill(campaign=rules)
    # one campaign lot of 2 t in two parts: 1 t below 3 t; the family's run is 1 t above 1 t
    lots = plan(lot(0), lot(700, groove_change=True))
    assert score(problem, lots)[1] == {"lot_too_small": TONNE, "family_too_long": TONNE}


@pytest.mark.parametrize(("grade", "broken"), [("G", {}), (None, {}), ("H", {"first_lot": 1})])
def test_fixed_first_lot(grade, broken):
    problem = with_line(first_lot=LotKind("A", grade), last_lot=LotKind("A"))
    assert score(problem, plan(lot(0)))[1] == broken


def test_freeze_and_stability():
    frozen = plan(lot(0), lot(100), lot(5000))
    problem = mill(freeze=Freeze(200, frozen), weights=Weights(stability=36 * MONEY))
    terms, broken = score(problem, frozen)
    assert (terms["stability"], broken) == ((0, 0), {})
    # one frozen lot moved; the order ends at 260, not 5 100: 36 an hour * 4 840 s = 48.40
    terms, broken = score(problem, plan(lot(0), lot(160)))
    assert terms["stability"] == (4840, 484_000)
    assert broken == {"frozen_changed": 1}


def test_beyond_horizon_and_stock():
    problem = mill(stock=(replace(STOCK, count=1),), horizon=250)
    # starts 10 s before 0 and ends at 290: 40 s after 250
    _, broken = score(problem, plan(lot(-10, 3)))
    assert broken == {"beyond_horizon": 50, "stock_exceeded": 2, "too_early": 10}


def test_an_order_on_several_lines():
    lines = (LINE, replace(LINE, id="M", sections=("B",)))
    whole = replace(ORDER, may_split_lines=False, lines=("L",))
    both = Schedule((LinePlan("L", (lot(0),)), LinePlan("M", (lot(0),))))
    # M rolls no A, and the order may not go there
    expected = {"line_not_eligible": 2, "split_lines": 1}
    assert score(mill(lines=lines, orders=(whole,)), both)[1] == expected


def test_pieces_round_to_the_nearest_gram():
    # (3333 + 2) mm * 777 g/m = 2591.295 g -> 2591 g; 378 pieces = 979 398 g
    thin = replace(SECTION, mass_per_metre=777, kerf=2)
    order = replace(ORDER, piece=FixedLength(3333))
    problem = mill(sections=(thin, replace(SECTION, id="B")), orders=(order,))
    terms, _ = score(problem, plan(lot(0, cuts=(Cut("K", 1, (("o", 378),)),))))
    assert terms["cut"][0] == 980_000 - 378 * 2591
    assert terms["surplus"][0] == (378 - 210) * 2591


def test_release_and_deadline():
    order = replace(ORDER, release=50, deadline=90)
    _, broken = score(mill(orders=(order,)), plan(lot(0)))
    assert broken == {"released_late": 50, "missed_deadline": 10}


def test_a_plan_whose_figures_would_overflow_is_refused_and_no_other():
    million = Cut("K", 1_000_000, (("o", 1),))
    # 440 000 t at 500 a tonne: 4.4e11 g x 5 000 000 = 2.2e18.
    large = evaluate_mill(mill(), plan(lot(0, cuts=(replace(million, count=440_000),))))
    assert large.terms["stock"].money == 440_000 * 500 * MONEY
    # 10^12 g x 5 000 000 = 5e18 is above 2^62, 2 x 10^12 g would wrap around.
    for schedule in (
        plan(lot(0, cuts=(million, million))),
        plan(lot(0, cuts=(Cut("K", 1_000_000, (("o", 1_000_000),)),) * 1000)),
        plan(lot(200 * 365 * 24 * HOUR)),
    ):
        with pytest.raises(UnusableScheduleError, match="more than can be added up exactly"):
            evaluate_mill(mill(weights=replace(Weights(), tardiness=10**10)), schedule)
