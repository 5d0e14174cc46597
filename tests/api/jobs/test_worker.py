"""What a worker process holds: it plans, and neither migrates tables nor writes workbooks."""

import subprocess
import sys

PROGRAM = """
import sys
import api.jobs.worker
found = {"alembic", "openpyxl", "ortools"} & set(sys.modules)
sys.exit(f"imported: {found}" if found else 0)
"""


def test_a_worker_imports_nothing_that_it_does_not_use():
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
