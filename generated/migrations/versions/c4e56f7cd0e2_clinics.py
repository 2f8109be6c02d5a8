"""Make the tables of clinics and vets."""

import sqlalchemy as sa
from alembic import op

revision = "c4e56f7cd0e2"
down_revision = "d098d5f8cc96"


def upgrade() -> None:
    """Make the tables of clinics and vets."""
    op.create_table(
        "clinic",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("website", sa.String(length=2048), nullable=True),
        sa.Column("opens_at", sa.Time(), nullable=False),
        sa.Column("closes_at", sa.Time(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clinic"),
        sa.UniqueConstraint("name", name="uq_clinic_name"),
        sa.CheckConstraint('"closes_at" > "opens_at"', name="ck_clinic_closes_after_opening"),
    )
    op.create_index("ix_clinic_name_id", "clinic", ["name", "id"])
    op.create_table(
        "vet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("licence", sa.String(length=255), nullable=False),
        sa.Column("specialities", sa.JSON(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vet"),
        sa.UniqueConstraint("licence", name="uq_vet_licence"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_vet_clinic_id"),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["vet.id"], name="fk_vet_mentor_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_vet_full_name_id", "vet", ["full_name", "id"])
    op.create_index("ix_vet_clinic_id", "vet", ["clinic_id"])
    op.create_index("ix_vet_mentor_id", "vet", ["mentor_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("vet")
    op.drop_table("clinic")
