"""What each content costs at each start: tables filled by the evaluator's own kernels.

An *option* is one content of a candidate at one start. All options of a candidate are walked at
once, as if they were lots in a row, so that times, energy and prices come from ``scheduler`` and no
formula is restated. Options that no feasible plan could have are dropped here.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from scheduler.arrays import FAR, MILLION, BoolArray, IntArray, LotArrays, MillArrays, PlanArrays
from scheduler.bill import bill_of
from scheduler.mill import MillProblem, Weights
from scheduler.mill_arrays import arrays_of, frozen, ints, pointers
from scheduler.mill_evaluation import evaluate_mill
from scheduler.plan_arrays import lot_arrays
from scheduler.schedule import LinePlan, Lot, Schedule
from scheduler.terms import TERMS
from scheduler.timeline import Timeline, entries, walk
from scheduler.timing import CUT, FIRST, LAST
from scheduler.walk import CARBON, CHARGED, GAS, LOT_END, PRICE, ROLLING
from solvers.or_tools.mill.candidates import Candidate

CONTENT_CODES = {
    "mismatch",
    "line_not_eligible",
    "over_capacity",
    "piece_too_long",
    "coil_weight",
}
"""Violations that depend on a lot's contents and line alone."""


@dataclass(frozen=True, eq=False)
class Options:
    """The options of one candidate, k of them; every array is (k,).

    content: index into the candidate's contents. start, end, rolling: s. charged: g.
    wear_limit: g that the groove may be worn to after the lot. energy_money: reheating gas and
    rolling electricity; grams: their CO2. stock_money: the steel's. crop, cut: g of scrap. first,
    last: s by order, for the orders in any content (FAR and -FAR where a content carries none of
    it); made: pieces, or g of coils, by order. billets: by stock row.
    """

    content: IntArray
    start: IntArray
    end: IntArray
    rolling: IntArray
    charged: IntArray
    wear_limit: IntArray
    energy_money: IntArray
    grams: IntArray
    stock_money: IntArray
    crop: IntArray
    cut: IntArray
    first: dict[int, IntArray]
    last: dict[int, IntArray]
    made: dict[int, IntArray]
    billets: dict[int, IntArray]

    def __len__(self) -> int:
        """Return the number of options."""
        return len(self.start)

    def keep(self, wanted: BoolArray) -> "Options":
        """Return the options where ``wanted`` (k,) is true."""

        def kept(value: Any) -> Any:
            if isinstance(value, dict):
                return {key: column[wanted] for key, column in value.items()}
            return value[wanted]

        return Options(*(kept(getattr(self, field.name)) for field in fields(self)))


def options_of(problem: MillProblem, candidate: Candidate, starts: IntArray) -> Options:
    """Return the candidate's options at ``starts`` that break no rule by themselves."""
    mill = arrays_of(problem)
    every = [_lot(problem, candidate, c) for c in range(len(candidate.contents))]
    lots = lot_arrays(problem, every)
    sound = [c for c, lot in enumerate(every) if is_sound(problem, candidate.line, lot)]
    content = np.repeat(np.array(sound, dtype=np.int64), len(starts))
    timeline = walked(mill, candidate.line, lots, content, np.tile(starts, len(sound)))
    options = _tables(problem.weights, mill, lots, content, timeline)
    return options.keep(_allowed(problem, mill, candidate, lots, timeline, options))


def _lot(problem: MillProblem, candidate: Candidate, content: int) -> Lot:
    section, grade = problem.sections[candidate.section], problem.grades[candidate.grade]
    return Lot(0, section.id, grade.id, candidate.contents[content])


def is_sound(problem: MillProblem, line: int, lot: Lot) -> bool:
    """Whether the lot's contents break no rule, whenever it is rolled on this line."""
    alone = Schedule((LinePlan(problem.lines[line].id, (lot,)),))
    return not any(v.code in CONTENT_CODES for v in evaluate_mill(problem, alone).violations)


def walked(
    mill: MillArrays, line: int, lots: LotArrays, content: IntArray, start: IntArray
) -> Timeline:
    """Walk one lot for each (content, start), whatever the lots before it."""
    positions = len(content)
    unset = np.full(positions, -FAR, dtype=np.int64)
    line_ptr = np.zeros(len(mill.lines) + 1, dtype=np.int64)
    line_ptr[line + 1 :] = positions
    groove_change = np.zeros(positions, dtype=np.bool_)
    plan = PlanArrays(line_ptr, start, groove_change, unset, unset, picked(lots, content))
    return walk(mill, frozen(plan))


def picked(lots: LotArrays, which: IntArray) -> LotArrays:
    """Return the lots ``which``, in that order and as often as they are named."""
    cuts = spans(lots.cut_ptr, which)
    pieces = spans(lots.piece_ptr, cuts)
    return LotArrays(
        section=lots.section[which],
        grade=lots.grade[which],
        cut_ptr=pointers(np.diff(lots.cut_ptr)[which]),
        stock=lots.stock[cuts],
        billets=lots.billets[cuts],
        piece_ptr=pointers(np.diff(lots.piece_ptr)[cuts]),
        order=lots.order[pieces],
        pieces=lots.pieces[pieces],
    )


def spans(ptr: IntArray, which: IntArray) -> IntArray:
    """Return the concatenated ranges ``ptr[i]:ptr[i + 1]`` for i in ``which``."""
    length = np.diff(ptr)[which]
    offset = np.cumsum(length) - length
    return np.repeat(ptr[which] - offset, length) + np.arange(length.sum(), dtype=np.int64)


def _tables(
    weights: Weights, mill: MillArrays, lots: LotArrays, content: IntArray, timeline: Timeline
) -> Options:
    outcome, tariff = timeline.outcome, mill.tariff
    gas = outcome[:, GAS]
    grams = gas * tariff.gas_emissions // MILLION
    if tariff.watch_carbon:
        grams = grams + outcome[:, CARBON] // MILLION
    first, last = order_times(lots, content, timeline)
    made, billets = made_by(mill, lots), billets_by(lots)
    bills = [bill_of(mill, weights, one_lot(mill, lots, i)) for i in range(len(lots.section))]
    return Options(
        content=content,
        start=timeline.plan.start,
        end=outcome[:, LOT_END],
        rolling=outcome[:, ROLLING],
        charged=outcome[:, CHARGED],
        wear_limit=wear_limits(mill, lots)[content],
        energy_money=gas * tariff.gas // MILLION + outcome[:, PRICE] // MILLION,
        grams=grams,
        stock_money=ints(TERMS["stock"](bill).money for bill in bills)[content],
        crop=ints(TERMS["crop"](bill).amount for bill in bills)[content],
        cut=ints(TERMS["cut"](bill).amount for bill in bills)[content],
        first=first,
        last=last,
        made={o: amount[content] for o, amount in made.items()},
        billets={row: number[content] for row, number in billets.items()},
    )


def one_lot(mill: MillArrays, lots: LotArrays, lot: int) -> Timeline:
    """Walk one lot by itself (its masses do not depend on line or start)."""
    return walked(mill, 0, lots, ints([lot]), ints([0]))


def made_by(mill: MillArrays, lots: LotArrays) -> dict[int, IntArray]:
    """Return what each lot makes of each order: pieces, or g of coils; (lots,) by order."""
    made = {int(o): np.zeros(len(lots.section), dtype=np.int64) for o in np.unique(lots.order)}
    for lot, section in enumerate(lots.section.tolist()):
        for cut in range(lots.cut_ptr[lot], lots.cut_ptr[lot + 1]):
            usable = int(mill.usable[lots.stock[cut], section])
            for p in range(lots.piece_ptr[cut], lots.piece_ptr[cut + 1]):
                o = int(lots.order[p])
                each = usable if mill.orders[o].piece == 0 else 1
                made[o][lot] += int(lots.billets[cut]) * int(lots.pieces[p]) * each
    return made


def billets_by(lots: LotArrays) -> dict[int, IntArray]:
    """Return the billets that each lot takes of each stock row; (lots,) by row."""
    number = {int(k): np.zeros(len(lots.section), dtype=np.int64) for k in np.unique(lots.stock)}
    for lot in range(len(lots.section)):
        for cut in range(lots.cut_ptr[lot], lots.cut_ptr[lot + 1]):
            number[int(lots.stock[cut])][lot] += int(lots.billets[cut])
    return number


def wear_limits(mill: MillArrays, lots: LotArrays) -> IntArray:
    """Return the wear (g) that each lot may end with.

    The groove's life; and where an order's last billet lies ``rest`` g before the lot's end, that
    order's limit plus ``rest``.
    """
    limits = []
    for lot, section in enumerate(lots.section.tolist()):
        limit, rest = int(mill.sections[section].groove_life), 0
        seen: set[int] = set()
        for cut in reversed(range(lots.cut_ptr[lot], lots.cut_ptr[lot + 1])):
            for o in lots.order[lots.piece_ptr[cut] : lots.piece_ptr[cut + 1]].tolist():
                if o not in seen:
                    limit = min(limit, int(mill.orders[o].max_wear) + rest)
                    seen.add(o)
            rest += int(lots.billets[cut]) * int(mill.stock[lots.stock[cut]].mass)
        limits.append(limit)
    return ints(limits)


def order_times(
    lots: LotArrays, content: IntArray, timeline: Timeline
) -> tuple[dict[int, IntArray], dict[int, IntArray]]:
    """Return first start and last end (s) of each order at each position, (positions,) each."""
    stretches = timeline.stretches[: timeline.stretch_ptr[-1]]
    at = timeline.plan.lots
    position = np.repeat(np.arange(len(content)), np.diff(timeline.stretch_ptr))
    lengths = np.diff(at.piece_ptr)[stretches[:, CUT]]
    row = np.repeat(np.arange(len(stretches)), lengths)
    order = at.order[spans(at.piece_ptr, stretches[:, CUT])]
    first, last = {}, {}
    for o in np.unique(lots.order).tolist():
        rows = row[order == o]
        first[o] = np.full(len(content), FAR, dtype=np.int64)
        last[o] = np.full(len(content), -FAR, dtype=np.int64)
        np.minimum.at(first[o], position[rows], stretches[rows, FIRST])
        np.maximum.at(last[o], position[rows], stretches[rows, LAST])
    return first, last


def _allowed(
    problem: MillProblem,
    mill: MillArrays,
    candidate: Candidate,
    lots: LotArrays,
    timeline: Timeline,
    options: Options,
) -> BoolArray:
    """Return which options break no rule that a lot can break by itself."""
    ready = int(mill.lines[candidate.line].ready)
    allowed = (options.start >= max(0, ready)) & (options.end <= problem.horizon)
    allowed &= _first_overlap(mill, candidate.line, lots, options) == 0
    allowed &= _lateness_of_stock(mill, timeline) <= 0
    for o, first in options.first.items():
        order, lock = mill.orders[o], problem.orders[o].lock
        carried = options.made[o] > 0
        allowed &= ~carried | ((first >= order.release) & (options.last[o] <= order.deadline))
        if lock is not None:
            earliest = max(lock.start_not_before or 0, lock.start_exactly or 0)
            on_line = lock.line in (None, problem.lines[candidate.line].id)
            allowed &= ~carried | ((first >= earliest) & on_line)
    return np.asarray(allowed, dtype=np.bool_)


def _first_overlap(mill: MillArrays, line: int, lots: LotArrays, options: Options) -> IntArray:
    """Return the s that each option's first billet overlaps closures."""
    first_cut = lots.cut_ptr[:-1]
    rate = mill.rate[line, lots.section, lots.grade]
    length = (3600 * mill.stock.mass[lots.stock[first_cut]] // rate)[options.content]
    overlap = np.zeros(len(options), dtype=np.int64)
    for w in range(mill.idle.ptr[line], mill.idle.ptr[line + 1]):
        inside = np.minimum(options.start + length, mill.idle.end[w])
        overlap += np.maximum(0, inside - np.maximum(options.start, mill.idle.start[w]))
    return overlap


def _lateness_of_stock(mill: MillArrays, timeline: Timeline) -> IntArray:
    """Return the most s by which a billet of each position enters before its stock is there."""
    entry = entries(mill, timeline)
    cut = timeline.stretches[: len(entry), CUT]
    late = mill.stock.available[timeline.plan.lots.stock[cut]] - entry
    worst = np.full(len(timeline.plan.start), -FAR, dtype=np.int64)
    position = np.repeat(np.arange(len(worst)), np.diff(timeline.stretch_ptr))
    np.maximum.at(worst, position, late)
    return worst
