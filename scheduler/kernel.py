"""The one ``@kernel`` decorator: a compiled, cached function that releases the GIL.

Numba's on-disk cache does not notice an edit in a helper that lives in another file. So every
module's kernels are cached in a folder keyed by a digest of the module and of all our modules that
it imports, directly or not: after an edit exactly the kernels that may depend on it compile afresh.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core.types import unliteral

PACKAGE_ROOT = Path(__file__).resolve().parent.parent
KERNEL_PACKAGES = ("scheduler", "solvers")

F = TypeVar("F", bound=Callable[..., Any])


def source_of(module: str) -> Path | None:
    """Return the file of one of our modules, None for others."""
    if module.split(".")[0] not in KERNEL_PACKAGES:
        return None
    path = PACKAGE_ROOT.joinpath(*module.split("."))
    candidates = (path.with_suffix(".py"), path / "__init__.py")
    return next((file for file in candidates if file.is_file()), None)


IMPORTS = re.compile(r"^\s*(?:from ([\w.]+) )?import (\([^)]*\)|.*)", re.MULTILINE)
"""An import, taken from the text: to parse all modules takes each process half a second."""


@cache
def imports_of(module: str) -> tuple[str, ...]:
    """Return the modules of ours that ``module`` imports, and any that only look imported."""
    path = source_of(module)
    names: set[str] = set()
    for origin, listed in IMPORTS.findall(path.read_text(encoding="utf-8") if path else ""):
        words = re.findall(r"[\w.]+", listed)
        names.update([origin, *(f"{origin}.{word}" for word in words)] if origin else words)
    return tuple(sorted(name for name in names if source_of(name)))


@cache
def kernel_digest(module: str) -> str:
    """Return a digest of ``module``, of all of ours that it needs, and of the compiler."""
    needed, open_modules = set[str](), [module]
    while open_modules:
        name = open_modules.pop()
        if name not in needed:
            needed.add(name)
            open_modules += imports_of(name)
    digest = hashlib.sha256(numba.__version__.encode())
    for name in sorted(needed):
        path = source_of(name)
        digest.update(name.encode() + (path.read_bytes() if path else b""))
    return digest.hexdigest()[:16]


def cache_base() -> Path:
    """Return the writable folder below which compiled kernels are kept.

    In a checkout it is the one that ``make`` fills, so that the bare command need not compile anew.
    """
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(chosen)
    made = PACKAGE_ROOT / ".numba_cache"
    if made.is_dir() and os.access(made, os.W_OK):
        return made
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "antmill"
    try:
        home.mkdir(parents=True, exist_ok=True)
        writable = os.access(home, os.W_OK)
    except OSError:
        writable = False
    return home if writable else Path(tempfile.gettempdir()) / f"antmill-{os.getuid()}"


def compiled(function: F, **options: Any) -> F:
    """Compile ``function`` with Numba in nopython mode, cached in the folder of its module."""
    folder = cache_base() / kernel_digest(function.__module__)
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    jit = numba.njit(cache=True, nogil=True, error_model="numpy", **options)
    return cast("F", without_literals(jit(function)))


def without_literals(dispatcher: Any) -> Any:
    """Let ``dispatcher`` compile ``f(x, 0)`` called by a kernel as ``f(x, n)``.

    Numba compiles a call with a constant on its own, and all that is called from there: a tenth of
    all the time to compile, for no faster code.
    """
    template_of = getattr(dispatcher, "get_call_template", None)
    if template_of is None:  # under NUMBA_DISABLE_JIT it is the plain function
        return dispatcher

    def get_call_template(args: Any, kws: Any) -> Any:
        kinds = dict(zip(kws, map(unliteral, kws.values()), strict=True))
        return template_of(tuple(map(unliteral, args)), kinds)

    dispatcher.get_call_template = get_call_template
    return dispatcher


def kernel(function: F) -> F:
    """Compile ``function`` with Numba in nopython mode, cached on disk, without the GIL."""
    return compiled(function)


def kernel_in_place(function: F) -> F:
    """Compile a kernel that allocates nothing: outputs, scratch and results are scalars or given.

    Without allocation there is nothing to count references of. For small kernels that pass arrays
    on to each other this halves the time (the counters are atomic), and two threads do not fight
    for them. Whole-array assignment and slices allocate: write loops. Call only kernels of the
    same kind from it.
    """
    return compiled(function, _nrt=False)


def inner_kernel(function: F) -> F:
    """Compile a kernel in place that only other kernels call: Python's own entry is left out.

    Unpacking nested tuples of arrays from Python is a third of the time to compile a small kernel.
    """
    return compiled(function, _nrt=False, no_cpython_wrapper=True)


def inlined_kernel(function: F) -> F:
    """Compile a kernel in place whose body goes into its callers.

    For what is called every few nanoseconds: a call passes every word of its tuples of arrays.
    """
    return compiled(function, _nrt=False, forceinline=True)
