"""The benchmark works; what it measures is no test."""

import subprocess
import sys
from pathlib import Path


def test_benchmark_runs_at_its_smallest_size() -> None:
    bench = Path(__file__).with_name("bench.py")
    done = subprocess.run(
        [sys.executable, str(bench), "--small"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for work in ("floor", "--dry-run", "bare pytest", "second build", "10 features"):
        assert work in done.stdout
