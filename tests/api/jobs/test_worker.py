"""What a worker process holds: it plans, and neither migrates tables nor writes workbooks."""

import subprocess
import sys

import pytest

from api.planning.solvers import warm_up
from solvers.ant_colony import mill_colony, mill_recuts
from solvers.mill import decoding

PROGRAM = """
import sys
import api.jobs.worker
found = {"alembic", "openpyxl", "ortools"} & set(sys.modules)
sys.exit(f"imported: {found}" if found else 0)
"""


def test_a_worker_imports_nothing_that_it_does_not_use():
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize(
    ("owner", "kernel"),
    [(mill_colony, "take"), (mill_recuts, "try_block"), (decoding, "decode_inserted")],
)
def test_a_worker_compiles_whole_cycles_of_ants_and_the_rule_s_repair(monkeypatch, owner, kernel):
    compiled, calls = getattr(owner, kernel), list[str]()

    def call(*args):
        calls.append(kernel)
        return compiled(*args)

    monkeypatch.setattr(owner, kernel, call)
    warm_up(("aco",))
    assert calls
