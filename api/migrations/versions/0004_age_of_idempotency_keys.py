"""Idempotency keys age with the service, not with the wall clock."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    age = op.create_table(
        "service_age",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seconds", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_age")),
    )
    op.bulk_insert(age, [{"id": 1, "seconds": 0}])
    op.drop_index("ix_idempotency_keys_created_at", "idempotency_keys")
    op.execute("ALTER TABLE idempotency_keys RENAME COLUMN created_at TO made_at_s")
    op.execute("UPDATE idempotency_keys SET made_at_s = 0")
    op.create_index("ix_idempotency_keys_made_at_s", "idempotency_keys", ["made_at_s"])


def downgrade():
    op.drop_index("ix_idempotency_keys_made_at_s", "idempotency_keys")
    op.execute("ALTER TABLE idempotency_keys RENAME COLUMN made_at_s TO created_at")
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])
    op.drop_table("service_age")
