"""A table of orders that was read: orders as a problem file has them, and where they stand."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from instances.order_book.columns import Column
from scheduler.issues import Issue, shown


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
