"""``antmill warm-up``: compile every kernel now, so that no search or job waits for it."""

from collections.abc import Iterator
from typing import Any


def warm_up() -> None:
    """Compile all kernels into the cache; needs neither network nor database."""
    from api.command_line.summary import number, show
    from scheduler.kernel import cache_base
    from solvers.registry import SOLVERS
    from solvers.warm_up import warm_up as warm

    for name, solver in SOLVERS.items():
        for problem in _problems():
            if solver.supports(problem):
                seconds = round(warm(solver, problem), 2)
                show([f"{name:<14} {problem.name:<24} {number(seconds)} s"])
    show([f"kernels are in {cache_base()}"])


def _problems() -> Iterator[Any]:
    """Yield a small problem of every kind."""
    from instances.examples import EXAMPLES, example
    from instances.generator import generate
    from instances.reader import read_text

    for reader in EXAMPLES:
        yield read_text(example(reader), reader)
    yield generate("bar", "day", seed=1)
    yield generate("rod", "day", seed=1)
