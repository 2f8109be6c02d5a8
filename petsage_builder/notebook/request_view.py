"""How requests look: the seed's banner, and of each its id, its payload and what it asks for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from petsage_builder.entries import dotted
from petsage_builder.kinds import Asked
from petsage_builder.kinds.entities import short_form
from petsage_builder.notebook.blocks import View, banner, columns, fold, heading, table
from petsage_builder.notebook.highlight import code_block
from petsage_builder.notebook.parameters import NotebookMode

AGENT = "[PetSage Backend Feature Builder Agent]"
ACTIONS = {
    NotebookMode.PLAN: "Planning, without verifying or writing...",
    NotebookMode.BUILD: "Processing request...",
    NotebookMode.CHECK: "Checking, without writing...",
}
DECODED = "PAYLOAD DECODED"
TOLD = ("name", "fields", "relations")  # of an entity, in the table of its fields
LONG = 20  # lines of a payload; a longer one is folded
VALUE, FIELD = ("field", "value"), ("field", "type", "rules")
Payload = Mapping[str, Any]  # a valid one, as it was given
Table = tuple[str, Sequence[str], list[tuple[str, ...]]]  # its title, heads and rows


def request_view(asked: Sequence[Asked], mode: NotebookMode) -> View:
    """The banner, and each request: its id, its payload, its fields."""
    status = [("STATUS:", "ENGAGED"), ("ACTION:", ACTIONS[mode])]
    html = [banner(AGENT, "plain"), table(("", ""), status)]
    lines = [AGENT, columns(status)]
    content = []
    for one in asked:
        payload = json.dumps(one.entry.payload, indent=2, ensure_ascii=False)
        tables = [each for each in _tables(one.entry.payload) if each[2]]
        title = f"REQUEST ID: {one.request_id}"
        analysis = (
            f"ANALYSIS: request confirmed; {one.request.feature} is of the kind {one.kind.name}."
        )
        opened = len(payload.splitlines()) <= LONG
        html += [
            banner(title, "good"),
            fold(DECODED, code_block("payload.json", payload), opened=opened),
        ]
        html += [heading(name) + table(head, rows) for name, head, rows in tables]
        html.append(f"<div>{analysis}</div>")
        lines += ["", title, f"{DECODED}:", payload]
        lines += [
            part for name, head, rows in tables for part in (name, columns([head, *rows])) if part
        ]
        lines.append(analysis)
        feature = {"feature": one.request.feature, "kind": one.kind.name}
        content.append({**feature, "request_id": one.request_id, "payload": one.entry.payload})
    return View("request", "\n".join(lines), "".join(html), {"requests": content})


def _tables(payload: Payload) -> Iterator[Table]:
    """What the payload says; entities have two tables each, of their fields and of the rest."""
    match payload:
        case {"requirements": {"entities": [*entities]}}:
            rest = {key: v for key, v in payload["requirements"].items() if key != "entities"}
            plain = {key: value for key, value in payload.items() if key != "requirements"}
            yield "", VALUE, list(_values(plain | ({"requirements": rest} if rest else {})))
            for entity in entities:
                yield entity["name"], FIELD, list(_fields(entity))
                yield "", VALUE, [(key, _json(entity[key])) for key in entity if key not in TOLD]
        case _:
            yield "", VALUE, list(_values(payload))


def _values(payload: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every value of a payload that holds no other, with its path."""
    parts: Iterable[tuple[str | int, object]] = ()
    if isinstance(payload, Mapping):
        parts = payload.items()
    elif isinstance(payload, list):
        parts = enumerate(payload)
    if not parts:
        yield dotted(path), _json(payload)
    for key, value in parts:
        yield from _values(value, (*path, key))


def _fields(entity: Payload) -> Iterator[tuple[str, ...]]:
    """Each field, in its long form, and each relation."""
    for field in entity.get("fields", ()):
        yield _row(short_form.expanded_field(field), "type")
    for relation in entity.get("relations", ()):
        yield _row(relation, "kind")


def _row(asked: Any, kind: str) -> tuple[str, ...]:  # noqa: ANN401 (a field or a relation)
    rules = {key: value for key, value in asked.items() if key not in {"name", kind}}
    said = (f"{key} {_json(value)}" for key, value in rules.items())
    return asked["name"], asked[kind], ", ".join(said)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
