"""How the report looks in the notebook: the eight sections of a build, and its banner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder.merge import Outcome
from petsage_builder.notebook.blocks import View, banner, columns, escape, fold, heading, pre
from petsage_builder.notebook.highlight import code_block
from petsage_builder.notebook.parameters import NotebookMode
from petsage_builder.report import BuildReport, FeatureReport
from petsage_builder.report_markdown import SECTIONS, section_files


@dataclass(frozen=True, slots=True)
class _Part:
    """A section's title and its texts, each with where it stands ("" for prose)."""

    title: str
    texts: tuple[tuple[str, str], ...]


def report_view(report: BuildReport, mode: NotebookMode) -> View:
    """The eight sections of every feature, foldable, and the banner of a report that is good."""
    html, lines = [], []
    for feature in report.features:
        title = f"{feature.title}: {feature.feature} Feature Module"
        html.append(heading(title))
        lines.append(title)
        for part in _parts(report, feature):
            html.append(fold(escape(part.title), "".join(_html(part))))
            lines += [part.title, *_lines(part)]
    notes = [note for note in report.notes if note != _UNVERIFIED] + [_said(report)]
    html += [banner(note, "plain") for note in notes]
    html.append(banner(mode.banner, "good"))
    content = {
        "ok": report.ok,
        "banner": mode.banner,
        "verified": report.verified,
        "committed": report.committed,
        "features": [
            {"feature": f.feature, "kind": f.kind, "request_id": f.request_id}
            for f in report.features
        ],
    }
    return View("complete", "\n".join([*lines, *notes, mode.banner]), "".join(html), content)


_UNVERIFIED = "Nothing was verified, and nothing was written."


def _said(report: BuildReport) -> str:
    if not report.checks:
        return _UNVERIFIED
    tests = next(check for check in report.checks if check.name == "tests")
    written = "the change was written" if report.committed else "nothing was written"
    return f"Verified: {tests.passed} tests passed ({tests.detail}); {written}."


def _parts(report: BuildReport, feature: FeatureReport) -> Iterator[_Part]:
    routes = "\n".join(f"{r.method} {r.url} (authentication: {r.auth})" for r in feature.routes)
    yield _Part("1. Feature Overview", (("", feature.description), ("", routes)))
    outcomes = {file.path: file.outcome for file in report.files}
    paths = [path for _, path, _ in feature.files]
    rows = [(outcomes.get(path, Outcome.UNCHANGED).value, path) for path in paths]
    yield _Part("2. Generated File Structure", (("", columns(rows)),))
    for title, section in SECTIONS:
        yield _Part(title, tuple(section_files(feature, section)))


def _html(part: _Part) -> Iterator[str]:
    for path, text in part.texts:
        yield heading(path) + (code_block(path, text) if path else pre(text))


def _lines(part: _Part) -> Iterator[str]:
    for path, text in part.texts:
        if path:
            yield f"--- {path}"
        yield f"{text.rstrip()}\n"
