"""What ``docs/getting-started.md`` tells a newcomer to do works as it stands."""

import re
import shlex
from pathlib import Path

import pytest

from api.cli import main

PAGE = Path(__file__).resolve().parents[2] / "docs" / "getting-started.md"


def commands(section: str) -> list[list[str]]:
    """Return the words of every ``antmill`` command in a numbered section of the page."""
    text = PAGE.read_text(encoding="utf-8")
    body = re.search(rf"^## {section}\. .*?(?=^## )", text, re.MULTILINE | re.DOTALL).group()
    lines = [line.strip() for line in body.splitlines() if line.startswith("    antmill ")]
    return [shlex.split(line)[1:] for line in lines if not line.startswith("antmill: ")]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with the page's book, where the commands run."""
    book = re.search(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL).group(1)
    (tmp_path / "book.json").write_text(book, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page_leads_from_the_book_to_its_pictures_and_back(folder, capsys):
    steps = commands("3") + commands("4")
    assert [step[0] for step in steps] == ["solve", "convert", "evaluate", "convert", "convert"]
    for step in steps:
        assert main(step) == 0, capsys.readouterr().err
    for name in ("plan.json", "plan.svg", "plan.html", "schedule.json", "mine.html", "next.json"):
        assert (folder / name).stat().st_size > 0


def test_the_mistake_that_the_page_shows_is_answered_as_it_says(folder, capsys):
    book = folder / "book.json"
    text = book.read_text(encoding="utf-8")
    book.write_text(text.replace("2026-03-02T20:00:00+01:00", "2026-03-02T10:00:00"), "utf-8")
    assert main(["solve", "book.json"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert said in page
