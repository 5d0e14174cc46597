"""What a rolled lot, a late order and a line's span cost, as the evaluator's terms have it."""

from scheduler.arrays import FAR, MILLION, IntArray, MillArrays
from scheduler.costs import base_cost, shut_downs
from scheduler.kernel import inner_kernel
from scheduler.walk import (
    CARBON,
    END,
    GAS,
    GRADE_CHANGES,
    GROOVE_CHANGES,
    PRICE,
    SECTION_CHANGES,
    TRANSITION,
)
from solvers.mill.workspace import CO2, FIRST_START, LINE, ROLLED, Rules, Workspace


@inner_kernel
def lot_money(mill: MillArrays, rules: Rules, outcome: IntArray, i: int) -> int:
    """Return the money of a rolled lot but for its steel, scrap of cutting, and CO2."""
    money = outcome[i, TRANSITION] * rules.transition // MILLION
    money += outcome[i, GAS] * mill.tariff.gas // MILLION
    money += outcome[i, PRICE] // MILLION
    money += outcome[i, SECTION_CHANGES] * rules.section_change
    money += outcome[i, GRADE_CHANGES] * rules.grade_change
    return money + outcome[i, GROOVE_CHANGES] * rules.groove_change


@inner_kernel
def lot_carbon(mill: MillArrays, outcome: IntArray, i: int) -> int:
    """Return the g of CO2 of a rolled lot."""
    gas = outcome[i, GAS] * mill.tariff.gas_emissions // MILLION
    return gas + outcome[i, CARBON] // MILLION


@inner_kernel
def late_money(mill: MillArrays, rules: Rules, order: int, last: int) -> int:
    """Return tardiness and stability money of an order that ends at ``last``."""
    if last <= -FAR:
        return 0
    row = mill.orders[order]
    late = max(0, last - row.due_date)
    money = late * row.weight * rules.tardiness // 3_600_000
    if row.frozen_last > -FAR:
        money += abs(last - row.frozen_last) * rules.stability // 3600
    return money


@inner_kernel
def line_money(mill: MillArrays, work: Workspace) -> int:
    """Return holding and base-load money of the line whose walk ends; adds its CO2."""
    start, end, line = work.state[FIRST_START], work.state[END], work.state[LINE]
    if start >= FAR:
        return 0
    number, off = shut_downs(mill, line, start, end)
    seconds = max(0, end - start - work.state[ROLLED] - off)
    held = mill.lines[line].holding * seconds // 3600 + number * mill.lines[line].cold_start
    load, tariff = mill.lines[line].base_load, mill.tariff
    money = held * tariff.gas // MILLION
    money += base_cost(tariff.electricity, load, end) - base_cost(tariff.electricity, load, start)
    work.state[CO2] += held * tariff.gas_emissions // MILLION
    if tariff.watch_carbon:
        carbon = tariff.carbon
        work.state[CO2] += base_cost(carbon, load, end) - base_cost(carbon, load, start)
    return money
