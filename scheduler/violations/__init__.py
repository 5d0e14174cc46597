"""The closed list of violations of a mill schedule, one small check each.

``CHECKS`` is the table of contents; codes, units and magnitudes are in docs/problem.md, section 6.
"""

from collections.abc import Callable, Iterator

from scheduler.evaluation import Violation
from scheduler.violations.case import Case
from scheduler.violations.contents import (
    coil_weight,
    line_not_eligible,
    mismatch,
    over_capacity,
    piece_too_long,
    stock_exceeded,
)
from scheduler.violations.fixed import fixed_lots, frozen_changed, locks
from scheduler.violations.power import power_caps
from scheduler.violations.runs import (
    family_too_long,
    forbidden_transition,
    lot_size,
    order_wear_exceeded,
    split_lines,
    wear_exceeded,
)
from scheduler.violations.times import (
    beyond_horizon,
    missed_deadline,
    outside_calendar,
    precedence,
    released_late,
    stock_not_available,
    too_early,
)

__all__ = ["CHECKS", "Case"]

CHECKS: tuple[Callable[[Case], Iterator[Violation]], ...] = (
    mismatch,
    forbidden_transition,
    too_early,
    outside_calendar,
    beyond_horizon,
    line_not_eligible,
    over_capacity,
    piece_too_long,
    coil_weight,
    stock_exceeded,
    stock_not_available,
    released_late,
    missed_deadline,
    wear_exceeded,
    order_wear_exceeded,
    lot_size,
    family_too_long,
    split_lines,
    precedence,
    locks,
    fixed_lots,
    power_caps,
    frozen_changed,
)
