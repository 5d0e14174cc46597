"""Turn a MillProblem into its arrays."""

import weakref
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np

from scheduler.arrays import (
    CHANGE,
    FAR,
    GRADE,
    LINE,
    MILLION,
    NONE,
    ORDER,
    SECTION,
    STOCK,
    IntArray,
    MillArrays,
    Records,
    TariffArrays,
    Windows,
)
from scheduler.costs import POWER_SLOT
from scheduler.mill import (
    Change,
    Changeovers,
    Coil,
    MillProblem,
)
from scheduler.mill_quantities import ChangeRules, merged, piece_mass, rate_on, usable_mass
from scheduler.time_tables import series_arrays, temperature_table

Index = dict[str, int]
T = TypeVar("T")


def ints(values: Iterable[int]) -> IntArray:
    """Return a read-only int64 array."""
    array = np.array(list(values), dtype=np.int64)
    array.flags.writeable = False
    return array


def frozen(arrays: T) -> T:
    """Make an array read-only, or all arrays of a tuple: kernels are compiled for one type only."""
    for part in arrays if isinstance(arrays, tuple) else ():
        frozen(part)
    if isinstance(arrays, np.ndarray):
        arrays.flags.writeable = False
    return arrays


def bools(rows: Any) -> Any:
    """Return a read-only array of truth values."""
    array = np.array(rows, dtype=np.bool_)
    array.flags.writeable = False
    return array


def records(kind: np.dtype[np.void], **columns: Iterable[int]) -> Records:
    """Return a read-only record array with these columns."""
    filled = {name: np.asarray(list(values), dtype=np.int64) for name, values in columns.items()}
    table = np.zeros(len(next(iter(filled.values()))), dtype=kind).view(np.recarray)
    for name, values in filled.items():
        table[name] = values
    table.flags.writeable = False
    return table


def index_of(items: Iterable[Any]) -> Index:
    """Return the position of every item by its id."""
    return {item.id: i for i, item in enumerate(items)}


def pointers(lengths: Iterable[int]) -> IntArray:
    """Return the offsets of consecutive parts of the given lengths, with the total last."""
    return ints([0, *np.cumsum(list(lengths), dtype=np.int64).tolist()])


def window_arrays(per_line: Sequence[list[tuple[int, int]]]) -> Windows:
    """Return the windows of all lines as one Windows."""
    flat = [window for windows in per_line for window in windows]
    return Windows(
        pointers(len(windows) for windows in per_line),
        ints(start for start, _ in flat),
        ints(end for _, end in flat),
    )


def or_far(value: int | None, far: int = FAR) -> int:
    """Return ``value``, or ``far`` where there is none."""
    return far if value is None else value


def change_matrix(rules: Changeovers, items: Sequence[Any]) -> Records:
    """Return the full (n, n) matrix between ``items``; the diagonal is free."""
    known, free = ChangeRules(rules), Change("", "")
    table = [free if a is b else known.find(a, b) or free for a in items for b in items]
    return records(
        CHANGE,
        time=[0 if c.forbidden else c.time for c in table],
        scrap=[0 if c.forbidden else c.scrap for c in table],
        forbidden=[c.forbidden for c in table],
    ).reshape(len(items), len(items))


def families_of(items: Sequence[Any]) -> IntArray:
    """Return each item's family as an index in order of first appearance."""
    names = {name: i for i, name in enumerate(dict.fromkeys(item.family for item in items))}
    return ints(names[item.family] for item in items)


def line_records(problem: MillProblem, sections: Index, grades: Index) -> Records:
    """Return the lines with their furnaces."""
    lines, furnaces = problem.lines, [line.furnace for line in problem.lines]
    return records(
        LINE,
        ready=[line.ready for line in lines],
        section=[sections.get(line.initial_section or "", NONE) for line in lines],
        grade=[grades.get(line.initial_grade or "", NONE) for line in lines],
        temperature=[or_far(line.initial_temperature, -FAR) for line in lines],
        base_load=[line.base_load for line in lines],
        holding=[f.holding_w for f in furnaces],
        residence=[f.residence for f in furnaces],
        gas_divisor=[f.efficiency * 36 for f in furnaces],
        specific_heat=[f.specific_heat for f in furnaces],
        heating_rate=[f.heating_rate for f in furnaces],
        cooling_rate=[f.cooling_rate for f in furnaces],
        shut_down_after=[f.shut_down_after for f in furnaces],
        cold_start=[f.cold_start_wh for f in furnaces],
        cooling_bed=[or_far(line.cooling_bed) for line in lines],
        power_cap=[or_far(line.power_cap) for line in lines],
    )


def rate_array(problem: MillProblem) -> IntArray:
    """Return the rates in g/h, shape (L, S, G)."""
    table = [
        rate_on(line, section, grade)
        for line in problem.lines
        for section in problem.sections
        for grade in problem.grades
    ]
    shape = (len(problem.lines), len(problem.sections), len(problem.grades))
    return ints(table).reshape(shape)


def section_records(problem: MillProblem) -> Records:
    """Return the sections."""
    rows = problem.sections
    return records(
        SECTION,
        rolling_energy=[s.rolling_energy for s in rows],
        crop=[s.crop for s in rows],
        groove_life=[s.groove_life for s in rows],
        groove_time=[s.groove_change_time for s in rows],
        groove_scrap=[s.groove_change_scrap for s in rows],
        family=families_of(rows),
    )


def stock_records(problem: MillProblem, grades: Index, tables: list[IntArray]) -> Records:
    """Return the stock rows; ``tables`` are their temperatures by elapsed minute."""
    rows = problem.stock
    return records(
        STOCK,
        grade=[grades[k.grade] for k in rows],
        mass=[k.mass for k in rows],
        limit=[FAR if k.count < 0 else k.count for k in rows],
        cost=[k.cost for k in rows],
        available=[or_far(k.available_from, -FAR) for k in rows],
        first_minute=pointers(map(len, tables))[:-1],
        minutes=list(map(len, tables)),
    )


def usable_array(problem: MillProblem, grades: Index) -> IntArray:
    """Return the usable g of a billet of each stock row in each section, shape (K, S)."""
    table = [
        usable_mass(k, problem.grades[grades[k.grade]], section)
        for k in problem.stock
        for section in problem.sections
    ]
    return ints(table).reshape(len(problem.stock), len(problem.sections))


def order_records(problem: MillProblem, sections: Index, grades: Index) -> Records:
    """Return the orders."""
    rows = problem.orders
    section_of = [problem.sections[sections[o.section]] for o in rows]
    grade_of = [problem.grades[grades[o.grade]] for o in rows]
    piece = list(map(piece_mass, rows, section_of, grade_of))
    coils = [o.piece if isinstance(o.piece, Coil) else Coil(0, 0) for o in rows]
    wear = zip(section_of, rows, strict=True)
    return records(
        ORDER,
        grade=[grades[o.grade] for o in rows],
        section=[sections[o.section] for o in rows],
        piece=piece,
        unit=[mass or 1 for mass in piece],
        length=[0 if isinstance(o.piece, Coil) else o.piece.length for o in rows],
        coil_min=[c.minimum for c in coils],
        coil_max=[c.maximum for c in coils],
        target=[o.target for o in rows],
        lower=[o.lower for o in rows],
        upper=[o.upper for o in rows],
        release=[or_far(o.release, -FAR) for o in rows],
        due_date=[o.due_date for o in rows],
        deadline=[or_far(o.deadline) for o in rows],
        weight=[o.weight for o in rows],
        margin=[o.margin for o in rows],
        shortage=[o.shortage for o in rows],
        max_wear=[s.groove_life * o.max_groove_wear // MILLION for s, o in wear],
        frozen_last=[-FAR] * len(rows),
        first_before=pointers(len(o.predecessors) for o in rows)[:-1],
        befores=[len(o.predecessors) for o in rows],
    )


def tariff_arrays(problem: MillProblem) -> TariffArrays:
    """Return what kernels need of the tariff."""
    tariff = problem.tariff
    first_slot = -(int(problem.start.timestamp()) % POWER_SLOT)
    capped = tariff.power_cap is not None or any(
        line.power_cap is not None for line in problem.lines
    )
    return TariffArrays(
        electricity=frozen(series_arrays(tariff.electricity)),
        carbon=frozen(series_arrays(tariff.carbon_intensity)),
        gas=tariff.gas,
        gas_emissions=tariff.gas_emissions,
        co2=tariff.co2,
        peak=tariff.peak,
        power_cap=or_far(tariff.power_cap),
        watch_power=capped or tariff.peak > 0,
        watch_carbon=tariff.carbon_intensity is not None,
        first_slot=first_slot,
        power_slots=-(-(problem.horizon - first_slot) // POWER_SLOT),
    )


def build_arrays(problem: MillProblem) -> MillArrays:
    """Return the problem's arrays (without the frozen plan's completions)."""
    sections, grades = index_of(problem.sections), index_of(problem.grades)
    orders = index_of(problem.orders)
    lines = problem.lines
    tables = [temperature_table(k, problem.ambient_temperature) for k in problem.stock]
    wear = [dict(line.initial_wear).get(name, 0) for line in lines for name in sections]
    can_roll = [[not line.sections or name in line.sections for name in sections] for line in lines]
    line_ok = [[not o.lines or line.id in o.lines for line in lines] for o in problem.orders]
    closed = [
        [(c.start, c.end) for c in line.closures if c.kind != "maintenance"] for line in lines
    ]
    every = [[(c.start, c.end) for c in line.closures] for line in lines]
    return MillArrays(
        horizon=problem.horizon,
        lines=line_records(problem, sections, grades),
        sections=section_records(problem),
        grades=records(
            GRADE,
            temperature=[g.discharge_temperature for g in problem.grades],
            family=families_of(problem.grades),
        ),
        section_changes=change_matrix(problem.section_changes, problem.sections),
        grade_changes=change_matrix(problem.grade_changes, problem.grades),
        stock=stock_records(problem, grades, tables),
        orders=order_records(problem, sections, grades),
        rate=rate_array(problem),
        wear=ints(wear).reshape(len(lines), len(sections)),
        can_roll=bools(can_roll),
        usable=usable_array(problem, grades),
        temperatures=frozen(np.concatenate([*tables, np.zeros(0, dtype=np.int64)])),
        line_ok=bools(line_ok).reshape(len(orders), len(lines)),
        before=ints(orders[name] for o in problem.orders for name in o.predecessors),
        closed=window_arrays([merged(windows) for windows in closed]),
        idle=window_arrays([merged(windows) for windows in every]),
        tariff=tariff_arrays(problem),
    )


_known: dict[int, MillArrays] = {}


def arrays_of(problem: MillProblem) -> MillArrays:
    """Return the problem's arrays, built once per problem object."""
    key = id(problem)
    if key not in _known:
        arrays = build_arrays(problem)
        if problem.freeze is not None:
            arrays = _with_frozen_plan(problem, arrays)
        _known[key] = arrays
        weakref.finalize(problem, _known.pop, key, None)
    return _known[key]


def _with_frozen_plan(problem: MillProblem, arrays: MillArrays) -> MillArrays:
    # These stand on the problem's arrays themselves.
    from scheduler.plan_arrays import plan_arrays
    from scheduler.timeline import walk

    assert problem.freeze is not None
    last = walk(arrays, plan_arrays(problem, problem.freeze.schedule)).last
    orders = arrays.orders.copy()
    orders.frozen_last = last
    orders.flags.writeable = False
    return arrays._replace(orders=orders)
