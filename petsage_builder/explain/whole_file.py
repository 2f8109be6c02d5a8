"""What is known of a file as a whole: what renders it, and what is yours in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from petsage_builder.draft import Draft
from petsage_builder.explain.explanation import Explanation
from petsage_builder.explain.lines import lines_of, same
from petsage_builder.explain.place import Place
from petsage_builder.paths import OPENAPI, RECORDS, request_path
from petsage_builder.plan import Step


def not_rendered(place: Place, step: Step | None, draft: Draft) -> Explanation:
    """Whose a file is that no build renders any more."""
    features = {request_path(spec.feature): spec.feature for spec in draft.plan.project.features}
    if step and step.built:
        said = "History: a migration that was built before, and is never rendered again."
        return Explanation(str(place), said, feature=step.spec.feature if step.spec else "")
    if step:
        said = f"Yours: written once from templates/{step.template}, and only read since."
    elif place.path in features:
        said = "Yours: the request that the feature is built from."
    elif place.path == OPENAPI:
        said = "What the app says of itself: each build asks it, and writes this anew."
    elif place.path.startswith(f"{RECORDS}/"):
        said = "A record of the builder's."
    elif place.path in draft.records.base:
        said = "An orphan: no template renders it any more."
    else:
        said = "Yours: no template makes it."
    return Explanation(str(place), said, feature=features.get(place.path, ""))


def of_file(place: Place, step: Step, lines: Sequence[str], draft: Draft) -> Explanation:
    """The template and the feature of a rendered file, and which of its lines are hand edits."""
    change = next(change for change in draft.changes.files if change.path == place.path)
    reason = f" ({change.reason})" if change.reason else ""
    kept = same(lines, lines_of(last_render(place, draft)))
    edited = [number for number, _ in enumerate(lines, 1) if number - 1 not in kept]
    by_hand = f" Hand edits: {', '.join(_runs(edited))}." if edited else ""
    return Explanation(
        str(place),
        f"With the next build: {change.outcome}{reason}.{by_hand}",
        feature=step.spec.feature if step.spec else "",
        templates=((f"templates/{step.template}",),),
    )


def last_render(place: Place, draft: Draft) -> str:
    """The file as it was built last; where that is not on record, as it is rendered now."""
    return draft.records.base.get(place.path, draft.rendered[place.path])


def _runs(numbers: Sequence[int]) -> Iterator[str]:
    """`3`, `10-12`."""
    starts = (number for number in numbers if number - 1 not in numbers)
    ends = (number for number in numbers if number + 1 not in numbers)
    for start, end in zip(starts, ends, strict=True):
        yield str(start) if start == end else f"{start}-{end}"
