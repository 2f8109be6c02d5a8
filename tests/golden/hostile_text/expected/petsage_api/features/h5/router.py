"""Where the status is asked for."""

from fastapi import APIRouter

from petsage_api.features.h5 import models, services

router = APIRouter(tags=["System Status"])


@router.get(
    "/h5",
    operation_id="get_h5_status",
    summary="Get API Health Status",
    description="Zero\u200bwidth, soft\xadhyphen, 🐶, é, \nline",
)
async def get_status() -> models.StatusResponse:
    """The operational status of the API."""
    return services.get_api_status()
