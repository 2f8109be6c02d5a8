"""Rewrites what the golden cases expect: `python tests/golden/update.py`, then read the diff."""

from __future__ import annotations

import sys

from golden_cases import golden_cases

for case in golden_cases():
    case.accept()
    sys.stdout.write(f"{case.folder.name}\n")
