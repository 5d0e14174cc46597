"""The one ``@kernel`` decorator: a compiled, cached function that releases the GIL.

Numba's on-disk cache does not notice an edit in a helper that lives in another file. So the cache
folder is keyed by a digest of every source file that defines a kernel: after any edit all kernels
compile afresh, and never otherwise.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

PACKAGE_ROOT = Path(__file__).resolve().parent.parent
KERNEL_PACKAGES = ("scheduler", "solvers")

F = TypeVar("F", bound=Callable[..., Any])


def kernel_digest() -> str:
    """Return a digest of all sources that define kernels, and of the compiler's version."""
    digest = hashlib.sha256(numba.__version__.encode())
    for package in KERNEL_PACKAGES:
        for path in sorted((PACKAGE_ROOT / package).rglob("*.py")):
            source = path.read_bytes()
            if b"@kernel" in source:
                digest.update(path.relative_to(PACKAGE_ROOT).as_posix().encode())
                digest.update(source)
    return digest.hexdigest()[:16]


def cache_base() -> Path:
    """Return the writable folder below which compiled kernels are kept."""
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(chosen)
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "antmill"
    try:
        home.mkdir(parents=True, exist_ok=True)
        writable = os.access(home, os.W_OK)
    except OSError:
        writable = False
    return home if writable else Path(tempfile.gettempdir()) / f"antmill-{os.getuid()}"


numba.config.CACHE_DIR = str(cache_base() / kernel_digest())  # type: ignore[attr-defined]


def kernel(function: F) -> F:
    """Compile ``function`` with Numba in nopython mode, cached on disk, without the GIL."""
    return cast("F", numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def kernel_in_place(function: F) -> F:
    """Compile a kernel that allocates nothing: outputs, scratch and results are scalars or given.

    Without allocation there is nothing to count references of. For small kernels that pass arrays
    on to each other this halves the time (the counters are atomic), and two threads do not fight
    for them. Whole-array assignment and slices allocate: write loops. Call only kernels of the
    same kind from it.
    """
    compiled: F = numba.njit(cache=True, nogil=True, error_model="numpy", _nrt=False)(function)
    return compiled
