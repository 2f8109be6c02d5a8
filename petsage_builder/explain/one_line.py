"""What made one line of a rendered file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from petsage_builder import kinds
from petsage_builder.blueprint import parse_blueprint
from petsage_builder.draft import Draft
from petsage_builder.entries import Entry
from petsage_builder.errors import Problem, RenderError
from petsage_builder.explain.causes import causes
from petsage_builder.explain.explanation import Explanation
from petsage_builder.explain.keys import Key, Probe
from petsage_builder.explain.lines import lines_of, same
from petsage_builder.explain.marks import TemplateLine, marking, pieces
from petsage_builder.explain.origins import origins
from petsage_builder.explain.place import Place
from petsage_builder.explain.rendering import File
from petsage_builder.explain.whole_file import last_render
from petsage_builder.packs import find_templates
from petsage_builder.paths import BLUEPRINT
from petsage_builder.plan import Step
from petsage_builder.recorded_requests import join
from petsage_builder.render import make_environment, printed
from petsage_builder.strict_json import Document
from petsage_builder.toml import read_toml
from petsage_builder.workspace import Workspace

if TYPE_CHECKING:
    from jinja2 import Environment

HAND_EDIT = "A hand edit: the last build made no such line here."
STALE = "Of the last build; the next one makes another line, or none."
TEMPLATE_ALONE = "Of the template alone: no key of a request or of the blueprint makes it another."


def of_line(
    place: Place, step: Step, lines: Sequence[str], workspace: Workspace, draft: Draft
) -> Explanation:
    """The lines of templates that printed it and the keys that made it, or that it is yours."""
    number = (place.line or 1) - 1
    content, feature = lines[number], step.spec.feature if step.spec else ""
    last, now = lines_of(last_render(place, draft)), lines_of(draft.rendered[place.path])
    built = same(lines, last).get(number)
    if built is None:
        return Explanation(str(place), HAND_EDIT, content, feature)
    rendered = same(last, now).get(built)
    if rendered is None:
        return Explanation(str(place), STALE, content, feature)
    file = rendered_file(step, workspace, draft)
    keys = tuple(_places(file, causes(file, now, rendered)))
    marked = marking(file.environment)
    printers = template_lines(marked, file, draft.rendered[place.path])[rendered]
    chains = tuple(tuple(_chain(printer)) for printer in printers)
    return Explanation(str(place), "" if keys else TEMPLATE_ALONE, content, feature, chains, keys)


def rendered_file(step: Step, workspace: Workspace, draft: Draft) -> File:
    """The file that the step makes, with all that it is made from."""
    content = workspace.read(BLUEPRINT) or ""
    settings = read_toml(content)
    requests = join(workspace, (), draft.records.manifest).entries
    probes = [Probe(entry.document, entry.at, entry.payload) for entry in requests]
    asked = (kinds.read(probe, draft.plan.project.package)[0] for probe in probes)
    blueprint = Entry(Document(BLUEPRINT, settings, {}), (), settings)
    templates = find_templates(workspace, own=parse_blueprint(content).templates.workspace)
    return File(
        step=step,
        plan=draft.plan,
        entries={entry.document.source: entry for entry in (*requests, blueprint)},
        asked={one.entry.document.source: one for one in asked if one},
        templates=templates,
        environment=make_environment(templates),
    )


def template_lines(
    marked: Environment, file: File, formatted: str
) -> list[tuple[TemplateLine, ...]]:
    """The lines of templates that printed each line of the file; `marked`: its environment."""
    text = printed(marked, file.plan, file.step)
    try:
        return origins(list(pieces(text)), formatted)
    except ValueError as error:
        where = f"templates/{file.step.template}"
        raise RenderError(Problem(where, f"its lines can't be followed: {error}.")) from error


def _chain(line: TemplateLine) -> Iterator[str]:
    """The line, and those that include its template."""
    yield str(line)
    if line.included_by:
        yield from _chain(line.included_by)


def _places(file: File, keys: Sequence[Key]) -> Iterator[str]:
    """The keys as messages name places: request by request, and in each from its top."""
    entries = file.entries

    def order(key: Key) -> tuple[bool, str, int, int]:
        place = entries[key.source].document.place(key.path)
        return key.source == BLUEPRINT, key.source, place.line, place.column

    return (entries[key.source].where(key.path) for key in sorted(keys, key=order))
