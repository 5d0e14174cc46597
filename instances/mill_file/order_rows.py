"""Orders of a file to orders of the problem and back: quantities, tolerances and default prices.

A file says what was ordered (kg or pieces, tolerances in percent); the problem holds whole pieces
or g with bounds already rounded inwards (``docs/problem.md`` section 2).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from instances.fields.rows import filler, parameters
from instances.fields.units import PERCENT
from instances.mill_file.book_table import OrderRow
from scheduler.arrays import IntArray
from scheduler.mill import Coil, FixedLength, Grade, Line, Order, Section, Stock, Tariff
from scheduler.mill_quantities import cut_mass, rate_on, round_ratios

SMALL_ORDER = 40_000_000
"""g below which the wider default tolerance holds (Stahlwerk Thüringen's delivery terms)."""
SMALL_TOLERANCE, TOLERANCE = 100_000, 60_000
SHARE = 1_000_000
SHORTAGE_FACTOR = 4

Values = Sequence[Any]
Columns = Mapping[str, Values]
"""The values of every row, by their name in ``OrderRow``."""

_orders = filler(Order)


@dataclass(frozen=True, slots=True)
class Book:
    """What the orders of a file are completed from; ``line`` is the file's first."""

    sections: Mapping[str, Section]
    grades: Mapping[str, Grade]
    stock: tuple[Stock, ...]
    line: Line
    tariff: Tariff
    ambient_temperature: int
    horizon: int
    margins: dict[tuple[str, str], int] = field(default_factory=dict)
    rows: dict[str, list[Stock]] = field(default_factory=dict)

    def stock_of(self, grade: str) -> list[Stock]:
        """Return the stock rows of a grade."""
        if not self.rows:
            for row in self.stock:
                self.rows.setdefault(row.grade, []).append(row)
        return self.rows.get(grade, [])

    def made(self, section: str, grade: str) -> tuple[Section, Grade] | None:
        """Return section and grade of these names, or None where one is unknown."""
        if section not in self.sections or grade not in self.grades:
            return None
        return self.sections[section], self.grades[grade]

    def margin(self, section: str, grade: str) -> int:
        """Return the default margin, reckoned once for a section and a grade."""
        if (found := self.margins.get((section, grade))) is None:
            found = default_margin(self.sections[section], self.grades[grade], self)
            self.margins[section, grade] = found
        return found


def columns_of(rows: Sequence[OrderRow]) -> Columns:
    """Return the values of a file's rows by their name."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(OrderRow._fields)
    return dict(zip(OrderRow._fields, columns, strict=True))


def read_orders(columns: Columns, book: Book) -> tuple[Order, ...]:
    """Return the orders of a file's rows.

    Where a row's section or grade is unknown its bounds and prices stand at 0 and 1, and where no
    count meets its tolerances ``lower > upper``; ``validate`` refuses both.
    """
    names = list(zip(columns["section"], columns["grade"], strict=True))
    if not names:
        return ()
    made = {name: book.made(*name) for name in set(names)}
    pieces = {length: FixedLength(length) for length in set(columns["length"])}
    margins = [
        margin if margin is not None else book.margin(*name) if made[name] else 0
        for margin, name in zip(columns["margin"], names, strict=True)
    ]
    coils, lengths = columns["coil"], columns["length"]
    units = [
        0 if of is None else cut_mass(length, *of) if coil is None else 1
        for of, coil, length in zip(map(made.get, names), coils, lengths, strict=True)
    ]
    shortages = zip(columns["shortage"], margins, strict=True)
    target, lower, upper = quantities(columns, units)
    reckoned: Columns = {
        "piece": [coil or pieces[length] for coil, length in zip(coils, lengths, strict=True)],
        "target": target,
        "lower": lower,
        "upper": upper,
        "due_date": [book.horizon if due is None else due for due in columns["due_date"]],
        "margin": margins,
        "shortage": [SHORTAGE_FACTOR * m if own is None else own for own, m in shortages],
    }
    columns = {**columns, **reckoned}
    return tuple(_orders([columns[name] for name in parameters(Order)]))


def quantities(columns: Columns, units: Sequence[int]) -> list[list[int]]:
    """Return target, lower and upper bound in pieces of ``units`` g, the bounds rounded inwards.

    All three are 1 where the unit is 0, of a piece that cannot be told. The tables' ranges keep
    every product below 2**60.
    """
    unit = np.maximum(np.array(units, dtype=np.int64), 1)
    pieces, masses = columns["quantity_pieces"], columns["quantity"]
    # Both quantities as a ratio, so that one formula rounds pieces and kg.
    each: IntArray = _where_given(masses, unit, np.ones_like(unit))
    amount = _filled(masses, _filled(pieces, unit))
    wide = unit
    if None in columns["under"] or None in columns["over"]:
        mass = _where_given(masses, amount, amount * unit)
        wide = np.where(mass < SMALL_ORDER, SMALL_TOLERANCE, TOLERANCE)
    under, over = _filled(columns["under"], wide), _filled(columns["over"], wide)
    target = round_ratios(amount, each)
    each = each * SHARE
    lower = -(-amount * (SHARE - under) // each)
    upper = amount * (SHARE + over) // each
    lower = _filled(columns["minimum"], lower, lambda mass: -(-mass // unit))
    upper = _filled(columns["maximum"], upper, lambda mass: mass // unit)
    lower = _filled(columns["minimum_pieces"], lower)
    upper = _filled(columns["maximum_pieces"], upper)
    target = np.where(lower <= upper, np.clip(target, lower, upper), target)
    if 0 in units:
        known = np.array(units) > 0
        return [np.where(known, values, 1).tolist() for values in (target, lower, upper)]
    return [values.tolist() for values in (target, lower, upper)]


def _filled(
    values: Values, others: IntArray, turn: Callable[[IntArray], IntArray] = lambda whole: whole
) -> IntArray:
    """Return what ``turn`` makes of the values that are given, and the others for the rest."""
    missing = values.count(None)
    if missing == len(values):
        return others
    whole = [value or 0 for value in values] if missing else values
    return _where_given(values, turn(np.array(whole, dtype=np.int64)), others)


def _where_given(values: Values, these: IntArray, others: IntArray) -> IntArray:
    """Return these where there is a value, and the others for the rest."""
    missing = values.count(None)
    if missing == len(values):
        return others
    if not missing:
        return these
    return np.where([value is not None for value in values], these, others)


def default_margin(section: Section, grade: Grade, book: Book) -> int:
    """Return money units that a tonne of product costs to make; 0 without stock.

    Per charged tonne: steel, gas from the ambient temperature at the first line's furnace and its
    CO2, rolling electricity at the mean price, and that line's time; divided by the share of the
    billet that scale and crop leave. The cheapest stock row of the grade counts.
    """
    tariff, furnace = book.tariff, book.line.furnace
    rise = max(0, grade.discharge_temperature - book.ambient_temperature)
    gas = 1_000_000 * furnace.specific_heat * rise // (furnace.efficiency * 36)
    gas_co2 = gas * tariff.gas_emissions // 1_000_000
    prices = tariff.electricity.values
    making = (
        gas * tariff.gas // 1_000_000
        + gas_co2 * tariff.co2 // 1_000_000
        + section.rolling_energy * (sum(prices) // len(prices)) // 1_000_000
        + book.line.hour_worth * 1_000_000 // rate_on(book.line, section, grade)
    )
    costs = []
    for stock in book.stock_of(grade.id):
        left = stock.mass - stock.mass * grade.scale // SHARE - section.crop
        if left > 0:
            costs.append((stock.cost + making) * stock.mass // left)
    return max(0, min(costs, default=0))


def order_parts(order: Order) -> dict[str, Any]:
    """Return the row that ``read_orders`` turns back into ``order``."""
    fixed = isinstance(order.piece, FixedLength)
    under = tolerance(order.target, order.target - order.lower)
    over = tolerance(order.target, order.upper - order.target)
    bounds = {
        "minimum_pieces": order.lower if fixed and under is None else None,
        "maximum_pieces": order.upper if fixed and over is None else None,
        "minimum": order.lower if not fixed and under is None else None,
        "maximum": order.upper if not fixed and over is None else None,
    }
    kept = {name: getattr(order, name) for name in Order.__slots__}
    return {
        **kept,
        **bounds,
        "length": order.piece.length if isinstance(order.piece, FixedLength) else None,
        "coil": order.piece if isinstance(order.piece, Coil) else None,
        "quantity_pieces": order.target if fixed else None,
        "quantity": None if fixed else order.target,
        "under": under,
        "over": over,
    }


def tolerance(target: int, allowed: int) -> int | None:
    """Return the roundest share (ppm, at most 100 %) that allows exactly ``allowed``.

    Tries whole percents, tenths and so on; None when no number of ppm gives it.
    """
    step = PERCENT.factor
    while step:
        ppm = -(-allowed * SHARE // target) if target else 0
        ppm = -(-ppm // step) * step
        if 0 <= ppm <= SHARE and target * ppm // SHARE == allowed:
            return ppm
        step //= 10
    return None
