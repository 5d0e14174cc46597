"""JSON Schemas (2020-12) of the mill's files, made from their tables of fields.

A schema tells an editor or another program what a file may hold. Readers are stricter where JSON
Schema has no words: duplicate keys, instants that do not exist, invisible characters, references
to nothing.
"""

from collections.abc import Iterator
from typing import Any

from instances.fields.containers import ListOf, MapOf
from instances.fields.elements import Element
from instances.fields.kinds import Kind, Schema
from instances.mill_file.mill_table import FORMAT, PROBLEM
from instances.mill_file.schedule_table import FORMAT as SCHEDULE_FORMAT
from instances.mill_file.schedule_table import SCHEDULE, Tagged

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def problem_schema() -> Schema:
    """Return the schema of mill problem files."""
    return _schema(PROBLEM, FORMAT)


def schedule_schema() -> Schema:
    """Return the schema of schedule files."""
    return _schema(SCHEDULE, SCHEDULE_FORMAT)


def elements_of(top: Element) -> list[Element]:
    """Return ``top`` and every element inside it, each once, parents before their parts."""
    found = [top]
    for element in found:
        for field in element.fields:
            found += [inner for inner in _inside(field.kind) if inner not in found]
    return found


def _inside(kind: Kind) -> Iterator[Element]:
    """Yield the elements that a kind of value is made of."""
    if isinstance(kind, Element):
        yield kind
    elif isinstance(kind, ListOf | MapOf):
        yield from _inside(kind.kind)
    elif isinstance(kind, Tagged):
        yield from kind.elements.values()


def _schema(top: Element, name: str) -> Schema:
    definitions: dict[str, Any] = {
        element.name: element.definition() for element in elements_of(top) if element is not top
    }
    return {"$schema": DIALECT, "title": name, **top.definition(), "$defs": definitions}
