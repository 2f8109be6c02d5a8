"""Tests for normalising and refusing payload text."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hostile import Case, case_id, cases
from hypothesis import given, settings
from hypothesis import strategies as st

from petsage_builder.text import SHOWN_CHARS, Text, TextError, clean, invisible, paragraph, show

ANY_TEXT = st.text(st.characters(), max_size=80)


@pytest.mark.parametrize("case", cases("text", "embed"), ids=case_id)
def test_accepted_text_is_kept_as_it_is(case: Case) -> None:
    assert paragraph(case.value).value == case.value


@pytest.mark.parametrize("case", cases("text", "strip"), ids=case_id)
def test_text_is_normalised_as_documented(case: Case) -> None:
    expected = unicodedata.normalize("NFC", case.value).replace("\r\n", "\n")
    assert paragraph(case.value).value == expected != case.value


@pytest.mark.parametrize("case", cases("text", "reject"), ids=case_id)
def test_refused_text_is_not_echoed(case: Case) -> None:
    with pytest.raises(TextError) as caught:
        paragraph(case.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("end", ["\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029", "\n"])
def test_every_line_end_becomes_a_line_feed(end: str) -> None:
    assert clean(f"a{end}b{end}{end}").value == "a\nb\n\n"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("abc\0", "character 4 is U+0000 (NULL), a control character; remove it."),
        ("\x9f", "character 1 is U+009F, a control character"),
        ("a\x1cb", "character 2 is U+001C, a control character"),
        ("\u202eevil", "U+202E (RIGHT-TO-LEFT OVERRIDE), a text direction control"),
        ("\u2066", "U+2066 (LEFT-TO-RIGHT ISOLATE), a text direction control"),
        ("\U000e0041", "U+E0041 (TAG LATIN CAPITAL LETTER A), a hidden tag character"),
        ("\ufeff", "U+FEFF (ZERO WIDTH NO-BREAK SPACE), a byte order mark"),
        ("\ud800", "U+D800, half of a character (a lone surrogate)"),
        ("\ufff9", "U+FFF9 (INTERLINEAR ANNOTATION ANCHOR), a hidden annotation mark"),
        ("\ufdd0", "U+FDD0, no character at all"),
        ("\uffff", "U+FFFF, no character at all"),
        ("\U0010fffe", "U+10FFFE, no character at all"),
    ],
)
def test_a_refused_character_is_named_with_its_position(value: str, message: str) -> None:
    with pytest.raises(TextError) as caught:
        clean(value)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        "👩‍👩‍👧",
        "❤️",
        "می‌خواهم",
        "a\u00adb",
        "a\u00a0b",
        "文\U000e0100",
        "tab\there",
        "\ue000",
        "\ufffd",
    ],
    ids=["family", "heart", "persian", "hyphen", "space", "variant", "tab", "private", "box"],
)
def test_legitimate_text_with_hidden_characters_is_accepted(value: str) -> None:
    assert clean(value).value == value


def test_a_long_run_of_combining_marks_is_refused_before_it_costs_anything() -> None:
    with pytest.raises(TextError, match="character 3 starts a run of 200000 combining marks"):
        clean("ab" + "\u0301\u0323" * 100_000)


def test_limits_hold_at_their_edges() -> None:
    assert paragraph("a" * 4000).value == "a" * 4000
    assert paragraph("a\n" * 200).value == "a\n" * 200
    assert paragraph("e\u0301" * 4000).value == "é" * 4000
    with pytest.raises(TextError, match="has 4001 characters; at most 4000 are allowed"):
        paragraph("a" * 4001)
    with pytest.raises(TextError, match="has 201 lines; at most 200 are allowed"):
        paragraph("a\n" * 201)
    with pytest.raises(TextError, match="has 2 lines; at most 1 are allowed"):
        paragraph("a\nb", max_lines=1)


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u00a0\u3000", "\r\n"])
def test_blank_text_is_refused(blank: str) -> None:
    with pytest.raises(TextError, match="is blank"):
        paragraph(blank)


def test_text_cannot_be_printed_by_accident() -> None:
    text = Text("secret")
    for leak in (str, "{}".format, "{:>9}".format, "%s".__mod__, lambda value: f"{value}", print):
        with pytest.raises(TypeError, match="filter"):
            leak(text)
    parts: list[Any] = ["a", text]
    with pytest.raises(TypeError):
        "".join(parts)


def test_repr_of_text_is_printable() -> None:
    assert repr(Text("a\u200b\ufe0f")) == r"Text('a\u200b\ufe0f')"


@settings(derandomize=True, max_examples=300, deadline=None)
@given(ANY_TEXT)
def test_cleaning_twice_is_cleaning_once(value: str) -> None:
    try:
        text = clean(value)
    except TextError:
        return
    assert clean(text.value) == text
    text.value.encode()  # no lone surrogate is left
    assert not set(text.value) & set("\r\v\f\x85\u2028\u2029\0\ufeff\u202e")


@settings(derandomize=True, max_examples=300, deadline=None)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(st.characters(codec=None)),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_anything_is_shown_short_and_printable(value: object) -> None:
    shown = show(value)
    assert len(shown) <= SHOWN_CHARS
    assert shown.encode()
    assert not any(invisible(char) for char in shown)


def test_extreme_values_are_shown() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert show(10**5000) == "<int>"
    assert show(deep) == "<list>"
    assert show("\ud800'") == r'"\ud800\'"'.replace("\\'", "'")
    assert show("x" * 10**6) == "'" + "x" * 58 + "…"
    assert show(Text("a")) == "'a'"


def test_every_space_but_the_plain_ones_is_invisible() -> None:
    spaces = {chr(code) for code in range(0x110000) if chr(code).isspace()}
    assert {char for char in spaces if not invisible(char)} == {" ", "\t", "\n"}


def test_every_format_control_that_unicode_hides_is_invisible() -> None:
    shown_by_fonts = set(
        map(chr, (*range(0x600, 0x606), 0x6DD, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD))
    )
    hidden = {
        chr(c) for c in range(0x110000) if unicodedata.category(chr(c)) in ("Cc", "Cf", "Co", "Cs")
    }
    assert {char for char in hidden if not invisible(char)} == shown_by_fonts | {"\t", "\n"}


@pytest.mark.parametrize(
    "char", ["\u3164", "\u2800", "\u115f", "\ufe0f", "\U000e0100", "\u200d", "\u034f"]
)
def test_blanks_and_selectors_are_invisible(char: str) -> None:
    assert invisible(char)


@pytest.mark.parametrize("char", [*"aé文😀ß\u0301-\\", '"', "\u0600", "\ufffd", "\u30fb"])
def test_what_shows_is_not_invisible(char: str) -> None:
    assert not invisible(char)
