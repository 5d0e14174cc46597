"""Kernel tests once more with Numba's compiler off: what is tested compiled is what is written.

A test module joins by the name ``test_*_kernels.py``.
"""

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def test_kernel_tests_pass_without_the_compiler():
    modules = sorted(str(path) for path in (REPOSITORY / "tests").rglob("test_*_kernels.py"))
    assert modules
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *modules],
        cwd=REPOSITORY,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout[-3000:]
