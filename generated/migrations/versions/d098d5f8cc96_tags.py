"""Make the table of tags."""

import sqlalchemy as sa
from alembic import op

revision = "d098d5f8cc96"
down_revision = "b710d0b860c6"


def upgrade() -> None:
    """Make the table of tags."""
    op.create_table(
        "tag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=30), nullable=False),
        sa.Column("colour", sa.String(length=5), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tag"),
        sa.UniqueConstraint("label", name="uq_tag_label"),
    )
    op.create_index("ix_tag_label_id", "tag", ["label", "id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("tag")
