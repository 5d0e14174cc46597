"""Run families x solvers x seeds, show each run as it ends, and write what was found."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.contestants import Contestant, Task, contestant
from benchmarks.convergence import convergence
from benchmarks.families import family, instances_of
from benchmarks.machine import environment
from benchmarks.mill_table import RULE, Comparison, compare, mill_table
from benchmarks.peers import PEERS
from benchmarks.runs import Run
from benchmarks.table import RUN_HEAD, by_instance, by_solver, run_cells, to_csv
from instances.catalogue import data_folder
from instances.text import BadInstance
from scheduler.mill import MillProblem
from solvers.or_tools.mill_bound import energy_bound, mill_bound

DETAILS = "## Instances"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A table to make: a family, the solvers, and how long and how often each runs.

    peer_seeds: how often the peers among the solvers run; None is as often as our own.
    """

    family: str
    solvers: tuple[str, ...]
    seconds: float
    seeds: int
    only: str | None = None
    peer_seeds: int | None = None

    def seeds_of(self, solver: str) -> range:
        """Return the seeds that ``solver`` runs with."""
        if self.peer_seeds is None or solver not in PEERS:
            return range(self.seeds)
        return range(self.peer_seeds)


@dataclass(frozen=True, slots=True)
class Table:
    """What one family's runs showed."""

    wanted: Wanted
    title: str
    runs: tuple[Run, ...]
    comparisons: tuple[Comparison, ...]

    def summary(self) -> str:
        """Return the tables over all instances, as Markdown."""
        solvers = dict.fromkeys(row.solver for row in self.comparisons)
        mill = [mill_table(self.comparisons, solver) for solver in solvers]
        return "\n".join([by_solver(self.runs), *mill])

    def text(self) -> str:
        """Return all tables as Markdown; what is below ``DETAILS`` has a line an instance."""
        return f"{self.summary()}\n{DETAILS}\n\n{by_instance(self.runs)}"


def run_all(
    wanted: Sequence[Wanted], *, threads: int | None, data: Path | None, out: Path | None
) -> list[Table]:
    """Make all tables; print them, and write them into ``out`` with machine and versions."""
    folder = data or data_folder()
    cores = threads or len(os.sched_getaffinity(0))
    contestants = {name: contestant(name) for one in wanted for name in one.solvers}
    for one in wanted:  # what is missing is said before anything runs
        instances_of(one.family, folder, one.seeds, one.only)
    if out is not None:
        _make_folder(out)
    machine = environment() | {"threads": cores, "data": str(folder)}
    tables = []
    for one in wanted:
        print(f"\n{one.family}: {family(one.family).title}", flush=True)
        print("  ".join(RUN_HEAD), flush=True)
        table = _table(one, [contestants[name] for name in one.solvers], folder, cores)
        print(f"\n{table.text()}", flush=True)
        tables.append(table)
        if out is not None:
            _write(out, table, machine)
    return tables


def _table(one: Wanted, contestants: list[Contestant], folder: Path, threads: int) -> Table:
    runs, comparisons = [], []
    bounds = {}
    for task, runner in _tasks(one, contestants, folder, threads):
        run, solution = runner.run(task)
        runs.append(run)
        print("  ".join(run_cells(run)), flush=True)
        if isinstance(task.problem, MillProblem) and run.value is not None and run.solver != RULE:
            if run.instance not in bounds:
                bounds[run.instance] = (
                    mill_bound(task.problem, seconds=one.seconds),
                    energy_bound(task.problem, seconds=one.seconds),
                )
            row = compare(run.instance, run.solver, task.problem, solution, *bounds[run.instance])
            comparisons += [] if row is None else [row]
    if not runs:
        names = ", ".join(runner.name for runner in contestants)
        raise BadInstance(f"none of {names} can solve {one.family}")
    return Table(one, family(one.family).title, tuple(runs), tuple(comparisons))


def _tasks(
    one: Wanted, contestants: list[Contestant], folder: Path, threads: int
) -> Iterator[tuple[Task, Contestant]]:
    """Yield every run to make: all contestants on an instance before the next one."""
    for instance in instances_of(one.family, folder, one.seeds, one.only):
        problem = instance.load()
        reference = instance.reference(problem)
        for runner in contestants:
            if runner.supports(problem):
                own = None if instance.seed is None else (instance.seed,)
                for seed in own or one.seeds_of(runner.name):
                    yield (
                        Task(one.family, instance, problem, reference, seed, threads, one.seconds),
                        runner,
                    )


def _make_folder(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise BadInstance(f"{out}: is a file, name a folder")
    out.mkdir(parents=True, exist_ok=True)


def _write(out: Path, table: Table, machine: dict[str, Any]) -> None:
    name = table.wanted.family
    (out / f"{name}.csv").write_text(to_csv(table.runs), encoding="utf-8")
    head = f"# {name}: {table.title}\n\n{conditions(table.wanted, machine)}\n\n"
    (out / f"{name}.md").write_text(head + table.text(), encoding="utf-8")
    text = json.dumps(machine, indent=1, ensure_ascii=False) + "\n"
    (out / "environment.json").write_text(text, encoding="utf-8")
    picture = convergence(table.runs)
    if picture is not None:
        (out / f"{name}.svg").write_text(picture, encoding="utf-8")


def conditions(wanted: Wanted, machine: dict[str, Any]) -> str:
    """Return a few words on how the figures came about, with the command."""
    peers = f" --peer-seeds {wanted.peer_seeds}" if _has_fewer(wanted) else ""
    only = f" --only {wanted.only}" if wanted.only else ""
    return (
        f"`antmill benchmark {wanted.family} --time {wanted.seconds:g} --seeds {wanted.seeds} "
        f"--solvers {','.join(wanted.solvers)} --threads {machine['threads']}{peers}{only}`\n\n"
        f"{wanted.seconds:g} s a run, {_seeds(wanted)}, {machine['threads']} threads of "
        f"{machine['processor']}, commit {machine['commit']}, {machine['time'][:10]}, "
        f"load {machine['load_1_min']} at the start."
    )


def _seeds(wanted: Wanted) -> str:
    peers = f" (peers: {wanted.peer_seeds})" if _has_fewer(wanted) else ""
    return f"{wanted.seeds} seeds{peers}"


def _has_fewer(wanted: Wanted) -> bool:
    """Whether peers are among the solvers, and run with seeds of their own number."""
    return wanted.peer_seeds is not None and any(name in PEERS for name in wanted.solvers)
