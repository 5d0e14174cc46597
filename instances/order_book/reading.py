"""A table of orders to the orders of a problem file, every fault with its row and column."""

import contextlib
import difflib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any

from instances import mill_json
from instances.fields.instants import read_instant, zone_named
from instances.fields.place import Place, Report
from instances.order_book.cells import BadCell, Reading, cell_value
from instances.order_book.columns import Column, columns
from instances.order_book.faults import all_faults
from instances.order_book.order_table import OrderTable
from instances.order_book.sheets import Row, TableForm, refusal, rows_of
from scheduler.issues import InvalidInput, Issue, pointer, shown
from scheduler.mill import MillProblem


def from_table(
    data: bytes, plant: Mapping[str, Any], form: TableForm | None = None, name: str = ""
) -> MillProblem:
    """Return the problem of a plant and a table of orders.

    Parameters
    ----------
    data
        CSV text (UTF-8) or an XLSX workbook; the first row names the columns.
    plant
        JSON tree of a problem file; its own orders, if any, do not count.
    form
        What the table does not say itself.
    name
        Of the problem; by default the plant's.

    Raises
    ------
    InvalidInput
        With every fault; the places of orders are followed by row and column of the sheet.
    """
    table = read_orders(data, _zone(plant, form or TableForm()), form)
    tree = {**plant, "name": name} if name else plant
    if not table.issues:
        with contextlib.suppress(InvalidInput):  # all of them are found below
            return mill_json.from_tree({**tree, "orders": table.orders})
    raise InvalidInput([_explained(issue) for issue in all_faults(table, tree)])


def _explained(issue: Issue) -> Issue:
    """Say where a frozen start comes from: the table shows nothing of it."""
    if not issue.pointer.startswith("/freeze/"):
        return issue
    hint = "the plant has a frozen start with orders of its own; name one that was posted without"
    return replace(issue, hint=hint)


def read_orders(data: bytes, zone: tzinfo, form: TableForm | None = None) -> OrderTable:
    """Return the orders of a table, local times taken in ``zone``, and what is wrong with cells."""
    rows, form = rows_of(data, form or TableForm())
    if not rows:
        raise refusal("empty", "the table holds nothing", hint="start from the template")
    head, *body = rows
    table = OrderTable()
    by_place = _head(head, table)
    if table.issues:
        raise InvalidInput(table.issues)
    for number, cells in body:
        _order(number, cells, by_place, Reading(form.decimal, zone), table)
    return table


def _zone(plant: Mapping[str, Any], form: TableForm) -> tzinfo:
    """Return the zone of local times: as told, else the plant's, else its start's offset."""
    if form.zone is not None:
        if (zone := zone_named(form.zone)) is None:
            hint = "write a name such as Europe/Berlin"
            raise refusal("unknown_zone", "no such time zone", form.zone, hint)
        return zone
    horizon = plant.get("horizon")
    told = horizon if isinstance(horizon, Mapping) else {}
    report = Report()
    moment = read_instant(told.get("start"), Place(report) / "horizon" / "start")
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise InvalidInput(report.issues)
    name = told.get("time_zone")
    return (zone_named(name) if isinstance(name, str) else None) or moment.tzinfo


def _head(head: Row, table: OrderTable) -> dict[int, Column]:
    """Return the column at each place of the head row; report unknown and doubled ones."""
    known = columns()
    by_place: dict[int, Column] = {}
    row, cells = head
    for place, cell in enumerate(cells):
        name = re.sub(r"[^a-z0-9]+", "_", str(cell).strip().lower()).strip("_")
        if not name:
            continue
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean '{near[0]}'?" if near else "see the template's columns"
            table.issues.append(_fault("unknown_column", f"row {row}: no such column", cell, hint))
        elif any(column.path == known[name].path for column in by_place.values()):
            detail = f"row {row}: the column is there twice"
            table.issues.append(_fault("duplicate_column", detail, cell))
        else:
            by_place[place] = known[name]
    table.used = list(by_place.values())
    for column in known.values():
        if column.required and column.factor == 1 and column not in table.used:
            detail = f"the column '{column.name}' is missing"
            table.issues.append(Issue("missing_column", "", detail, hint="add it"))
    return by_place


def _fault(code: str, detail: str, value: Any, hint: str = "") -> Issue:
    return Issue(code, "", detail, value=shown(str(value)), hint=hint)


def _order(
    number: int,
    cells: tuple[Any, ...],
    by_place: Mapping[int, Column],
    reading: Reading,
    table: OrderTable,
) -> None:
    """Append the row's order to ``table``, and the faults of its cells."""
    index = len(table.rows)
    order: dict[str, Any] = {}
    told: dict[str, Any] = {}
    table.orders.append(order)
    table.rows.append(number)
    table.cells.append(told)
    for place, cell in enumerate(cells):
        if cell == "":
            continue
        column = by_place.get(place)
        if column is None:
            issue = Issue("unknown_column", pointer("orders", index), "a cell below no column name")
            table.issues.append(table.located(replace(issue, value=shown(str(cell)))))
            continue
        told[column.name] = cell
        try:
            value = cell_value(cell, column.kind, reading)
        except BadCell as bad:
            issue = Issue(
                bad.code,
                pointer("orders", index, *column.path),
                bad.detail,
                value=shown(str(cell)),
                hint=bad.hint,
                order=order.get("id"),
            )
            table.issues.append(table.located(issue))
            continue
        node = order
        for part in column.path[:-1]:
            node = node.setdefault(part, {})
        node[column.path[-1]] = value * column.factor if column.factor != 1 else value
