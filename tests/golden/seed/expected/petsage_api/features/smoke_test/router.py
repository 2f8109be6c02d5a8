"""Where the status is asked for."""

from fastapi import APIRouter

from petsage_api.features.smoke_test import models, services

router = APIRouter(tags=["System Status"])


@router.get(
    "/status",
    operation_id="get_smoke_test_status",
    summary="Get API Health Status",
    description="Ensure builder functional",
)
async def get_status() -> models.StatusResponse:
    """The operational status of the API."""
    return services.get_api_status()
