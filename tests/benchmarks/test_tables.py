"""What a table says about how it came about, and how it counts."""

from benchmarks import command
from benchmarks.command import Wanted, conditions
from benchmarks.contestants import contestant
from benchmarks.families import Instance
from benchmarks.table import by_solver
from instances.generator import generate
from tests.benchmarks.test_convergence import run

MACHINE = {"threads": 2, "processor": "P", "commit": "c", "time": "2026-11-27", "load_1_min": 0}


def test_a_book_is_searched_with_its_own_seed_when_others_are_left_out(monkeypatch, tmp_path):
    book = Instance(
        "book_7", lambda: generate("bar", "day", seed=7, orders=3), lambda _: None, seed=7
    )
    monkeypatch.setattr(command, "instances_of", lambda *_: [book])
    wanted = Wanted("bar_day", ("planner_rule",), 1, 10, only="_7")
    (table,) = command.run_all([wanted], threads=1, data=tmp_path, out=None)
    assert [one.seed for one in table.runs] == [7]


def test_runs_without_a_solution_count_as_not_at_the_reference():
    runs = [run("aco", [(1.0, 100.0)]), run("aco", []), run("aco", [])]
    cells = by_solver(runs).splitlines()[-1].split("|")
    assert [cell.strip() for cell in cells[3:6]] == ["3", "1", "1/3"]


def test_the_command_beside_a_table_makes_it_again():
    wanted = Wanted("sop", ("aco", "lkh"), 10, 10, peer_seeds=1)
    assert "--threads 2 --peer-seeds 1`" in conditions(wanted, MACHINE)
    assert "10 seeds (peers: 1)" in conditions(wanted, MACHINE)
    alone = Wanted("sop", ("aco",), 10, 10, peer_seeds=1)
    assert "peer" not in conditions(alone, MACHINE)
    assert [*wanted.seeds_of("lkh")] == [0]
    assert [*wanted.seeds_of(contestant("aco").name)] == [*range(10)]
