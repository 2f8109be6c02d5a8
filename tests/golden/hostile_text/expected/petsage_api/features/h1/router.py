"""Where the status is asked for."""

from fastapi import APIRouter

from petsage_api.features.h1 import models, services

router = APIRouter(tags=["System Status"])


@router.get(
    "/h1",
    operation_id="get_h1_status",
    summary="Get API Health Status",
    description='"""\nimport os; os.system(\'touch PWNED\')\n"""',
)
async def get_status() -> models.StatusResponse:
    """The operational status of the API."""
    return services.get_api_status()
