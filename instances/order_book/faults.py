"""Every fault of a table of orders that can be found in one reading.

A value that cannot be read hides what later checks would say of the rest of its row. So a row at
fault is read again with sound values in the places at fault, until nothing new is found.
"""

import copy
import re
from collections.abc import Mapping
from typing import Any

from instances import mill_json
from instances.mill_file.book_table import ORDER
from instances.order_book.order_table import OrderTable
from scheduler.issues import Issue
from scheduler.validation import errors_of, row_errors, validate

Path = tuple[str, ...]
SOUND = {"length_mm": 12_000, "quantity_kg": 1_000}
"""Values that stand in for those of which every order needs one."""
GROUPED = {name for group in ORDER.one_of for name in group.names}
APART = {"id", "release", "due_date", "deadline", "weight", "predecessors"}
"""Fields that no check of an order's steel and lines reads."""


def all_faults(table: OrderTable, plant: Mapping[str, Any]) -> list[Issue]:
    """Return the faults of a table's cells, values, rows and book, in the order of its rows."""
    faults = _Faults(table, plant)
    while True:
        problem, found = mill_json.draft({**plant, "orders": faults.orders()})
        new = [faults.take(issue) for issue in (found if problem is None else row_errors(problem))]
        if not any(new):
            break
    if problem is not None:
        for issue in errors_of(validate(problem)):
            if faults.is_true(issue):
                faults.take(issue)
    return sorted(faults.issues, key=lambda issue: issue.row)


class _Faults:
    """What was found so far: issues with their rows, and the places at fault of every order."""

    def __init__(self, table: OrderTable, plant: Mapping[str, Any]) -> None:
        self.table, self.plant = table, plant
        self.issues = list(table.issues)
        self.bad: dict[int | None, set[Path]] = {}
        self.nameless = False
        for issue in table.issues:
            self._mark(issue)

    def _mark(self, issue: Issue) -> bool:
        """Keep the place of an issue in mind; return whether it was sound so far."""
        index, path = _place(issue)
        known = self.bad.setdefault(index, set())
        new = path not in known
        known.add(path)
        self.nameless |= path == ("id",) and issue.code != "duplicate_id"
        return new

    def take(self, issue: Issue) -> bool:
        """Keep an issue unless its place was at fault before; return whether to read again."""
        if issue.code == "unknown_order" and self.nameless:
            return False
        if self._mark(issue):
            self.issues.append(self.table.located(issue))
            return True
        # Half of a value is missing as the other was refused: the whole of it is left out.
        index, path = _place(issue)
        whole = path[:1]
        new = whole not in self.bad[index]
        self.bad[index].add(whole)
        return new

    def is_true(self, issue: Issue) -> bool:
        """Whether an issue of a checked book is none of the values that stand in."""
        index, _ = _place(issue)
        fields = {path[0] if path else "" for path in self.bad.get(index, ())}
        return index is None or fields <= APART

    def orders(self) -> list[dict[str, Any]]:
        """Return the orders, those at fault with sound values in the places at fault."""
        return [
            self._mended(index, order) if index in self.bad else order
            for index, order in enumerate(self.table.orders)
        ]

    def _mended(self, index: int, order: dict[str, Any]) -> dict[str, Any]:
        kept = copy.deepcopy(order)
        for path in self.bad[index]:
            _drop(kept, path)
        sound = {
            "id": f"row {self.table.rows[index]}",
            "grade": self._first("grades"),
            "section": self._first("sections"),
        }
        at_fault = {path[0] if path else "" for path in self.bad[index]}
        for group in (group for group in ORDER.one_of if group.needed):
            if not any(name in kept for name in group.names) and at_fault & {*group.names, ""}:
                sound |= {name: SOUND[name] for name in group.names if name in SOUND}
                at_fault |= sound.keys() & SOUND.keys()
        return kept | {name: sound[name] for name in at_fault & sound.keys()}

    def _first(self, kind: str) -> Any:
        rows = self.plant.get(kind)
        first = rows[0] if isinstance(rows, list) and rows else None
        return first.get("id") if isinstance(first, Mapping) else None


def _place(issue: Issue) -> tuple[int | None, Path]:
    """Return the index of the order that an issue is about, and the path inside it."""
    found = re.fullmatch(r"/orders/(\d+)(/.*)?", issue.pointer)
    if found is None:
        return None, (issue.pointer, issue.code)
    return int(found[1]), tuple((found[2] or "").split("/")[1:])


def _drop(order: dict[str, Any], path: Path) -> None:
    """Leave out the value at ``path``; of a list, or of a row as a whole, all that may be wrong."""
    if not path:
        for name in GROUPED:
            order.pop(name, None)
        return
    node: Any = order
    for key in path[:-1]:
        node = node.get(key)
        if not isinstance(node, dict):
            order.pop(path[0], None)
            return
    node.pop(path[-1], None)
