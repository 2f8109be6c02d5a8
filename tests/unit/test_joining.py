"""Two changes of one text, joined by git: laws, line ends, markers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petsage_builder.joining import Joined, holds_markers, join

BASE = "one\ntwo\nthree\nfour\nfive\n"
OURS = "one\nmine\ntwo\nthree\nfour\nfive\n"
THEIRS = "one\ntwo\nthree\nfour\nnew\nfive\n"
BOTH = "one\nmine\ntwo\nthree\nfour\nnew\nfive\n"
TEXTS = st.text(alphabet="ab\n\r\x00é\udc80", max_size=12)
LAW = settings(derandomize=True, database=None, max_examples=200)


def joined(base: str, ours: str, theirs: str) -> Joined:
    found = join(base, ours, theirs)
    assert found is not None
    return found


def test_both_changes_are_in_the_joined_text() -> None:
    assert joined(BASE, OURS, THEIRS) == Joined(BOTH, clean=True)


def test_changes_of_one_line_clash_and_all_three_sides_are_shown() -> None:
    found = joined(BASE, BASE.replace("two", "mine"), BASE.replace("two", "new"))
    assert not found.clean
    assert found.text == (
        "one\n<<<<<<< yours\nmine\n||||||| the last build\ntwo\n=======\nnew\n>>>>>>> this build\n"
        "three\nfour\nfive\n"
    )
    assert holds_markers(found.text)


def test_file_with_dos_line_ends_keeps_them() -> None:
    found = joined(BASE, OURS.replace("\n", "\r\n"), THEIRS)
    assert found == Joined(BOTH.replace("\n", "\r\n"), clean=True)


def test_dos_line_ends_alone_are_no_clash() -> None:
    found = joined(BASE, BASE.replace("\n", "\r\n"), THEIRS)
    assert found == Joined(THEIRS.replace("\n", "\r\n"), clean=True)


def test_markers_have_the_line_ends_of_their_file() -> None:
    found = joined(BASE, BASE.replace("two", "mine").replace("\n", "\r\n"), "new\n")
    assert not found.clean
    assert found.text.count("\n") == found.text.count("\r\n")
    assert holds_markers(found.text)


def test_file_without_a_final_newline_goes_without_one() -> None:
    theirs = f"new\n{BASE}"
    assert joined(BASE, OURS.removesuffix("\n"), theirs).text == f"new\n{OURS}".removesuffix("\n")


def test_emptied_file_clashes_with_a_change() -> None:
    assert not joined(BASE, "", THEIRS).clean


def test_bytes_that_are_no_text_are_not_joined() -> None:
    assert join("a\x00\n", "b\x00\n", "c\x00\n") is None


def test_bytes_that_are_no_utf8_survive() -> None:
    odd = "\udc80\udcff\n"
    assert joined(BASE, odd + BASE, THEIRS).text == odd + THEIRS


def test_without_git_nothing_is_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert join(BASE, OURS, THEIRS) is None
    assert joined(BASE, BASE, THEIRS).text == THEIRS


def test_settings_of_a_repository_around_us_are_not_git_s_to_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.setenv(name, "/nonexistent")
    assert joined(BASE, OURS, THEIRS).text == BOTH


@pytest.mark.parametrize(
    "text",
    [
        "<<<<<<< yours\n",
        "=======\n",
        ">>>>>>> theirs\n<<<<<<< ours\n=======\n",
        "a <<<<<<< b\n=======\n>>>>>>> c\n",
        "<<<<<<<\n=======\n>>>>>>>\n",
    ],
)
def test_what_only_looks_like_markers_is_none(text: str) -> None:
    assert not holds_markers(text)


@LAW
@given(TEXTS, TEXTS)
def test_what_only_one_side_changed_is_that_side(base: str, other: str) -> None:
    assert joined(base, base, other) == Joined(other, clean=True)
    kept = join(base, other, base)
    assert kept is None or kept == Joined(other, clean=True)


@LAW
@given(TEXTS, TEXTS)
def test_what_both_sides_changed_alike_is_that(base: str, other: str) -> None:
    assert joined(base, other, other) == Joined(other, clean=True)
