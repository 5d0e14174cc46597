"""The versions of everything that a result depends on."""

import platform
from functools import cache
from importlib.metadata import version

PACKAGES = ("antmill", "numpy", "numba", "ortools")


@cache
def versions() -> dict[str, str]:
    """Return the versions of Python, Antmill, and the libraries that compute."""
    return {
        "python": platform.python_version(),
        **{package: version(package) for package in PACKAGES},
    }
