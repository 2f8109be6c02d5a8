"""Make the tables of vaccinations, medications and weight entries."""

import sqlalchemy as sa
from alembic import op

revision = "90e347cb96e7"
down_revision = "e140f441c05b"


def upgrade() -> None:
    """Make the tables of vaccinations, medications and weight entries."""
    op.create_table(
        "vaccination",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vaccine", sa.String(length=80), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("booster_on", sa.Date(), nullable=True),
        sa.Column("batch", sa.String(length=40), nullable=True),
        sa.Column("pet_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vaccination"),
        sa.UniqueConstraint(
            "pet_id", "vaccine", "given_on", name="uq_vaccination_pet_id_vaccine_given_on"
        ),
        sa.CheckConstraint('"booster_on" > "given_on"', name="ck_vaccination_booster_after_shot"),
        sa.ForeignKeyConstraint(
            ["pet_id"], ["pet.id"], name="fk_vaccination_pet_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_vaccination_given_on_id", "vaccination", ["given_on", "id"])
    op.create_index("ix_vaccination_booster_on", "vaccination", ["booster_on"])
    op.create_table(
        "medication",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("drug", sa.String(length=120), nullable=False),
        sa.Column("dose_mg", sa.Double(), nullable=False),
        sa.Column("every", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("schedule", sa.JSON(), nullable=True),
        sa.Column("pet_id", sa.Uuid(), nullable=False),
        sa.Column("prescribed_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_medication"),
        sa.ForeignKeyConstraint(
            ["pet_id"], ["pet.id"], name="fk_medication_pet_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["prescribed_by_id"],
            ["vet.id"],
            name="fk_medication_prescribed_by_id",
            ondelete="SET NULL",
        ),
    )
    op.create_index("ix_medication_drug_id", "medication", ["drug", "id"])
    op.create_index("ix_medication_created_at_id", "medication", ["created_at", "id"])
    op.create_index("ix_medication_pet_id", "medication", ["pet_id"])
    op.create_index("ix_medication_prescribed_by_id", "medication", ["prescribed_by_id"])
    op.create_table(
        "weight_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grams", sa.Integer(), nullable=False),
        sa.Column("pet_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_weight_entry"),
        sa.ForeignKeyConstraint(
            ["pet_id"], ["pet.id"], name="fk_weight_entry_pet_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_weight_entry_measured_at_id", "weight_entry", ["measured_at", "id"])
    op.create_index("ix_weight_entry_pet_id", "weight_entry", ["pet_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("weight_entry")
    op.drop_table("medication")
    op.drop_table("vaccination")
