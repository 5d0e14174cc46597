"""A table of orders to the orders of a problem file, every fault with its row and column."""

import difflib
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from instances import mill_json
from instances.fields.instants import read_instant
from instances.fields.place import Place, Report
from instances.order_book.cells import BadCell, Reading, cell_value
from instances.order_book.columns import Column, columns
from instances.order_book.sheets import Row, TableForm, refusal, rows_of
from scheduler.issues import InvalidInput, Issue, pointer, shown
from scheduler.mill import MillProblem


@dataclass(slots=True)
class OrderTable:
    """Orders as a problem file has them, each with its sheet's row and its cells by column.

    used: the columns there are. issues: what is wrong with head and cells.
    """

    orders: list[dict[str, Any]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    cells: list[dict[str, Any]] = field(default_factory=list)
    used: list[Column] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def located(self, issue: Issue) -> Issue:
        """Return ``issue`` with row and column in front, where it is about an order."""
        found = re.fullmatch(r"/orders/(\d+)(/.*)?", issue.pointer)
        if found is None or int(found[1]) >= len(self.rows):
            return issue
        path = tuple((found[2] or "").split("/")[1:])
        index = int(found[1])
        used = [c for c in self.used if path and c.path == path[: len(c.path)]]
        row, column = self.rows[index], used[0].name if used else ""
        place = f"row {row}" + (f", column {column}" if column else "")
        detail = re.sub(r"/orders/(\d+)\b", lambda m: f"row {self.rows[int(m[1])]}", issue.detail)
        issue = replace(issue, detail=f"{place}: {detail}", row=row, column=column)
        if not used or used[0].factor == 1 or not issue.expected:
            return issue
        cell = self.cells[index].get(column, "")
        return replace(issue, value=shown(cell), expected=f"{issue.expected} ({used[0].unit})")

    def without(self, rows: Set[int]) -> "OrderTable":
        """Return the table without some rows of its sheet."""
        kept = [i for i, row in enumerate(self.rows) if row not in rows]
        return OrderTable(
            [self.orders[i] for i in kept],
            [self.rows[i] for i in kept],
            [self.cells[i] for i in kept],
            self.used,
        )


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
        try:
            return mill_json.from_tree({**tree, "orders": table.orders})
        except InvalidInput as error:
            table.issues = [table.located(issue) for issue in error.issues]
            if error.total > len(table.issues):
                raise InvalidInput(table.issues, error.total) from error
    raise InvalidInput(sorted(_all_faults(table, tree), key=lambda issue: issue.row))


def _all_faults(table: OrderTable, plant: Mapping[str, Any]) -> list[Issue]:
    """Return the table's faults and those of its other rows.

    Values are not read where a cell cannot be, nor is a book checked whose values are unsound. So
    the rows at fault are left out and the others read again, until nothing more is found.
    """
    issues, sound = list(table.issues), table
    found = issues
    while found and (sound := sound.without({issue.row for issue in found})).orders:
        try:
            mill_json.from_tree({**plant, "orders": sound.orders})
        except InvalidInput as error:
            # What is no row's has been told, and an order that is left out may be named.
            told = [sound.located(issue) for issue in error.issues]
            found = [issue for issue in told if issue.row and issue.code != "unknown_order"]
            issues += found
        else:
            break
    return issues


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
    """Return the zone of local times: as told, else the offset of the plant's horizon start."""
    if form.zone is not None:
        try:
            return ZoneInfo(form.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            hint = "write a name such as Europe/Berlin"
            raise refusal("unknown_zone", "no such time zone", form.zone, hint) from error
    horizon = plant.get("horizon")
    start = horizon.get("start") if isinstance(horizon, Mapping) else None
    report = Report()
    moment = read_instant(start, Place(report) / "horizon" / "start")
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise InvalidInput(report.issues)
    return moment.tzinfo


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
        told[column.name] = cell
        node = order
        for part in column.path[:-1]:
            node = node.setdefault(part, {})
        node[column.path[-1]] = value * column.factor if column.factor != 1 else value
