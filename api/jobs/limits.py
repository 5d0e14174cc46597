"""What the operating system enforces on a worker, and how much it uses."""

import ctypes
import os
import signal
from pathlib import Path

PR_SET_PDEATHSIG = 1
PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")
"""Clock ticks in a second of processor time."""


def die_with(parent: int) -> None:
    """Have the kernel kill this process when ``parent`` dies, even while a kernel loops."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the call
        os._exit(1)


def worked_by(process: int) -> int:
    """Return how long ``process`` has been on a processor, in clock ticks; 0 when it is gone."""
    try:
        after_name = Path(f"/proc/{process}/stat").read_text("ascii", "replace").rpartition(")")[2]
        return sum(map(int, after_name.split()[11:13]))
    except (OSError, ValueError):
        return 0


def memory_of(process: int) -> int:
    """Return the resident bytes of ``process``, 0 when it is gone."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1]) * PAGE
    except (OSError, IndexError):
        return 0
