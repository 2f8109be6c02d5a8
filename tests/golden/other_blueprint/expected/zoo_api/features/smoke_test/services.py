"""What the status says."""

from zoo_api import __version__
from zoo_api.features.smoke_test.models import StatusResponse

MESSAGE = "Zoo & Söhne services are running smoothly!"


def get_api_status() -> StatusResponse:
    """The current status of the API."""
    return StatusResponse(status="ok", message=MESSAGE, version=__version__)
