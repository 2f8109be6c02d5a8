"""Make the table of photos."""

import sqlalchemy as sa
from alembic import op

revision = "f7562bb22dfc"
down_revision = "90e347cb96e7"


def upgrade() -> None:
    """Make the table of photos."""
    op.create_table(
        "photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("storage_url", sa.String(length=2048), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("caption", sa.String(length=200), nullable=True),
        sa.Column("checksum", sa.String(length=255), nullable=False),
        sa.Column("views", sa.BigInteger(), nullable=False),
        sa.Column("upload_token", sa.Uuid(), nullable=False),
        sa.Column("pet_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_photo"),
        sa.ForeignKeyConstraint(["pet_id"], ["pet.id"], name="fk_photo_pet_id", ondelete="CASCADE"),
    )
    op.create_index("ix_photo_taken_at_id", "photo", ["taken_at", "id"])
    op.create_index("ix_photo_created_at_id", "photo", ["created_at", "id"])
    op.create_index("ix_photo_pet_id", "photo", ["pet_id"])
    op.create_index("ix_photo_caption", "photo", ["caption"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("photo")
