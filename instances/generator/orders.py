"""Generated orders: sizes, grades, lengths or coil weights, quantities and dates."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from instances.generator.plants import Plant, Size, Steel
from instances.generator.random import Stream
from instances.text import BadInstance

ORDER_SIGMA = 0.8
SMALLEST_ORDER, LARGEST_ORDER = 15_000, 600_000
LEAST_BARS, LEAST_COILS = 2_000, 15_000
"""kg below which no order goes however many there are: few coils cannot meet a tolerance."""
COMMON_LENGTHS = (12_000, 6_000, 9_000, 10_000, 8_000, 7_500)
LENGTH_WEIGHTS = (40.0, 20.0, 6.0, 6.0, 4.0, 4.0, 20.0)
COIL_WINDOWS = ((1900, 2150), (1700, 2150), (1550, 1950), (1500, 2200))
COIL_WEIGHTS = (40.0, 30.0, 15.0, 15.0)
SHIFT = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Span:
    """What a book covers: start, days that orders are due in, and the horizon's end."""

    start: datetime
    days: int
    end: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """An order while its book is made; mass in kg."""

    steel: Steel
    size: Size
    mass: float
    due: datetime

    @property
    def hours(self) -> float:
        """Rolling time and its share of groove changes."""
        tonnes = self.mass / 1000
        return tonnes / self.size.rate + tonnes / self.size.groove_life * 0.2


def draft_orders(plant: Plant, span: Span, count: int, hours: float, stream: Stream) -> list[Draft]:
    """Return ``count`` orders that together take about ``hours`` of rolling."""
    active = _active_sizes(plant, span.days, stream)
    drafts = [_draft(plant, active, span, stream) for _ in range(count)]
    for _ in range(20):  # clipping small and large orders disturbs the sum, so repeat
        factor = hours / sum(draft.hours for draft in drafts)
        mean = factor * sum(draft.mass for draft in drafts) / count
        low, high = _bounds(plant, mean)
        drafts = [replace(d, mass=min(max(d.mass * factor, low), high)) for d in drafts]
    if sum(draft.hours for draft in drafts) > 1.1 * hours:
        raise BadInstance(
            f"{count} orders are more than the size holds; use fewer or a larger size"
        )
    return [replace(draft, mass=round(draft.mass, -2)) for draft in drafts]


def _bounds(plant: Plant, mean: float) -> tuple[float, float]:
    """Return the smallest and largest order (kg) of a book whose orders weigh ``mean``."""
    least = LEAST_COILS if plant.coils else LEAST_BARS
    return max(least, min(SMALLEST_ORDER, 0.3 * mean)), max(LARGEST_ORDER, 3 * mean)


def _active_sizes(plant: Plant, days: int, stream: Stream) -> tuple[Size, ...]:
    """Return the sizes of the cycle: a few a day, most in a month."""
    count = min(len(plant.sizes), stream.integer(4, 5) if days < 3 else 8 + days // 2)
    weights = [size.weight for size in plant.sizes]
    return tuple(stream.sample(plant.sizes, weights, count))


def _draft(plant: Plant, active: tuple[Size, ...], span: Span, stream: Stream) -> Draft:
    families = {size.family for size in active}
    steels = [steel for steel in plant.steels if families & set(steel.sizes)]
    steel = stream.choice(steels, [steel.weight for steel in steels])
    sizes = [size for size in active if size.family in steel.sizes]
    size = stream.choice(sizes, [size.weight for size in sizes])
    shifts = stream.integer(1, 3 * span.days)
    return Draft(steel, size, 100_000 * stream.log_normal(ORDER_SIGMA), span.start + shifts * SHIFT)


def order_rows(
    plant: Plant, span: Span, drafts: list[Draft], stream: Stream
) -> list[dict[str, Any]]:
    """Return the file's rows of ``drafts``, in the order of their due dates."""
    drafts = sorted(drafts, key=lambda draft: draft.due)
    return [_row(plant, span, draft, k, stream) for k, draft in enumerate(drafts, start=1)]


def _row(plant: Plant, span: Span, draft: Draft, number: int, stream: Stream) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": f"{'W' if plant.coils else 'B'}{number:04d}",
        "grade": draft.steel.id,
        "section": draft.size.id,
        "due_date": draft.due.isoformat(),
        "weight": stream.choice((1, 2, 5), (80.0, 15.0, 5.0)),
    }
    if plant.coils:
        low, high = stream.choice(COIL_WINDOWS, COIL_WEIGHTS)
        row |= {"coil_kg": {"min": low, "max": high}, "quantity_kg": draft.mass}
    else:
        length = stream.choice((*COMMON_LENGTHS, 0), LENGTH_WEIGHTS)
        length = length or 50 * stream.integer(90, 270)
        row |= {"length_mm": length, "quantity_kg": draft.mass}
    return row | _special(span, draft, stream)


def _special(span: Span, draft: Draft, stream: Stream) -> dict[str, Any]:
    """Return what only a few orders have: a deadline, a release, a surface requirement."""
    special: dict[str, Any] = {}
    late = draft.due + timedelta(hours=stream.integer(24, 48))
    early = draft.due - timedelta(hours=stream.integer(48, 96))
    if stream.chance(0.06) and draft.due >= span.start + (span.end - span.start) / 3:
        special["deadline"] = min(late, span.end).isoformat()
    if stream.chance(0.06) and early > span.start:
        special["release"] = early.isoformat()
    if stream.chance(0.05):
        special["max_groove_wear_percent"] = stream.choice((50, 60, 70), (1.0, 1.0, 1.0))
    return special
