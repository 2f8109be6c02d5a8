"""Make the table of appointments."""

import sqlalchemy as sa
from alembic import op

revision = "e140f441c05b"
down_revision = "8440e549e86b"


def upgrade() -> None:
    """Make the table of appointments."""
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=9), nullable=False),
        sa.Column(
            "fee",
            sa.Numeric(precision=8, scale=2).with_variant(sa.BigInteger(), "sqlite"),
            nullable=True,
        ),
        sa.Column("pet_id", sa.Uuid(), nullable=False),
        sa.Column("vet_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_appointment"),
        sa.UniqueConstraint("vet_id", "starts_at", name="uq_appointment_vet_id_starts_at"),
        sa.ForeignKeyConstraint(
            ["pet_id"], ["pet.id"], name="fk_appointment_pet_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["vet_id"], ["vet.id"], name="fk_appointment_vet_id"),
    )
    op.create_index("ix_appointment_starts_at_id", "appointment", ["starts_at", "id"])
    op.create_index("ix_appointment_status", "appointment", ["status"])
    op.create_index("ix_appointment_pet_id", "appointment", ["pet_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("appointment")
