"""The families that are measured: the public sets, and our own generated mill books."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import scheduler.mill_evaluation
import scheduler.sequence_evaluation  # noqa: F401  both register their evaluators
from instances.catalogue import CARBON_INTENSITY, CATALOGUE, DAY_AHEAD, PublicSet
from instances.generator import PLANTS, SIZES, generate
from instances.reader import read_file
from instances.text import BadInstance
from scheduler.front import Front


@dataclass(frozen=True, slots=True)
class Instance:
    """One problem to solve, loaded when asked for, and its best known objective or front.

    seed: of a generated book, which is searched with the same one and no other.
    """

    name: str
    load: Callable[[], Any]
    reference: Callable[[Any], float | None]
    front: Callable[[Any], Front | None] = lambda _problem: None
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """Instances of one kind: those below a data folder, for a number of seeds."""

    name: str
    title: str
    instances: Callable[[Path, int], Iterator[Instance]]


def family(name: str) -> Family:
    """Return the family of that name; raise BadInstance with all names."""
    if name not in FAMILIES:
        raise BadInstance(f"family '{name}' is unknown; known are {', '.join(FAMILIES)}")
    return FAMILIES[name]


def instances_of(name: str, data: Path, seeds: int, only: str | None) -> list[Instance]:
    """Return a family's instances; raise BadInstance where none is found."""
    chosen = family(name)
    found = [
        instance
        for instance in chosen.instances(data, seeds)
        if only is None or only in instance.name
    ]
    if not found:
        of = f" with '{only}' in its name" if only else ""
        raise BadInstance(
            f"no instance of {name}{of} below {data}; antmill data says where they come from"
        )
    return found


def _public(public: PublicSet) -> Family:
    def instances(data: Path, _seeds: int) -> Iterator[Instance]:
        for path in public.files(data):
            yield _of_file(public, path)

    return Family(public.name, public.title, instances)


def _of_file(public: PublicSet, path: Path) -> Instance:
    front = public.front or (lambda _path, _problem: None)
    return Instance(
        path.stem,
        lambda: read_file(path),
        lambda problem: public.reference(path, problem),
        lambda problem: front(path, problem),
    )


def _books(mill: Literal["bar", "rod"], size: Literal["day", "week", "month"]) -> Family:
    def instances(data: Path, seeds: int) -> Iterator[Instance]:
        for seed in range(seeds):
            yield _book(mill, size, seed, data)

    title = f"generated {size} of a {mill} mill, about {SIZES[size][1]} orders, real prices"
    return Family(f"{mill}_{size}", title, instances)


def _book(
    mill: Literal["bar", "rod"], size: Literal["day", "week", "month"], seed: int, data: Path
) -> Instance:
    prices, carbon = DAY_AHEAD.files(data), CARBON_INTENSITY.files(data)
    if not prices:
        missing = data / DAY_AHEAD.folder / DAY_AHEAD.pattern
        raise BadInstance(f"the price file {missing} is missing; books are measured on real prices")
    return Instance(
        f"{mill}_{size}_{seed}",
        lambda: generate(
            mill, size, seed=seed, prices=prices[0], carbon=carbon[0] if carbon else None
        ),
        lambda _problem: None,
        seed=seed,
    )


FAMILIES: dict[str, Family] = {
    **{name: _public(public) for name, public in CATALOGUE.items()},
    **{f"{mill}_{size}": _books(mill, size) for mill in PLANTS for size in SIZES},  # type: ignore[arg-type]
}
