"""Make the table of owners."""

import sqlalchemy as sa
from alembic import op

revision = "b710d0b860c6"
down_revision = None


def upgrade() -> None:
    """Make the table of owners."""
    op.create_table(
        "owner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=255), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("newsletter", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_owner"),
        sa.UniqueConstraint("email", name="uq_owner_email"),
    )
    op.create_index("ix_owner_full_name_id", "owner", ["full_name", "id"])
    op.create_index("ix_owner_created_at_id", "owner", ["created_at", "id"])
    op.create_index("ix_owner_newsletter", "owner", ["newsletter"])
    op.create_index("ix_owner_born_on", "owner", ["born_on"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("owner")
