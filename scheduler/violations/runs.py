"""What adds up over lots: changes, wear of grooves, campaigns, families, lines of an order."""

from collections.abc import Iterator
from itertools import groupby

from scheduler.arrays import FAR
from scheduler.evaluation import Violation
from scheduler.timing import COUNT, CUT, MASS
from scheduler.violations.case import Case, broken
from scheduler.walk import CHARGED, FORBIDDEN, WEAR_AFTER, WEAR_BEFORE


def forbidden_transition(case: Case) -> Iterator[Violation]:
    """Changeovers that may never happen."""
    for _, i, name in case.lots:
        if number := case.timeline.outcome[i, FORBIDDEN]:
            yield broken("forbidden_transition", name, number, "count")


def wear_exceeded(case: Case) -> Iterator[Violation]:
    """Grooves worn beyond their life."""
    lots = case.timeline.plan.lots
    for _, i, name in case.lots:
        life = case.mill.sections.groove_life[lots.section[i]]
        if (over := case.timeline.outcome[i, WEAR_AFTER] - life) > 0:
            yield broken("wear_exceeded", name, over, "g")


def order_wear_exceeded(case: Case) -> Iterator[Violation]:
    """Surface-critical orders rolled on a groove worn too far."""
    most = case.mill.orders.max_wear
    for _, i, name in case.lots:
        worst: dict[int, int] = {}
        wear = int(case.timeline.outcome[i, WEAR_BEFORE])
        if wear + case.timeline.outcome[i, CHARGED] <= most[case.orders_of(i)].min(initial=FAR):
            continue
        for row in case.timeline.stretches_of(i):
            wear += int(row[COUNT] * row[MASS])
            for o, _ in case.pieces(int(row[CUT])):
                worst[o] = wear
        for o, wear in sorted(worst.items()):
            if (over := wear - most[o]) > 0:
                order = case.problem.orders[o].id
                yield broken("order_wear_exceeded", order, over, "g", name)


def lot_size(case: Case) -> Iterator[Violation]:
    """Campaign lots outside the bounds on their mass."""
    rules = case.problem.campaign
    for line, plant in enumerate(case.problem.lines):
        for number, run in enumerate(case.campaigns(line), 1):
            mass = int(case.timeline.outcome[run, CHARGED].sum())
            if rules.lot_min is not None and mass < rules.lot_min:
                where = f"{plant.id}/campaign {number}"
                yield broken("lot_too_small", where, rules.lot_min - mass, "g")
            if rules.lot_max is not None and mass > rules.lot_max:
                where = f"{plant.id}/campaign {number}"
                yield broken("lot_too_large", where, mass - rules.lot_max, "g")


def family_too_long(case: Case) -> Iterator[Violation]:
    """Section or grade families rolled in a row beyond their bound."""
    rules, lots = case.problem.campaign, case.timeline.plan.lots
    sections, grades = case.problem.sections, case.problem.grades
    section_families = [sections[s].family for s in lots.section]
    grade_families = [grades[g].family for g in lots.grade]
    kinds = (
        (dict(rules.section_family_max), section_families),
        (dict(rules.grade_family_max), grade_families),
    )
    for line, plant in enumerate(case.problem.lines):
        for limits, families in kinds:
            runs = groupby(case.timeline.positions(line), key=families.__getitem__)
            for family, run in runs:
                mass = int(case.timeline.outcome[list(run), CHARGED].sum())
                if family in limits and mass > limits[family]:
                    over = mass - limits[family]
                    yield broken("family_too_long", f"{plant.id}/{family}", over, "g")


def split_lines(case: Case) -> Iterator[Violation]:
    """Orders on several lines that may not be split."""
    if len(case.problem.lines) == 1:
        return
    for o, positions in sorted(case.lots_of_orders.items()):
        order = case.problem.orders[o]
        lines = len({case.line_of(i) for i in positions})
        if lines > 1 and not order.may_split_lines:
            yield broken("split_lines", order.id, lines - 1, "lines")
