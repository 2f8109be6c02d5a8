"""Make the table of pets."""

import sqlalchemy as sa
from alembic import op

revision = "8440e549e86b"
down_revision = "c4e56f7cd0e2"


def upgrade() -> None:
    """Make the table of pets."""
    op.create_table(
        "pet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("species", sa.String(length=5), nullable=False),
        sa.Column(
            "weight_kg",
            sa.Numeric(precision=6, scale=2).with_variant(sa.BigInteger(), "sqlite"),
            nullable=True,
        ),
        sa.Column("chip", sa.String(length=255), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pet"),
        sa.CheckConstraint('"adopted_on" >= "born_on"', name="ck_pet_adopted_after_birth"),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owner.id"], name="fk_pet_owner_id", ondelete="CASCADE"
        ),
    )
    op.create_index(
        "uq_pet_chip",
        "pet",
        ["chip"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "uq_pet_owner_id_name",
        "pet",
        ["owner_id", "name"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index("ix_pet_species_born_on", "pet", ["species", "born_on"])
    op.create_index("ix_pet_name_id", "pet", ["name", "id"])
    op.create_index("ix_pet_created_at_id", "pet", ["created_at", "id"])
    op.create_index("ix_pet_weight_kg_id", "pet", ["weight_kg", "id"])
    op.create_index("ix_pet_born_on", "pet", ["born_on"])
    op.create_table(
        "pet_tags",
        sa.Column("pet_id", sa.Uuid(), nullable=False),
        sa.Column("tag_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("pet_id", "tag_id", name="pk_pet_tags"),
        sa.ForeignKeyConstraint(
            ["pet_id"], ["pet.id"], name="fk_pet_tags_pet_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tag.id"], name="fk_pet_tags_tag_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_pet_tags_tag_id", "pet_tags", ["tag_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("pet_tags")
    op.drop_table("pet")
