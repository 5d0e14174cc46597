"""Other people's solvers, as yardsticks: extras that the product never needs.

Each is a module here with ``supports(problem)``, ``load()``, which imports what it needs, and
``solve(problem, seconds, threads, seed, offer)``; it runs in a process of its own that is killed
when its time is over, and calls ``offer(solution)`` with each better solution and at last
``offer(solution, bound)`` where it has one. LKH's licence is for non-commercial use; it is
measured, never shipped.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer: the module that runs it."""

    name: str
    module: str

    def supports(self, problem: Any) -> bool:
        """Whether the peer can take ``problem``."""
        supports: Callable[[Any], bool] = import_module(self.module).supports
        return supports(problem)


PEERS: Mapping[str, Peer] = {
    name: Peer(name, f"benchmarks.peers.{name}")
    for name in (
        "ortools_cp_sat",
        "ortools_routing",
        "lkh",
        "pyjobshop",
        "aco_pants",
        "scikit_opt",
    )
}
"""All peers by name."""
