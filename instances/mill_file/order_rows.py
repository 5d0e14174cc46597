"""Orders of a file to orders of the problem and back: quantities, tolerances and default prices.

A file says what was ordered (kg or pieces, tolerances in percent); the problem holds whole pieces
or g with bounds already rounded inwards (``docs/problem.md`` section 2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from instances.fields.rows import filler, parameters
from instances.fields.units import PERCENT
from instances.mill_file.book_table import OrderRow
from scheduler.mill import Coil, FixedLength, Furnace, Grade, Order, Section, Stock, Tariff
from scheduler.mill_quantities import cut_mass, round_ratio

SMALL_ORDER = 40_000_000
"""g below which the wider default tolerance holds (Stahlwerk Thüringen's delivery terms)."""
SMALL_TOLERANCE, TOLERANCE = 100_000, 60_000
SHARE = 1_000_000
SHORTAGE_FACTOR = 4
RECKONED = ("piece", "target", "lower", "upper", "due_date", "margin", "shortage")
"""What of an order is not in its row as it stands."""

_orders = filler(Order)


@dataclass(frozen=True, slots=True)
class Book:
    """What the orders of a file are completed from."""

    sections: Mapping[str, Section]
    grades: Mapping[str, Grade]
    stock: tuple[Stock, ...]
    furnace: Furnace
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

    def margin(self, section: Section, grade: Grade) -> int:
        """Return the neutral margin, reckoned once for a section and a grade."""
        if (found := self.margins.get((section.id, grade.id))) is None:
            found = self.margins[section.id, grade.id] = neutral_margin(section, grade, self)
        return found


def read_orders(rows: Sequence[OrderRow], book: Book) -> tuple[Order, ...]:
    """Return the orders of a file's rows.

    Where a row's section or grade is unknown its bounds and prices stand at 0 and 1, and where no
    count meets its tolerances ``lower > upper``; ``validate`` refuses both.
    """
    if not rows:
        return ()
    pieces: dict[int, FixedLength] = {}
    columns = dict(zip(OrderRow._fields, zip(*rows, strict=True), strict=True))
    reckoned = zip(*(_reckoned(row, book, pieces) for row in rows), strict=True)
    columns |= zip(RECKONED, reckoned, strict=True)
    return tuple(_orders([columns[name] for name in parameters(Order)]))


def _reckoned(row: OrderRow, book: Book, pieces: dict[int, FixedLength]) -> tuple[Any, ...]:
    """Return the values ``RECKONED`` of the order of a row; orders of a length share ``pieces``."""
    section, grade = book.sections.get(row.section), book.grades.get(row.grade)
    length, margin = row.length, row.margin
    piece = row.coil or pieces.get(length)
    if piece is None:
        piece = pieces[length] = FixedLength(length)
    target, lower, upper = 1, 1, 1
    if section is not None and grade is not None:
        unit = cut_mass(length, section, grade) if row.coil is None else 1
        target, lower, upper = quantities(row, unit)
        margin = book.margin(section, grade) if margin is None else margin
    margin = margin or 0
    shortage = SHORTAGE_FACTOR * margin if row.shortage is None else row.shortage
    due_date = book.horizon if row.due_date is None else row.due_date
    return piece, target, lower, upper, due_date, margin, shortage


def quantities(row: OrderRow, unit: int) -> tuple[int, int, int]:
    """Return target, lower and upper bound in pieces of ``unit`` g, the bounds rounded inwards."""
    pieces, mass = row.quantity_pieces, row.quantity
    ordered = pieces * unit if mass is None else mass
    wide = SMALL_TOLERANCE if ordered < SMALL_ORDER else TOLERANCE
    under = wide if row.under is None else row.under
    over = wide if row.over is None else row.over
    # Both quantities as a ratio, so that one formula rounds pieces and kg.
    amount, each = (pieces, 1) if mass is None else (mass, unit)
    target = amount if each == 1 else round_ratio(amount, each)
    lower = -(-amount * (SHARE - under) // (each * SHARE))
    upper = amount * (SHARE + over) // (each * SHARE)
    if row.minimum_pieces is not None or row.minimum is not None:
        lower = _bound(row.minimum_pieces, row.minimum, unit, up=True)
    if row.maximum_pieces is not None or row.maximum is not None:
        upper = _bound(row.maximum_pieces, row.maximum, unit, up=False)
    if lower <= upper:
        target = min(max(target, lower), upper)
    return target, lower, upper


def _bound(pieces: int | None, mass: int | None, unit: int, *, up: bool) -> int:
    if pieces is not None:
        return pieces
    assert mass is not None
    return -(-mass // unit) if up else mass // unit


def neutral_margin(section: Section, grade: Grade, book: Book) -> int:
    """Return money units that a tonne of product costs in steel and making; 0 without stock.

    Per charged tonne: steel, gas from the ambient temperature at the first line's furnace and its
    CO2, and rolling electricity at the mean price; divided by the share of the billet that scale
    and crop leave. The cheapest stock row of the grade counts.
    """
    tariff, furnace = book.tariff, book.furnace
    rise = max(0, grade.discharge_temperature - book.ambient_temperature)
    gas = 1_000_000 * furnace.specific_heat * rise // (furnace.efficiency * 36)
    gas_co2 = gas * tariff.gas_emissions // 1_000_000
    prices = tariff.electricity.values
    making = (
        gas * tariff.gas // 1_000_000
        + gas_co2 * tariff.co2 // 1_000_000
        + section.rolling_energy * (sum(prices) // len(prices)) // 1_000_000
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
