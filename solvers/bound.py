"""A proven lower bound on a mill's plans, part by part, beside what a plan costs there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.mill import MONEY

PARTS: dict[str, tuple[str, ...]] = {
    "steel": ("stock", "crop", "cut", "surplus", "margin", "shortage"),
    "reheating": ("reheating_gas",),
    "rolling": ("rolling_electricity",),
    "idle": ("holding_gas", "base_electricity"),
    "co2": ("co2",),
    "peak": ("peak",),
    "changes": ("transition", "changes"),
    "tardiness": ("tardiness",),
    "stability": ("stability",),
}
"""Parts of the bound, and the evaluator's terms that each of them bounds together."""


@dataclass(frozen=True)
class Bound:
    """What no feasible plan can cost less than, in the currency's unit.

    value: proven. parts: what each of ``PARTS`` costs in the relaxed plan that the bound stands
    on; the parts add up to ``value``, but only their sum is proven. unavoidable: what every
    order costs at least even if it had the mill to itself; the rest of a cost is avoidable.
    elapsed: s. complete: whether more time would not have raised the bound.
    """

    value: float
    parts: Mapping[str, float]
    unavoidable: float
    elapsed: float
    complete: bool

    def avoidable_gap(self, cost: float) -> float | None:
        """Return (cost - bound) / (cost - unavoidable), None where nothing is avoidable."""
        avoidable = cost - self.unavoidable
        return (cost - self.value) / avoidable if avoidable > 0 else None


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of the bound beside the plan's cost in it (currency's unit)."""

    name: str
    bound: float
    cost: float

    @property
    def gap(self) -> float:
        """Return the plan's cost less the bound's part."""
        return self.cost - self.bound


def part_rows(bound: Bound, terms: Mapping[str, Any]) -> Iterator[PartRow]:
    """Yield the parts beside the money of an evaluation's ``terms``; those that are 0 not."""
    for name, members in PARTS.items():
        cost = sum(terms[term].money for term in members if term in terms) / MONEY
        part = bound.parts.get(name, 0.0)
        if part or cost:
            yield PartRow(name, part, cost)
