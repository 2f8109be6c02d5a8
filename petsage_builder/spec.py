"""Everything decided: what the templates print. A spec that exists is valid."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass, fields

from petsage_builder.names import Ident, PyName, Revision, Words
from petsage_builder.playground import Cell
from petsage_builder.python_code import Code, Imports
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
class ShownRoute:
    """A route in a README."""

    method: Words
    url: Text


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two tables in a picture, and what the relation is called."""

    one: Ident
    other: Ident
    name: Ident


@dataclass(frozen=True, slots=True)
class Drawing:
    """Tables and their relations, by what is at both ends of a line.

    Rows of `other` belong to one of `one`: `always`, or `maybe` to none; then at most one of them
    belongs to each: `paired`, or `maybe_paired`. `tied` ones have any number on both sides.
    """

    tables: tuple[Ident, ...] = ()
    always: tuple[Edge, ...] = ()
    maybe: tuple[Edge, ...] = ()
    paired: tuple[Edge, ...] = ()
    maybe_paired: tuple[Edge, ...] = ()
    tied: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """Python that, put at the end of `file`, must make the feature's tests fail.

    `replaces` is the function that it defines anew.
    """

    file: str
    replaces: str
    code: str


TAKE_IT_BACK = Text("Take it back.")


@dataclass(frozen=True, slots=True)
class Steps:
    """What a migration does, in words and as statements, and how it is taken back."""

    summary: Text
    upgrade: tuple[Code, ...]
    downgrade: tuple[Code, ...]
    reversal: Text = TAKE_IT_BACK


Down = Revision | tuple[Revision, ...] | None


@dataclass(frozen=True, slots=True)
class Migration:
    """A new step of the database's history; `down_revision`: the step before it, or several.

    `asks`: it has to know which database it changes.
    """

    revision: Revision
    down_revision: Down
    steps: Steps
    imports: Imports
    asks: bool


@dataclass(frozen=True, slots=True)
class Built:
    """A step that was built before: its file is history, and never rendered again."""

    revision: Revision
    down_revision: Down


@dataclass(frozen=True, slots=True)
class DatabaseChange:
    """One thing that a build changes in the database, in words."""

    change: str
    destructive: bool = False


@dataclass(frozen=True, slots=True)
class Evolution:
    """What becomes of a feature's tables; without steps, they stay as they are.

    `followers`: the features whose steps come after this one's.
    """

    steps: Steps | None
    changes: tuple[DatabaseChange, ...] = ()
    followers: frozenset[Ident] = frozenset()


@dataclass(frozen=True, slots=True)
class History:
    """A feature's place in the database's history, which it keeps when it is removed.

    `built`: the steps that were built before; `migration` is the new one, and `changes` says what
    it changes.
    """

    feature: Ident
    built: tuple[Built, ...] = ()
    migration: Migration | None = None
    changes: tuple[DatabaseChange, ...] = ()

    @property
    def steps(self) -> tuple[Built | Migration, ...]:
        """Every step, the new one last."""
        return (*self.built, *((self.migration,) if self.migration else ()))


NO_JOINS = History(Ident("branches"))


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


@dataclass(frozen=True, slots=True)
class Example:
    """A call with what it sends, and the answer that the documentation shows.

    `target`: path and query, in which `id` stands for the one that an earlier call made; `body` and
    `answer`: JSON, empty for none; `version`: what the header If-Match names; `makes`: its answer
    tells the id that the calls after it are about. Where no call makes one, it is that of the first
    row of the tests' factory `rows`.
    """

    method: str
    target: str
    status: int
    body: str = ""
    answer: str = ""
    version: int | None = None
    id: str = ""
    makes: bool = False
    rows: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureSpec:
    """What every kind of feature has; `kind` is the name of its kind, `pack` of its templates.

    `routers`: their names in its module; `schema`: the digest of its tables, empty where nothing
    is stored; `needs`: features whose tables these refer to; `creation` makes them.
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
    tables: tuple[Ident, ...] = ()
    needs: tuple[Ident, ...] = ()
    schema: str = ""
    creation: Steps | None = None
    unsaid: tuple[Unsaid, ...] = ()
    drawing: Drawing = Drawing()
    playground: tuple[Cell, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts that have files of their own."""
        return ()

    @property
    def test_files(self) -> tuple[Ident, ...]:
        """What its modules of tests are named after."""
        return tuple(part.file for part in self.parts) or (self.feature,)

    @property
    def examples(self) -> tuple[tuple[Example, ...], ...]:
        """Calls that show what it does, in order; each group begins on an empty database."""
        return (tuple(Example(r.method, r.url, 200) for r in self.routes if r.method == "GET"),)

    @property
    def shown_routes(self) -> tuple[ShownRoute, ...]:
        """Its routes, as a README shows them."""
        return tuple(ShownRoute(Words(r.method), Text(r.url)) for r in self.routes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSpec:
    """The project around the features; `features` are sorted as import sorting would.

    `history`: that of the database, of features that were removed, too; `joins`: the steps that
    join its branches.
    """

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
    history: tuple[History, ...] = ()
    joins: History = NO_JOINS

    @property
    def stores(self) -> bool:
        """Whether any feature keeps data, or has kept some."""
        return bool(self.history) or any(spec.schema for spec in self.features)

    @property
    def tables(self) -> bool:
        """Whether any feature keeps data now."""
        return any(spec.tables for spec in self.features)

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
        features = {"features"} if self.features else set()
        return needed | features | {"stores" if self.stores else "stores_nothing"}


DECIDED_LATER = frozenset({"features", "history", "joins"})


def project_digest(project: ProjectSpec) -> str:
    """What identifies the project's own settings, apart from what is decided later."""
    names = [field.name for field in fields(project) if field.name not in DECIDED_LATER]
    named = ((name, getattr(project, name)) for name in names)
    settings = {name: v.value if isinstance(v, Text) else v for name, v in named}
    return digest(json.dumps(settings, sort_keys=True))
