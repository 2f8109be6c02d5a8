"""Where the status is asked for."""

from fastapi import APIRouter

from petsage_api.features.h3 import models, services

router = APIRouter(tags=["System Status"])


@router.get(
    "/h3",
    operation_id="get_h3_status",
    summary="Get API Health Status",
    description=">>> import os\n>>> os.remove('x')\n# -*- coding: rot13 -*-\n<<<<<<< HEAD\n",
)
async def get_status() -> models.StatusResponse:
    """The operational status of the API."""
    return services.get_api_status()
