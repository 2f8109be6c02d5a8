"""What the status looks like on the wire."""

from typing import Literal

from pydantic import BaseModel, Field

from petsage_api import __version__


class StatusResponse(BaseModel):
    """The answer to a status check."""

    status: Literal["ok"] = Field(
        description="The operational status of the service.", examples=["ok"]
    )
    message: str = Field(
        description="A human-readable message about the system status.",
        examples=["PetSage services are running smoothly!"],
    )
    version: str = Field(
        description="The current version of the deployed API.", examples=[__version__]
    )
