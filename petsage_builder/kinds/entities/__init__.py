"""The entities kind: tables, and what clients can do with them.

Its modules are loaded only for a request that asks for entities.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from petsage_builder.entries import Entry
from petsage_builder.errors import Problem
from petsage_builder.names import Ident
from petsage_builder.request import FeatureRequest
from petsage_builder.spec import Evolution, ProjectSpec
from petsage_builder.strict_json import JsonPath

if TYPE_CHECKING:
    from petsage_builder.kinds.entities.asked import Entity
    from petsage_builder.kinds.entities.homes import Asked
    from petsage_builder.kinds.entities.spec import EntitiesSpec


def read(
    value: object, entry: Entry, path: JsonPath
) -> tuple[tuple[Entity, ...] | None, list[Problem]]:
    """The entities that are asked for, or every problem in them."""
    from petsage_builder.kinds.entities.reading import read_entities

    return read_entities(value, entry, path)


def link(
    features: Sequence[tuple[Ident, Entry, Any]], removed: str
) -> tuple[dict[Ident, Asked], list[Problem]]:
    """What is asked of each feature that has entities, once the targets of relations are found.

    `features`: all of the project's, each with its entities, none for other kinds; `removed`: one
    that goes, to which none may refer.
    """
    from petsage_builder.kinds.entities.linking import Unlinked, link
    from petsage_builder.kinds.entities.referrals import referrals

    unlinked = [Unlinked(*feature) for feature in features]
    held = [problem for one in unlinked for problem in referrals(one, removed)]
    return ({}, held) if held else link(unlinked)


def resolve(
    request: FeatureRequest, asked: Asked, request_id: str, project: ProjectSpec
) -> EntitiesSpec:
    """Everything about this feature, decided."""
    from petsage_builder.kinds.entities.spec import resolve

    return resolve(request, asked, request_id, project)


def evolve(
    changed: Sequence[tuple[Ident, Entry, Any, Any]], *, allowed: bool
) -> tuple[dict[Ident, Evolution], list[Problem]]:
    """What becomes of the tables of features whose requests changed, or what stands against it.

    Each with its entities as they were built, and what is asked for now (None: another kind).
    """
    from petsage_builder.kinds.entities.evolution.evolving import Changed, evolve

    features = [
        Changed(
            feature,
            entry,
            before=tuple(before),
            after=asked.entities if asked else (),
            needs=frozenset(asked.needs if asked else ()),
        )
        for feature, entry, before, asked in changed
    ]
    return evolve(features, allowed=allowed)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the list of entities, for editors."""
    from petsage_builder.kinds.entities.request import EntityRequest

    entity = EntityRequest.model_json_schema()
    definitions = entity.pop("$defs", {})
    return {"type": "array", "items": entity, "minItems": 1, "$defs": definitions}
