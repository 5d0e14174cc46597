"""The cost terms, one function each, floored to the unit as the evaluator floors them.

What a lot costs by its contents and start is read off its options; what depends on the sequence is
summed over arcs; what depends on a line's span is tabulated at its first start and last end.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from ortools.sat.python import cp_model

from scheduler.arrays import FAR, MILLION, IntArray, SeriesArrays
from scheduler.costs import base_cost
from scheduler.timing import changeover_scrap
from solvers.or_tools.mill.model import DEPOT, Expression, Literal, MillModel, Route, Visit, bounds
from solvers.or_tools.mill.power import peak_power
from solvers.or_tools.mill.sequence import changes_on, state_after


def add_objective(model: MillModel) -> None:
    """Minimise the sum of all terms, in 1/10 000 of the currency."""
    model.terms = {name: term(model) for name, term in TERMS.items()}
    model.cp.minimize(total(model.terms.values()))


def total(expressions: Iterable[Expression]) -> Expression:
    """Return the sum of expressions and numbers."""
    return cp_model.LinearExpr.sum(list(expressions))


def over_lots(model: MillModel, column: Callable[[Visit], IntArray]) -> Expression:
    """Return the sum over all lots of a column of the option taken."""
    return total(visit.total(column(visit)) for visit in model.visits)


def per_tonne(model: MillModel, mass: Expression, price: int) -> Expression:
    """Return floor(mass * price / 1 000 000): g at money units a tonne (Wh at money a MWh)."""
    return model.floored(mass * price, MILLION) if price else 0


def stock(model: MillModel) -> Expression:
    """Steel charged."""
    return over_lots(model, lambda visit: visit.options.stock_money)


def crop(model: MillModel) -> Expression:
    """Less resale of heads and tails."""
    mass = over_lots(model, lambda visit: visit.options.crop)
    return -per_tonne(model, mass, model.problem.weights.crop_resale)


def cut(model: MillModel) -> Expression:
    """Less resale of what is left of the billets."""
    mass = over_lots(model, lambda visit: visit.options.cut)
    return -per_tonne(model, mass, model.problem.weights.cut_resale)


def transition(model: MillModel) -> Expression:
    """Scrap of changeovers (on the arcs) and of groove changes."""
    mass = []
    for route in model.routes:
        for (i, j), arc in route.arcs.items():
            if j != DEPOT:
                section, grade, _ = state_after(model, route, i)
                b = model.visits[j].candidate
                scrap = changeover_scrap(model.mill, section, grade, b.section, b.grade)
                mass.append(int(scrap) * arc)
    for visit in model.visits:
        scrap = model.mill.sections[visit.candidate.section].groove_scrap
        mass.append(int(scrap) * visit.groove)
    weights = model.problem.weights
    return per_tonne(model, total(mass), weights.transition_steel - weights.transition_resale)


def surplus(model: MillModel) -> Expression:
    """Less resale of what is made above the upper bounds."""
    units = model.mill.orders.unit.tolist()
    mass = total(unit * above for unit, (_, _, above) in zip(units, model.parts, strict=True))
    return -per_tonne(model, mass, model.problem.weights.surplus_resale)


def lot_energy(model: MillModel) -> Expression:
    """Reheating gas and rolling electricity of all lots."""
    return over_lots(model, lambda visit: visit.options.energy_money)


def holding_gas(model: MillModel) -> Expression:
    """Idle gas and cold starts of all lines."""
    return total(per_tonne(model, wh, model.mill.tariff.gas) for wh in model.holding)


def hold_furnaces(model: MillModel) -> None:
    """Set ``holding[line]``, the Wh of idle gas and cold starts."""
    for route in model.routes:
        line = model.mill.lines[route.line]
        off = [(shut_down(model, route, u, v), v - u) for u, v in long_closures(model, route)]
        rolling = total(
            model.visits[i].total(model.visits[i].options.rolling) for i in route.visits
        )
        seconds = model.integer(0, model.problem.horizon)
        model.cp.add(
            seconds == route.last_end - route.first_start - rolling - total(s * n for s, n in off)
        )
        held = model.floored(int(line.holding) * seconds, 3600)
        model.holding.append(held + int(line.cold_start) * total(s for s, _ in off))


def long_closures(model: MillModel, route: Route) -> Iterator[tuple[int, int]]:
    """Yield the windows without billets that are longer than the furnace is held for."""
    idle, line = model.mill.idle, route.line
    for w in range(idle.ptr[line], idle.ptr[line + 1]):
        u, v = int(idle.start[w]), int(idle.end[w])
        if v - u > model.mill.lines[line].shut_down_after and u >= 0 and v <= model.problem.horizon:
            yield u, v


def shut_down(model: MillModel, route: Route, u: int, v: int) -> Literal:
    """Return whether [u, v) lies between the line's first start and last end."""
    begun, goes_on, off = model.boolean(), model.boolean(), model.boolean()
    model.cp.add(route.first_start <= u).only_enforce_if(begun)
    model.cp.add(route.first_start > u).only_enforce_if(begun.Not())
    model.cp.add(route.last_end >= v).only_enforce_if(goes_on)
    model.cp.add(route.last_end < v).only_enforce_if(goes_on.Not())
    model.cp.add_min_equality(off, [begun, goes_on])
    return off


def base_electricity(model: MillModel) -> Expression:
    """Return the base load of all lines from first start to last end."""
    return total(base_load(model, route, model.mill.tariff.electricity) for route in model.routes)


def base_load(model: MillModel, route: Route, series: SeriesArrays) -> Expression:
    """Return B(last end) - B(first start) of a line, in the series' money (or g)."""
    load = int(model.mill.lines[route.line].base_load)
    if load == 0 or not route.visits:
        return 0

    def value(instants: IntArray) -> IntArray:
        known, where = np.unique(instants, return_inverse=True)
        return np.array([base_cost(series, load, int(t)) for t in known], dtype=np.int64)[where]

    starts = {i: model.visits[i].total(value(model.visits[i].options.start)) for i in route.visits}
    ends = {i: model.visits[i].total(value(model.visits[i].options.end)) for i in route.visits}
    before = model.integer(*hull(starts.values()))
    after = model.integer(*hull(ends.values()))
    for (i, j), arc in route.arcs.items():
        if i == DEPOT:
            model.cp.add(before == starts[j]).only_enforce_if(arc)
        if j == DEPOT:
            model.cp.add(after == ends[i]).only_enforce_if(arc)
    for value_at in (before, after):
        model.cp.add(value_at == 0).only_enforce_if(route.used.Not())
    return after - before


def hull(amounts: Iterable[Expression]) -> tuple[int, int]:
    """Return the least and largest value of any of ``amounts``, and of 0."""
    ends = [bounds(amount) for amount in amounts]
    return min(0, *(low for low, _ in ends)), max(0, *(high for _, high in ends))


def co2(model: MillModel) -> Expression:
    """CO2 of gas and electricity, all grams added before the price."""
    tariff = model.mill.tariff
    if not tariff.co2:
        return 0
    grams = [over_lots(model, lambda visit: visit.options.grams)]
    grams += [per_tonne(model, wh, tariff.gas_emissions) for wh in model.holding]
    if tariff.watch_carbon:
        grams += [base_load(model, route, tariff.carbon) for route in model.routes]
    return per_tonne(model, total(grams), tariff.co2)


def peak(model: MillModel) -> Expression:
    """Peak charge."""
    price = model.mill.tariff.peak
    return model.floored(peak_power(model) * price, 1000) if price else 0


def tardiness(model: MillModel) -> Expression:
    """Lateness of each order's last piece."""
    money = []
    for o, order in enumerate(model.problem.orders):
        most = model.problem.horizon - order.due_date
        over = model.integer(min(0, -order.due_date), max(0, most))
        model.cp.add(over == model.last[o] - order.due_date).only_enforce_if(model.is_made[o])
        model.cp.add(over <= 0).only_enforce_if(model.is_made[o].Not())
        late = model.at_least(over, 0)
        price = order.weight * model.problem.weights.tardiness
        money.append(model.floored(late * price, 3_600_000) if price else 0)
    return total(money)


def changes(model: MillModel) -> Expression:
    """Section and grade changes (on the arcs) and groove changes."""
    weights, money = model.problem.weights, []
    for route in model.routes:
        for (i, j), arc in route.arcs.items():
            if j != DEPOT:
                sections, grades = changes_on(model, route, i, j)
                each = sections * weights.section_change + grades * weights.grade_change
                money.append(each * arc)
    money += [weights.groove_change * visit.groove for visit in model.visits]
    return total(money)


def shortage(model: MillModel) -> Expression:
    """Shortage below the lower bounds."""
    money = []
    for o, order in enumerate(model.problem.orders):
        short = order.lower - model.parts[o][0]
        unit = int(model.mill.orders[o].unit)
        money.append(per_tonne(model, unit * short, order.shortage))
    return total(money)


def margin(model: MillModel) -> Expression:
    """Less the margin of what is made above the target, inside the bounds (or plus, below it)."""
    money = []
    for o, order in enumerate(model.problem.orders):
        inside = order.lower + model.parts[o][1]
        unit = int(model.mill.orders[o].unit)
        money.append(-per_tonne(model, unit * (inside - order.target), order.margin))
    return total(money)


def stability(model: MillModel) -> Expression:
    """How far completions move against the frozen plan."""
    money = []
    for o, then in enumerate(model.mill.orders.frozen_last.tolist()):
        if then > -FAR and model.problem.weights.stability:
            most = model.problem.horizon + abs(then)
            moved, counted = model.integer(0, most), model.integer(0, most)
            model.cp.add_abs_equality(moved, model.last[o] - then)
            model.cp.add(counted == moved).only_enforce_if(model.is_made[o])
            model.cp.add(counted == 0).only_enforce_if(model.is_made[o].Not())
            weight = model.problem.weights.stability
            money.append(model.floored(counted * weight, 3600))
    return total(money)


TERMS: dict[str, Callable[[MillModel], Expression]] = {
    "stock": stock,
    "crop": crop,
    "cut": cut,
    "transition": transition,
    "surplus": surplus,
    "lot_energy": lot_energy,
    "holding_gas": holding_gas,
    "base_electricity": base_electricity,
    "co2": co2,
    "peak": peak,
    "tardiness": tardiness,
    "changes": changes,
    "margin": margin,
    "shortage": shortage,
    "stability": stability,
}
"""As the evaluator's, but reheating gas and rolling electricity in one."""
