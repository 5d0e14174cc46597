"""docs/problem.md, sections 4 and 5: energy and money."""

import math
from collections import Counter

from scheduler.mill import Coil, Line, MillProblem, Series, Stock
from scheduler.schedule import Cut
from tests.naive_mill_time import (
    Billet,
    Rolled,
    RolledLot,
    all_windows,
    by_id,
    ceil_div,
    piece_mass,
    usable_mass,
)

Term = tuple[int, int]
SLOT = 900
MILLION = 1_000_000


# --- steel, orders, changes -----------------------------------------------------------------


def money_terms(problem: MillProblem, rolled: Rolled) -> dict[str, Term]:
    w = problem.weights
    crop, cut = crop_mass(problem, rolled), cut_mass(problem, rolled)
    transition = sum(lot.scrap for lot in rolled.all())
    surplus = surplus_mass(problem, rolled)
    return {
        "stock": stock_term(problem, rolled),
        "crop": (crop, -(crop * w.crop_resale // MILLION)),
        "cut": (cut, -(cut * w.cut_resale // MILLION)),
        "transition": (
            transition,
            transition * (w.transition_steel - w.transition_resale) // MILLION,
        ),
        "surplus": (surplus, -(surplus * w.surplus_resale // MILLION)),
        "tardiness": tardiness_term(problem, rolled),
        "changes": changes_term(problem, rolled),
        "margin": margin_term(problem, rolled),
        "shortage": shortage_term(problem, rolled),
    }


def stock_term(problem: MillProblem, rolled: Rolled) -> Term:
    mass = money = 0
    for lot in rolled.all():
        for cut in lot.lot.cuts:
            stock = by_id(problem.stock, cut.stock)
            mass += stock.mass * cut.count
            money += stock.mass * cut.count * stock.cost // MILLION
    return mass, money


def crop_mass(problem: MillProblem, rolled: Rolled) -> int:
    return sum(
        by_id(problem.sections, lot.lot.section).crop for lot in rolled.all() for _ in lot.billets
    )


def is_coil(problem: MillProblem, order: str) -> bool:
    return isinstance(by_id(problem.orders, order).piece, Coil)


def pieces_mass(problem: MillProblem, cut: Cut) -> int:
    """Mass of the fixed-length pieces of a billet, g."""
    return sum(n * piece_mass(problem, by_id(problem.orders, order)) for order, n in cut.pieces)


def cut_mass(problem: MillProblem, rolled: Rolled) -> int:
    total = 0
    for lot in rolled.all():
        for billet in lot.billets:
            if not any(is_coil(problem, order) for order, _ in billet.cut.pieces):
                usable = usable_mass(problem, billet.cut.stock, lot.lot.section)
                total += max(0, usable - pieces_mass(problem, billet.cut))
    return total


def made_quantities(problem: MillProblem, rolled: Rolled) -> Counter[str]:
    """Pieces, or g of coils, by order."""
    made: Counter[str] = Counter()
    for lot in rolled.all():
        for billet in lot.billets:
            for order, n in billet.cut.pieces:
                if is_coil(problem, order):
                    made[order] += n * usable_mass(problem, billet.cut.stock, lot.lot.section)
                else:
                    made[order] += n
    return made


def unit_mass(problem: MillProblem, order_id: str) -> int:
    order = by_id(problem.orders, order_id)
    return 1 if isinstance(order.piece, Coil) else piece_mass(problem, order)


def surplus_mass(problem: MillProblem, rolled: Rolled) -> int:
    made = made_quantities(problem, rolled)
    return sum(unit_mass(problem, o.id) * max(0, made[o.id] - o.upper) for o in problem.orders)


def tardiness_term(problem: MillProblem, rolled: Rolled) -> Term:
    seconds = money = 0
    for order in problem.orders:
        last = rolled.last(order.id)
        late = 0 if last is None else max(0, last - order.due_date)
        seconds += late
        money += late * order.weight * problem.weights.tardiness // 3_600_000
    return seconds, money


def changes_term(problem: MillProblem, rolled: Rolled) -> Term:
    w = problem.weights
    sections = sum(lot.section_change for lot in rolled.all())
    grades = sum(lot.grade_change for lot in rolled.all())
    grooves = sum(lot.lot.groove_change for lot in rolled.all())
    money = sections * w.section_change + grades * w.grade_change + grooves * w.groove_change
    return sections + grades + grooves, money


def margin_term(problem: MillProblem, rolled: Rolled) -> Term:
    made = made_quantities(problem, rolled)
    mass = money = 0
    for o in problem.orders:
        inside = min(max(made[o.id], o.lower), o.upper)
        more = unit_mass(problem, o.id) * (inside - o.target)
        mass += more
        money += -(more * o.margin // MILLION)
    return mass, money


def shortage_term(problem: MillProblem, rolled: Rolled) -> Term:
    made = made_quantities(problem, rolled)
    mass = money = 0
    for o in problem.orders:
        missing = unit_mass(problem, o.id) * max(0, o.lower - made[o.id])
        mass += missing
        money += missing * o.shortage // MILLION
    return mass, money


def stability_term(problem: MillProblem, rolled: Rolled, frozen: Rolled | None) -> Term:
    seconds = money = 0
    for order in problem.orders:
        now = rolled.last(order.id)
        then = None if frozen is None else frozen.last(order.id)
        if now is not None and then is not None:
            seconds += abs(now - then)
            money += abs(now - then) * problem.weights.stability // 3600
    return seconds, money


# --- energy ---------------------------------------------------------------------------------


def energy_terms(problem: MillProblem, rolled: Rolled) -> dict[str, Term]:
    tariff = problem.tariff
    lots = rolled.all()
    gas = [sum(gas_wh(problem, lot, b) for b in lot.billets) for lot in lots]
    holding = [holding_wh(line, rolled.lots[line.id]) for line in problem.lines]
    rolling = [sum(rolling_wh(problem, lot, b) for b in lot.billets) for lot in lots]
    base = [base_wh(line, rolled.lots[line.id]) for line in problem.lines]
    grams = sum(wh * tariff.gas_emissions // MILLION for wh in [*gas, *holding])
    if tariff.carbon_intensity:
        grams += sum(rolling_money(problem, tariff.carbon_intensity, lot) for lot in lots)
        grams += sum(
            base_money(tariff.carbon_intensity, line, rolled.lots[line.id])
            for line in problem.lines
        )
    peak = max(slot_powers(problem, rolled, problem.lines).values(), default=0)
    return {
        "reheating_gas": (sum(gas), sum(wh * tariff.gas // MILLION for wh in gas)),
        "holding_gas": (sum(holding), sum(wh * tariff.gas // MILLION for wh in holding)),
        "rolling_electricity": (
            sum(rolling),
            sum(rolling_money(problem, tariff.electricity, lot) for lot in lots),
        ),
        "base_electricity": (
            sum(base),
            sum(
                base_money(tariff.electricity, line, rolled.lots[line.id]) for line in problem.lines
            ),
        ),
        "co2": (grams, grams * tariff.co2 // MILLION),
        "peak": (peak, peak * tariff.peak // 1000),
    }


def charge_temperature(problem: MillProblem, stock: Stock, entry: int) -> int:
    tau = stock.cooling_time_constant
    if tau is None:
        return stock.charge_temperature
    assert stock.available_from is not None
    minutes = max(0, entry - stock.available_from) // 60
    minutes = min(minutes, ceil_div(10 * tau, 60))
    ambient = problem.ambient_temperature
    hot = stock.charge_temperature - ambient
    return round(ambient + hot * math.exp(-60 * minutes / tau))


def gas_wh(problem: MillProblem, lot: RolledLot, billet: Billet) -> int:
    furnace = lot.line.furnace
    stock = by_id(problem.stock, billet.cut.stock)
    discharge = by_id(problem.grades, lot.lot.grade).discharge_temperature
    entry = billet.start - furnace.residence
    rise = max(0, discharge - charge_temperature(problem, stock, entry))
    return stock.mass * furnace.specific_heat * rise // (furnace.efficiency * 36)


def span(lots: list[RolledLot]) -> tuple[int, int]:
    """A and Z of a line."""
    return (lots[0].lot.start, lots[-1].end) if lots else (0, 0)


def holding_wh(line: Line, lots: list[RolledLot]) -> int:
    a, z = span(lots)
    shut = [
        v - u
        for u, v in all_windows(line)
        if a <= u and v <= z and v - u > line.furnace.shut_down_after
    ]
    rolling = sum(b.end - b.start for lot in lots for b in lot.billets)
    seconds = max(0, z - a - rolling - sum(shut))
    return line.furnace.holding_w * seconds // 3600 + line.furnace.cold_start_wh * len(shut)


def rolling_wh(problem: MillProblem, lot: RolledLot, billet: Billet) -> int:
    mass = by_id(problem.stock, billet.cut.stock).mass
    return mass * by_id(problem.sections, lot.lot.section).rolling_energy // MILLION


def value_at(series: Series, t: int) -> int:
    slot = (t - series.start) // series.slot
    return series.values[min(max(slot, 0), len(series.values) - 1)]


def value_sum(series: Series, t: int) -> int:
    """P(t): the sum of the value over the seconds [0, t); negative for t < 0."""
    low, high = min(0, t), max(0, t)
    total, now = 0, low
    while now < high:
        until = series.start + ((now - series.start) // series.slot + 1) * series.slot
        total += value_at(series, now) * (min(until, high) - now)
        now = until
    return total if t >= 0 else -total


def rolling_money(problem: MillProblem, series: Series, lot: RolledLot) -> int:
    total = 0
    for billet in lot.billets:
        e, x, y = rolling_wh(problem, lot, billet), billet.start, billet.end
        if x == y:
            total += e * value_at(series, x)
        else:
            total += e * (value_sum(series, y) - value_sum(series, x)) // (y - x)
    return total // MILLION


def base_wh(line: Line, lots: list[RolledLot]) -> int:
    a, z = span(lots)
    return line.base_load * (z - a) // 3600


def base_money(series: Series, line: Line, lots: list[RolledLot]) -> int:
    a, z = span(lots)

    def cost_until(t: int) -> int:
        return line.base_load * (value_sum(series, t) // 1000) // 3_600_000

    return cost_until(z) - cost_until(a)


def slot_powers(problem: MillProblem, rolled: Rolled, lines) -> dict[int, int]:
    """Mean W of these lines together, by clock slot (index from 1970, UTC) of the horizon."""
    origin = int(problem.start.timestamp())
    slots = range(origin // SLOT, (origin + problem.horizon - 1) // SLOT + 1)
    joules: Counter[int] = Counter()

    def add(x: int, y: int, share) -> None:
        for slot in range((origin + x) // SLOT, (origin + y) // SLOT + 1):
            low = max(x, slot * SLOT - origin)
            high = min(y, (slot + 1) * SLOT - origin)
            if low < high and slot in slots:
                joules[slot] += share(high - low)

    for line in lines:
        lots = rolled.lots[line.id]
        for lot in lots:
            for b in lot.billets:
                e = rolling_wh(problem, lot, b) * 3600
                n = b.end - b.start
                add(b.start, b.end, lambda seconds, e=e, n=n: e * seconds // n)
        a, z = span(lots)
        add(a, z, lambda seconds, load=line.base_load: load * seconds)
    return {slot: j // SLOT for slot, j in joules.items()}
