"""What a schedule does, second by second: every change, lot, stretch of billets and order.

The timeline is the evaluator's working: the cost terms and violations are read off it, and so are
the Gantt chart, the report and the explanations.
"""

from dataclasses import dataclass

import numpy as np

from scheduler.arrays import IntArray, MillArrays, PlanArrays
from scheduler.costs import add_power, billet_energy, stretch_power
from scheduler.kernel import kernel_in_place
from scheduler.mill import MillProblem
from scheduler.mill_arrays import arrays_of
from scheduler.plan_arrays import plan_arrays
from scheduler.plan_magnitudes import check_plan
from scheduler.schedule import Schedule
from scheduler.timing import FIRST, MASS, STRETCH_COLUMNS
from scheduler.walk import LOT_END, LOT_START, OUTCOME_COLUMNS, STATE_SIZE, walk_plan


@dataclass(frozen=True, eq=False)
class Timeline:
    """A walked schedule; positions run over all lots, line by line.

    Attributes
    ----------
    plan : the schedule as arrays.
    outcome : (positions, OUTCOME_COLUMNS); columns are named in ``scheduler.walk``.
    stretches : (rows, STRETCH_COLUMNS); columns are named in ``scheduler.timing``; position i
        owns rows ``stretch_ptr[i]:stretch_ptr[i + 1]``.
    first, last : (O,) s of each order's first billet start and last billet end (FAR, -FAR when
        it is not made); made : (O,) pieces, or g of coils.
    """

    plan: PlanArrays
    outcome: IntArray
    stretch_ptr: IntArray
    stretches: IntArray
    first: IntArray
    last: IntArray
    made: IntArray

    def positions(self, line: int) -> range:
        """Return the positions of a line's lots."""
        return range(int(self.plan.line_ptr[line]), int(self.plan.line_ptr[line + 1]))

    def stretches_of(self, position: int) -> IntArray:
        """Return the stretch rows of the lot at ``position``."""
        return self.stretches[self.stretch_ptr[position] : self.stretch_ptr[position + 1]]

    def span(self, line: int) -> tuple[int, int]:
        """Return a line's first start and last end (s), both 0 when it rolls nothing."""
        positions = self.positions(line)
        if not positions:
            return 0, 0
        return int(self.outcome[positions[0], LOT_START]), int(self.outcome[positions[-1], LOT_END])


def entries(mill: MillArrays, timeline: Timeline) -> IntArray:
    """Return when the first billet of each stretch row enters the furnace, (rows,) s."""
    residence = np.repeat(mill.lines.residence, np.diff(timeline.plan.line_ptr))
    rows = timeline.stretches[: timeline.stretch_ptr[-1]]
    entered: IntArray = rows[:, FIRST] - np.repeat(residence, np.diff(timeline.stretch_ptr))
    return entered


def walk(mill: MillArrays, plan: PlanArrays) -> Timeline:
    """Walk a schedule given as arrays."""
    positions, orders = len(plan.start), len(mill.orders.due_date)
    windows = len(mill.idle.start)
    rows = len(plan.lots.stock) + positions * (windows + 1)
    timeline = Timeline(
        plan=plan,
        outcome=np.zeros((positions, OUTCOME_COLUMNS), dtype=np.int64),
        stretch_ptr=np.zeros(positions + 1, dtype=np.int64),
        stretches=np.zeros((rows, STRETCH_COLUMNS), dtype=np.int64),
        first=np.zeros(orders, dtype=np.int64),
        last=np.zeros(orders, dtype=np.int64),
        made=np.zeros(orders, dtype=np.int64),
    )
    state = np.zeros(STATE_SIZE, dtype=np.int64)
    wear = np.zeros(len(mill.sections), dtype=np.int64)
    t = timeline
    walk_plan(
        mill, plan, state, wear, t.outcome, t.stretch_ptr, t.stretches, t.first, t.last, t.made
    )
    return timeline


def timeline_of(problem: MillProblem, schedule: Schedule) -> Timeline:
    """Walk ``schedule``; raise UnusableScheduleError where it names the unknown or is too large."""
    mill, plan = arrays_of(problem), plan_arrays(problem, schedule)
    check_plan(problem, mill, plan)
    return walk(mill, plan)


@kernel_in_place
def line_power(
    mill: MillArrays,
    plan: PlanArrays,
    line: int,
    outcome: IntArray,
    stretch_ptr: IntArray,
    stretches: IntArray,
    power: IntArray,
) -> None:
    """Add the energy (J) of a line to row ``line`` of ``power`` (L, 15-minute slots)."""
    low, high = plan.line_ptr[line], plan.line_ptr[line + 1]
    if low == high:
        return
    load = mill.lines[line].base_load
    add_power(mill, line, outcome[low, LOT_START], outcome[high - 1, LOT_END], load, 1, power)
    for i in range(low, high):
        section = plan.lots.section[i]
        rate = mill.rate[line, section, plan.lots.grade[i]]
        for r in range(stretch_ptr[i], stretch_ptr[i + 1]):
            energy = billet_energy(mill, section, stretches[r, MASS])
            stretch_power(mill, line, stretches, r, rate, energy, power)


def slot_energy(mill: MillArrays, timeline: Timeline) -> IntArray:
    """Return each line's electricity in J by 15-minute slot, shape (L, slots)."""
    lines = len(mill.lines.ready)
    joule = np.zeros((lines, mill.tariff.power_slots), dtype=np.int64)
    t = timeline
    for line in range(lines):
        line_power(mill, t.plan, line, t.outcome, t.stretch_ptr, t.stretches, joule)
    return joule
