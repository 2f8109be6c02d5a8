"""How the steps of a build look: plan, files, diff, routes, apply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict

from petsage_builder.api import ApiChange
from petsage_builder.draft import Draft
from petsage_builder.merge import FileChange, Outcome
from petsage_builder.notebook.blocks import (
    View,
    banner,
    bold,
    boxed,
    code,
    columns,
    count,
    counted,
    escape,
    fold,
    heading,
    pre,
    table,
    tint,
)
from petsage_builder.notebook.highlight import code_block, diff_block
from petsage_builder.paths import RECORDS
from petsage_builder.report import FileReport
from petsage_builder.spec import FeatureSpec, Route

ROUTE = ("method", "path", "auth", "request", "responses")
DIFFS = ("", "hand edits that are kept in it", "both sides")  # what is shown of a file
OUTCOME_TINTS = {
    Outcome.CREATED.value: "good",
    Outcome.UPDATED.value: "note",
    Outcome.MERGED.value: "note",
    Outcome.CONFLICT.value: "bad",
    Outcome.REMOVED.value: "bad",
}


def plan_view(draft: Draft, notes: Sequence[str] = ()) -> View:
    """The file tree as it will be, each file with its outcome and its lines."""
    changes = [change for change in draft.changes.files if not _is_record(change.path)]
    rows = list(_tree(changes))
    records = sum(1 for change in draft.changes.writes if _is_record(change.path))
    last = f"{count(records, 'file')} of records in {RECORDS}/" if records else ""
    said = [counted(change.outcome.value for change in changes), last]
    lines = [*(line for line in said if line), columns(rows), *notes]
    html = [banner("; ".join(line for line in said if line), "plain"), boxed(_tree_html(rows))]
    html += [banner(text, "note") for text in notes]
    content = {"files": [_entry(change) for change in changes], "records": records}
    return View("plan", "\n".join(lines), "".join(html), content)


def _is_record(path: str) -> bool:
    return path.startswith(f"{RECORDS}/")


def _entry(change: FileChange) -> dict[str, object]:
    return {"path": change.path, "outcome": change.outcome.value, "lines": _lines(change)}


def _lines(change: FileChange) -> int:
    return len((change.after or "").splitlines())


def _tree(changes: Iterable[FileChange]) -> Iterator[tuple[str, str, str, str]]:
    """The rows of the tree: folders first have a row of their own, then their files."""
    before: list[str] = []
    for change in sorted(changes, key=lambda change: change.path.split("/")):
        *folders, name = change.path.split("/")
        for depth, folder in enumerate(folders):
            if before[: depth + 1] != folders[: depth + 1]:
                yield f"{'    ' * depth}{folder}/", "", "", ""
        before = folders
        lines = count(_lines(change), "line") if change.after is not None else ""
        indent = "    " * len(folders)
        yield f"{indent}{name}", change.outcome.value, lines, change.reason


def _tree_html(rows: Sequence[tuple[str, str, str, str]]) -> str:
    """The tree in columns: folders bold, the outcomes of what changes tinted."""
    width = max((len(name) for name, *_ in rows), default=0) + 2
    return "\n".join(
        _tree_line(line, outcome, width)
        for line, (_, outcome, _, _) in zip(columns(rows).splitlines(), rows, strict=True)
    )


def _tree_line(line: str, outcome: str, width: int) -> str:
    if not outcome:
        return bold(line)
    name, rest = line[:width], line[width + len(outcome) :]
    return escape(name) + tint(outcome, OUTCOME_TINTS.get(outcome)) + escape(rest)


def files_view(draft: Draft, features: Sequence[FeatureSpec]) -> View:
    """Each file that changes or belongs to a feature asked for, in full."""
    steps = draft.plan.by_feature()
    own = {step.target for spec in features for step in steps[spec.feature]}
    shown = [
        change
        for change in draft.changes.files
        if change.after is not None
        and not _is_record(change.path)
        and (change.path in own or change.outcome is not Outcome.UNCHANGED)
    ]
    html = [fold(_summary(c), code_block(c.path, c.after or "")) for c in shown]
    lines = [f"=== {change.path} ({change.outcome.value})\n{change.after}" for change in shown]
    content = {"files": [_entry(change) for change in shown]}
    return View("files", "\n".join(lines) or "No file to show.", "".join(html), content)


def _summary(change: FileChange) -> str:
    return f"{code(change.path)} {escape(change.outcome.value)}, {count(_lines(change), 'line')}"


def diff_view(
    files: Iterable[FileReport], edits: Mapping[str, str], sides: Mapping[str, str]
) -> View:
    """What changes on disk, and which hand edits are kept.

    `edits`: how files that are merged differ from the render; `sides`: files that conflict, with
    git's markers. Of a hand edit that is kept, the file's own diff says how it differs.
    """
    changed = [f for f in files if f.outcome is not Outcome.UNCHANGED and not _is_record(f.path)]
    new = [f"{f.path}{_reason(f)}" for f in changed if f.outcome is Outcome.CREATED]
    html, lines = [], []
    if new:  # what they are is shown in full, not as a diff
        title = count(len(new), "new file")
        html.append(fold(escape(title), pre("\n".join(new))))
        lines += [title, *(f"  {line}" for line in new)]
    for file in changed:
        if file.outcome is not Outcome.CREATED:
            sections = (file.diff, edits.get(file.path, ""), sides.get(file.path, ""))
            shown = [pair for pair in zip(DIFFS, sections, strict=True) if pair[1]]
            body = "".join(heading(title) + diff_block(text) for title, text in shown)
            said = f"{file.path}: {file.outcome.value}{_reason(file)}"
            html.append(fold(code(said), body, opened=True) if shown else f"{code(said)}<br>")
            lines += [said, *(f"{title}:\n{text}" if title else text for title, text in shown)]
    nothing = "Nothing changes: every file is as it should be."
    text = "\n".join(line.rstrip("\n") for line in lines) or nothing
    rows = [{"path": f.path, "outcome": f.outcome.value, "edits": f.path in edits} for f in changed]
    return View("diff", text, "".join(html) or banner(nothing, "good"), {"files": rows})


def _reason(file: FileReport) -> str:
    return f" ({file.reason})" if file.reason else ""


def route_row(route: Route) -> tuple[str, ...]:
    """A route's cells below the heads of ROUTE."""
    return (route.method, route.url, route.auth, route.request, route.responses)


def api_view(features: Iterable[FeatureSpec], changes: Sequence[ApiChange] = ()) -> View:
    """The routes as a table, and what changes for clients as another."""
    rows = [route_row(route) for spec in features for route in spec.routes]
    changed = [(c.operation, c.change, c.why and f"breaking: {c.why}") for c in changes]
    content = {
        "routes": [dict(zip(ROUTE, row, strict=True)) for row in rows],
        "changes": [asdict(change) for change in changes],
    }
    html, text = table(ROUTE, rows), columns([ROUTE, *rows])
    if changed:
        breaking = sum(1 for change in changes if change.why)
        told = f"{count(len(changed), 'change')} for clients, {breaking or 'none'} of them breaking"
        html += fold(told, table(("operation", "what changes", ""), changed), opened=breaking > 0)
        text += f"\n\n{told}\n{columns(changed)}"
    return View("api", text, html, content)


def note_view(name: str, text: str, tint: str, **content: object) -> View:
    """One sentence."""
    return View(name, text, banner(text, tint), content)


def apply_view(draft: Draft) -> View:
    """What was written."""
    paths = [change.path for change in draft.changes.writes if not _is_record(change.path)]
    records = len(draft.changes.writes) - len(paths)
    if not draft.changes.writes:
        said = "Nothing to do: every file is as it should be."
        return note_view("apply", said, "good", applied=True, files=[])
    said = f"{count(len(paths), 'file')} and {count(records, 'record')} were written, all at once."
    html = banner(said, "good") + fold("the files", pre("\n".join(paths)))
    content = {"applied": True, "files": paths}
    return View("apply", "\n".join([said, *(f"  {path}" for path in paths)]), html, content)
