"""Opening databases: one writer a file, tables as the code has them, warnings of old SQLite."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import OperationalError

from api.store import Store
from api.store.database import DatabaseInUseError
from api.store.engine import has_wal_reset_bug, sqlite_warning
from api.store.tables import jobs, metadata


@pytest.fixture
def store(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/a.db")
    yield store
    store.close()


def test_a_file_has_one_service_at_a_time(store):
    with pytest.raises(DatabaseInUseError, match="in use"):
        Store.open(store.url)
    store.close()
    Store.open(store.url).close()


def test_the_migrations_make_the_tables_of_the_code(store):
    def differences(connection):
        return compare_metadata(MigrationContext.configure(connection), metadata)

    assert store.read(differences) == []


def test_a_worker_and_a_reader_cannot_write_an_sqlite_file(store):
    worker = Store.for_worker(store.url)
    with pytest.raises(RuntimeError):
        worker.write(lambda connection: None)
    with pytest.raises(OperationalError, match="readonly"):
        worker.read(lambda connection: connection.execute(jobs.delete()))
    worker.close()


def test_each_commit_is_flushed_and_the_log_is_written_ahead(store):
    pragmas = {"synchronous": 2, "journal_mode": "wal", "foreign_keys": 1}
    for name, value in pragmas.items():
        found = store.write(lambda c, name=name: c.exec_driver_sql(f"PRAGMA {name}").scalar())
        assert found == value


@pytest.mark.parametrize(
    ("version", "bug"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
    ],
)
def test_versions_with_the_wal_reset_bug_are_told(version, bug):
    assert has_wal_reset_bug(version) is bug
    assert (sqlite_warning(version) is not None) is bug
