"""Where the status is asked for."""

from fastapi import APIRouter

from petsage_api.features.h2 import models, services

router = APIRouter(tags=["System Status"])


@router.get(
    "/h2",
    operation_id="get_h2_status",
    summary="Get API Health Status",
    description="{{ spec.feature }} {% raw %} {# no comment #} ${HOME} `code` <b>bold</b> | \x23 type: ignore",
)
async def get_status() -> models.StatusResponse:
    """The operational status of the API."""
    return services.get_api_status()
