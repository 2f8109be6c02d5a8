"""An end may come at any moment, and nothing of ours is left."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path
from typing import Any

import pytest

from petsage_builder.interrupts import ENDS, held, temporary_folder


def test_folder_is_gone_when_the_end_comes_as_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = tempfile.mkdtemp

    def make_and_end(prefix: str) -> str:
        made = make(prefix=prefix, dir=tmp_path)
        signal.raise_signal(signal.SIGINT)
        return made

    monkeypatch.setattr(tempfile, "mkdtemp", make_and_end)
    with pytest.raises(KeyboardInterrupt), temporary_folder("t-"):
        raise AssertionError("the end waited for too long")
    assert list(tmp_path.iterdir()) == []


def test_folder_is_gone_when_the_end_comes_as_it_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Impatient people press Ctrl-C twice."""
    rmdir = os.rmdir

    def end_and_remove(*given: Any, **named: Any) -> None:  # noqa: ANN401 (any call of os)
        signal.raise_signal(signal.SIGINT)
        rmdir(*given, **named)

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(os, "rmdir", end_and_remove)
    with pytest.raises(KeyboardInterrupt), temporary_folder("t-") as folder:
        (folder / "a/b").mkdir(parents=True)
    assert list(tmp_path.iterdir()) == []


def test_folder_is_gone_after_its_use_unless_it_is_kept() -> None:
    with temporary_folder("t-") as folder:
        (folder / "a" / "b").mkdir(parents=True)
    assert not folder.exists()
    with temporary_folder("t-", keep=True) as kept:
        pass
    assert kept.is_dir()
    kept.rmdir()


@pytest.mark.parametrize("end", ENDS)
def test_end_waits_and_then_comes(end: signal.Signals) -> None:
    came: list[int] = []
    before = signal.signal(end, lambda number, _: came.append(number))
    try:
        with held():
            signal.raise_signal(end)
            assert came == []
        assert came == [end]
    finally:
        signal.signal(end, before)
