"""A problem's rules as the decoder reads them."""

from collections.abc import Sequence

import numpy as np

from scheduler.arrays import FAR, NONE, IntArray
from scheduler.mill import Grade, Lock, LotKind, MillProblem, Section
from scheduler.mill_arrays import index_of, records
from solvers.mill.workspace import LINE_RULE, ORDER_RULE, Rules


def rules_of(problem: MillProblem) -> Rules:
    """Return the rules of a problem."""
    weights, campaign = problem.weights, problem.campaign
    locks = [order.lock or Lock() for order in problem.orders]
    lines = index_of(problem.lines)
    sections, grades = index_of(problem.sections), index_of(problem.grades)

    def column(values: list[int | None], missing: int) -> IntArray:
        return np.array([missing if v is None else v for v in values], dtype=np.int64)

    def limits(items: Sequence[Section | Grade], most: tuple[tuple[str, int], ...]) -> IntArray:
        known = dict(most)
        return column([known.get(name) for name in dict.fromkeys(x.family for x in items)], FAR)

    def kinds(lots: list[LotKind | None], part: str, index: dict[str, int]) -> IntArray:
        names = [None if lot is None else getattr(lot, part) for lot in lots]
        return column([None if name is None else index[name] for name in names], NONE)

    first, last = [x.first_lot for x in problem.lines], [x.last_lot for x in problem.lines]
    return Rules(
        transition=weights.transition_steel - weights.transition_resale,
        section_change=weights.section_change,
        grade_change=weights.grade_change,
        groove_change=weights.groove_change,
        tardiness=weights.tardiness,
        stability=weights.stability,
        lot_min=campaign.lot_min or 0,
        lot_max=FAR if campaign.lot_max is None else campaign.lot_max,
        section_family_max=limits(problem.sections, campaign.section_family_max),
        grade_family_max=limits(problem.grades, campaign.grade_family_max),
        order=records(
            ORDER_RULE,
            not_before=column([lock.start_not_before for lock in locks], -FAR),
            exactly=column([lock.start_exactly for lock in locks], -FAR),
            position=column([lock.position for lock in locks], 0),
            line_lock=column([None if x.line is None else lines[x.line] for x in locks], NONE),
            one_line=[not order.may_split_lines for order in problem.orders],
        ),
        line=records(
            LINE_RULE,
            first_section=kinds(first, "section", sections),
            first_grade=kinds(first, "grade", grades),
            last_section=kinds(last, "section", sections),
            last_grade=kinds(last, "grade", grades),
        ),
    )
