"""What the workspace remembers: the manifest, and the last render of every file (the base)."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from petsage_builder import __version__
from petsage_builder.errors import Problem, WorkspaceError
from petsage_builder.names import Revision
from petsage_builder.paths import BLUEPRINT, MANIFEST, base_path, path_problem
from petsage_builder.plan import Plan
from petsage_builder.spec import FeatureSpec, Owner, project_digest
from petsage_builder.trees import Tree, digest

FORMAT = 1


def _safe(path: str) -> str:
    if problem := path_problem(path):
        raise ValueError(f"{path!r} {problem}")
    return path


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MigrationRecord(_Record):
    """The step of the database's history that made a feature's tables, and their digest."""

    revision: Annotated[str, AfterValidator(Revision)]
    down_revision: Annotated[str, AfterValidator(Revision)] | None
    schema_digest: str


class FeatureRecord(_Record):
    """A feature that was built: its kind, its pack, the digest of its request, its migration."""

    kind: str
    pack: str
    request: str
    migration: MigrationRecord | None = None


class FileRecord(_Record):
    """A file that was rendered; `deleted`: the user removed it, and it stays away."""

    owner: Owner
    sha256: str
    deleted: bool = False


class Manifest(_Record):
    """The workspace's manifest: no clock times, the same on every machine."""

    format: int = FORMAT
    builder: str = __version__
    project: str = ""
    features: dict[str, FeatureRecord] = {}
    files: dict[Annotated[str, AfterValidator(_safe)], FileRecord] = {}

    def text(self) -> str:
        content = self.model_dump(mode="json", exclude_defaults=False)
        for record in content["files"].values():
            record.pop("deleted") if not record["deleted"] else None
        for record in content["features"].values():
            record.pop("migration") if record["migration"] is None else None
        return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class Records:
    """The manifest, the bases that agree with it, and the paths of those that don't."""

    manifest: Manifest
    base: Tree
    tampered: tuple[str, ...]


def read_records(read: Callable[[str], str | None]) -> Records:
    """The records of a workspace; `read` gives a file's text there, or None."""
    manifest = _manifest(read(MANIFEST))
    base: dict[str, str] = {}
    tampered = []
    for path, record in manifest.files.items():
        if record.owner is Owner.USER:
            continue
        content = read(base_path(path))
        if content is not None and digest(content) == record.sha256:
            base[path] = content
        else:
            tampered.append(base_path(path))
    return Records(manifest, base, tuple(tampered))


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


def new_manifest(
    plan: Plan, theirs: Tree, gone: Collection[str], asked: Mapping[str, str]
) -> Manifest:
    """The manifest after the change.

    `gone`: rendered files that the user deleted; `asked`: the digests of the features' requests.
    """
    owners = {step.target: step.owner for step in plan.steps}
    features = {
        spec.feature: FeatureRecord(
            kind=spec.kind,
            pack=spec.pack,
            request=asked[spec.feature],
            migration=_migration_record(spec),
        )
        for spec in plan.project.features
    }
    files = {
        path: FileRecord(owner=owners[path], sha256=digest(content), deleted=path in gone)
        for path, content in theirs.items()
    }
    return Manifest(project=project_digest(plan.project), features=features, files=files)


def _migration_record(spec: FeatureSpec) -> MigrationRecord | None:
    if spec.migration is None:
        return None
    step = spec.migration
    return MigrationRecord(
        revision=step.revision, down_revision=step.down_revision, schema_digest=spec.schema
    )


def record_files(
    old: Records, manifest: Manifest, theirs: Tree
) -> Iterable[tuple[str, str | None]]:
    """Every record file and its text after the change (None: it goes)."""
    yield MANIFEST, manifest.text()
    builders = {p for p, record in manifest.files.items() if record.owner is Owner.BUILDER}
    for path in sorted({*old.manifest.files, *builders}):
        yield base_path(path), theirs[path] if path in builders else None
