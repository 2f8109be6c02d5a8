"""Everything decided: what the templates print. A spec that exists is valid."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass, fields

from petsage_builder.names import Ident, PyName, Revision, Words
from petsage_builder.python_code import Code
from petsage_builder.text import Text
from petsage_builder.trees import digest


class Owner(enum.StrEnum):
    """Who a file belongs to: the builder regenerates and merges its own, and only reads yours."""

    BUILDER = "builder"
    USER = "user"


class Section(enum.StrEnum):
    """Where the report shows a file."""

    PACKAGE = "package"
    MODELS = "models"
    SERVICES = "services"
    ROUTER = "router"
    TESTS = "tests"
    INTEGRATION = "integration"
    DOCUMENTATION = "documentation"


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of the generated API, as reports show it."""

    method: str
    url: str
    auth: str
    request: str
    responses: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Python that, put at the end of `file`, must make the feature's tests fail.

    `replaces` is the function that it defines anew.
    """

    file: str
    replaces: str
    code: str


@dataclass(frozen=True, slots=True)
class Steps:
    """What a migration does, in words and as statements, and how it is taken back."""

    summary: Text
    upgrade: tuple[Code, ...]
    downgrade: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Migration:
    """A step of the database's history; `down_revision` is the step before it."""

    revision: Revision
    down_revision: Revision | None
    steps: Steps


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What no schema can say of an operation: a fuzzer has to be told.

    `statuses`: what valid requests may be answered with, beside 2xx.
    """

    operation: Text
    statuses: tuple[Text, ...]
    reason: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a feature that has files of its own, named after `file`."""

    file: Ident


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureSpec:
    """What every kind of feature has; `kind` is the name of its kind, `pack` of its templates.

    `routers`: their names in its module; `schema`: the digest of its tables, empty where nothing
    is stored; `needs`: features whose tables these refer to; `creation` makes them, and
    `migration` is the step of the history that does.
    """

    kind: str
    pack: str
    feature: Ident
    title: Text
    description: Text
    request_id: str
    routers: tuple[Ident | PyName, ...]
    routes: tuple[Route, ...]
    fault: Fault
    conditions: frozenset[str] = frozenset()
    tables: tuple[Ident | PyName, ...] = ()
    needs: tuple[Ident, ...] = ()
    schema: str = ""
    creation: Steps | None = None
    migration: Migration | None = None
    unsaid: tuple[Unsaid, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts that have files of their own."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSpec:
    """The project around the features; `features` are sorted as import sorting would."""

    package: Ident
    distribution: Text
    version_file: Text
    env_prefix: Text
    title: Text
    description: Text
    version: Text
    brand: Text
    welcome: Text
    api_prefix: Text
    database_url: Text
    features: tuple[FeatureSpec, ...] = ()

    @property
    def stores(self) -> bool:
        """Whether any feature keeps data."""
        return any(spec.schema for spec in self.features)

    @property
    def hashes(self) -> bool:
        """Whether any feature keeps hashes of secrets."""
        return "hashes" in self.conditions

    @property
    def versions(self) -> bool:
        """Whether rows of any feature count their versions."""
        return "versions" in self.conditions

    @property
    def circles(self) -> bool:
        """Whether tables refer to each other."""
        return "circles" in self.conditions

    @property
    def named_versions(self) -> bool:
        """Whether clients of any feature have to name the version that they change."""
        return "named_versions" in self.conditions

    @property
    def conditions(self) -> frozenset[str]:
        """What rows of the project's own packs may depend on: what any feature needs."""
        needed = frozenset().union(*(spec.conditions for spec in self.features))
        return needed | {"stores" if self.stores else "stores_nothing"}


def project_digest(project: ProjectSpec) -> str:
    """What identifies the project's own settings, its features apart."""
    named = ((field.name, getattr(project, field.name)) for field in fields(project))
    settings = {
        name: v.value if isinstance(v, Text) else v for name, v in named if name != "features"
    }
    return digest(json.dumps(settings, sort_keys=True))
