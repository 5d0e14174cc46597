"""Explain a plan: for every order why it is late, short or not made; what each change costs."""

from dataclasses import dataclass
from typing import Literal

from scheduler.arrays import FAR
from scheduler.attribution import (
    change_cost,
    shortage_cost,
    tardiness_cost,
    transition_cost,
)
from scheduler.clock import stamp
from scheduler.evaluation import Evaluation
from scheduler.gantt import GanttRows
from scheduler.gantt_rows import change_label
from scheduler.lateness import first_due_dates, why_late
from scheduler.mill import MONEY, Coil, Order
from scheduler.missing import why_missing
from scheduler.violations import Case
from scheduler.walk import (
    CHANGE_FROM,
    CHANGE_TO,
    GRADE_CHANGES,
    GROOVE_CHANGES,
    GROOVE_FROM,
    GROOVE_TO,
    SECTION_CHANGES,
    TRANSITION,
)

Status = Literal["in time", "late", "short", "not made"]
TRIALS = 12
"""Short orders, the costliest first, that are tried at the end of the lines (it takes time)."""


@dataclass(frozen=True, slots=True)
class OrderStory:
    """What becomes of one order, and why.

    made, target, lower: pieces, or g of coils (``unit`` says which). missing: g below the lower
    bound. lots: (line, number). cost: money (1/10 000) of its tardiness and shortage.
    """

    order: str
    section: str
    grade: str
    status: Status
    cause: str
    reasons: tuple[str, ...]
    due: int
    first: int | None
    last: int | None
    late: int
    made: int
    target: int
    lower: int
    unit: Literal["pieces", "g"]
    mass: int
    missing: int
    lots: tuple[tuple[str, int], ...]
    cost: int


@dataclass(frozen=True, slots=True)
class ChangeStory:
    """What one change costs: minutes of the line, g of scrap, money of scrap and of the change."""

    line: str
    lot: int
    label: str
    start: int
    end: int
    section: bool
    grade: bool
    groove: bool
    scrap: int
    scrap_cost: int
    change_cost: int


def order_stories(case: Case, gantt: GanttRows, evaluation: Evaluation) -> tuple[OrderStory, ...]:
    """Return every order's story, in the problem's order; ``evaluation`` is the plan's."""
    lots_of = case.lots_of_orders
    money = (tardiness_cost(case.bill) + shortage_cost(case.bill)).tolist()
    first_due = first_due_dates(case, (lot for line in gantt.lines for lot in line.lots))
    short = [index for index in range(len(money)) if is_short(case, index)]
    tried = sorted(short, key=lambda index: -money[index])[:TRIALS]
    stories = []
    for index in range(len(case.problem.orders)):
        positions = lots_of.get(index, [])
        status = order_status(case, index)
        cause, reasons = "", [plain(case, index, positions)]
        if status == "late":
            last = case.last_lots[index]
            line = gantt.lines[case.line_of(last)]
            cause, reasons = why_late(case, line, index, last, first_due)
        if index in short:
            why, more = why_missing(case, index, evaluation, attempt=index in tried)
            cause, reasons = cause or why, [*reasons, *more]
        if money[index]:
            reasons.append(f"This costs {money[index] / MONEY:,.0f} {case.problem.currency}.")
        stories.append(_story(case, index, positions, status, cause, reasons, money[index]))
    return tuple(stories)


def order_status(case: Case, order: int) -> Status:
    """Return what a planner wants to see first of an order."""
    if case.timeline.made[order] == 0:
        return "not made"
    if case.timeline.last[order] > case.mill.orders.due_date[order]:
        return "late"
    return "short" if is_short(case, order) else "in time"


def is_short(case: Case, order: int) -> bool:
    """Whether less than the lower bound is made."""
    return bool(case.timeline.made[order] < case.mill.orders.lower[order])


def plain(case: Case, order: int, positions: list[int]) -> str:
    """Say what is made of an order, and when."""
    wanted, origin = case.problem.orders[order], case.problem.origin
    made = int(case.timeline.made[order])
    if not positions:
        return f"Nothing of the {counted(wanted, wanted.target)} is made."
    span = f"{stamp(origin, int(case.timeline.first[order]))} to"
    span += f" {stamp(origin, int(case.timeline.last[order]))}"
    asked = f"{counted(wanted, wanted.lower)} to {counted(wanted, wanted.upper)} wanted"
    return f"{counted(wanted, made)} are made from {span}; {asked}."


def counted(order: Order, number: int) -> str:
    """Return a quantity of an order with its unit."""
    return f"{number / 1e6:,.1f} t" if isinstance(order.piece, Coil) else f"{number:,} pieces"


def _story(
    case: Case,
    index: int,
    positions: list[int],
    status: Status,
    cause: str,
    reasons: list[str],
    money: int,
) -> OrderStory:
    order, arrays = case.problem.orders[index], case.mill.orders
    last = int(case.timeline.last[index])
    made, unit = int(case.timeline.made[index]), int(arrays.unit[index])
    return OrderStory(
        order=order.id,
        section=order.section,
        grade=order.grade,
        status=status,
        cause=cause,
        reasons=tuple(reasons),
        due=order.due_date,
        first=int(case.timeline.first[index]) if last > -FAR else None,
        last=last if last > -FAR else None,
        late=max(0, last - order.due_date) if last > -FAR else 0,
        made=made,
        target=order.target,
        lower=order.lower,
        unit="g" if isinstance(order.piece, Coil) else "pieces",
        mass=made * unit,
        missing=max(0, order.lower - made) * unit,
        lots=tuple(_lot_name(case, position) for position in positions),
        cost=money,
    )


def _lot_name(case: Case, position: int) -> tuple[str, int]:
    line = case.line_of(position)
    return case.problem.lines[line].id, position - case.timeline.positions(line).start + 1


def change_stories(case: Case) -> tuple[ChangeStory, ...]:
    """Return every change of section, grade or groove with what it costs."""
    scrap_costs, change_costs = transition_cost(case.bill), change_cost(case.bill)
    stories = []
    for line, position, _ in case.lots:
        row = case.timeline.outcome[position].tolist()
        if not (row[SECTION_CHANGES] or row[GRADE_CHANGES] or row[GROOVE_CHANGES]):
            continue
        name, number = _lot_name(case, position)
        starts, ends = [row[CHANGE_FROM]], [row[CHANGE_TO]]
        if row[GROOVE_CHANGES]:
            starts, ends = [*starts, row[GROOVE_FROM]], [*ends, row[GROOVE_TO]]
        stories.append(
            ChangeStory(
                line=name,
                lot=number,
                label=change_label(case, line, position),
                start=min(starts),
                end=max(ends),
                section=bool(row[SECTION_CHANGES]),
                grade=bool(row[GRADE_CHANGES]),
                groove=bool(row[GROOVE_CHANGES]),
                scrap=row[TRANSITION],
                scrap_cost=int(scrap_costs[position]),
                change_cost=int(change_costs[position]),
            )
        )
    return tuple(stories)
