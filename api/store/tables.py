"""The tables. SQL is written only in this package; Alembic's migrations create them.

Instants are microseconds since 1970 in UTC; documents (problems, schedules) are compressed JSON.
Every object belongs to a mill, and every query for one names the mill.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts rows only in a column that is exactly INTEGER.
Counter = BigInteger().with_variant(Integer, "sqlite")

order_books = Table(
    "order_books",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("mill", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", String(128), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("summary", JSON, nullable=False),
    Column("issues", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    # ``documents.Origin``; all but posted ones go with their last job and schedule.
    Column("origin", String(16), nullable=False),
    Index(None, "mill", "id"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("mill", String(64), nullable=False),
    Column("order_book", String(40), ForeignKey("order_books.id"), nullable=False),
    # The schedule that this job's plan is a revision of; no foreign key, for it would be a circle.
    Column("parent", String(40)),
    Column("scenario", String(40), ForeignKey("scenarios.id")),
    Column("state", String(16), nullable=False),
    Column("failure", String(32)),
    Column("detail", String(2000)),
    Column("request", JSON, nullable=False),
    Column("solver", String(64), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", String(128), nullable=False),
    Column("started_at", BigInteger),
    Column("finished_at", BigInteger),
    Column("limit_s", BigInteger, nullable=False),
    # The fencing token: every claim raises it, and only its holder may write.
    Column("attempt", Integer, nullable=False, server_default=text("0")),
    Column("lapses", Integer, nullable=False, server_default=text("0")),
    Column("executor", String(200)),
    # Counts heartbeats. A lease has lapsed when an observer sees no change of (attempt, beat) for
    # the lease's length on its own monotonic clock, so that no clock jump can take a job away.
    Column("beat", BigInteger, nullable=False, server_default=text("0")),
    Column("beat_at", BigInteger),
    Column("progress", JSON),
    Column("outcome", JSON),
    Column("schedule", String(40)),
    # The best plan so far, for the case that the worker is killed.
    Column("checkpoint", LargeBinary),
    Index(None, "state", "priority", "id"),
    Index(None, "mill", "id"),
    Index(None, "parent"),
    Index(None, "scenario"),
)

scenarios = Table(
    "scenarios",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("mill", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", String(128), nullable=False),
    Index(None, "mill", "id"),
)

job_events = Table(
    "job_events",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("job", String(40), ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("data", JSON, nullable=False),
    Index(None, "job", "id"),
    sqlite_autoincrement=True,
)

schedules = Table(
    "schedules",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("mill", String(64), nullable=False),
    Column("order_book", String(40), ForeignKey("order_books.id"), nullable=False),
    Column("job", String(40), ForeignKey("jobs.id", ondelete="SET NULL"), unique=True),
    Column("parent", String(40), ForeignKey("schedules.id")),
    Column("revision", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", String(128), nullable=False),
    Column("feasible", Boolean, nullable=False),
    Column("evaluation", JSON, nullable=False),
    Column("run", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    # The planner's rule for the same problem: its figures stand beside the plan's.
    Column("reference", LargeBinary),
    Index(None, "mill", "id"),
    Index(None, "order_book"),
    Index(None, "parent"),
)

# Lots that a plan released to the mill, with the states of OPC UA ISA-95 Job Control.
job_orders = Table(
    "job_orders",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("mill", String(64), nullable=False),
    Column("schedule", String(40), ForeignKey("schedules.id"), nullable=False),
    Column("line", String(64), nullable=False),
    Column("lot", Integer, nullable=False),
    Column("state", String(24), nullable=False),
    Column("released_at", BigInteger, nullable=False),
    Column("released_by", String(128), nullable=False),
    Column("planned", JSON, nullable=False),
    Column("actual", JSON, nullable=False),
    UniqueConstraint("schedule", "line", "lot"),
    Index(None, "mill", "id"),
)

# The plans of a job that found a whole front of them; its own schedule is one of these.
front_plans = Table(
    "front_plans",
    metadata,
    Column("job", String(40), ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("schedule", String(40), ForeignKey("schedules.id", ondelete="CASCADE"), nullable=False),
    Column("goals", JSON, nullable=False),
    Index(None, "schedule"),
)

# The outbox: what a job's client is to be told, written in the transaction that ends the job.
webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("job", String(40), ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("mill", String(64), nullable=False),
    Column("url", String(1000), nullable=False),
    Column("body", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("attempts", JSON, nullable=False),
    Index(None, "state", "next_at"),
    Index(None, "job"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("mill", String(64), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("answer", JSON, nullable=False),
    # Seconds that the service had served when the key was made.
    Column("made_at_s", BigInteger, nullable=False),
    Index(None, "made_at_s"),
)

# One row: how many seconds the service has served.
service_age = Table(
    "service_age",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seconds", BigInteger, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("mill", String(64), nullable=False),
    Column("name", String(128), nullable=False),
    Column("role", String(16), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", String(128), nullable=False),
    Column("expires_at", BigInteger),
    Column("revoked_at", BigInteger),
    Index(None, "mill", "id"),
)

# Append-only; each row's digest covers the row and the digest before it, mill by mill.
audit = Table(
    "audit",
    metadata,
    Column("mill", String(64), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("client", String(128), nullable=False),
    Column("address", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("object", String(64), nullable=False),
    Column("result", String(64), nullable=False),
    Column("request", String(40), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
)

__all__ = [
    "api_keys",
    "audit",
    "front_plans",
    "idempotency_keys",
    "job_events",
    "job_orders",
    "jobs",
    "metadata",
    "order_books",
    "scenarios",
    "schedules",
    "service_age",
    "webhooks",
]
