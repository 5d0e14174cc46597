"""What a survival run did and what it found."""

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 3
HEAD = ("what was done to it", "sabotaged", "figures", "broken promises")


@dataclass(frozen=True, slots=True)
class Report:
    """A run: what was done, what was broken on purpose, figures, and every broken promise."""

    name: str
    sabotage: str
    figures: str
    faults: Sequence[str]

    def cells(self) -> tuple[str, ...]:
        """Return the run's cells under ``HEAD``."""
        few = "; ".join(self.faults[:SHOWN])
        found = f"{len(self.faults)}: {few}" if self.faults else "none"
        return self.name, self.sabotage or "-", self.figures, found

    @property
    def as_it_should(self) -> bool:
        """Whether a sound service kept all promises, or a sabotaged one was found out."""
        return bool(self.faults) == bool(self.sabotage)
