"""What a planner reads is what the evaluator computed: sums, bars, statuses, reasons."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler import attribution
from scheduler.arrays import FAR
from scheduler.clock import duration, instant, stamp
from scheduler.gantt import TIGHT
from scheduler.gantt_rows import without
from scheduler.gap import gap
from scheduler.kpis import Kpi, amount, percent, signed
from scheduler.mill import MONEY, Closure
from scheduler.mill_evaluation import case_of, evaluate_mill
from scheduler.report import HEADLINE, Run, report_on
from scheduler.schedule import Cut, Schedule
from scheduler.terms import ENERGY, TRIM
from tests.small_mill import LINE, ORDER, lot, mill, plan
from tests.strategies import problems, schedules

POSSIBLE = settings(max_examples=25)


def drawn(data):
    problem = data.draw(problems())
    return problem, data.draw(schedules(problem))


@POSSIBLE
@given(data=st.data())
def test_key_figures_sum_to_the_evaluators_terms(data):
    problem, schedule = drawn(data)
    evaluation = evaluate_mill(problem, schedule)
    value = {kpi.key: kpi.value for kpi in report_on(problem, schedule).kpis}
    terms = evaluation.terms
    for name, term in terms.items():
        assert value[f"cost.{name}"] == term.money / MONEY
    costs = sum(v for key, v in value.items() if key.startswith("cost."))
    assert costs == pytest.approx(value["cost"], abs=1e-3)
    assert value["scrap.trim"] == sum(terms[kind].amount for kind in TRIM) / 1e6
    assert value["energy.total"] == sum(terms[kind].amount for kind in ENERGY) / 1e6
    energy_cost = sum(terms[kind].money for kind in ENERGY) / MONEY
    assert value["energy.total.money"] == energy_cost
    counted = sum(value[f"changes.{kind}"] for kind in ("section", "grade", "groove"))
    assert counted == terms["changes"].amount
    assert value["delivery.tardiness"] == terms["tardiness"].amount / 3600
    assert value["delivery.shortage"] == terms["shortage"].amount / 1e6
    assert set(HEADLINE) - value.keys() <= {"energy.total.money_per_tonne"}


@POSSIBLE
@given(data=st.data())
def test_parts_by_lot_and_order_sum_to_the_terms(data):
    problem, schedule = drawn(data)
    terms, bill = evaluate_mill(problem, schedule).terms, case_of(problem, schedule).bill
    assert attribution.steel_cost_of_lots(bill).sum() == terms["stock"].money
    parts = {
        "reheating_gas": attribution.gas_cost,
        "rolling_electricity": attribution.rolling_cost,
        "changes": attribution.change_cost,
        "tardiness": attribution.tardiness_cost,
        "shortage": attribution.shortage_cost,
        "margin": attribution.margin_cost,
    }
    for name, part in parts.items():
        assert part(bill).sum() == terms[name].money, name
    transition = attribution.transition_cost(bill)
    assert abs(transition.sum() - terms["transition"].money) <= len(transition)


@POSSIBLE
@given(data=st.data())
def test_every_lot_has_its_bar_and_every_order_its_story(data):
    problem, schedule = drawn(data)
    report, case = report_on(problem, schedule), case_of(problem, schedule)
    lots = {plan.line: plan.lots for plan in schedule.lines}
    for line in report.gantt.lines:
        planned = lots.get(line.line, ())
        assert [bar.start for bar in line.lots] == [lot.start for lot in planned]
        assert [bar.billets for bar in line.lots] == [lot.billets for lot in planned]
        for bar in line.lots:
            assert bar.runs[0][0] == bar.start
            assert bar.runs[-1][1] == bar.end
            assert all(a <= b for a, b in bar.runs)
        assert all(bar.start < bar.end for bar in line.activities if bar.kind == "idle")
    assert [row.bar for row in report.lots] == [b for line in report.gantt.lines for b in line.lots]
    assert [story.order for story in report.orders] == [order.id for order in problem.orders]
    for index, story in enumerate(report.orders):
        last = int(case.timeline.last[index])
        assert story.late == (max(0, last - problem.orders[index].due_date) if last > -FAR else 0)
        assert (story.status == "not made") == (case.timeline.made[index] == 0)
        assert (story.status in ("late", "not made")) <= bool(story.cause or story.reasons)
        assert all(reason.endswith(".") for reason in story.reasons)
    cost = sum(story.cost for story in report.orders)
    terms = evaluate_mill(problem, schedule).terms
    assert cost == terms["tardiness"].money + terms["shortage"].money


@POSSIBLE
@given(data=st.data())
def test_the_reference_stands_beside_the_plan(data):
    problem, schedule = drawn(data)
    reference = data.draw(schedules(problem))
    report = report_on(problem, schedule, reference=reference)
    alone = {kpi.key: kpi.value for kpi in report_on(problem, reference).kpis}
    assert all(kpi.reference == alone.get(kpi.key) for kpi in report.kpis)
    assert report.reference_name == "planner's rule"
    assert "planner's rule" in report.summary[1]


def test_the_summary_counts_one_and_several():
    late = mill(orders=(replace(ORDER, due_date=100), replace(ORDER, id="p")))
    text = " ".join(report_on(late, plan(lot(0, 2))).summary)
    assert "Late are 1 order, in all 0.0 h; not made 1 order." in text
    assert "Changes: 0 changes of section" in text


@pytest.mark.parametrize(
    ("cost", "bound", "expected"),
    [
        (100.0, 75.0, 0.25),
        (-100.0, -125.0, 0.25),
        (100.0, -100.0, 2.0),
        (0.0, 0.0, 0.0),
        (0.0, -1.0, None),
        (None, 1.0, None),
        (1.0, None, None),
    ],
)
def test_a_gap_is_a_share_of_the_costs_size(cost, bound, expected):
    assert gap(cost, bound) == expected


def test_gap_is_relative_to_the_cost():
    report = report_on(mill(), plan(lot(0, 2)), run=Run("aco", lower_bound=75.0))
    assert replace(report, cost=100.0).gap == 0.25
    assert report_on(mill(), plan()).gap is None


def test_scrap_avoidable_and_scale_by_hand():
    # Two billets for 200 pieces; the book needs 190: ceil(190 x 9.8 kg / 980 kg) = 2 billets.
    report = report_on(mill(), plan(lot(0, 2), lot(200, cuts=(Cut("K", 1, (("o", 50),)),))))
    value = {kpi.key: kpi.value for kpi in report.kpis}
    assert value["scrap.crop"] == pytest.approx(0.030)  # 3 x 10 kg
    assert value["scrap.cut"] == pytest.approx(0.490)  # 50 pieces of the third billet
    assert value["scrap.surplus"] == pytest.approx(0.392)  # 250 - 210 pieces
    assert value["scrap.avoidable"] == pytest.approx(0.912 - 0.020)
    assert value["scrap.scale"] == pytest.approx(0.030)
    assert value["scrap.delivered"] == pytest.approx(2.058)  # 210 pieces


def test_utilisation_and_idle_time_by_hand():
    closure = Closure("closed", 400, 1000)
    line = replace(LINE, closures=(closure,))
    report = report_on(mill(lines=(line,)), plan(lot(100), lot(1200)))
    value = {kpi.key: kpi.value for kpi in report.kpis}
    # Rolled 100..200 and 1200..1300; open 1300 - 600 s; idle 0..100, 200..400, 1000..1200.
    assert value["time.utilisation"] == pytest.approx(100 * 200 / 700)
    assert value["time.idle"] == pytest.approx(500 / 3600)
    idle = [(b.start, b.end) for b in report.gantt.lines[0].activities if b.kind == "idle"]
    assert idle == [(0, 100), (200, 400), (1000, 1200)]


def test_time_before_the_horizon_is_neither_open_nor_idle():
    early = replace(LINE, ready=-3600)
    problem = mill(lines=(early, replace(early, id="M")))  # M rolls nothing
    value = {kpi.key: kpi.value for kpi in report_on(problem, plan(lot(100))).kpis}
    assert value["time.utilisation"] == pytest.approx(100 * 100 / 200)
    assert value["time.idle"] == pytest.approx(100 / 3600)


@pytest.mark.parametrize(
    ("value", "reference", "better", "verdict"),
    [
        (1.0, 2.0, "less", "better"),
        (2.0, 1.0, "less", "worse"),
        (2.0, 1.0, "more", "better"),
        (2.0, 1.0, "neither", "same"),
        (1.04, 1.01, "less", "same"),  # both are shown as 1.0
        (1.0, None, "less", "same"),
    ],
)
def test_verdict(value, reference, better, verdict):
    assert Kpi("k", "g", "label", "t", value, reference, better).verdict == verdict


def test_amounts_are_written_as_people_read_them():
    assert amount(1234567.891, "EUR") == "1,234,568"
    assert amount(12.345, "EUR/t") == "12.35"
    assert amount(-0.001, "t") == "0.0"
    assert (signed(2.5, "t"), signed(-2.5, "t"), signed(0.0, "t")) == ("+2.5", "−2.5", "±0")
    assert [percent(value) for value in (None, -12.34, 2e4)] == ["", "−12.3 %", ""]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3600, "1 h"), (93_780, "26 h 3 min"),
     (-5400, "-1 h 30 min")],
)  # fmt: skip
def test_durations(seconds, shown):
    assert duration(seconds) == shown


def test_instants_keep_the_problems_clock_across_its_change():
    berlin = datetime(2026, 3, 29, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert stamp(berlin, 3600) == "Sun 29 Mar 01:00"
    assert stamp(berlin, 2 * 3600) == "Sun 29 Mar 03:00"  # 02:00 does not exist
    fixed = datetime(2026, 3, 29, 0, tzinfo=timezone(timedelta(hours=1)))
    assert instant(fixed, 2 * 3600) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_cutting_holes_out_of_a_window():
    assert without((0, 10), []) == [(0, 10)]
    assert without((0, 10), [(2, 3), (1, 4), (9, 20)]) == [(0, 1), (4, 9)]
    assert without((0, 10), [(-5, 20)]) == []
    assert without((5, 5), [(1, 2)]) == []


def test_lots_tell_which_orders_end_late_or_only_just_in_time():
    names = {"late": 100, "exact": 200, "tight": 200 + TIGHT - 1, "easy": 200 + TIGHT}
    orders = tuple(replace(ORDER, id=name, due_date=due) for name, due in names.items())
    cuts = (Cut("K", 2, tuple((name, 25) for name in names)),)
    (bar,) = report_on(mill(orders=orders), plan(lot(0, cuts=cuts))).gantt.lines[0].lots
    assert (bar.end, bar.late, bar.tight) == (200, ("late",), ("exact", "tight"))


def test_an_order_on_two_lines_ends_in_the_lot_of_its_last_billet():
    # On L it is done at 100 s, on M at 300 s, before L's lot is; and so is what holds it back.
    orders = (replace(ORDER, due_date=50), replace(ORDER, id="p"))
    problem = mill(lines=(LINE, replace(LINE, id="M")), orders=orders)
    both = (Cut("K", 1, (("o", 100),)), Cut("K", 9, (("p", 100),)))
    lines = (*plan(lot(0, cuts=both)).lines, *plan(lot(200), line="M").lines)
    report = report_on(problem, Schedule(lines))
    assert [line.lots[0].late for line in report.gantt.lines] == [(), ("o",)]
    told = report.orders[0]
    assert (told.last, told.cause) == (300, "the plan waits")
    assert "M is ready" in " ".join(told.reasons)


def test_a_difference_of_figures_is_as_exact_as_they_are():
    assert Kpi("k", "g", "label", "EUR", 5073387.8313, 5108183.7322).difference == -34795.9009
