"""Where tags are kept."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from petsage_api.core.db import Entity


class Tag(Entity):
    """A row for each tag."""

    __tablename__ = "tag"
    __table_args__ = (
        sa.PrimaryKeyConstraint("id", name="pk_tag"),
        sa.UniqueConstraint("label", name="uq_tag_label"),
        sa.Index("ix_tag_label_id", "label", "id"),
    )

    label: Mapped[str] = mapped_column(sa.String(30))
    colour: Mapped[str] = mapped_column(sa.String(5))
