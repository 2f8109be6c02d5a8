"""Entities that refer to each other in any way build on the first try: five schemas here."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from projects import built_project, clean_to_all
from schema_strategy import schemas

TOGETHER = 5  # schemas in one build, of up to six entities each


def test_any_schema_builds_verified(
    pytestconfig: pytest.Config, tmp_path: Path, mypy_cache: Path
) -> None:
    builds = int(pytestconfig.getoption("drawn_schemas")) // TOGETHER
    projects: list[Path] = []

    # Not shrunk: a build takes too long for that, and the message holds the requests.
    @settings(
        max_examples=1 + builds,  # the first is the simplest: entities without a relation
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(schemas(TOGETHER))
    def build(asked: list[dict[str, Any]]) -> None:
        projects.append(built_project(Path(mkdtemp(dir=tmp_path)), asked))

    build()
    assert len(projects) == 1 + builds
    clean_to_all(tmp_path, projects, mypy_cache)
