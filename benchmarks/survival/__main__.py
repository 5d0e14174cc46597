"""``python -m benchmarks.survival --kills 300 --seed 1``: every hardship, sound and sabotaged.

Each is done to the service as it is, which must keep all promises, and to one with a safeguard
taken out, in which the same checks must find broken promises. Exit code 1 where either is not so.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from api.command_line.summary import show
from benchmarks.machine import environment
from benchmarks.survival import hardships, kills, zombies
from benchmarks.survival.report import HEAD, Report
from benchmarks.table import markdown

Scenario = Callable[..., Report]
CONTROLS = 10
"""Kills of a sabotaged service."""


def scenarios(asked: argparse.Namespace) -> list[Scenario]:
    """Return all runs, each sound one before its sabotaged ones."""
    killed = partial(kills.run, seed=asked.seed, kills=asked.kills)
    control = partial(kills.run, seed=asked.seed, kills=CONTROLS, drain=20, search=2)
    stopped = partial(zombies.run, seed=asked.seed, zombies=asked.zombies)
    disk = partial(hardships.full_disk, posts=60)
    clock = partial(hardships.jumping_clock, jobs=asked.zombies)
    slow = hardships.slow_sockets
    return [
        killed,
        *(partial(control, sabotage=name) for name in ("durability", "keys", "rescue")),
        stopped,
        partial(stopped, sabotage="fence"),
        disk,
        partial(disk, sabotage="durability"),
        clock,
        partial(clock, sabotage="wall clock"),
        slow,
        partial(slow, sabotage="no deadlines"),
    ]


def main() -> int:
    """Run all, show each as it ends, then the table; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.survival", description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--zombies", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    reports = []
    with tempfile.TemporaryDirectory() as folder:
        for number, scenario in enumerate(scenarios(asked)):
            reports.append(scenario(Path(folder) / str(number)))
            show(["  ".join(reports[-1].cells())])
    machine = environment()
    show(
        [
            "",
            markdown(HEAD, [report.cells() for report in reports]),
            f"commit {machine['commit']}, {machine['time']}, {machine['cores']} cores of "
            f"{machine['processor']}, load {os.getloadavg()[1]:.1f} over the last 5 min.",
        ]
    )
    return 0 if all(report.as_it_should for report in reports) else 1


if __name__ == "__main__":
    sys.exit(main())
