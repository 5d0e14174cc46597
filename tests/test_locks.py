"""The locks: pinned by hash, in agreement, and free of any server's address."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-peers.lock")
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==(\S+)(?: ; (.+?))? \\$", re.MULTILINE)


def pins(lock: str) -> set[tuple[str, str, str]]:
    """Return (name, version, marker) of every requirement in ``lock``."""
    return set(PIN.findall((REPOSITORY / lock).read_text("utf-8")))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_has_hashes_and_no_address(lock):
    text = (REPOSITORY / lock).read_text("utf-8")
    requirements = [part for part in re.split(r"\n(?=\S)", text) if not part.startswith("#")]
    assert requirements
    assert [part for part in requirements if "--hash=sha256:" not in part] == []
    assert "://" not in text


@pytest.mark.parametrize(("smaller", "larger"), [LOCKS[:2], LOCKS[1:]])
def test_the_larger_lock_holds_the_versions_of_the_smaller(smaller, larger):
    versions = {(name, version) for name, version, _ in pins(larger)}
    assert {(name, version) for name, version, _ in pins(smaller)} - versions == set()


def test_protobuf_is_one_that_ortools_can_load():
    # Beside protobuf 6.34 pip would silently fall back to ortools 9.10.
    versions = {name: version for name, version, _ in pins("requirements.lock")}
    assert tuple(map(int, versions["protobuf"].split(".")[:2])) < (6, 34)
    assert versions["ortools"].startswith("9.15.")
