"""What the last build changed, kept on this machine, so that it can be undone: `.petsage/undo/`."""

from __future__ import annotations

from collections.abc import Iterator

from petsage_builder.errors import Problem, WorkspaceError
from petsage_builder.journal import Journal, Move, parse_journal
from petsage_builder.merge import ChangeSet, FileChange, overwrite
from petsage_builder.paths import CONFLICTS, UNDO
from petsage_builder.trees import digest
from petsage_builder.workspace import Workspace

RECORD = f"{UNDO}/journal.json"


def undoable(workspace: Workspace, change_set: ChangeSet) -> ChangeSet:
    """The change with what it takes to undo it; proposals of earlier conflicts go."""
    gone = {path: workspace.read(path) or "" for path in workspace.below(CONFLICTS)}
    tidied = overwrite(gone, ((path, None) for path in gone))
    if not change_set.writes:
        return ChangeSet(tuple(tidied))
    return ChangeSet((*change_set.files, *tidied, *_record(workspace, change_set)))


def _record(workspace: Workspace, change_set: ChangeSet) -> list[FileChange]:
    """The way back: the texts that were there, and the moves that bring them back."""
    moves = tuple(_move(number, change) for number, change in enumerate(change_set.writes))
    new = {
        move.old: change.before
        for move, change in zip(moves, change_set.writes, strict=True)
        if move.old
    }
    new[RECORD] = Journal("back", moves, ()).text()
    old = {path: workspace.read(path) or "" for path in workspace.below(UNDO)}
    return overwrite(old, [*new.items(), *((path, None) for path in old if path not in new)])


def _move(number: int, change: FileChange) -> Move:
    return Move(
        path=change.path,
        new=None,
        old=f"{UNDO}/{number}" if change.before is not None else None,
        before=None if change.before is None else digest(change.before),
        after=None if change.after is None else digest(change.after),
    )


def undone(workspace: Workspace) -> ChangeSet:
    """The change back, or a WorkspaceError where there is none, or a file was edited since."""
    content = workspace.read(RECORD)
    if content is None:
        message = "there is nothing to undo: no build was made here, or it was undone."
        raise WorkspaceError(Problem(str(workspace.root), message, "git knows what came before."))
    moves = parse_journal(content, RECORD, UNDO).moves
    if problems := [*_edited(workspace, moves), *_lost(workspace, moves)]:
        raise WorkspaceError(*problems)
    now = {move.path: workspace.read(move.path) for move in moves}
    old = {path: content for path, content in now.items() if content is not None}
    new = [(move.path, workspace.read(move.old) if move.old else None) for move in moves]
    kept = {path: workspace.read(path) or "" for path in workspace.below(UNDO)}
    return ChangeSet((*overwrite(old, new), *overwrite(kept, ((path, None) for path in kept))))


def _edited(workspace: Workspace, moves: tuple[Move, ...]) -> Iterator[Problem]:
    message = "was changed since the last build, and undoing that would lose the change."
    for move in moves:
        content = workspace.read(move.path)
        if (None if content is None else digest(content)) != move.after:
            yield Problem(move.path, message, "Take your change out first, or use git.")


def _lost(workspace: Workspace, moves: tuple[Move, ...]) -> Iterator[Problem]:
    for move in moves:
        content = workspace.read(move.old) if move.old else None
        if move.old and (content is None or digest(content) != move.before):
            yield Problem(move.old, f"is not what {move.path} was before.", "git knows it.")
