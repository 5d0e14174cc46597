"""Bringing a database to this version's tables with Alembic, which no worker needs to import."""

from pathlib import Path

from sqlalchemy import Connection, func, select

MIGRATION_LOCK = 0x616E746D696C6C
MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Apply the migrations that the database lacks, inside the caller's transaction."""
    if connection.dialect.name == "postgresql":  # servers that start together take turns
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
