"""Mill problem files: ``antmill-problem-1`` JSON to a MillProblem and back.

What a file may hold is the table in ``mill_table``; ``docs/problem.md`` section 8 is made from it.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from instances.fields.place import INVALID, Place, Report
from instances.fields.quick import Doubt
from instances.json_layout import dump
from instances.mill_file.line_table import LINE
from instances.mill_file.mill_table import FORMAT, PROBLEM
from instances.mill_file.order_rows import Book, columns_of, order_parts, read_orders
from instances.mill_text import quick_inside
from instances.raw_json import keys_in, members
from instances.strict_json import parse
from scheduler.issues import InvalidInput, Issue
from scheduler.mill import MONEY, Change, Changeovers, MillProblem, Series, Tariff
from scheduler.validation import check

FLAT_PRICE = 80 * MONEY
HOUR = 3600
IN_FAMILY = (25 * 60, 3_000_000)
BETWEEN_FAMILIES = (90 * 60, 5_000_000)
BETWEEN_GRADES = (5 * 60, 0)
"""(s, g) of changes where a file gives none; estimates."""


def matches(text: str) -> bool:
    """Whether ``text`` looks like a mill problem file."""
    return text.lstrip().startswith("{") and f'"{FORMAT}"' in text


def read(text: str, name: str) -> MillProblem:
    """Return the problem in ``text``; raise InvalidInput with every fault and its place."""
    try:
        problem = quick(text.encode(), name)
    except (Doubt, ValueError):
        return from_tree(parse(text), name)
    check(problem)
    return problem


def quick(raw: bytes, name: str = "") -> MillProblem:
    """Return what ``draft`` makes of a text without faults; raise Doubt where there may be some."""
    try:
        parts = members(raw)
    except ValueError:
        raise Doubt from None
    return quick_of_parts(parts, keys_in(raw), name)


def quick_of_parts(parts: Mapping[str, bytes], keys: int, name: str = "") -> MillProblem:
    """Return what ``quick`` makes of a text's members; ``keys``: what ``keys_in`` counts in it."""
    return _problem(quick_inside(parts, keys), name)


def from_tree(tree: Any, name: str = "") -> MillProblem:
    """Return the problem in a parsed JSON tree; raise InvalidInput with every fault.

    First the values are read; where all are sound, the problem as a whole is checked.
    """
    problem, issues = draft(tree, name)
    if problem is None:
        raise InvalidInput(issues)
    check(problem)
    return problem


def draft(tree: Any, name: str = "") -> tuple[MillProblem | None, list[Issue]]:
    """Return the problem, not yet checked as a whole, or None and what its values lack."""
    report = Report()
    inside = PROBLEM.read(tree, Place(report))
    if report.issues or inside is INVALID:
        return None, report.issues
    return _problem(inside, name), []


def to_tree(problem: MillProblem) -> dict[str, Any]:
    """Return the JSON tree of ``problem``; neutral defaults are left out."""
    values = {field.name: getattr(problem, field.name) for field in fields(problem)}
    orders = [order_parts(order) for order in problem.orders]
    return PROBLEM.write({**values, "format": FORMAT, "orders": orders}, problem.origin)


def write(problem: MillProblem) -> str:
    """Return the file text of ``problem``, one row of a list a line."""
    return dump(to_tree(problem))


def _problem(inside: Mapping[str, Any], name: str) -> MillProblem:
    lines = inside["lines"] or (LINE.read({"id": "L1"}, Place(Report(inside["start"]))),)
    values = {key: value for key, value in inside.items() if key not in ("format", "orders")}
    values |= {
        "name": inside["name"] or name,
        "lines": lines,
        "tariff": _tariff(inside["tariff"], inside["horizon"]),
        "section_changes": inside["section_changes"]
        or _changes(inside["sections"], IN_FAMILY, BETWEEN_FAMILIES),
        "grade_changes": inside["grade_changes"]
        or _changes(inside["grades"], (0, 0), BETWEEN_GRADES),
    }
    problem = MillProblem(**values, orders=())
    book = Book(
        sections={section.id: section for section in problem.sections},
        grades={grade.id: grade for grade in problem.grades},
        stock=problem.stock,
        line=lines[0],
        tariff=problem.tariff,
        ambient_temperature=problem.ambient_temperature,
        horizon=problem.horizon,
    )
    orders = inside["orders"]
    columns = orders if isinstance(orders, dict) else columns_of(orders)
    return replace(problem, orders=read_orders(columns, book))


def _tariff(values: Mapping[str, Any], horizon: int) -> Tariff:
    flat = {"start": 0, "slot": None, "values": (FLAT_PRICE,)}
    electricity = _series(values["electricity"] or flat, horizon)
    intensity = values["carbon_intensity"]
    return Tariff(
        **{
            **values,
            "electricity": electricity,
            "carbon_intensity": intensity and _series(intensity, horizon),
        }
    )


def _series(values: Mapping[str, Any], horizon: int) -> Series:
    whole = len(values["values"]) == 1
    slot = values["slot"] or (max(1, horizon - values["start"]) if whole else HOUR)
    return Series(values["start"], slot, values["values"])


def _changes(
    rows: tuple[Any, ...], inside: tuple[int, int], between: tuple[int, int]
) -> Changeovers:
    """Return the same change inside all families, and another one between any two."""
    families = list(dict.fromkeys(row.family for row in rows))
    return Changeovers(
        tuple(Change(a, b, *(inside if a == b else between)) for a in families for b in families)
    )
