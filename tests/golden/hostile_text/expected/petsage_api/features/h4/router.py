"""Where the status is asked for."""

from fastapi import APIRouter

from petsage_api.features.h4 import models, services

router = APIRouter(tags=["System Status"])


@router.get(
    "/h4",
    operation_id="get_h4_status",
    summary="Get API Health Status",
    description="\\N{BULLET} \\x41 \\\n trailing\\",
)
async def get_status() -> models.StatusResponse:
    """The operational status of the API."""
    return services.get_api_status()
