"""HTML tables that scripts can sort and filter, readable without them too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.pages.markup import Markup, tag, text


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what is shown, and the number or text it sorts by (default: what is shown)."""

    content: Markup
    sort: float | str | None = None
    class_: str | None = None


def words(value: object, class_: str | None = None) -> Cell:
    """Return a cell of plain text."""
    return Cell(text(value), class_=class_)


def figure(shown: str, sort: float, class_: str = "") -> Cell:
    """Return a cell of a number, set flush right."""
    return Cell(text(shown), sort, f"figure {class_}".strip())


def row(cells: Iterable[Cell], **attributes: object) -> Markup:
    """Return a table row; the first cell names it for those who hear the table."""
    parts = [
        tag(
            "th" if index == 0 else "td",
            cell.content,
            scope="row" if index == 0 else None,
            class_=cell.class_,
            data_v=cell.sort,
        )
        for index, cell in enumerate(cells)
    ]
    return tag("tr", *parts, **attributes)


def table(
    identifier: str,
    caption: str,
    heads: Sequence[str],
    rows: Sequence[Markup],
    sortable: bool = True,
) -> Markup:
    """Return a table in a frame of its own that scrolls, with its caption for screen readers.

    A head that begins with ``>`` stands over figures, flush right.
    """
    head = [
        tag("th", text(name.removeprefix(">")), scope="col",
            class_="figure" if name.startswith(">") else None)
        for name in heads
    ]  # fmt: skip
    body = tag(
        "table",
        tag("caption", text(caption), class_="unseen"),
        tag("thead", tag("tr", *head)),
        tag("tbody", *rows),
        id=identifier,
        class_="sortable" if sortable else None,
    )
    return tag(
        "div", body, class_="frame", tabindex=0, role="region", aria_label=f"{caption}, table"
    )
