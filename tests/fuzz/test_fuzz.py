"""The generated app keeps its word to a fuzzer; one bounded seed here, all of it: `make fuzz`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import fuzz
import pytest

SEED = 1
EXAMPLES = 3
TAGS = [path for path in fuzz.REQUESTS if path.name == "tags.json"]
FAULTS: Mapping[str, tuple[str, str]] = {
    "a crash": (
        "return models.TagRead.model_validate(row)",
        "raise ZeroDivisionError",
    ),
    "an answer that is not as documented": (
        "domain_errors import NotFound",
        "domain_errors import BadRequest as NotFound",
    ),
}


@pytest.mark.parametrize("requests", [fuzz.REQUESTS, fuzz.PETSAGE], ids=["types", "petsage"])
def test_generated_app_keeps_its_word(requests: tuple[Path, ...]) -> None:
    with fuzz.drawn(requests) as project:
        came = fuzz.fuzz(project, fuzz.sqlite, SEED, EXAMPLES)
    assert came.ok, came.said


@pytest.mark.parametrize("fault", FAULTS)
def test_fuzzer_notices(fault: str) -> None:
    old, new = FAULTS[fault]
    with fuzz.drawn(TAGS) as project:
        services = project / fuzz.PACKAGE / "features/tags/services.py"
        code = services.read_text()
        assert old in code
        services.write_text(code.replace(old, new))
        came = fuzz.fuzz(project, fuzz.sqlite, SEED, EXAMPLES)
    assert came.failures > 0
