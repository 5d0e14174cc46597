"""The units of files and how many inside units each holds (``docs/problem.md`` section 1)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

# Numbers of at most 100 digits times a factor are exact in it, so only the rounding rounds.
EXACT = Context(prec=130, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the file format.

    factor: inside units in one of it. mistaken: units that people write instead, with how many
    of this unit each holds; used for hints only.
    """

    name: str
    factor: int
    mistaken: tuple[tuple[str, int], ...] = ()

    def inside(self, number: int | Decimal) -> int:
        """Return ``number`` in inside units, to the nearest integer, ties to even."""
        if isinstance(number, int):
            return number * self.factor
        return round(EXACT.multiply(number, Decimal(self.factor)))

    def outside(self, value: int) -> int | float:
        """Return the shortest number that ``inside`` turns back into ``value``."""
        return value // self.factor if value % self.factor == 0 else value / self.factor


COUNT = Unit("", 1)
KILOGRAM = Unit("kg", 1_000, (("t", 1_000),))
MILLIMETRE = Unit("mm", 1, (("m", 1_000),))
KILOGRAM_PER_METRE = Unit("kg/m", 1_000)
MINUTE = Unit("min", 60, (("h", 60),))
CELSIUS = Unit("C", 10)
CELSIUS_PER_MINUTE = Unit("C/min", 10)
KILOWATT = Unit("kW", 1_000, (("MW", 1_000),))
KILOWATT_HOUR = Unit("kWh", 1_000, (("MWh", 1_000),))
KILOWATT_HOUR_PER_TONNE = Unit("kWh/t", 1_000)
HEAT_CAPACITY = Unit("kJ/(kg K)", 1_000)
PERCENT = Unit("%", 10_000, (("a share of 1", 100),))
FACTOR = Unit("", 1_000_000)
TONNE_PER_HOUR = Unit("t/h", 1_000_000)
WEIGHT = Unit("", 1_000)
GRAM_PER_KILOWATT_HOUR = Unit("g/kWh", 1_000)
MONEY = Unit("money", 10_000)
MONEY_PER_TONNE = Unit("money/t", 10_000)
MONEY_PER_MEGAWATT_HOUR = Unit("money/MWh", 10_000)
MONEY_PER_KILOWATT = Unit("money/kW", 10_000)
MONEY_PER_HOUR = Unit("money/h", 10_000)
