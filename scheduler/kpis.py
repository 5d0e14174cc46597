"""Key figures: a value, its unit, and the same figure of a reference plan beside it."""

from dataclasses import dataclass
from typing import Literal

DIGITS = {"%": 1, "t": 1, "kWh/t": 1, "h": 1, "MWh": 1, "MW": 2, "kg": 0}
"""Decimals shown, by unit; money and counts have none, money per tonne two."""


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure of a plan.

    key: stable name for machines. share: percent that belongs beside the value, with what it is
    a share of in ``share_of``. reference: the same figure of the reference plan.
    """

    key: str
    group: str
    label: str
    unit: str
    value: float
    reference: float | None = None
    better: Literal["less", "more", "neither"] = "less"
    share: float | None = None
    share_of: str = ""

    @property
    def difference(self) -> float | None:
        """Return value less reference, in ``unit`` to six decimals."""
        return None if self.reference is None else round(self.value - self.reference, 6)

    @property
    def difference_percent(self) -> float | None:
        """Return the difference in percent of the reference, None when that is 0."""
        if self.reference is None or self.reference == 0:
            return None
        return 100 * (self.value - self.reference) / abs(self.reference)

    @property
    def verdict(self) -> Literal["better", "worse", "same"]:
        """Say how the value compares with the reference, as far as it would be shown."""
        if self.reference is None or self.better == "neither":
            return "same"
        if amount(self.value, self.unit) == amount(self.reference, self.unit):
            return "same"
        lower = self.value < self.reference
        return "better" if lower == (self.better == "less") else "worse"


def digits(unit: str) -> int:
    """Return how many decimals figures of a unit are shown with."""
    return DIGITS.get(unit, 2 if unit.endswith("/t") else 0)


def amount(value: float, unit: str) -> str:
    """Return ``value`` in the decimals of its unit, thousands separated; without the unit."""
    shown = f"{value:,.{digits(unit)}f}"
    return shown if float(shown.replace(",", "")) else shown.removeprefix("-")


def signed(value: float, unit: str) -> str:
    """Return a difference with its sign, as ``amount``."""
    shown = amount(abs(value), unit)
    if not float(shown.replace(",", "")):
        return "±0"
    return ("+" if value > 0 else "−") + shown


def percent(value: float | None) -> str:
    """Return a signed percentage; nothing where it is unknown or too large to say anything."""
    return "" if value is None or abs(value) >= 1000 else f"{signed(value, '%')} %"
