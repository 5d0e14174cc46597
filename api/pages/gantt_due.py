"""The lane of due dates: a tick at each, and a bar from due date to end for every late order."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from api.pages.gantt_line import shortened
from api.pages.markup import Markup, tag, text
from api.pages.scale import Scale
from scheduler.clock import duration, stamp
from scheduler.gantt import DueMark, GanttRows

TICKS, LATE_ROW, LATE_ROWS = 14, 14, 8
NAMED = 12
"""Orders that a tooltip names at most."""

LETTER = 6.2
Placed = tuple[int | None, DueMark]
"""A late order and its row, None where there was no room."""


def due_height(rows: GanttRows, scale: Scale) -> float:
    """Return the pixels that ``due_lane`` takes for this stretch of time."""
    placed = _placed(rows, scale)
    return TICKS + LATE_ROW * (_used(placed) + any(row is None for row, _ in placed)) + 8


def due_lane(rows: GanttRows, scale: Scale, y: float, moving: bool) -> Markup:
    """Return the lane, its top at ``y``.

    With ``moving``, orders without room are drawn unseen: ``gantt.js`` finds them room when the
    reader zooms.
    """
    placed, late_y = _placed(rows, scale), y + TICKS + 2
    used = _used(placed)
    hidden = sum(row is None for row, _ in placed)
    shown = [(row, mark) for row, mark in placed if moving or row is not None]
    parts = [
        tag("text", text("due (missed/all)"), class_="note", x=8, y=y + 10),
        tag(
            "g",
            *_ticks(rows, scale, y, moving),
            tag("g", *(_late_bar(rows, mark, row, scale, late_y) for row, mark in shown),
                class_="late-orders", data_rows=used, data_row=LATE_ROW),
            class_="plot",
        ),
    ]  # fmt: skip
    if placed:
        parts.append(tag("text", text("late, not made"), class_="note", x=8, y=late_y + 10))
    if hidden:
        where = {"x": scale.left + 4, "y": late_y + LATE_ROW * used + 10}
        parts.append(tag("text", text(_more(hidden)), class_="note late-more", **where))
    return tag("g", *parts, class_="due")


def _more(hidden: int) -> str:
    return f"and {hidden} more late or not made: see the list of orders"


def _used(placed: Sequence[Placed]) -> int:
    return 1 + max((row for row, _ in placed if row is not None), default=-1)


def _ticks(rows: GanttRows, scale: Scale, y: float, moving: bool) -> Iterator[Markup]:
    """Yield one tick for all orders due at the same instant, with their number."""
    shown = sorted(
        (mark for mark in rows.due_marks if scale.start <= mark.due < scale.end),
        key=lambda mark: mark.due,
    )
    groups = [(due, list(marks)) for due, marks in groupby(shown, key=lambda mark: mark.due)]
    edges = [*(scale.x(due) for due, _ in groups), scale.right]
    for (due, marks), free_until in zip(groups, edges[1:], strict=True):
        x = scale.x(due)
        missed = sum(mark.finished is None or mark.late > 0 for mark in marks)
        count = f"{missed}/{len(marks)}" if missed else f"{len(marks)}"
        kind = "missed" if missed else "kept"
        room = x + 6 + 6 * len(count) < free_until
        parts = [
            tag("title", text(_tick_text(rows, due, marks, missed))),
            tag("line", x1=x, x2=x, y1=y + 1, y2=y + TICKS - 2, data_t=due, class_=f"tick {kind}"),
        ]
        if room or moving:
            parts.append(
                tag("text", text(count), x=x + 4, y=y + 10, data_t=due, class_=f"count {kind}",
                    visibility=None if room else "hidden")
            )  # fmt: skip
        yield tag("g", *parts)


def _tick_text(rows: GanttRows, due: int, marks: Sequence[DueMark], missed: int) -> str:
    named = "\n".join(due_text(rows, mark) for mark in marks[:NAMED])
    more = f"\nand {len(marks) - NAMED} more" if len(marks) > NAMED else ""
    return f"{len(marks)} due {stamp(rows.origin, due)}, {missed} missed\n{named}{more}"


def due_text(rows: GanttRows, mark: DueMark) -> str:
    """Return when an order is due and when it is done."""
    due = f"{mark.order}: due {stamp(rows.origin, mark.due)}"
    if mark.finished is None:
        return f"{due}, not made"
    done = f"done {stamp(rows.origin, mark.finished)}"
    return f"{due}, {done}, " + (f"{duration(mark.late)} late" if mark.late else "in time")


def _span(mark: DueMark, scale: Scale) -> tuple[float, float]:
    """Return the pixels of a late order's bar."""
    end = mark.due if mark.finished is None else mark.finished
    left = scale.x(max(mark.due, scale.start))
    return left, max(scale.x(min(end, scale.end)), left + 3)


def _reach(mark: DueMark, scale: Scale) -> tuple[float, float, bool]:
    """Return the pixels of the bar with its label, and whether the label stands behind it."""
    left, right = _span(mark, scale)
    label = 12 + LETTER * len(shortened(mark.order, 16))
    behind = right + label <= scale.right
    return (left, right + label, True) if behind else (left - label, right, False)


def _placed(rows: GanttRows, scale: Scale) -> list[Placed]:
    """Put late orders into rows without overlap, those not made and the latest first."""
    missed = [
        mark
        for mark in rows.due_marks
        if (mark.late or mark.finished is None)
        and mark.due < scale.end
        and (mark.due if mark.finished is None else mark.finished) >= scale.start
    ]
    missed.sort(key=lambda mark: (mark.finished is not None, -mark.late, mark.due, mark.order))
    taken: list[list[tuple[float, float]]] = [[] for _ in range(LATE_ROWS)]
    placed: list[Placed] = []
    for mark in missed:
        left, right, _ = _reach(mark, scale)
        free = (
            row for row, used in enumerate(taken) if all(right < a or b < left for a, b in used)
        )
        row = next(free, None)
        if row is not None:
            taken[row].append((left - 4, right + 4))
        placed.append((row, mark))
    return placed


def _late_bar(rows: GanttRows, mark: DueMark, row: int | None, scale: Scale, y: float) -> Markup:
    """Return a late order's bar, or the cross of one not made, drawn in row 0 and moved down."""
    left, right = _span(mark, scale)
    behind = _reach(mark, scale)[2]
    title = tag("title", text(due_text(rows, mark)))
    name = tag(
        "text", text(shortened(mark.order, 16)), class_="late-name", y=y + 10,
        x=right + 6 if behind else left - 6, text_anchor=None if behind else "end",
    )  # fmt: skip
    if mark.finished is None:
        cross = f"M{left - 4:.1f} {y + 2:.1f}l8 8m0 -8l-8 8"
        drawn = tag("path", class_="unmade", d=cross, data_t=mark.due)
    else:
        drawn = tag("rect", class_="whisker", x=left, y=y + 4, width=right - left, height=5,
                    data_a=mark.due, data_b=mark.finished)  # fmt: skip
    return tag(
        "g",
        title,
        drawn,
        name,
        class_="late-order",
        data_due=mark.due,
        data_end=mark.due if mark.finished is None else mark.finished,
        transform=f"translate(0 {LATE_ROW * row})" if row else None,
        display="none" if row is None else None,
    )
