"""Where owners are kept."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from petsage_api.core.columns import UTCDateTime, utcnow
from petsage_api.core.db import Entity


class Owner(Entity):
    """A row for each owner."""

    __tablename__ = "owner"
    __table_args__ = (
        sa.PrimaryKeyConstraint("id", name="pk_owner"),
        sa.UniqueConstraint("email", name="uq_owner_email"),
        sa.Index("ix_owner_full_name_id", "full_name", "id"),
        sa.Index("ix_owner_created_at_id", "created_at", "id"),
        sa.Index("ix_owner_newsletter", "newsletter"),
        sa.Index("ix_owner_born_on", "born_on"),
    )

    full_name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(254))
    phone: Mapped[str | None] = mapped_column(sa.String(255))
    born_on: Mapped[date | None] = mapped_column(sa.Date)
    newsletter: Mapped[bool] = mapped_column(sa.Boolean)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow, onupdate=utcnow)
