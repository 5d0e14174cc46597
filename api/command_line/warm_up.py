"""``antmill warm-up``: compile every kernel now, so that no search or job waits for it."""

from collections.abc import Iterator
from typing import Any

GROUPS = (
    ("bar", "rod"),
    ("tardiness_setups", "heat_treatment"),
    ("galvanizing", "tsplib_atsp", "tsplib_sop"),
    ("slab_design_json", "cutting_stock"),
)
"""Kinds of problems that share kernels, and so are compiled by one process; the longest first."""


def warm_up() -> None:
    """Compile all kernels into the cache, on all cores; needs neither network nor database."""
    import os
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from multiprocessing import get_context

    from api.command_line.summary import show
    from scheduler.kernel import cache_base

    cores = len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(min(cores, len(GROUPS)), mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(_compiled, kinds) for kinds in GROUPS]):
            show(done.result())
    show([f"kernels are in {cache_base()}"])


def _compiled(kinds: tuple[str, ...]) -> list[str]:
    """Compile all that any solver needs for problems of these kinds; return lines to show."""
    from api.command_line.summary import number
    from solvers.registry import SOLVERS
    from solvers.warm_up import warm_up as warm

    return [
        f"{name:<14} {problem.name:<24} {number(round(warm(solver, problem), 2))} s"
        for problem in _problems(kinds)
        for name, solver in SOLVERS.items()
        if solver.supports(problem)
    ]


def _problems(kinds: tuple[str, ...]) -> Iterator[Any]:
    """Yield a small problem of every kind."""
    from instances.examples import example
    from instances.generator import generate
    from instances.reader import read_text

    for kind in kinds:
        if kind in ("bar", "rod"):
            yield generate("bar" if kind == "bar" else "rod", "day", seed=1)
        else:
            yield read_text(example(kind), kind)
