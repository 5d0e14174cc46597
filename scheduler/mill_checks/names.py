"""Whether ids are unique and everything that is referred to exists."""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from scheduler.issues import Issue, pointer, shown
from scheduler.mill import Changeovers, Grade, MillProblem, Order, Section
from scheduler.mill_checks.plants import of_plant
from scheduler.schedule import Schedule

Path = tuple[str | int, ...]
Known = dict[str, None]
"""Names in their order; a dictionary, since every name of a file is looked up in one."""


def check_names(problem: MillProblem) -> Iterator[Issue]:
    """Yield duplicate ids and references to nothing."""
    yield from _duplicates(problem)
    yield from _lines(problem)
    yield from _rates(problem.sections, problem.grades)
    yield from _rules("section", problem.section_changes, problem.sections)
    yield from _rules("grade", problem.grade_changes, problem.grades)
    yield from _stock(problem)
    yield from _orders(problem)
    yield from _campaign(problem)
    if problem.freeze is not None:
        yield from _schedule(problem, problem.freeze.schedule)


def ids(items: Iterable[Any]) -> Known:
    """Return the ids of ``items``, in their order."""
    return {item.id: None for item in items}


plant_ids = of_plant(ids)


def unknown(
    kind: str,
    name: str,
    known: Known,
    path: Path,
    order: str | None = None,
    severity: Any = "error",
) -> Iterator[Issue]:
    """Yield an issue when ``name`` is not ``known``."""
    if name in known:
        return
    near = difflib.get_close_matches(name, known, 1)
    few = ", ".join(list(known)[:8]) + (", ..." if len(known) > 8 else "")
    yield Issue(
        f"unknown_{kind}",
        pointer(*path),
        f"there is no {kind.replace('_', ' ')} of this name",
        severity,
        shown(name),
        f"one of {few}" if known else "",
        f"did you mean '{near[0]}'?" if near else "",
        order,
    )


def _duplicates(problem: MillProblem) -> Iterator[Issue]:
    yield from _twins("lines", problem.lines)
    yield from _plant_twins("sections", problem.sections)
    yield from _plant_twins("grades", problem.grades)
    yield from _twins("stock", problem.stock)
    yield from _twins("orders", problem.orders)


def _twins(kind: str, items: Sequence[Any]) -> list[Issue]:
    names = [item.id for item in items]
    if len(set(names)) == len(names):
        return []
    first: dict[str, int] = {}
    issues = []
    for index, name in enumerate(names):
        if name in first:
            issues.append(
                Issue(
                    "duplicate_id",
                    pointer(kind, index, "id"),
                    f"the id is already that of {pointer(kind, first[name])}",
                    value=shown(name),
                    hint="give each its own id, or join them",
                    order=name if kind == "orders" else None,
                )
            )
        first.setdefault(name, index)
    return issues


_plant_twins = of_plant(_twins)


def _lines(problem: MillProblem) -> Iterator[Issue]:
    sections, grades = plant_ids(problem.sections), plant_ids(problem.grades)
    for index, line in enumerate(problem.lines):
        here: Path = ("lines", index)
        for k, name in enumerate(line.sections):
            yield from unknown("section", name, sections, (*here, "sections", k))
        if line.initial_section is not None:
            at = (*here, "initial", "section")
            yield from unknown("section", line.initial_section, sections, at)
        if line.initial_grade is not None:
            yield from unknown("grade", line.initial_grade, grades, (*here, "initial", "grade"))
        for name, _ in line.initial_wear:
            at = (*here, "initial", "groove_wear_kg", name)
            yield from unknown("section", name, sections, at, severity="warning")
        for field, kind in (("first_lot", line.first_lot), ("last_lot", line.last_lot)):
            if kind is not None:
                yield from unknown("section", kind.section, sections, (*here, field, "section"))
                if kind.grade is not None:
                    yield from unknown("grade", kind.grade, grades, (*here, field, "grade"))


@of_plant
def _rates(sections: tuple[Section, ...], grades: tuple[Grade, ...]) -> list[Issue]:
    issues: list[Issue] = []
    for index, section in enumerate(sections):
        for name, _ in section.rate_by_grade:
            at = ("sections", index, "rate_t_per_h_by_grade", name)
            issues += unknown("grade", name, ids(grades), at, severity="warning")
    return issues


@of_plant
def _rules(kind: str, rules: Changeovers, items: Sequence[Any]) -> list[Issue]:
    """Return warnings only: a plant's whole matrix may come with a book of a few sections."""
    families = dict.fromkeys(sorted({item.family for item in items}))
    issues: list[Issue] = []
    for field, rows, name, known in (
        ("pairs", rules.pairs, kind, ids(items)),
        ("by_family", rules.by_family, f"{kind}_family", families),
    ):
        for index, row in enumerate(rows):
            if row.source in known and row.target in known:
                continue
            for end, value in (("from", row.source), ("to", row.target)):
                at = (f"{kind}_changes", field, index, end)
                issues += unknown(name, value, known, at, severity="warning")
    return issues


def _stock(problem: MillProblem) -> Iterator[Issue]:
    grades = plant_ids(problem.grades)
    for index, row in enumerate(problem.stock):
        if row.grade not in grades:
            yield from unknown("grade", row.grade, grades, ("stock", index, "grade"))


def _orders(problem: MillProblem) -> Iterator[Issue]:
    sections, grades = plant_ids(problem.sections), plant_ids(problem.grades)
    lines, orders = ids(problem.lines), ids(problem.orders)
    for index, order in enumerate(problem.orders):
        plain = not (order.lines or order.predecessors or order.lock)
        if plain and order.grade in grades and order.section in sections:
            continue
        here: Path = ("orders", index)
        yield from unknown("grade", order.grade, grades, (*here, "grade"), order.id)
        yield from unknown("section", order.section, sections, (*here, "section"), order.id)
        for k, name in enumerate(order.lines):
            yield from unknown("line", name, lines, (*here, "lines", k), order.id)
        for k, name in enumerate(order.predecessors):
            yield from unknown("order", name, orders, (*here, "predecessors", k), order.id)
        if order.lock is not None and order.lock.line is not None:
            yield from unknown("line", order.lock.line, lines, (*here, "lock", "line"), order.id)
    yield from _cycle(problem.orders)


def _cycle(orders: Sequence[Order]) -> Iterator[Issue]:
    """Yield a cycle of precedences, if there is one, printed as a chain of ids."""
    if not any(order.predecessors for order in orders):
        return
    before = {order.id: order.predecessors for order in orders}
    done: set[str] = set()
    for order in orders:
        if not order.predecessors:
            continue
        chain = [order.id]
        trail = [iter(before[order.id])]
        while trail:
            name = next(trail[-1], None)
            if name is None:
                done.add(chain.pop())
                trail.pop()
            elif name in chain:
                yield _cycle_issue(orders, [*chain[chain.index(name) :], name])
                return
            elif name not in done and name in before:
                chain.append(name)
                trail.append(iter(before[name]))


def _cycle_issue(orders: Sequence[Order], chain: list[str]) -> Issue:
    index = next(k for k, order in enumerate(orders) if order.id == chain[0])
    shown_chain = chain if len(chain) <= 12 else [*chain[:10], "...", chain[-1]]
    return Issue(
        "precedence_cycle",
        pointer("orders", index, "predecessors"),
        "orders wait for each other: " + " after ".join(shown_chain),
        hint="remove one of these precedences",
        order=chain[0],
    )


def _campaign(problem: MillProblem) -> Iterator[Issue]:
    for field, items in (("section", problem.sections), ("grade", problem.grades)):
        if not (bounds := getattr(problem.campaign, f"{field}_family_max")):
            continue
        families = dict.fromkeys(sorted({item.family for item in items}))
        for name, _ in bounds:
            at = ("campaign", f"{field}_family_max_kg", name)
            yield from unknown(f"{field}_family", name, families, at, severity="warning")


def _schedule(problem: MillProblem, schedule: Schedule) -> Iterator[Issue]:
    known = {name: ids(getattr(problem, name)) for name in ("lines", "sections", "grades")}
    stock, orders = ids(problem.stock), ids(problem.orders)
    for index, plan in enumerate(schedule.lines):
        here: Path = ("freeze", "schedule", "lines", index)
        yield from unknown("line", plan.line, known["lines"], (*here, "line"))
        for lot in plan.lots:
            yield from unknown("section", lot.section, known["sections"], here)
            yield from unknown("grade", lot.grade, known["grades"], here)
            for cut in lot.cuts:
                yield from unknown("stock", cut.stock, stock, here)
                for name, _ in cut.pieces:
                    yield from unknown("order", name, orders, here)
