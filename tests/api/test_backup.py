"""Backups while the service works, restoring, and keys on the command line."""

import sqlite3

import pytest

from api.cli import main
from api.store.backup import BackupError, back_up, restore
from api.store.database import DatabaseInUseError

from .conftest import job, service


def run(*arguments):
    """Run the command line; return its exit code."""
    return main([str(argument) for argument in arguments])


def test_a_backup_made_while_serving_holds_what_was_accepted(tmp_path, book):
    copy = tmp_path / "copy.db"
    with service(tmp_path, slots=0) as client:
        url = client.app.state.services.store.url
        kept = client.post("/v1/jobs", json=job(book)).json()["id"]
        assert back_up(url, copy) == copy.stat().st_size > 0
        lost = client.post("/v1/jobs", json=job(book)).json()["id"]
        with pytest.raises(DatabaseInUseError):
            restore(url, copy)
        with pytest.raises(BackupError, match="exists"):
            back_up(url, copy)
    restore(url, copy)
    assert (tmp_path / "antmill.db.before-restore").exists()
    with service(tmp_path, slots=0) as client:
        assert client.get(f"/v1/jobs/{kept}").status_code == 200
        assert client.get(f"/v1/jobs/{lost}").status_code == 404


def test_what_is_no_backup_is_not_restored(tmp_path):
    other = tmp_path / "other.db"
    sqlite3.connect(other).execute("CREATE TABLE t (x)").connection.close()
    text = tmp_path / "text.db"
    text.write_text("no database")
    for source in (other, text, tmp_path / "missing.db"):
        with pytest.raises(BackupError):
            restore(f"sqlite:///{tmp_path}/antmill.db", source)
    assert not (tmp_path / "antmill.db").exists()


def test_a_copy_that_is_not_whole_does_not_stay(tmp_path):
    other = tmp_path / "other.db"
    sqlite3.connect(other).execute("CREATE TABLE t (x)").connection.close()
    with pytest.raises(BackupError, match=r"the copy of .*other\.db is no database of Antmill"):
        back_up(f"sqlite:///{other}", tmp_path / "copy.db")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.db"]


def test_the_command_line_makes_and_revokes_keys(tmp_path, capsys):
    database = ("--database", tmp_path / "antmill.db")
    assert run("keys", "add", "mes 1", "--role", "mes", *database) == 0
    key = capsys.readouterr().out.strip()
    with service(tmp_path, slots=0) as client:
        headers = {"Authorization": f"Bearer {key}"}
        assert client.get("/v1/jobs").status_code == 401
        assert client.get("/v1/jobs", headers=headers).status_code == 200
        assert run("keys", "list", *database) == 2
        assert "POST /v1/keys" in capsys.readouterr().err
    assert run("keys", "revoke", key.split(".")[1], *database) == 0
    assert run("keys", "list", *database) == 0
    assert "revoked" in capsys.readouterr().out
    assert run("keys", "revoke", "key-none", *database) == 2
    assert run("keys", "add", "x", "--role", "king", *database) == 2


def test_backup_and_restore_are_commands(tmp_path, capsys):
    database = ("--database", tmp_path / "antmill.db")
    with service(tmp_path, slots=0):
        assert run("backup", tmp_path / "copy.db", *database) == 0
        assert run("restore", tmp_path / "copy.db", *database) == 2
    assert run("restore", tmp_path / "copy.db", *database) == 0
    assert run("backup", tmp_path / "copy.db", *database) == 2
    assert run("backup", tmp_path / "no" / "copy.db", *database) == 2
    assert "its folder does not exist" in capsys.readouterr().err
    assert run("backup", tmp_path / "x.db", "--database", "postgresql://h/d") == 2
    assert "pg_dump" in capsys.readouterr().err
