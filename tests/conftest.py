"""Fixtures and settings that every test shares."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

REPOSITORY = Path(__file__).resolve().parent.parent

# The same examples in every run, so that a red test is red for everyone; and no deadline, because
# the first call of a kernel compiles it. Look for new examples with HYPOTHESIS_PROFILE=explore.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Return the folder of public instances, or skip: they are not shipped with Antmill."""
    folder = Path(os.environ.get("ANTMILL_DATA") or REPOSITORY.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"public instances not found in {folder}; set ANTMILL_DATA to their folder")
    return folder
