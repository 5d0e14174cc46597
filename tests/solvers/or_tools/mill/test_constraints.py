"""Each constraint of the model alone: a plan that keeps the rule, and one that just breaks it.

The plans are those of ``tests.small_mill``: a billet of 1 t takes 100 s; the grid here is 100 s.
"""

from collections.abc import Callable
from dataclasses import replace

from ortools.sat.python import cp_model

from scheduler.mill import (
    CampaignRules,
    Change,
    Changeovers,
    Closure,
    Freeze,
    Lock,
    LotKind,
    MillProblem,
)
from scheduler.mill_arrays import ints
from scheduler.schedule import Cut, LinePlan, Lot, Schedule
from solvers.or_tools.mill import orders, power, sequence, state
from solvers.or_tools.mill.candidates import all_candidates, frozen_candidates
from solvers.or_tools.mill.model import MillModel, new_model
from tests.small_mill import LINE, ORDER, STOCK, TONNE, lot, mill, plan

GRID = 100
Constraint = Callable[[MillModel], None]
FEW = (replace(STOCK, count=3), replace(STOCK, id="KH", grade="H", count=1))
"""Three billets of G and one of H keep the model small; a lot of them takes 100 pieces each."""
BIG = replace(ORDER, target=100, lower=1, upper=400)


def allows(problem: MillProblem, schedule: Schedule, *constraints: Constraint) -> bool:
    """Whether the model with these constraints alone has ``schedule`` as a solution."""
    problem = replace(problem, stock=FEW, horizon=4000)
    every = all_candidates(problem, 30_000, 100)
    assert every is not None
    candidates = [replace(c, contents=_whole(c.contents)) for c in every]
    model = new_model(
        problem, [*frozen_candidates(problem), *candidates], ints(range(0, 4000, GRID))
    )
    for constraint in (sequence.take_one_option, sequence.route_lines, *constraints):
        constraint(model)
    force(model, schedule)
    return bool(cp_model.CpSolver().solve(model.cp) == cp_model.OPTIMAL)


def _whole(contents):
    """Only billets of 100 pieces of one order: enough for these plans."""
    return tuple(c for c in contents if len(c[0].pieces) == 1 and c[0].pieces[0][1] == 100)


def force(model: MillModel, schedule: Schedule) -> None:
    """Fix the lots to those of the schedule, and roll no others."""
    used: set[int] = set()
    for line in schedule.lines:
        for wanted in line.lots:
            for i, visit in enumerate(model.visits):
                k = option_of(model, visit, line.line, wanted)
                if i not in used and k is not None:
                    used.add(i)
                    model.cp.add(visit.chosen[k] == 1)
                    model.cp.add(visit.groove == int(wanted.groove_change))
                    break
            else:
                model.cp.add_bool_or([])
    for i, visit in enumerate(model.visits):
        model.cp.add(visit.present == int(i in used))


def option_of(model: MillModel, visit, line: str, wanted: Lot) -> int | None:
    if model.problem.lines[visit.candidate.line].id != line:
        return None
    for k in range(len(visit.options)):
        content = visit.candidate.contents[int(visit.options.content[k])]
        if content == wanted.cuts and int(visit.options.start[k]) == wanted.start:
            return k
    return None


def of(order: str, start: int, billets: int = 1, stock: str = "K", **changes) -> Lot:
    return lot(start, cuts=(Cut(stock, billets, ((order, 100),)),), **changes)


A_AND_B = mill(orders=(BIG, replace(BIG, id="p", section="B")))
"""A changeover between A and B takes 900 s; between G and H 60 s, and the furnace 1 000 / 1 500."""


def in_b(start: int, **changes) -> Lot:
    return of("p", start, section="B", **changes)


def test_changeovers():
    # A ends at 100; B may start 900 s later, at 1 000
    assert allows(A_AND_B, plan(lot(0), in_b(1000)), sequence.changeovers)
    assert not allows(A_AND_B, plan(lot(0), in_b(900)), sequence.changeovers)


def test_changeovers_stop_while_the_line_is_closed():
    shut = replace(LINE, closures=(Closure("closed", 300, 800),))
    problem = replace(A_AND_B, lines=(shut,))
    # 200 s until 300, then 700 s from 800 on: 1 500
    assert allows(problem, plan(lot(0), in_b(1500)), sequence.changeovers)
    assert not allows(problem, plan(lot(0), in_b(1400)), sequence.changeovers)


def test_groove_changes_take_time():
    problem = mill(orders=(BIG,))
    assert allows(problem, plan(lot(0), lot(100)), sequence.changeovers)
    changed = lot(700, groove_change=True)
    assert allows(problem, plan(lot(0), changed), sequence.changeovers)
    assert not allows(problem, plan(lot(0), replace(changed, start=600)), sequence.changeovers)


def test_ready_line():
    problem = mill(orders=(BIG,), lines=(replace(LINE, initial_section="B", ready=100),))
    assert allows(problem, plan(lot(1000)), sequence.changeovers)
    assert not allows(problem, plan(lot(900)), sequence.changeovers)


def test_lots_do_not_overlap():
    problem = mill(orders=(BIG,))
    assert allows(problem, plan(lot(0, 2), lot(200)), sequence.keep_lots_apart)
    assert not allows(problem, plan(lot(0, 2), lot(100)), sequence.keep_lots_apart)


def test_forbidden_transitions():
    rules = Changeovers((Change("round", "round"),), (Change("A", "B", forbidden=True),))
    problem = replace(A_AND_B, section_changes=rules)
    assert allows(
        problem, plan(in_b(0), lot(1000)), sequence.forbid_transitions, sequence.changeovers
    )
    assert not allows(
        problem, plan(lot(0), in_b(1000)), sequence.forbid_transitions, sequence.changeovers
    )


def test_first_and_last_lot():
    problem = replace(
        A_AND_B, lines=(replace(LINE, first_lot=LotKind("A"), last_lot=LotKind("B")),)
    )
    ordered = (sequence.changeovers, sequence.fix_first_and_last)
    assert allows(problem, plan(lot(0), in_b(1000)), *ordered)
    assert not allows(problem, plan(in_b(0), lot(1000)), *ordered)
    assert not allows(problem, plan(lot(0)), *ordered)


def test_kept_lots_come_first():
    frozen = lot(700, groove_change=True)
    problem = mill(orders=(BIG,), freeze=Freeze(800, plan(frozen)))
    ordered = (sequence.changeovers, sequence.keep_lots)
    assert allows(problem, plan(frozen, lot(800)), *ordered)
    assert not allows(problem, plan(lot(0), frozen), *ordered)
    assert not allows(problem, plan(lot(800)), *ordered)


def test_wear():
    worn = mill(orders=(BIG,), lines=(replace(LINE, initial_wear=(("A", 3 * TONNE),)),))
    # the groove's life is 5 t
    assert allows(worn, plan(lot(0, 2)), state.wear_grooves)
    assert not allows(worn, plan(lot(0, 3)), state.wear_grooves)
    assert allows(worn, plan(lot(0, 3, groove_change=True)), state.wear_grooves)
    ordered = (sequence.changeovers, state.wear_grooves)
    assert not allows(worn, plan(lot(0, 2), lot(200)), *ordered)
    assert allows(worn, plan(lot(0, 2), lot(800, groove_change=True)), *ordered)


def test_wear_survives_another_section():
    worn = replace(A_AND_B, lines=(replace(LINE, initial_wear=(("A", 4 * TONNE),)),))
    ordered = (sequence.changeovers, state.wear_grooves)
    assert allows(worn, plan(lot(0), in_b(1000)), *ordered)
    assert not allows(worn, plan(lot(0), in_b(1000), lot(2000)), *ordered)


def test_orders_limit_wear():
    fussy = mill(orders=(replace(BIG, max_groove_wear=400_000),))
    assert allows(fussy, plan(lot(0, 2)), state.wear_grooves)
    assert not allows(fussy, plan(lot(0, 3)), state.wear_grooves)


def test_campaign_sizes():
    rules = CampaignRules(lot_min=2 * TONNE, lot_max=2 * TONNE)
    problem = mill(orders=(BIG,), campaign=rules)
    ordered = (sequence.changeovers, state.size_campaigns)
    assert allows(problem, plan(lot(0), lot(100)), *ordered)
    assert not allows(problem, plan(lot(0)), *ordered)
    assert not allows(problem, plan(lot(0, 2), lot(200)), *ordered)


def test_family_runs():
    rules = CampaignRules(section_family_max=(("round", 2 * TONNE),))
    problem = replace(A_AND_B, campaign=rules)
    ordered = (sequence.changeovers, state.limit_family_runs)
    assert allows(problem, plan(lot(0), in_b(1000)), *ordered)
    assert not allows(problem, plan(lot(0, 2), in_b(1100)), *ordered)


def test_stock():
    lines = (LINE, replace(LINE, id="M"))
    problem = mill(orders=(BIG,), lines=lines)
    two_and = Schedule((LinePlan("L", (lot(0, 2),)), LinePlan("M", (lot(0, 1),))))
    assert allows(problem, two_and, orders.draw_stock)
    three_and = Schedule((LinePlan("L", (lot(0, 3),)), LinePlan("M", (lot(0, 1),))))
    assert not allows(problem, three_and, orders.draw_stock)


def test_precedence():
    first = replace(BIG, id="p", section="B")
    problem = mill(orders=(replace(BIG, predecessors=("p",)), first))
    rules = (sequence.changeovers, orders.make_orders, orders.precede)
    assert allows(problem, plan(in_b(0), lot(1000)), *rules)
    assert not allows(problem, plan(lot(0), in_b(1000)), *rules)
    assert not allows(problem, plan(lot(0)), *rules)
    assert allows(problem, plan(in_b(0)), *rules)


def test_locked_start_and_position():
    exactly = mill(orders=(replace(BIG, lock=Lock(start_exactly=300)),))
    rules = (sequence.changeovers, orders.make_orders, orders.lock_starts)
    assert allows(exactly, plan(lot(300)), *rules)
    assert not allows(exactly, plan(lot(400)), *rules)
    assert not allows(exactly, plan(), *rules)
    second = replace(A_AND_B, orders=(replace(BIG, lock=Lock(position=2)), A_AND_B.orders[1]))
    rules = (sequence.changeovers, orders.make_orders, state.lock_positions)
    assert allows(second, plan(in_b(0), in_b(100), lot(1100)), *rules)
    assert not allows(second, plan(lot(0), in_b(1000)), *rules)


def test_orders_that_may_not_be_split():
    lines = (LINE, replace(LINE, id="M"))
    problem = mill(orders=(replace(BIG, may_split_lines=False),), lines=lines)
    both = Schedule((LinePlan("L", (lot(0),)), LinePlan("M", (lot(0),))))
    assert allows(problem, plan(lot(0), lot(100)), orders.keep_on_one_line)
    assert not allows(problem, both, orders.keep_on_one_line)


def test_power_cap():
    # 9 billets of 60 kWh fill a slot of 900 s: 2 160 kW; three of them make 720 kW
    for cap, allowed in ((720_000, True), (719_999, False)):
        problem = mill(orders=(BIG,), tariff=replace(mill().tariff, power_cap=cap))
        rules = (sequence.span_lines, power.measure_power, power.cap_power)
        assert allows(problem, plan(lot(0, 3)), *rules) is allowed
