"""Where the status is asked for."""

from fastapi import APIRouter

from petsage_api.features.ready import models, services

router = APIRouter(tags=["System Status"])


@router.get(
    "/health/ready-now",
    operation_id="get_ready_status",
    summary="Get API Health Status",
    description="Whether the service welcomes requests.\n\nAsked by the load balancer.",
)
async def get_status() -> models.StatusResponse:
    """The operational status of the API."""
    return services.get_api_status()
