"""Whether the orders can be made from the billets, on the sections and lines that there are."""

from collections.abc import Iterator

from scheduler.arrays import MILLION
from scheduler.issues import Issue, pointer
from scheduler.mill import TONNE, Coil, FixedLength, MillProblem, Stock
from scheduler.mill_checks.cases import Case, Cases
from scheduler.mill_quantities import piece_mass


def kilograms(mass: int) -> str:
    """Return g as kg for people."""
    return f"{mass / 1000:g} kg" if mass < TONNE else f"{mass / 1000:.1f} kg"


def check_steel(problem: MillProblem, cases: Cases) -> Iterator[Issue]:
    """Yield orders that no billet, section or line can make, and impossible quantities."""
    # A sound order costs no more than these comparisons: a book has thousands.
    of = cases.columns
    counts = zip(of.lower, of.target, of.upper, strict=True)
    prices = zip(of.margin, of.shortage, of.max_groove_wear, strict=True)
    rows = zip(cases.routes, of.piece, cases.units, counts, prices, strict=True)
    for number, row in enumerate(rows):
        route, piece, unit, (lower, target, upper), (margin, shortage, wear) = row
        if not (
            1 < unit <= route.largest
            and 1 <= lower <= target <= upper
            and upper * unit >= TONNE
            and margin < shortage
            and route.least_wear <= wear
            and route.least_wear <= MILLION
            and isinstance(piece, FixedLength)
            and 0 < piece.length <= route.longest_piece
        ):
            yield from _case(cases[number])
    yield from _shortfall(problem, cases)


def _case(case: Case) -> Iterator[Issue]:
    order, route = case.order, case.route
    if not route.stock:
        detail = f"no billets of grade '{order.grade}' are in stock"
        yield case.issue("no_stock", "grade", detail, "add a stock row of this grade")
    elif isinstance(order.piece, Coil):
        yield from _coil(case, order.piece)
    elif not 1 < case.unit <= route.largest:
        yield from _length(case)
    yield from _quantity(case)
    if order.shortage <= order.margin and (order.margin or order.shortage):
        detail = "the shortage price must lie above the margin, or leaving orders out would pay"
        yield case.issue("shortage_below_margin", "shortage_per_t", detail)
    yield from _line(case)
    yield from _groove(case)


def _length(case: Case) -> Iterator[Issue]:
    piece = piece_mass(case.order, case.route.section, case.route.grade)
    largest = case.route.largest
    if piece > largest:
        detail = (
            f"a piece weighs {kilograms(piece)}, the largest billet of grade "
            f"'{case.order.grade}' gives {kilograms(largest)}"
        )
        yield case.issue("piece_too_heavy", "length_mm", detail, "is the length in mm?")
    elif piece < 1:
        yield case.issue("piece_too_light", "length_mm", "a piece weighs less than a gram")


def _coil(case: Case, coil: Coil) -> Iterator[Issue]:
    if coil.minimum > coil.maximum:
        yield case.issue("empty_coil_window", "coil_kg", "'min' is above 'max'")
    elif not any(coil.minimum <= usable <= coil.maximum for usable in case.route.usable):
        weights = ", ".join(kilograms(usable) for usable in case.route.usable[:8])
        detail = (
            f"no billet gives a coil of {kilograms(coil.minimum)} .. {kilograms(coil.maximum)}; "
            f"those of grade '{case.order.grade}' give {weights}"
        )
        yield case.issue("coil_not_possible", "coil_kg", detail, "widen the window")


def _quantity(case: Case) -> Iterator[Issue]:
    order = case.order
    unit = case.unit
    if not 0 <= order.lower <= order.upper or order.upper < 1:
        what = f"pieces of {kilograms(unit)}" if unit > 1 else "mass"
        detail = f"no number of {what} meets the quantity with its tolerances"
        yield case.issue(
            "tolerance_not_possible",
            "",
            detail,
            "widen the tolerances or check the quantity's unit",
        )
    elif not order.lower <= order.target <= order.upper:
        yield case.issue("target_outside_bounds", "", "the target lies outside its own bounds")
    elif case.route.stock and order.upper * unit < min(TONNE, case.route.smallest):
        detail = f"only {kilograms(order.target * unit)} are ordered, less than a billet"
        hint = "is the quantity in t? write kg"
        yield Issue(
            "small_quantity",
            pointer("orders", case.number),
            detail,
            "warning",
            hint=hint,
            order=order.id,
        )


def _line(case: Case) -> Iterator[Issue]:
    order = case.order
    if not case.route.lines:
        among = f" among its own ({', '.join(order.lines)})" if order.lines else ""
        detail = f"no line{among} rolls section '{order.section}'"
        yield case.issue("section_not_rolled", "section", detail, "add it to a line's sections")
        return
    longest = case.route.longest_piece
    if isinstance(order.piece, FixedLength) and order.piece.length > longest:
        detail = f"pieces of {order.piece.length} mm, the longest cooling bed has {longest} mm"
        yield case.issue("piece_too_long", "length_mm", detail)


def _groove(case: Case) -> Iterator[Issue]:
    if not case.route.stock:
        return
    lightest = case.route.lightest
    life = case.route.section.groove_life
    allowed = life * case.order.max_groove_wear // MILLION
    if life < lightest:
        name = case.order.section
        detail = f"the grooves of section '{name}' last {kilograms(life)}, less than a billet"
        yield case.issue("groove_life_too_short", "section", detail, "is groove_life_kg in t?")
    elif allowed < lightest:
        detail = f"the wear allowed, {kilograms(allowed)}, is less than one billet makes"
        yield case.issue("groove_wear_too_strict", "max_groove_wear_percent", detail)


def _shortfall(problem: MillProblem, cases: Cases) -> Iterator[Issue]:
    """Yield a warning for every grade with less steel in stock than its orders need."""
    needed: dict[str, int] = {}
    rows: dict[str, tuple[Stock, ...]] = {}
    for route, mass in cases.needed.items():
        grade = route.grade.id
        needed[grade] = needed.get(grade, 0) + mass
        rows[grade] = route.stock
    listed = {row.grade for row in problem.stock}
    for grade, mass in needed.items():
        own = rows[grade]
        there = sum(row.mass * row.count for row in own)
        if grade in listed and all(row.count >= 0 for row in own) and there < mass:
            yield Issue(
                "stock_short",
                pointer("stock"),
                f"{there / TONNE:.1f} t of grade '{grade}' are in stock, its orders need at least "
                f"{mass / TONNE:.1f} t",
                "warning",
                hint="some orders will be short",
            )
