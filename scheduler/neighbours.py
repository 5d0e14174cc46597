"""What stands beside an order's lots, and what the line's changes to and from them cost."""

from dataclasses import dataclass

from scheduler.explain import ChangeStory
from scheduler.gantt import LotBar
from scheduler.report import Report


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A lot of an order, the lots beside it, and the changes between them (None: there is none)."""

    lot: LotBar
    before: LotBar | None
    after: LotBar | None
    change_to: ChangeStory | None
    change_from: ChangeStory | None


def neighbours(report: Report, order: str) -> tuple[Neighbours, ...]:
    """Return the lots of an order with their neighbours, line by line in rolling order."""
    changes = {(change.line, change.lot): change for change in report.changes}
    return tuple(
        Neighbours(
            lot,
            line.lots[n - 1] if n else None,
            line.lots[n + 1] if n + 1 < len(line.lots) else None,
            changes.get((lot.line, lot.number)),
            changes.get((lot.line, lot.number + 1)),
        )
        for line in report.gantt.lines
        for n, lot in enumerate(line.lots)
        if order in lot.orders
    )
