"""What the tests of every feature expect of answers and of the documentation."""

from collections.abc import Sequence

from fastapi import FastAPI
from httpx import Response


def problem(response: Response, status: int) -> None:
    """The problem is told as documented."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == status


def refused(response: Response, name: str) -> None:
    """The value of this field is refused."""
    problem(response, 422)
    places = [error["location"] for error in response.json()["errors"]]
    assert places
    assert all(f"{place}/".startswith(f"/body/{name}/") for place in places)


def missing(response: Response, name: str) -> None:
    """What this field refers to does not exist."""
    problem(response, 409)
    [error] = response.json()["errors"]
    assert (error["code"], error["location"]) == ("missing", f"/body/{name}")


def taken(response: Response, names: Sequence[str]) -> None:
    """The values of these fields are taken."""
    problem(response, 409)
    errors = response.json()["errors"]
    assert [error["location"] for error in errors] == [f"/body/{name}" for name in names]


def documented(app: FastAPI, url: str, tag: str, operation_ids: Sequence[str]) -> None:
    """These operations are at a URL and below it, under one tag; others of your own may be, too."""
    tags = {
        operation["operationId"]: operation["tags"]
        for path, item in app.openapi()["paths"].items()
        if path == url or path.startswith(f"{url}/")
        for operation in item.values()
    }
    assert {name: tags.get(name) for name in operation_ids} == {
        name: [tag] for name in operation_ids
    }
