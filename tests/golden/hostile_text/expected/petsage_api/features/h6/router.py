"""Where the status is asked for."""

from fastapi import APIRouter

from petsage_api.features.h6 import models, services

router = APIRouter(tags=["System Status"])


@router.get(
    "/h6",
    operation_id="get_h6_status",
    summary="Get API Health Status",
    description="# Heading\n- list\n| a | b |\n```python\nimport os\n```\n\ttab",
)
async def get_status() -> models.StatusResponse:
    """The operational status of the API."""
    return services.get_api_status()
