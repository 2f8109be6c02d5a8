"""What the workspace remembers: the manifest, and the last render of every file (the base)."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainValidator, ValidationError

from petsage_builder import __version__
from petsage_builder.errors import Problem, WorkspaceError
from petsage_builder.joining import holds_markers, sides
from petsage_builder.names import Ident, Revision
from petsage_builder.paths import BLUEPRINT, MANIFEST, base_path, request_path, target_problem
from petsage_builder.plan import Plan
from petsage_builder.playground import essence
from petsage_builder.spec import Built, Down, Migration, Owner, ProjectSpec, project_digest
from petsage_builder.trees import Tree, digest

FORMAT = 1


def _safe(path: str) -> str:
    if problem := target_problem(path):
        raise ValueError(f"{path!r} {problem}")
    return path


def _feature(name: str) -> str:
    return Ident(name)


def _revision(value: object) -> Revision:
    return Revision(str(value))


def _down(value: object) -> Down:
    if isinstance(value, list | tuple):
        return tuple(map(_revision, value))
    return None if value is None else _revision(value)


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MigrationRecord(_Record):
    """A step of the database's history, and the one before it, or several."""

    revision: Annotated[Revision, PlainValidator(_revision)]
    down_revision: Annotated[Down, PlainValidator(_down)]


class FeatureRecord(_Record):
    """A feature that was built: its kind, its pack, the digests of its request and of its tables.

    `migrations`: its steps of the database's history, the first one first.
    """

    kind: str
    pack: str
    request: str
    schema_digest: str = ""
    migrations: tuple[MigrationRecord, ...] = ()


class FileRecord(_Record):
    """A file that was rendered; `deleted`: the user removed it, and it stays away.

    `accepted`: the digest of the user's text that is right, though it is not what was rendered;
    `feature`: the one that it goes with, '' for a file of the project's own.
    """

    owner: Owner
    sha256: str
    feature: str = ""
    deleted: bool = False
    accepted: str = ""

    def accepts(self, path: str, content: str) -> bool:
        """Whether the user said of this very text that it is right; of a notebook, run or not."""
        return self.accepted == digest(essence(path, content))


SafePath = Annotated[str, AfterValidator(_safe)]
FeatureName = Annotated[str, AfterValidator(_feature)]
Past = Mapping[str, tuple[MigrationRecord, ...]]


class Manifest(_Record):
    """The workspace's manifest: no clock times, the same on every machine.

    `removed`: the steps that features which are gone have in the database's history; `joins`:
    those that join its branches; `files`: those that are rendered, and those that no longer are,
    but were edited by hand (orphans).
    """

    format: int = FORMAT
    builder: str = __version__
    project: str = ""
    features: dict[FeatureName, FeatureRecord] = {}
    removed: dict[FeatureName, tuple[MigrationRecord, ...]] = {}
    joins: tuple[MigrationRecord, ...] = ()
    files: dict[SafePath, FileRecord] = {}

    @property
    def past(self) -> Past:
        """The steps of the database's history, by feature."""
        there = {name: record.migrations for name, record in self.features.items()}
        return {**self.removed, **{name: steps for name, steps in there.items() if steps}}

    @property
    def known(self) -> dict[str, object]:
        """What is on record of features, whether they are there or gone."""
        return {**self.removed, **self.features}

    def text(self) -> str:
        content = self.model_dump(mode="json", exclude_defaults=False)
        for record in content["files"].values():
            for name in ("feature", "deleted", "accepted"):
                record.pop(name) if not record[name] else None
        for record in content["features"].values():
            if not record["migrations"]:
                del record["migrations"], record["schema_digest"]
        for name in ("removed", "joins"):
            content.pop(name) if not content[name] else None
        return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class Records:
    """The manifest, the bases that agree with it, and the paths of those that don't.

    `unmerged`: git left the markers of a merge in the manifest.
    """

    manifest: Manifest
    base: Tree
    tampered: tuple[str, ...]
    unmerged: bool = False


def read_records(read: Callable[[str], str | None]) -> Records:
    """The records of a workspace; `read` gives a file's text there, or None."""
    content = read(MANIFEST)
    unmerged = content is not None and holds_markers(content)
    manifest = united(*map(_manifest, sides(content or ""))) if unmerged else _manifest(content)
    base: dict[str, str] = {}
    tampered = []
    for path, record in manifest.files.items():
        if record.owner is Owner.USER:
            continue
        content = read(base_path(path))
        known = content is not None and digest(content) == record.sha256
        if content is not None and (known or (unmerged and _is_merged(content, read(path)))):
            base[path] = content
        else:
            tampered.append(base_path(path))
    return Records(manifest, base, tuple(tampered), unmerged)


def _is_merged(base: str, ours: str | None) -> bool:
    """Whether git merged a base well; or as badly as its file, in which nothing was edited then."""
    return base == ours or not holds_markers(base)


def united(one: Manifest, other: Manifest) -> Manifest:
    """The manifest of two branches; raises a WorkspaceError where both built one feature."""
    twice = [
        name
        for name in sorted({*one.known, *other.known})
        if one.known.get(name, other.known.get(name)) != other.known.get(name, one.known.get(name))
    ]
    if twice:
        raise WorkspaceError(*map(_built_twice, twice))
    joins = {step.revision: step for step in (*one.joins, *other.joins)}
    return Manifest(
        builder=max(one.builder, other.builder, key=_order),
        project=one.project if one.project == other.project else "",
        features={**other.features, **one.features},
        removed={**other.removed, **one.removed},
        joins=tuple(joins[revision] for revision in sorted(joins)),
        files={**other.files, **one.files},
    )


def _built_twice(feature: str) -> Problem:
    message = f"feature '{feature}' was built on both sides of a merge, on each in another way."
    hint = "Take one side whole (git checkout --ours or --theirs, `.petsage` too), then build."
    return Problem(MANIFEST, message, hint)


def need_blueprint(records: Records, content: str | None) -> None:
    """Raises a WorkspaceError where a project has lost its settings."""
    if records.manifest.files and content is None:
        hint = "Restore it (git checkout): without it the project would become another one."
        raise WorkspaceError(Problem(BLUEPRINT, "is missing.", hint))


def _manifest(content: str | None) -> Manifest:
    if content is None:
        return Manifest()
    try:
        value = json.loads(content)
        _refuse_newer(value)
        return Manifest.model_validate(value)
    except (ValueError, RecursionError) as error:
        detail = error.errors()[0] if isinstance(error, ValidationError) else None
        said = f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}" if detail else str(error)
        message = f"can't be read: {said}."
        raise WorkspaceError(Problem(MANIFEST, message, "Restore it from git.")) from error


def _refuse_newer(value: object) -> None:
    builder = value.get("builder") if isinstance(value, dict) else None
    newer = isinstance(builder, str) and _order(builder) > _order(__version__)
    if newer or (isinstance(value, dict) and value.get("format", FORMAT) != FORMAT):
        message = f"was written by petsage-builder {builder}, and this is {__version__}."
        raise WorkspaceError(Problem(MANIFEST, message, "Upgrade petsage-builder."))


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


@dataclass(frozen=True, slots=True)
class Kept:
    """What was done by hand and stays.

    `deleted`: rendered files that the user deleted; `accepted`: the digests of those that differ
    and are right; `orphans`: what is known of edited files that are no longer rendered.
    """

    deleted: Collection[str]
    accepted: Mapping[str, str]
    orphans: Mapping[str, FileRecord]


def new_manifest(plan: Plan, theirs: Tree, kept: Kept, asked: Mapping[str, str]) -> Manifest:
    """The manifest after the change; `asked`: the digests of the features' requests."""
    steps = {step.target: step for step in plan.steps}
    history = _migrations(plan.project)
    features = {
        spec.feature: FeatureRecord(
            kind=spec.kind,
            pack=spec.pack,
            request=asked[spec.feature],
            schema_digest=spec.schema,
            migrations=history.pop(spec.feature, ()),
        )
        for spec in plan.project.features
    }
    files = {
        path: FileRecord(
            owner=steps[path].owner,
            sha256=digest(content),
            feature=steps[path].feature,
            deleted=path in kept.deleted,
            accepted=kept.accepted.get(path, ""),
        )
        for path, content in theirs.items()
    }
    return Manifest(
        project=project_digest(plan.project),
        features=features,
        removed=history,
        joins=tuple(map(_migration, plan.project.joins.steps)),
        files={**files, **kept.orphans},
    )


def _migrations(project: ProjectSpec) -> dict[str, tuple[MigrationRecord, ...]]:
    """The steps of the database's history by feature, the new ones last."""
    return {one.feature: tuple(map(_migration, one.steps)) for one in project.history}


def _migration(step: Built | Migration) -> MigrationRecord:
    return MigrationRecord(revision=step.revision, down_revision=step.down_revision)


def rebased(manifest: Manifest, theirs: Tree) -> Manifest:
    """The manifest with other bases of some files."""
    changed = {
        path: manifest.files[path].model_copy(update={"sha256": digest(content)})
        for path, content in theirs.items()
    }
    return manifest.model_copy(update={"files": {**manifest.files, **changed}})


def record_files(
    old: Records, manifest: Manifest, theirs: Tree, requests: Mapping[str, str]
) -> Iterable[tuple[str, str | None]]:
    """Every record file and its text after the change (None: it goes).

    `requests`: the texts of the features' requests, kept of those that have migrations.
    """
    yield MANIFEST, manifest.text()
    builders = {p for p, record in manifest.files.items() if record.owner is Owner.BUILDER}
    for path in sorted({*old.manifest.files, *builders}):
        yield base_path(path), theirs[path] if path in builders else None
    for feature in sorted({*old.manifest.past, *manifest.past}):
        kept = feature in manifest.features
        yield base_path(request_path(feature)), requests[feature] if kept else None
