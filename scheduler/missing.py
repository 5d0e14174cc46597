"""Why an order is not made, or made short: no line, no steel, no time, or no gain."""

from dataclasses import dataclass, replace

from scheduler.arrays import FAR
from scheduler.clock import stamp
from scheduler.evaluation import Evaluation
from scheduler.kpis import signed
from scheduler.mill_evaluation import evaluate_mill
from scheduler.plan_arrays import UnusableScheduleError
from scheduler.power_room import CAPS
from scheduler.schedule import Cut, LinePlan, Lot, Schedule
from scheduler.timeline import timeline_of
from scheduler.timing import first_fit
from scheduler.violations import Case
from scheduler.walk import LOT_END, READY


@dataclass(frozen=True, slots=True)
class Trial:
    """The missing part made in a lot at the end of a line: cost it adds, rules it breaks."""

    line: str
    end: int
    added_cost: float
    broken: tuple[str, ...]


def why_missing(
    case: Case, order: int, base: Evaluation, *, attempt: bool = True
) -> tuple[str, list[str]]:
    """Return the cause in a few words, and sentences with the figures.

    ``base`` is the plan's score. With ``attempt`` the missing part is tried at the end of each
    line and scored, which takes two evaluations a line.
    """
    wanted = case.problem.orders[order]
    lines = eligible_lines(case, order)
    if not lines:
        return "no line may roll it", [
            f"No line rolls section {wanted.section} for this order; look at the lines' sections"
            " and the order's eligible lines."
        ]
    rows = fitting_rows(case, order)
    if not rows:
        return "no fitting steel", [_no_fitting(case, order)]
    left = {row: count for row in rows if (count := int(case.billets_left[row])) > 0}
    if not left:
        used = ", ".join(case.problem.stock[row].id for row in rows[:5])
        return "steel used up", [f"All billets that fit are used by other orders ({used})."]
    if not attempt:
        return "", [_steel_left(case, left)]
    trials = [trial for line in lines if (trial := append(case, order, line, left, base))]
    return _judged(case, trials, _steel_left(case, left))


def _judged(case: Case, trials: list[Trial], steel: str) -> tuple[str, list[str]]:
    possible = [trial for trial in trials if not trial.broken]
    currency, origin = case.problem.currency, case.problem.origin
    sentences = [steel]
    for trial in trials:
        where = f"At the end of {trial.line} it would end {stamp(origin, trial.end)}"
        money = f"{signed(trial.added_cost, currency)} {currency}"
        if trial.broken:
            sentences.append(f"{where} and break: {', '.join(trial.broken)}.")
        else:
            sentences.append(f"{where} and change the plan's cost by {money}.")
    if not possible:
        capped = any(CAPS.issuperset(trial.broken) for trial in trials)
        return "no room below the power cap" if capped else "no time left", sentences
    best = min(possible, key=lambda trial: trial.added_cost)
    return ("not worth its cost" if best.added_cost >= 0 else "place left unused"), sentences


def eligible_lines(case: Case, order: int) -> list[int]:
    """Return the lines that may roll the order."""
    mill, section = case.mill, case.mill.orders.section[order]
    lines = range(len(case.problem.lines))
    return [n for n in lines if mill.can_roll[n, section] and mill.line_ok[order, n]]


def pieces_per_billet(case: Case, order: int, row: int) -> int:
    """Return how many of the order's pieces one billet of a stock row makes (1 or 0 coils)."""
    orders, stock = case.mill.orders, case.mill.stock
    if stock.grade[row] != orders.grade[order]:
        return 0
    usable = int(case.mill.usable[row, orders.section[order]])
    if orders.piece[order]:
        return max(0, usable // int(orders.piece[order]))
    return int(orders.coil_min[order] <= usable <= orders.coil_max[order])


def fitting_rows(case: Case, order: int) -> list[int]:
    """Return the stock rows of which one billet makes at least one piece."""
    rows = range(len(case.problem.stock))
    return [row for row in rows if pieces_per_billet(case, order, row)]


def _no_fitting(case: Case, order: int) -> str:
    orders, stock = case.mill.orders, case.mill.stock
    usable = case.mill.usable[stock.grade == orders.grade[order], orders.section[order]]
    grade = case.problem.orders[order].grade
    if not len(usable):
        return f"There is no stock of grade {grade}."
    largest = f"the largest billet of {grade} yields {int(usable.max()) / 1000:,.0f} kg"
    if orders.piece[order]:
        return f"One piece weighs {int(orders.piece[order]) / 1000:,.0f} kg, {largest}."
    low, high = int(orders.coil_min[order]) / 1000, int(orders.coil_max[order]) / 1000
    return f"Coils must weigh {low:,.0f} to {high:,.0f} kg; {largest}."


def _steel_left(case: Case, left: dict[int, int]) -> str:
    names = [
        f"{case.problem.stock[row].id} ({'no limit' if count == FAR else f'{count} billets'})"
        for row, count in list(left.items())[:4]
    ]
    return f"Steel that fits is left: {', '.join(names)}."


def append(
    case: Case, order: int, line: int, left: dict[int, int], base: Evaluation
) -> Trial | None:
    """Score the plan with the missing part made at the end of ``line``."""
    row = max(left, key=lambda k: (pieces_per_billet(case, order, k), left[k]))
    lot = missing_lot(case, order, row, left[row])
    try:
        schedule, position = _with_lot(case, line, lot)
        ready = int(timeline_of(case.problem, schedule).outcome[position, READY])
        start = _possible_start(case, order, line, row, ready)
        schedule, position = _with_lot(case, line, replace(lot, start=start))
        score = evaluate_mill(case.problem, schedule)
    except UnusableScheduleError:
        return None
    known = {(v.code, v.where) for v in base.violations}
    broken = [v.code for v in score.violations if (v.code, v.where) not in known]
    end = int(timeline_of(case.problem, schedule).outcome[position, LOT_END])
    name = case.problem.lines[line].id
    return Trial(name, end, score.cost - base.cost, tuple(dict.fromkeys(broken)))


def missing_lot(case: Case, order: int, row: int, left: int) -> Lot:
    """Return a lot of the billets that make what is missing, as far as the row lasts."""
    orders, wanted = case.mill.orders, case.problem.orders[order]
    name, stock = wanted.id, case.problem.stock[row].id
    missing = max(1, int(orders.target[order] - case.timeline.made[order]))
    if not orders.piece[order]:
        coil = int(case.mill.usable[row, orders.section[order]])
        count = min(left, max(1, missing // coil))
        return Lot(0, wanted.section, wanted.grade, (Cut(stock, count, ((name, 1),)),))
    pieces = pieces_per_billet(case, order, row)
    full, rest = divmod(min(missing, pieces * left), pieces)
    cuts = [Cut(stock, full, ((name, pieces),))] if full else []
    cuts += [Cut(stock, 1, ((name, rest),))] if rest else []
    return Lot(0, wanted.section, wanted.grade, tuple(cuts))


def _with_lot(case: Case, line: int, lot: Lot) -> tuple[Schedule, int]:
    """Return the schedule with ``lot`` last on a line, and the lot's position."""
    plans = {plan.line: plan.lots for plan in case.schedule.lines}
    name = case.problem.lines[line].id
    plans[name] = (*plans.get(name, ()), lot)
    schedule = Schedule(tuple(LinePlan(key, lots) for key, lots in plans.items()))
    return schedule, case.timeline.positions(line).stop


def _possible_start(case: Case, order: int, line: int, row: int, ready: int) -> int:
    """Return when the lot can begin: in the horizon, line, release and steel ready, no closure."""
    mill = case.mill
    steel = int(mill.stock.available[row]) + int(mill.lines.residence[line])
    t = max(0, ready, int(mill.orders.release[order]), steel)
    section, grade = mill.orders.section[order], mill.orders.grade[order]
    first = 3600 * int(mill.stock.mass[row]) // int(mill.rate[line, section, grade])
    return int(first_fit(mill.idle, line, t, first))
