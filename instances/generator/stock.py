"""Generated billets: a yard of cold formats, and hot heats in the caster's sequence."""

from datetime import timedelta
from typing import Any

from instances.generator.orders import Draft, Span
from instances.generator.plants import Plant, Steel
from instances.generator.random import Stream

YARD_SHARE = 1.1
"""Cold billets of each format in shares of the grade's demand: any one format is enough."""
HEAT_BILLETS = (40, 60)
SEQUENCE_HEATS = (3, 6)
HOT_CELSIUS = (600, 800)
COOLING_MINUTES = (240, 480)
YIELD = 0.97


def stock_rows(
    plant: Plant, span: Span, drafts: list[Draft], stream: Stream
) -> list[dict[str, Any]]:
    """Return the file's rows of all billets."""
    demand = {
        steel: sum(draft.mass for draft in drafts if draft.steel == steel) / YIELD
        for steel in plant.steels
        if any(draft.steel == steel for draft in drafts)
    }
    cold = [row for steel, mass in demand.items() for row in _yard(plant, steel, mass)]
    return cold + _heats(plant, span, demand, drafts, stream)


def _yard(plant: Plant, steel: Steel, mass: float) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{steel.id}-{billet}",
            "grade": steel.id,
            "mass_kg": billet,
            "count": 10 + int(YARD_SHARE * mass / billet),
            "cost_per_t": steel.cost,
        }
        for billet in plant.billets_kg
    ]


def _heats(
    plant: Plant, span: Span, demand: dict[Steel, float], drafts: list[Draft], stream: Stream
) -> list[dict[str, Any]]:
    """Return the heats of sequences of one grade each, evenly spaced over the book's days."""
    share = stream.uniform(0.30, 0.85)
    heats = [heat for steel in _sequence(demand, drafts, share, stream) for heat in steel]
    pace = timedelta(days=span.days) / max(1, len(heats))
    rows = []
    for number, steel in enumerate(heats, start=1):
        minute = int((number - 1) * pace / timedelta(minutes=1)) + stream.integer(0, 20)
        rows.append(
            {
                "id": f"H{number:04d}",
                "grade": steel.id,
                "mass_kg": stream.choice(plant.billets_kg, (70.0, 20.0, 10.0)),
                "count": stream.integer(*HEAT_BILLETS),
                "available_from": (span.start + timedelta(minutes=minute)).isoformat(),
                "charge_temperature_c": stream.integer(*HOT_CELSIUS),
                "cooling_time_constant_min": stream.integer(*COOLING_MINUTES),
                "cost_per_t": steel.cost,
            }
        )
    return rows


def _sequence(
    demand: dict[Steel, float], drafts: list[Draft], share: float, stream: Stream
) -> list[list[Steel]]:
    """Return casting sequences (lists of heats), roughly in the order in which they are due."""
    heat_mass = sum(HEAT_BILLETS) / 2 * 2000
    sequences = []
    for steel, mass in demand.items():
        left = round(share * mass / heat_mass)
        due = sorted(draft.due for draft in drafts if draft.steel == steel)
        total = left
        while left > 0:
            heats = min(left, stream.integer(*SEQUENCE_HEATS))
            wanted = due[int((total - left) / total * len(due))]
            sequences.append((wanted + timedelta(hours=stream.integer(-24, 24)), heats, steel))
            left -= heats
    sequences.sort(key=lambda sequence: (sequence[0], sequence[2].id))
    return [[steel] * heats for _, heats, steel in sequences]
