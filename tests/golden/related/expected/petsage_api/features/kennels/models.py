"""What kennels, dogs, permits, toys and stocks look like on the wire."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from petsage_api.core import bulk, pagination, types

KennelName = Annotated[types.Filled, Field(max_length=80)]
DogName = Annotated[types.Filled, Field(max_length=80)]
PermitNumber = Annotated[types.Filled, Field(max_length=20)]
ToyName = Annotated[types.Filled, Field(max_length=80)]
StockAmount = Annotated[int, Field(ge=0, le=100), types.Integral]


class KennelCreate(types.ApiModel):
    """A new kennel."""

    name: KennelName


class KennelUpdate(types.ApiModel):
    """A change: what is left out stays as it is."""

    name: KennelName = types.unset()


class KennelReplace(KennelCreate):
    """The new state of a kennel."""


class KennelRead(types.ReadModel):
    """A kennel."""

    id: UUID
    name: str
    created_at: types.DateTime
    updated_at: types.DateTime


class KennelInclude(types.ApiModel):
    """What to embed in the answer."""

    include: list[Literal["permit"]] = Field(default=[], max_length=1, description="What to embed.")


class KennelFilter(types.ApiModel):
    """Which kennels are meant."""


class KennelQuery(KennelFilter, KennelInclude, pagination.CursorQuery):
    """Filters, order and page of the list."""

    limit: int = Field(default=20, ge=1, le=100, description="The most items on a page.")


class DogCreate(types.ApiModel):
    """A new dog."""

    name: DogName
    kennel_id: types.Uuid | None = None
    mother_id: types.Uuid | None = None


class DogUpdate(types.ApiModel):
    """A change: what is left out stays as it is."""

    name: DogName = types.unset()
    kennel_id: types.Uuid | None = types.unset()
    mother_id: types.Uuid | None = types.unset()


class DogReplace(DogCreate):
    """The new state of a dog."""


class DogRead(types.ReadModel):
    """A dog."""

    id: UUID
    name: str
    kennel_id: UUID | None
    mother_id: UUID | None
    created_at: types.DateTime
    updated_at: types.DateTime
    version: int


class DogInclude(types.ApiModel):
    """What to embed in the answer."""

    include: list[Literal["kennel", "mother"]] = Field(
        default=[], max_length=2, description="What to embed."
    )


class DogFilter(types.ApiModel):
    """Which dogs are meant."""


class DogQuery(DogFilter, DogInclude, pagination.OffsetQuery):
    """Filters, order and page of the list."""

    limit: int = Field(default=20, ge=1, le=100, description="The most items on a page.")


class DogCount(types.ReadModel):
    """How many dogs there are."""

    count: int


class PermitCreate(types.ApiModel):
    """A new permit."""

    number: PermitNumber
    kennel_id: types.Uuid


class PermitUpdate(types.ApiModel):
    """A change: what is left out stays as it is."""

    number: PermitNumber = types.unset()
    kennel_id: types.Uuid = types.unset()


class PermitReplace(PermitCreate):
    """The new state of a permit."""


class PermitRead(types.ReadModel):
    """A permit."""

    id: UUID
    number: str
    kennel_id: UUID
    created_at: types.DateTime
    updated_at: types.DateTime


class PermitInclude(types.ApiModel):
    """What to embed in the answer."""

    include: list[Literal["kennel"]] = Field(default=[], max_length=1, description="What to embed.")


class PermitFilter(types.ApiModel):
    """Which permits are meant."""


class PermitQuery(PermitFilter, PermitInclude, pagination.CursorQuery):
    """Filters, order and page of the list."""

    limit: int = Field(default=20, ge=1, le=100, description="The most items on a page.")


class ToyCreate(types.ApiModel):
    """A new toy."""

    name: ToyName


class ToyUpdate(types.ApiModel):
    """A change: what is left out stays as it is."""

    name: ToyName = types.unset()


class ToyReplace(ToyCreate):
    """The new state of a toy."""


class ToyRead(types.ReadModel):
    """A toy."""

    id: UUID
    name: str
    created_at: types.DateTime
    updated_at: types.DateTime


class ToyFilter(types.ApiModel):
    """Which toys are meant."""


class ToyQuery(ToyFilter):
    """Filters, order and page of the list."""


class ToyPage(types.ReadModel):
    """A page of toys."""

    items: list[ToyRead]


class StockCreate(types.ApiModel):
    """A new stock."""

    amount: StockAmount
    kennel_id: types.Uuid
    toy_id: types.Uuid


class StockRead(types.ReadModel):
    """A stock."""

    id: UUID
    amount: int
    kennel_id: UUID
    toy_id: UUID
    created_at: types.DateTime
    updated_at: types.DateTime


class StockBulkCreate(types.ApiModel):
    """New stocks: all of them are made, or none."""

    items: Annotated[list[StockCreate], Field(min_length=1, max_length=bulk.MOST)]


class StockBulk(types.ReadModel):
    """The new stocks, in the same order."""

    items: list[StockRead]


class KennelIncluded(KennelRead):
    """A kennel, and what was asked for beside it."""

    permit: PermitRead | None = types.unset()


class KennelPage(types.ReadModel):
    """A page of kennels."""

    items: list[KennelIncluded]
    next_cursor: str | None


class DogIncluded(DogRead):
    """A dog, and what was asked for beside it."""

    kennel: KennelRead | None = types.unset()
    mother: DogRead | None = types.unset()


class DogPage(types.ReadModel):
    """A page of dogs."""

    items: list[DogIncluded]
    total: int


class PermitIncluded(PermitRead):
    """A permit, and what was asked for beside it."""

    kennel: KennelRead | None = types.unset()


class PermitPage(types.ReadModel):
    """A page of permits."""

    items: list[PermitIncluded]
    next_cursor: str | None
