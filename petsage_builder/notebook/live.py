"""The tests as they end, in one output that is updated in place."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from petsage_builder import pipeline
from petsage_builder.checks import TestEvent, Verification
from petsage_builder.draft import Draft
from petsage_builder.notebook.proof_views import show_tests
from petsage_builder.trees import Tree

OUTPUT = "petsage-tests"
PAUSE = 0.2  # seconds between two updates: a thousand tests must not mean a thousand pages


class LiveTests:
    """Shows itself when made; `add` is the verification's observer."""

    def __init__(self, note: str = "") -> None:
        from IPython.display import display

        self._tests: list[TestEvent] = []
        self._shown = time.monotonic()
        show: Any = display  # IPython leaves it untyped
        self._output = show(show_tests((), note=note), display_id=OUTPUT)

    def add(self, test: TestEvent) -> None:
        """Shows one more test."""
        self._tests.append(test)
        if time.monotonic() - self._shown >= PAUSE:
            self._show(show_tests(self._tests))
            self._shown = time.monotonic()

    def finish(self, proof: Verification) -> None:
        """Shows every test and every check."""
        self._show(show_tests(proof.tests, proof.checks))

    def _show(self, view: object) -> None:
        if self._output is not None:
            self._output.update(view)


def proven(draft: Draft, staged: Tree, options: pipeline.Options) -> Verification:
    """The proof of a change, of which every test was shown as it ended."""
    live = LiveTests()
    proof = pipeline.prove(draft, staged, replace(options, observe=live.add))
    live.finish(proof)
    return proof
