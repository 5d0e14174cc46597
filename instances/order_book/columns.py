"""The columns of an order table, made from the fields of an order in a problem file.

A nested field's column joins the names (``lock_line``); a column of kg may also be given in t, one
of mm in m, under the name that ends so (``quantity_t``, ``length_m``).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from instances.fields.elements import REQUIRED, Element, Field
from instances.fields.kinds import Kind, Number
from instances.mill_file.book_table import COIL, LOCK, ORDER

NESTED = {"coil_kg": ("coil_{}_kg", COIL), "lock": ("lock_{}", LOCK)}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the path of its value in an order, and the number it is multiplied by."""

    name: str
    path: tuple[str, ...]
    field: Field
    factor: int = 1

    @property
    def kind(self) -> Kind:
        """What its values are."""
        return self.field.kind

    @property
    def unit(self) -> str:
        """What its unit is in that of the field: ``1 t is 1000 kg``."""
        assert isinstance(self.field.kind, Number)
        return f"1 {self.name.rpartition('_')[2]} is {self.factor} {self.field.kind.unit.name}"

    @property
    def required(self) -> bool:
        """Whether every order needs it."""
        return self.field.default is REQUIRED and len(self.path) == 1


def columns() -> dict[str, Column]:
    """Return every column by its name, other units included."""
    return {column.name: column for field in ORDER.fields for column in _of(field)}


def _of(field: Field) -> Iterator[Column]:
    if field.name in NESTED:
        pattern, element = NESTED[field.name]
        for inner in element.fields:
            yield from _units(pattern.format(inner.name), (field.name, inner.name), inner)
    else:
        assert not isinstance(field.kind, Element)
        yield from _units(field.name, (field.name,), field)


def _units(name: str, path: tuple[str, ...], field: Field) -> Iterator[Column]:
    """Yield the column and those of the same value in the units that people use instead."""
    yield Column(name, path, field)
    unit = field.kind.unit if isinstance(field.kind, Number) else None
    if unit is not None and name.endswith(f"_{unit.name}"):
        for other, factor in unit.mistaken:
            yield Column(f"{name.removesuffix(unit.name)}{other}", path, field, factor)
