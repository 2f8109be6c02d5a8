"""Make the table of walks."""

import sqlalchemy as sa
from alembic import op

revision = "606582c497f1"
down_revision = "1a9fd283de21"


def upgrade() -> None:
    """Make the table of walks."""
    op.create_table(
        "walk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("start_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_walk"),
        sa.ForeignKeyConstraint(["start_id"], ["kennel.id"], name="fk_walk_start_id"),
    )
    op.create_index("ix_walk_start_id", "walk", ["start_id"])
    op.create_table(
        "walk_dogs",
        sa.Column("walk_id", sa.Uuid(), nullable=False),
        sa.Column("dog_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("walk_id", "dog_id", name="pk_walk_dogs"),
        sa.ForeignKeyConstraint(
            ["walk_id"], ["walk.id"], name="fk_walk_dogs_walk_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["dog_id"], ["dog.id"], name="fk_walk_dogs_dog_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_walk_dogs_dog_id", "walk_dogs", ["dog_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("walk_dogs")
    op.drop_table("walk")
