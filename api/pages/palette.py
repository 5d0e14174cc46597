"""Colours and hatchings of the charts: which family of sections or grades gets which."""

from collections.abc import Iterable

from api.pages.markup import Markup, tag

FAMILIES = 8
"""Colours that ``gantt.css`` names f0 ... f7; more families start again."""

HATCHINGS: tuple[str, ...] = ("", "M0 6L6 0", "M0 3H6", "M3 0V6", "M0 0L6 6", "M0 3H6M3 0V6")
"""Paths of 6x6 tiles laid over a lot, one a grade family; the first family has none."""


def numbered(names: Iterable[str], limit: int) -> dict[str, int]:
    """Give each name its number in order of first appearance, starting again after ``limit``."""
    order = dict.fromkeys(names)
    return {name: index % limit for index, name in enumerate(order)}


def definitions(prefix: str) -> Markup:
    """Return the hatchings and the patterns of closures, their ids beginning with ``prefix``."""
    tiles = [
        _tile(f"{prefix}h{index}", 6, tag("path", d=path, class_="hatch"))
        for index, path in enumerate(HATCHINGS)
        if path
    ]
    closed = _tile(f"{prefix}closed", 8, tag("path", d="M0 8L8 0M-2 2L2 -2M6 10L10 6", class_="cl"))
    repair = _tile(f"{prefix}maintenance", 8, tag("path", d="M0 8L8 0M0 0L8 8", class_="mt"))
    delay = _tile(f"{prefix}delay", 8, tag("path", d="M0 0L8 8M-2 6L2 10M6 -2L10 2", class_="dl"))
    return tag("defs", *tiles, closed, repair, delay)


def _tile(identifier: str, size: int, content: Markup) -> Markup:
    return tag(
        "pattern", content, id=identifier, width=size, height=size, patternUnits="userSpaceOnUse"
    )
