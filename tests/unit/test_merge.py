"""The three-way merge of trees: base (last render), ours (on disk), theirs (new render)."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, TypeAlias

import pytest
from figures import Tell
from hypothesis import given, settings
from hypothesis import strategies as st

from petsage_builder.merge import NOTHING, ChangeSet, FileChange, Outcome, Wishes, merge, overwrite
from petsage_builder.playground import essence, without_results
from petsage_builder.spec import Owner
from petsage_builder.trees import Tree

PATH = "app/main.py"
BUILDER = {PATH: Owner.BUILDER}
USER = {PATH: Owner.USER}


def tree(text: str | None) -> Tree:
    return {} if text is None else {PATH: text}


def merged(
    base: str | None,
    ours: str | None,
    theirs: str | None,
    deleted: Collection[str] = (),
    wishes: Wishes = NOTHING,
) -> FileChange:
    """The change of one file that the builder owns."""
    (change,) = merge(
        base=tree(base),
        ours=tree(ours),
        theirs=tree(theirs),
        owners=BUILDER,
        deleted=deleted,
        wishes=wishes,
    ).files
    return change


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "outcome", "after"),
    [
        (None, None, "new", Outcome.CREATED, "new"),
        (None, "new", "new", Outcome.UNCHANGED, "new"),
        (None, "mine", "new", Outcome.CONFLICT, "new"),
        ("old", "old", "old", Outcome.UNCHANGED, "old"),
        ("old", "old", "new", Outcome.UPDATED, "new"),
        ("old", "new", "new", Outcome.UNCHANGED, "new"),
        ("old", "mine", "old", Outcome.KEPT, "mine"),
        ("old", "mine", "new", Outcome.CONFLICT, "new"),
        ("old", None, "old", Outcome.REMOVED, None),
        ("old", None, "new", Outcome.REMOVED, None),
        ("old", "old", None, Outcome.REMOVED, None),
        ("old", "mine", None, Outcome.ORPHANED, "mine"),
    ],
)
def test_every_combination_of_sides_has_its_outcome(
    base: str | None, ours: str | None, theirs: str | None, outcome: Outcome, after: str | None
) -> None:
    change = merged(base, ours, theirs)
    assert (change.outcome, change.before, change.after) == (outcome, ours, after)


def test_empty_base_is_a_base() -> None:
    change = merged("", "mine", "new")
    assert change.outcome is Outcome.CONFLICT
    assert change.reason == "edited by hand where it is rendered differently now"


def test_file_that_was_never_ours_is_named_as_such() -> None:
    assert merged(None, "mine", "new").reason == "exists, and is not ours"


def test_conflict_is_not_written() -> None:
    conflict = merged("old", "mine", "new")
    changes = ChangeSet((conflict,))
    assert (changes.writes, changes.conflicts) == ([], [conflict])


@pytest.mark.parametrize("ours", [None, "mine"])
def test_file_of_the_user_is_written_once(ours: str | None) -> None:
    (change,) = merge(base={}, ours=tree(ours), theirs=tree("new"), owners=USER).files
    assert change.after == (ours or "new")
    assert change.writes == (ours is None)


def test_deletion_by_hand_is_told_the_first_time() -> None:
    first = merged("old", None, "new")
    assert (first.outcome, first.reason) == (Outcome.REMOVED, "deleted by hand")


def test_deletion_that_is_on_record_is_a_hand_edit_that_is_kept() -> None:
    change = merged("old", None, "new", deleted={PATH})
    told = (change.outcome, change.after, change.reason)
    assert told == (Outcome.KEPT, None, "deleted by hand")


@pytest.mark.parametrize("deleted", [(), (PATH,)])
def test_restore_brings_a_deleted_file_back(deleted: Collection[str]) -> None:
    change = merged("old", None, "new", deleted=deleted, wishes=Wishes(restore=[PATH]))
    assert (change.outcome, change.after) == (Outcome.CREATED, "new")


def test_restore_leaves_a_file_that_is_there_alone() -> None:
    change = merged("old", "mine", "old", wishes=Wishes(restore=[PATH]))
    assert (change.outcome, change.after) == (Outcome.KEPT, "mine")


def test_file_that_is_neither_rendered_nor_there_any_more_is_no_change() -> None:
    assert merge(base=tree("old"), ours={}, theirs={}, owners=BUILDER).files == ()


def test_file_that_neither_side_renders_is_none_of_our_business() -> None:
    assert merge(base={}, ours={"notes.txt": "mine"}, theirs={}, owners={}).files == ()


def test_changes_come_in_the_order_of_paths() -> None:
    theirs = {"b": "", "a/z": "", "a": ""}
    changes = merge(base={}, ours={}, theirs=theirs, owners=dict.fromkeys(theirs, Owner.BUILDER))
    assert [change.path for change in changes.files] == ["a", "a/z", "b"]


NOTEBOOK = "a.ipynb"
KERNEL: Mapping[str, Any] = {"name": "mine", "display_name": "Mine"}


def notebook(*sources: str, ran: bool = False, indent: int = 1, **metadata: object) -> str:
    """A notebook of code cells; `ran`: as an editor saves it, with another kernel's name."""
    result = {"name": "stdout", "output_type": "stream", "text": ["done\n"]}
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {"execution": {"at": "now"}} if ran else {},
            "source": source.splitlines(keepends=True),
            "execution_count": number if ran else None,
            "outputs": [result] if ran else [],
        }
        for number, source in enumerate(sources)
    ]
    kernel = {"name": "python3", "display_name": ".venv (3.11.7)"} if ran else KERNEL
    known = {"kernelspec": kernel, "language_info": {"name": "python", "version": "3"}, **metadata}
    whole = {"cells": cells, "metadata": known, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=indent, sort_keys=True, ensure_ascii=False) + "\n"


def one_change(base: str, ours: str, theirs: str) -> FileChange:
    trees: list[Tree] = [{NOTEBOOK: text} for text in (base, ours, theirs)]
    (made,) = merge(base=trees[0], ours=trees[1], theirs=trees[2], owners={}).files
    return made


def test_changed_byte_of_a_notebook_that_was_not_run_is_a_hand_edit() -> None:
    render = notebook("a", "b")
    assert one_change(render, render + "\n", render).outcome is Outcome.KEPT


@pytest.mark.parametrize("indent", [1, 4])
def test_notebook_that_was_run_is_no_hand_edit(indent: int) -> None:
    render, ours = notebook("a", "b", indent=indent), notebook("a", "b", ran=True)
    assert one_change(render, ours, render) == FileChange(NOTEBOOK, Outcome.UNCHANGED, ours, ours)
    new = notebook("a", "c", indent=indent)
    assert one_change(render, ours, new) == FileChange(NOTEBOOK, Outcome.UPDATED, ours, new)


def test_metadata_of_ones_own_is_a_hand_edit_that_stays() -> None:
    render, ours = notebook("a", "b"), notebook("a", "b", ran=True, authors=["me"])
    assert one_change(render, ours, render).outcome is Outcome.KEPT
    merged = one_change(render, ours, notebook("a", "c"))
    assert (merged.outcome, merged.after) == (Outcome.MERGED, notebook("a", "c", authors=["me"]))


def test_own_cell_stays_with_the_kernel_and_the_line_ends_of_the_render_and_the_user() -> None:
    ours = notebook("a", "b", "c", "d", "mine: ü", ran=True).replace("\n", "\r\n")
    merged = one_change(notebook("a", "b", "c", "d"), ours, notebook("A", "b", "c", "d"))
    expected = notebook("A", "b", "c", "d", "mine: ü").replace("\n", "\r\n")
    assert (merged.outcome, merged.after) == (Outcome.MERGED, expected)


def test_results_stay_where_the_user_has_what_the_new_render_has() -> None:
    ours = notebook("A", "b", "c", "d", "mine", ran=True)
    kept = one_change(notebook("a", "b", "c", "d"), ours, notebook("A", "b", "c", "d"))
    assert (kept.outcome, kept.after) == (Outcome.KEPT, ours)


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", '{"cells": 5}', '{"cells": [{}], "metadata": {}}', "[" * 100_000),
        notebook("mine").replace("mine", "\\ud800"),
    ],
)
def test_text_that_is_no_notebook_is_as_it_is(text: str) -> None:
    assert essence(NOTEBOOK, text) == text
    assert without_results(NOTEBOOK, text, text) == text
    assert one_change(notebook("x"), text, notebook("y")).outcome is Outcome.CONFLICT


def test_only_notebooks_are_read_as_notebooks() -> None:
    ran = notebook("a", ran=True)
    assert essence("a.json", ran) == ran
    assert without_results("a.json", ran, ran) == ran


def test_tree_after_a_change_leaves_out_what_is_removed() -> None:
    both = {"a": "1", "b": "1"}
    owners = dict.fromkeys("ab", Owner.BUILDER)
    changes = merge(base=both, ours=both, theirs={"a": "2"}, owners=owners)
    assert changes.after() == {"a": "2"}
    assert [change.path for change in changes.of(Outcome.REMOVED)] == ["b"]


@pytest.mark.parametrize(
    ("before", "after", "outcome", "writes"),
    [
        (None, "new", Outcome.CREATED, True),
        ("old", "new", Outcome.UPDATED, True),
        ("old", "old", Outcome.UNCHANGED, False),
        ("old", None, Outcome.REMOVED, True),
        (None, None, Outcome.UNCHANGED, False),
    ],
)
def test_record_is_overwritten_whatever_it_held(
    before: str | None, after: str | None, outcome: Outcome, *, writes: bool
) -> None:
    (change,) = overwrite(tree(before), [(PATH, after)])
    assert (change.outcome, change.before, change.after) == (outcome, before, after)
    assert change.writes == writes


PATHS = ["a", "b/c"]
LINES = st.lists(st.sampled_from("abcdefgh"), max_size=8)
LONG = st.lists(st.sampled_from("abcdefgh"), min_size=8, max_size=16)
Files: TypeAlias = tuple[tuple[str, str], ...]
LAW = settings(derandomize=True, database=None, max_examples=200)


@st.composite
def versions(draw: st.DrawFn, base: list[str] | None) -> list[str] | None:
    """What one side made of the lines of a file; None is no file."""
    if base is None:
        return draw(st.none() | LINES)
    at, cut = draw(st.integers(0, len(base))), draw(st.integers(0, 1))
    edit = [*base[:at], *draw(st.lists(st.sampled_from("uvwxyz"), max_size=2)), *base[at + cut :]]
    return draw(st.sampled_from([*[edit] * 6, base, None, []]))


@st.composite
def sides(draw: st.DrawFn) -> tuple[Tree, Tree, Tree]:
    """Base, ours and theirs, in which every outcome comes up, joined files too."""
    trees: tuple[dict[str, str], ...] = ({}, {}, {})
    for path in PATHS:
        base = draw(st.none() | LINES | LONG | LONG)
        files = (base, draw(versions(base)), draw(versions(base)))
        for side, lines in zip(trees, files, strict=True):
            side.update({} if lines is None else {path: text_of(lines)})
    return trees[0], trees[1], trees[2]


def text_of(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def change(base: Tree, ours: Tree, theirs: Tree) -> ChangeSet:
    return known_change(*(tuple(side.items()) for side in (base, ours, theirs)))


@cache  # every law draws the same trees, and git is asked for each file that is joined
def known_change(base: Files, ours: Files, theirs: Files) -> ChangeSet:
    owners = dict.fromkeys(dict((*base, *theirs)), Owner.BUILDER)
    return merge(base=dict(base), ours=dict(ours), theirs=dict(theirs), owners=owners)


def disk_after(ours: Tree, changes: ChangeSet) -> Tree:
    """What a commit of the change leaves on disk."""
    written = {c.path: c.after for c in changes.writes}
    left = {**ours, **written}
    return {path: text for path, text in left.items() if text is not None}


Law = Callable[[Tree, Tree, Tree], None]


def outcomes(law: Law) -> Counter[str]:
    """Draws trees for a law; gives back how often it was tried, and what became of the files."""
    counts: Counter[str] = Counter()

    @LAW
    @given(sides())
    def drawn(trees: tuple[Tree, Tree, Tree]) -> None:
        law(*trees)
        counts.update(["triples", *(one.outcome for one in change(*trees).files)])

    drawn()
    return counts


def what_only_the_user_changed_stays(base: Tree, ours: Tree, _: Tree) -> None:
    changes = change(base, ours, base)
    assert changes.conflicts == []
    assert disk_after(ours, changes) == ours


def what_only_the_render_changed_is_taken(base: Tree, _: Tree, theirs: Tree) -> None:
    changes = change(base, base, theirs)
    assert changes.conflicts == []
    assert disk_after(base, changes) == theirs


def second_merge_changes_nothing(base: Tree, ours: Tree, theirs: Tree) -> None:
    first = change(base, ours, theirs)
    if not first.conflicts:
        assert change(theirs, disk_after(ours, first), theirs).writes == []


def no_line_of_the_user_is_lost(base: Tree, ours: Tree, theirs: Tree) -> None:
    after = disk_after(ours, change(base, ours, theirs))
    edited = {path: text for path, text in ours.items() if text != base.get(path)}
    for path, text in edited.items():
        own = Counter(text.splitlines()) - Counter(base.get(path, "").splitlines())
        assert own <= Counter(after[path].splitlines())


def deleted_file_is_not_brought_back(base: Tree, ours: Tree, theirs: Tree) -> None:
    after = disk_after(ours, change(base, ours, theirs))
    assert not (base.keys() - ours.keys()) & after.keys()


@pytest.mark.parametrize(
    "law",
    [
        what_only_the_user_changed_stays,
        what_only_the_render_changed_is_taken,
        second_merge_changes_nothing,
        no_line_of_the_user_is_lost,
        deleted_file_is_not_brought_back,
    ],
)
def test_law_of_merging(law: Law, tell: Tell) -> None:
    counts = outcomes(law)
    shown = {
        "triples": counts["triples"],
        "joined": counts["merged"],
        "clashes": counts["conflict"],
    }
    tell(law.__name__.replace("_", " "), shown)
    assert counts["triples"] >= LAW.max_examples
    assert counts.keys() >= set(Outcome)


def edited(base: list[str], draw: random.Random, side: str) -> tuple[list[str], set[str], set[str]]:
    """The lines after inserts and deletes: the lines, what was put in, and what was taken out."""
    lines, added, gone = [], set(), set()
    for number, line in enumerate(base):
        if draw.random() < 0.1:
            added.add(f"{side}{number}")
            lines.append(f"{side}{number}")
        if draw.random() < 0.1:
            gone.add(line)
        else:
            lines.append(line)
    return lines, added, gone


def triple(seed: int) -> Counter[str]:
    """Merges two changes of one text; a clash loses nothing where the text that shows it has all.

    What was inserted has to be there once, and what was deleted not at all.
    """
    draw = random.Random(seed)  # noqa: S311 (repeatable, not secret)
    base = [f"line{number}" for number in range(draw.randint(1, 40))]
    ours, own, we_dropped = edited(base, draw, "ours")
    theirs, new, they_dropped = edited(base, draw, "theirs")
    found = merged(text_of(base), text_of(ours), text_of(theirs))
    clash = found.outcome is Outcome.CONFLICT
    lines = ((found.marked if clash else found.after) or "").splitlines()
    dropped = set() if clash else we_dropped | they_dropped
    return Counter(
        {
            "triples": 1,
            "joined": not clash,
            "clashes": clash,
            "inserts": len(own | new),
            "lost inserts": sum(lines.count(line) != 1 for line in own | new),
            "deletes": len(we_dropped | they_dropped),
            "resurrected deletes": len(dropped & set(lines)),
            "lost lines": 0 if clash else len(set(base) - dropped - set(lines)),
        }
    )


def test_random_triples_lose_no_insert_and_bring_back_no_deleted_line(tell: Tell) -> None:
    counts = Counter[str]()
    for seed in range(3000):
        counts.update(triple(seed))
    tell("merges of random texts", counts)
    assert counts["lost inserts"] == counts["resurrected deletes"] == counts["lost lines"] == 0
    assert counts["joined"] > 1000
    assert counts["clashes"] > 1000
