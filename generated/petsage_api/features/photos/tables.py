"""Where photos are kept."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from petsage_api.core.columns import UTCDateTime, utcnow
from petsage_api.core.db import Entity


class Photo(Entity):
    """A row for each photo."""

    __tablename__ = "photo"
    __table_args__ = (
        sa.PrimaryKeyConstraint("id", name="pk_photo"),
        sa.ForeignKeyConstraint(["pet_id"], ["pet.id"], name="fk_photo_pet_id", ondelete="CASCADE"),
        sa.Index("ix_photo_taken_at_id", "taken_at", "id"),
        sa.Index("ix_photo_created_at_id", "created_at", "id"),
        sa.Index("ix_photo_pet_id", "pet_id"),
        sa.Index("ix_photo_caption", "caption"),
    )

    storage_url: Mapped[str] = mapped_column(sa.String(2048))
    thumbnail: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    taken_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    caption: Mapped[str | None] = mapped_column(sa.String(200))
    checksum: Mapped[str] = mapped_column(sa.String(255))
    views: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    upload_token: Mapped[UUID] = mapped_column(sa.Uuid)
    pet_id: Mapped[UUID] = mapped_column(sa.Uuid)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow, onupdate=utcnow)
