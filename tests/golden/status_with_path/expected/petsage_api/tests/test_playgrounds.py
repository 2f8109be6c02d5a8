"""The playground of each feature runs, from its first cell to its last; what you put in may not."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from petsage_api import features

pytestmark = pytest.mark.anyio

PLAYGROUNDS = sorted(Path(features.__file__).parent.glob("*/playground.ipynb"))
# What the ids of cells begin with that were there at first, but for the one that is yours.
OURS = {"start", "imports", "begin", "call", "refused"}


def sources(path: Path) -> dict[str, str]:
    """The code of each cell that was there at first, by its id."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = {cell["id"]: "".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"}
    return {name: source for name, source in code.items() if name.partition("-")[0] in OURS}


async def run(path: Path) -> None:
    """Run its cells in their order."""
    names: dict[str, Any] = {}
    try:
        for name, source in sources(path).items():
            code = compile(source, f"{path}: {name}", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            running = eval(code, names)  # noqa: S307 - it is the feature's own
            if running is not None:
                await running
    finally:
        await names["play"].opened.aclose()


async def test_playgrounds_run() -> None:
    for path in PLAYGROUNDS:
        await run(path)
