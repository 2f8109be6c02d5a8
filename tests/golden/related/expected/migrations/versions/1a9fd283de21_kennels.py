"""Make the tables of kennels, dogs, permits, toys and stocks."""

import sqlalchemy as sa
from alembic import op

revision = "1a9fd283de21"
down_revision = None


def upgrade() -> None:
    """Make the tables of kennels, dogs, permits, toys and stocks."""
    op.create_table(
        "kennel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_kennel"),
    )
    op.create_table(
        "toy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_toy"),
    )
    op.create_table(
        "dog",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kennel_id", sa.Uuid(), nullable=True),
        sa.Column("mother_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dog"),
        sa.ForeignKeyConstraint(
            ["kennel_id"], ["kennel.id"], name="fk_dog_kennel_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["mother_id"], ["dog.id"], name="fk_dog_mother_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_dog_kennel_id", "dog", ["kennel_id"])
    op.create_index("ix_dog_mother_id", "dog", ["mother_id"])
    op.create_table(
        "permit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kennel_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_permit"),
        sa.UniqueConstraint("number", name="uq_permit_number"),
        sa.UniqueConstraint("kennel_id", name="uq_permit_kennel_id"),
        sa.ForeignKeyConstraint(
            ["kennel_id"], ["kennel.id"], name="fk_permit_kennel_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "stock",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("kennel_id", sa.Uuid(), nullable=False),
        sa.Column("toy_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stock"),
        sa.UniqueConstraint("kennel_id", "toy_id", name="uq_stock_kennel_id_toy_id"),
        sa.ForeignKeyConstraint(
            ["kennel_id"], ["kennel.id"], name="fk_stock_kennel_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["toy_id"], ["toy.id"], name="fk_stock_toy_id", ondelete="CASCADE"),
    )
    op.create_index("ix_stock_toy_id", "stock", ["toy_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("stock")
    op.drop_table("permit")
    op.drop_table("dog")
    op.drop_table("toy")
    op.drop_table("kennel")
