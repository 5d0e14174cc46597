"""What the tables of the mill problem share: values used often, and ways to write a field.

Ranges keep every product and sum of the evaluator inside int64; they are wider than any plant.
Defaults marked ``estimate`` are figures of a typical bar mill, to be replaced by the plant's own.
"""

from typing import Any

from instances.fields.containers import ListOf
from instances.fields.elements import REQUIRED, Field
from instances.fields.kinds import Number, Text
from instances.fields.units import CELSIUS, KILOGRAM, MINUTE, MONEY_PER_TONNE, Unit

ID = Text()
IDS = ListOf(ID, 1000)
PRICE_PER_TONNE = Number(MONEY_PER_TONNE, -100_000, 100_000)
TEMPERATURE = Number(CELSIUS, -40, 1500)
CHANGE_MINUTES = Number(MINUTE, 0, 10_000)
SCRAP = Number(KILOGRAM, 0, 1_000_000)
LOT_MASS = Number(KILOGRAM, 1, 1e9)


def required(name: str, inside: str, kind: Any, meaning: str) -> Field:
    """Return a field that must be given."""
    return Field(name, inside, kind, meaning, REQUIRED)


def optional(name: str, inside: str, kind: Any, meaning: str, text: str = "none") -> Field:
    """Return a field that may be absent or null."""
    return Field(name, inside, kind, meaning, None, text)


def estimate(name: str, inside: str, kind: Number, default: float, meaning: str) -> Field:
    """Return a field whose default, in the file's unit, is an estimate."""
    return Field(name, inside, kind, meaning, _inside(kind.unit, default), estimate=True)


def neutral(name: str, inside: str, kind: Any, default: Any, meaning: str, text: str = "") -> Field:
    """Return a field whose default, an inside value, changes nothing."""
    return Field(name, inside, kind, meaning, default, text)


def _inside(unit: Unit, number: float) -> int:
    return round(number * unit.factor)
