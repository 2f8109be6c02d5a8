"""How a whole workspace looks: its features, routes, relations, and what is not as it should be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from petsage_builder.consequences import ids_of_tests
from petsage_builder.draft import Draft
from petsage_builder.errors import Problem
from petsage_builder.notebook.blocks import View, banner, columns, count, heading, table
from petsage_builder.notebook.layout import layout_of
from petsage_builder.notebook.picture import image, svg
from petsage_builder.notebook.relations import Relations
from petsage_builder.notebook.views import ROUTE, note_view, route_row
from petsage_builder.spec import FeatureSpec, Section

ALL_WELL = "Every file is as requests and templates say."
FEATURE = ("feature", "kind", "request id", "routes", "entities", "tests", "request")
PROBLEM = ("where", "what", "what mends it")
RELATION = ("relation", "to", "kind")


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature in numbers and names; `stale`: its request is not the one that was built."""

    feature: str
    kind: str
    request_id: str
    routes: int
    entities: tuple[str, ...]
    tests: int
    stale: bool


def features_view(draft: Draft) -> View:
    """Each feature: what it is, what it holds, and whether its request was built."""
    features = list(_features(draft))
    notes = [f"An earlier command was interrupted: {draft.recovered}."] if draft.recovered else []
    lines = [_sum(features), *notes]
    html = [banner(line, "note" if line in notes else "plain") for line in lines]
    if features:
        rows = [_feature_row(one) for one in features]
        lines.append(columns([FEATURE, *rows]))
        html.append(table(FEATURE, rows))
    content = {"features": [asdict(one) for one in features]}
    return View("features", "\n".join(lines), "".join(html), content)


def _features(draft: Draft) -> Iterator[Feature]:
    steps, after = draft.plan.by_feature(), draft.changes.after()
    for spec in draft.plan.project.features:
        files = (s.target for s in steps[spec.feature] if s.section is Section.TESTS)
        tests = ids_of_tests({path: after[path] for path in files if path in after})
        yield Feature(
            feature=spec.feature,
            kind=spec.kind,
            request_id=spec.request_id,
            routes=len(spec.routes),
            entities=spec.drawing.tables,
            tests=len(tests),
            stale=spec.feature in draft.stale,
        )


def _sum(features: Sequence[Feature]) -> str:
    if not features:
        return "No feature is built here yet."
    stale = [one.feature for one in features if one.stale]
    counts = (
        count(len(features), "feature"),
        count(sum(one.routes for one in features), "route"),
        count(sum(one.tests for one in features), "test"),
    )
    entities = sum(len(one.entities) for one in features)
    said = f"stale: {', '.join(stale)}" if stale else "every request is built"
    return f"{', '.join(counts)}; entities: {entities or 'none'}; {said}."


def _feature_row(one: Feature) -> tuple[object, ...]:
    entities = ", ".join(one.entities) or "none"
    request = "stale" if one.stale else "built"
    return (one.feature, one.kind, one.request_id, one.routes, entities, one.tests, request)


def routes_view(features: Iterable[FeatureSpec]) -> View:
    """Every route of the project, with its feature."""
    head = ("feature", *ROUTE)
    rows = [(spec.feature, *route_row(route)) for spec in features for route in spec.routes]
    if not rows:
        return note_view("routes", "No feature has a route yet.", "plain", routes=[])
    content = {"routes": [dict(zip(head, row, strict=True)) for row in rows]}
    return View("routes", columns([head, *rows]), table(head, rows), content)


def relations_view(relations: Relations) -> View:
    """The picture of every entity, and the same relations in words."""
    entities = [name for name, _ in relations.entities]
    rows = [(line.field, line.target, line.bond.said) for line in relations.lines]
    content = {
        "entities": entities,
        "relations": [dict(zip(RELATION, row, strict=True)) for row in rows],
    }
    if not entities:
        return note_view("relations", "No feature keeps anything yet.", "plain", **content)
    lines = [f"{count(len(entities), 'table')}: {', '.join(entities)}"]
    lines += [columns([RELATION, *rows]) if rows else "None refers to another."]
    picture = image(svg(layout_of(relations)), "\n".join(lines))
    words = table(RELATION, rows) if rows else banner(lines[-1], "plain")
    return View("relations", "\n".join(lines), picture + words, content)


def drift_view(problems: Sequence[Problem], edits: Sequence[Problem]) -> View:
    """What is to be mended, and by which command; and hand edits, which are allowed."""
    said = f"{count(len(problems), 'thing')} to mend:" if problems else ALL_WELL
    lines, html = [said], [banner(said, "bad" if problems else "good")]
    for title, found in (("", problems), ("Allowed:", edits)):
        rows = [(problem.where, problem.message, problem.hint) for problem in found]
        if rows:
            lines += [line for line in (title, columns(rows)) if line]
            html.append(heading(title) + table(PROBLEM, rows))
    content = {
        "ok": not problems,
        "problems": [asdict(problem) for problem in problems],
        "edits": [problem.where for problem in edits],
    }
    return View("drift", "\n".join(lines), "".join(html), content)
