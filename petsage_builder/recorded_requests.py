"""The workspace's `requests/`: what was asked for, and the source of truth."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from petsage_builder import filters, strict_json
from petsage_builder.entries import Entry, canonical, entries_in
from petsage_builder.errors import Problem, RequestError, WorkspaceError
from petsage_builder.merge import FileChange, Outcome
from petsage_builder.names import Ident, did_you_mean
from petsage_builder.paths import REQUESTS, base_path, request_path
from petsage_builder.records import FeatureRecord, Manifest
from petsage_builder.workspace import Workspace

Known = Mapping[str, FeatureRecord]


@dataclass(frozen=True, slots=True)
class Removal:
    """A feature that is to go; `force`: with what was edited by hand."""

    feature: str
    force: bool = False


@dataclass(frozen=True, slots=True)
class Requests:
    """Every request of the workspace, given or on file, and what becomes of their files.

    `stale`: features whose request is not the one that was built; that of `removal` has none.
    """

    entries: tuple[Entry, ...]
    changes: tuple[FileChange, ...]
    digests: Mapping[str, str]
    stale: frozenset[str]
    removal: Removal | None = None

    @property
    def removed(self) -> str:
        """The feature that goes, or ''."""
        return self.removal.feature if self.removal else ""

    @property
    def changed(self) -> frozenset[str]:
        """The features whose tables may become others."""
        return self.stale | ({self.removed} if self.removal else set())

    @property
    def texts(self) -> dict[str, str]:
        """The requests by feature, as they are written."""
        return {str(entry.payload.get("feature")): _text(entry) for entry in self.entries}


def last_built(
    read: Callable[[str], str | None], known: Known, changed: Collection[str]
) -> dict[str, Entry | None]:
    """The requests of changed features as they were built last; None for what never was.

    Those that never had tables have None, too. Raises a WorkspaceError for a lost record.
    """
    found = {feature: _built(read, feature, known.get(feature)) for feature in sorted(changed)}
    lost = [
        base_path(request_path(f))
        for f in found
        if f in known and known[f].migrations and found[f] is None
    ]
    if lost:
        message = "is missing, or not the request that was built last."
        hint = "Restore it from git: without it nobody knows what the tables look like."
        raise WorkspaceError(*(Problem(path, message, hint) for path in lost))
    return found


def _built(
    read: Callable[[str], str | None], feature: str, record: FeatureRecord | None
) -> Entry | None:
    """The request, from the records or from a file that still is what was built."""
    if record is None or not record.migrations:
        return None
    for path in (base_path(request_path(feature)), request_path(feature)):
        content = read(path)
        try:
            entries = entries_in(strict_json.parse((content or "").encode(), request_path(feature)))
        except (RequestError, UnicodeEncodeError):
            continue
        if len(entries) == 1 and digest(entries[0]) == record.request:
            return entries[0]
    return None


def join(
    workspace: Workspace, given: Sequence[Entry], manifest: Manifest, removal: Removal | None = None
) -> Requests:
    """The given requests, and those on file for all other features; that of `removal` goes."""
    known = manifest.features
    on_file = {str(entry.payload.get("feature")): entry for entry in _read(workspace)}
    asked = {str(entry.payload.get("feature")) for entry in given}
    gone = _removed(workspace, removal, on_file, manifest) if removal else ()
    settled = asked | ({removal.feature} if removal else set())
    _refuse_missing(known.keys() - on_file.keys() - settled)
    others = [entry for feature, entry in on_file.items() if feature not in settled]
    entries = (*others, *given)  # a route belongs to the feature that was there first
    digests = {str(entry.payload.get("feature")): digest(entry) for entry in entries}
    written = (_change(entry, on_file, known, workspace) for entry in entries if _named(entry))
    return Requests(
        entries=entries,
        changes=(*written, *gone),
        digests=digests,
        stale=frozenset(
            f for f, new in digests.items() if f not in known or known[f].request != new
        ),
        removal=removal,
    )


def _text(entry: Entry) -> str:
    return f"{filters.json_text(entry.payload)}\n"


def digest(entry: Entry) -> str:
    """What identifies a request, however it is spelled."""
    return hashlib.sha256(canonical(entry.payload).encode()).hexdigest()


def _named(entry: Entry) -> bool:
    """Whether the feature's name can be a file's; if not, validation says so next."""
    name = entry.payload.get("feature")
    try:
        return isinstance(name, str) and bool(Ident(name))
    except ValueError:
        return False


def _read(workspace: Workspace) -> Iterator[Entry]:
    problems: list[Problem] = []
    for path in workspace.folder(REQUESTS, ".json"):
        try:
            content = workspace.read_bytes(path)
            entry, *more = entries_in(strict_json.parse(content or b"", path))
            name = path.removeprefix(f"{REQUESTS}/").removesuffix(".json")
            if more or entry.payload.get("feature") != name:
                message = f"must hold the one request of feature '{name}'."
                raise RequestError(Problem(path, message, "The file's name is the feature's."))
            yield entry
        except RequestError as error:
            problems += error.problems
    if problems:
        raise RequestError(*problems)


def _refuse_missing(features: set[str]) -> None:
    back = "Restore the file (git checkout), or build the request again"
    problems = [
        Problem(
            request_path(f),
            f"is missing, and feature '{f}' is built from it.",
            f"{back}; `petsage-builder remove {f}` takes the feature out.",
        )
        for f in sorted(features)
    ]
    if problems:
        raise WorkspaceError(*problems)


def _refuse_unknown(removal: Removal, on_file: Collection[str], manifest: Manifest) -> None:
    """Raises a RequestError where there is nothing to remove; what is left of a feature is."""
    feature = removal.feature
    left = any(record.feature == feature for record in manifest.files.values() if record.feature)
    if feature in manifest.features or (left and removal.force and feature not in on_file):
        return
    if feature in on_file:
        message = "is not built, so there is nothing to remove."
        raise RequestError(Problem(request_path(feature), message, "Delete the file, or build it."))
    if left:
        hint = f"`petsage-builder remove {feature} --force` removes that, too."
        message = "was removed before; only what you had edited is left of it."
        raise RequestError(Problem(feature, message, hint))
    features = sorted(manifest.features)
    hint = did_you_mean(feature, features) or f"Its features: {', '.join(features) or 'none'}."
    raise RequestError(Problem(feature, "is no feature of this workspace.", hint))


def _removed(
    workspace: Workspace, removal: Removal, on_file: Mapping[str, Entry], manifest: Manifest
) -> tuple[FileChange, ...]:
    """The change of its request's file, if there is one; a WorkspaceError where it was edited."""
    _refuse_unknown(removal, on_file, manifest)
    path, entry = request_path(removal.feature), on_file.get(removal.feature)
    if entry is None:
        return ()
    if digest(entry) != manifest.features[removal.feature].request and not removal.force:
        message = "was edited since the last build, and says that the feature is to stay."
        hint = f"Take the edit back, or `petsage-builder remove {removal.feature} --force`."
        raise WorkspaceError(Problem(path, message, hint))
    return (FileChange(path, Outcome.REMOVED, workspace.read(path), None),)


def _change(
    entry: Entry, on_file: Mapping[str, Entry], known: Known, workspace: Workspace
) -> FileChange:
    """The copy of a request: written when it says something new, never over an edit of yours."""
    feature = entry.payload["feature"]
    path, present = request_path(feature), on_file.get(feature)
    before = workspace.read(path)
    after = _text(entry)
    if present is None:
        return FileChange(path, Outcome.CREATED, None, after)
    if digest(present) == digest(entry):
        return FileChange(path, Outcome.UNCHANGED, before, before)
    if feature in known and known[feature].request == digest(present):
        return FileChange(path, Outcome.UPDATED, before, after)
    reason = "was edited since the last build, and differs from the request given now"
    return FileChange(path, Outcome.CONFLICT, before, after, reason)
