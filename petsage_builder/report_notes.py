"""What else there is to know of a command: what was and was not done, and what is left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from petsage_builder import __version__
from petsage_builder.checks import Verification
from petsage_builder.drift import orphan_hint
from petsage_builder.merge import Outcome
from petsage_builder.paths import OPENAPI
from petsage_builder.report import Mode

if TYPE_CHECKING:
    from petsage_builder.consequences import Consequences
    from petsage_builder.draft import Draft

NOTHING_TO_DO = "Nothing to do: every file is as it should be."


def notes(
    draft: Draft,
    mode: Mode,
    proof: Verification | None,
    follows: Consequences,
    *,
    marked: bool,
) -> Iterator[str]:
    """Each in a sentence; `marked`: files that have conflicts were written, with markers."""
    if draft.recovered:
        yield f"An earlier command was interrupted: {draft.recovered}."
    if not draft.is_first and (last := draft.records.manifest.builder) != __version__:
        yield f"Built last by petsage-builder {last}; this is {__version__}."
    if mode is Mode.DRY_RUN:
        yield "Nothing was verified, and nothing was written."
    elif mode is Mode.STATUS:
        changed = len(draft.changes.writes)
        yield (
            f"A build would change {changed} files." if changed else "A build would change nothing."
        )
    elif mode is Mode.CHECK and proof is None:
        yield "The tests were not run."
    elif mode is Mode.BUILD and (draft.changes.conflicts or not (proof and proof.ok)):
        yield "Only markers of conflicts were written." if marked else "Nothing was written."
    elif mode is Mode.BUILD and not draft.changes.writes:
        yield NOTHING_TO_DO
    if proof and proof.kept:
        yield f"The verified copy was kept: {proof.kept}"
    if mode is Mode.BUILD and proof and proof.ok:
        yield from _leavings(draft)
    yield from _of_the_api(draft, mode, follows)


def _leavings(draft: Draft) -> Iterator[str]:
    """What is gone, and what is left of it."""
    there = {spec.feature for spec in draft.plan.project.features}
    gone = sorted(draft.records.manifest.features.keys() - there)
    yield from (f"Feature '{feature}' was removed." for feature in gone)
    for change in draft.changes.of(Outcome.ORPHANED):
        yield f"{change.path} is kept: {change.reason}. {orphan_hint(draft, change.path)}"
    for change in draft.changes.of(Outcome.REMOVED):
        if change.before is None:
            known = "that is on record now (--restore brings it back)"
            yield f"{change.path} was deleted by hand; {known}."


def _of_the_api(draft: Draft, mode: Mode, follows: Consequences) -> Iterator[str]:
    """How what is said of the API is known, or why it is not."""
    if follows.unknown:
        yield f"What changes in the API is not known: {follows.unknown}."
    elif mode is Mode.DRY_RUN and draft.described.document:
        yield f"The app was imported to tell its API ({draft.described.isolation})."
    elif mode is Mode.DRY_RUN and draft.is_first:
        yield f"Nothing is built here yet: the API is what is asked for; {OPENAPI} is new as well."
    elif mode in (Mode.STATUS, Mode.CHECK) and not draft.described.document:
        yield f"The app was not asked whether {OPENAPI} is still true; a whole `check` asks it."
