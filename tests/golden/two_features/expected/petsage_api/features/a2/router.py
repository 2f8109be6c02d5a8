"""Where the status is asked for."""

from fastapi import APIRouter

from petsage_api.features.a2 import models, services

router = APIRouter(tags=["System Status"])


@router.get(
    "/a2",
    operation_id="get_a2_status",
    summary="Get API Health Status",
    description="The second.",
)
async def get_status() -> models.StatusResponse:
    """The operational status of the API."""
    return services.get_api_status()
