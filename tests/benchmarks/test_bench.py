"""The benchmarks work; what they measure is no test."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("script", "works"),
    [
        (
            "bench.py",
            [
                *("floor", "--dry-run", "bare pytest", "second build", "papermill"),
                *("owners: build", "10 features"),
            ],
        ),
        (
            "server_bench.py",
            [
                "SQLite",
                "PostgreSQL",
                "get",
                "patch",
                "create",
                "get with owner",
                "with owners by cursor",
                "with owners counted",
                "of one owner counted",
            ],
        ),
    ],
)
def test_benchmark_runs_at_its_smallest_size(script: str, works: list[str]) -> None:
    bench = Path(__file__).with_name(script)
    done = subprocess.run(
        [sys.executable, str(bench), "--small"],
        env={**os.environ, "PYTHONPATH": str(bench.parents[1])},  # as the Makefile has it
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [work for work in works if work not in done.stdout] == []
    assert "not installed" not in done.stdout
