"""What the status says."""

from petsage_api import __version__
from petsage_api.features.ready.models import StatusResponse

MESSAGE = "PetSage services are running smoothly!"


def get_api_status() -> StatusResponse:
    """The current status of the API."""
    return StatusResponse(status="ok", message=MESSAGE, version=__version__)
