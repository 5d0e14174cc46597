"""The page's field tables: section 8 of ``docs/problem.md`` from the tables that read the files.

``python -m instances.field_page docs/problem.md`` writes them; a test keeps the page up to date.
"""

import sys
from pathlib import Path

from instances.fields.containers import ListOf, MapOf
from instances.fields.elements import Element, Field
from instances.fields.instants import Instant
from instances.fields.kinds import Kind
from instances.json_schema import elements_of
from instances.mill_file.mill_table import PROBLEM
from instances.mill_file.schedule_table import SCHEDULE
from instances.mill_file.table_parts import ID

BEGIN = "<!-- begin of the field tables, made by `python -m instances.field_page` -->"
END = "<!-- end of the field tables -->"


def field_tables() -> str:
    """Return the Markdown tables of both files, an element each."""
    problem = elements_of(PROBLEM)
    schedule = elements_of(SCHEDULE)
    mine = [element for element in problem if element not in schedule]
    parts = ["### Problem file", *map(_table, mine), "### Schedule file", *map(_table, schedule)]
    return "\n\n".join(parts)


def with_tables(page: str) -> str:
    """Return ``page`` with the text between its marks replaced by the tables."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{field_tables()}\n\n{END}{after}"


def _table(element: Element) -> str:
    rows = [_row(field) for field in element.fields]
    head = f"**`{element.name}`**: {element.meaning[:1].lower()}{element.meaning[1:]}"
    rules = [
        f"{'Exactly' if group.needed else 'At most'} one of "
        + ", ".join(f"`{name}`" for name in group.names)
        + "."
        for group in element.one_of
    ]
    table = ["| field | value | default | meaning |", "|---|---|---|---|", *rows]
    return "\n\n".join([head, "\n".join(table), *([" ".join(rules)] if rules else [])])


def _row(field: Field) -> str:
    cells = (f"`{field.name}`", value_text(field.kind), field.default_for_people(), field.meaning)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def value_text(kind: Kind) -> str:
    """Return what a field holds, elements by name."""
    if isinstance(kind, Instant):
        return "instant"
    if kind == ID:
        return "id"
    if isinstance(kind, Element):
        return f"`{kind.name}`"
    if isinstance(kind, ListOf):
        return f"list of {kind.low} .. {kind.high}: {value_text(kind.kind)}"
    if isinstance(kind, MapOf):
        return f"object: id to {value_text(kind.kind)}"
    return kind.text()


def main() -> None:
    """Rewrite the tables in the page that the first argument names."""
    page = Path(sys.argv[1])
    page.write_text(with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
