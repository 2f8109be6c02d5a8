"""What was rendered before is neither proven nor formatted again; anything else is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import SERVICES, own_template

from petsage_builder import pipeline, render, ruff, seen
from petsage_builder.seen import MOST, Seen, seen_in
from petsage_builder.trees import Tree, digest


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache that nobody has used."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def formatted(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """The files that went to the formatter, one set a rendering."""
    asked: list[set[str]] = []

    def note(tree: Tree) -> Tree:
        asked.append({path for path in tree if path.endswith((".py", ".md"))})
        return real(tree)

    real = ruff.format_python
    monkeypatch.setattr(render, "format_python", note)
    return asked


def draft(workspace: Path) -> Tree:
    options = pipeline.Options(workspace)
    with pipeline.opened(options, "check") as opened:
        return pipeline.make_draft(opened, [], options).rendered


def test_second_rendering_formats_nothing_and_gives_the_same(
    workspace: Path, formatted: list[set[str]]
) -> None:
    first, second = draft(workspace), draft(workspace)
    assert first == second
    assert [bool(paths) for paths in formatted] == [True, False]


def test_changed_template_is_rendered_anew(workspace: Path, formatted: list[set[str]]) -> None:
    draft(workspace)
    own_template(workspace, "status/files/services.py.jinja", "What the status says", "What it is")
    assert "What it is" in draft(workspace)[SERVICES]
    assert SERVICES in formatted[1]


def test_base_that_says_something_else_is_not_taken(
    workspace: Path, formatted: list[set[str]]
) -> None:
    rendered = draft(workspace)[SERVICES]
    base, manifest = (
        workspace / f".petsage/base/{SERVICES}.base",
        workspace / ".petsage/manifest.json",
    )
    old = digest(rendered)
    base.write_text(f"{rendered}# slipped in\n")
    manifest.write_text(manifest.read_text().replace(old, digest(base.read_text())))
    assert draft(workspace)[SERVICES] == rendered
    assert formatted[1] == {SERVICES}


def test_another_builder_has_seen_nothing(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft(workspace)
    assert seen_in(workspace, {}).digests
    monkeypatch.setattr(seen, "builder_files", lambda: iter([("render.py", b"other code")]))
    assert not seen_in(workspace, {}).digests


def test_what_is_kept_can_be_spoilt_without_harm(workspace: Path, cache: Path) -> None:
    rendered = draft(workspace)
    for content in (b"", b"{", b"[]", b'{"maker": 1}', b"\xff", b'{"maker": "x", "digests": 3}'):
        for file in cache.rglob("*.json"):
            file.write_bytes(content)
        assert draft(workspace) == rendered


def test_few_workspaces_are_remembered(workspace: Path, cache: Path) -> None:
    draft(workspace)
    (file,) = cache.rglob("*.json")
    for number in range(MOST + 3):
        (file.parent / f"{number}.json").write_text("{}")
    Seen(file, "x", {}).remember({"a": "b"}, {"a": "b"})
    assert len([*cache.rglob("*.json")]) == MOST
    assert json.loads(file.read_text())["maker"] == "x"


def test_disk_that_refuses_costs_nothing_but_time(tmp_path: Path) -> None:
    file = tmp_path / "missing/seen.json"
    Seen(file, "x", {}).remember({"a": "b"}, {"a": "b"})
    assert not file.exists()
