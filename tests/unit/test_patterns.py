"""Tests for the patterns that fields may have, and for the samples made from them."""

from __future__ import annotations

import re
import string
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import SchemaValidator, core_schema

from petsage_builder.patterns import (
    admits_blank,
    admits_nul,
    anchored,
    counterexample,
    examples,
    problem,
)
from petsage_builder.patterns.ambiguity import MAX_POSITIONS, check
from petsage_builder.patterns.automaton import MAX_EDGES, MAX_STEPS
from petsage_builder.patterns.syntax import MAX_CHARS, PatternError, parse
from petsage_builder.patterns.tree import positions

OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
NUMBER = "(0|[1-9][0-9]*)"
LABEL = "(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)"
EVERYDAY = {
    "anything": "^.*$",
    "base64": "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
    "bic": "^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$",
    "card number": "^([0-9]{4} ?){4}$",
    "chip": "^[0-9]{15}$",
    "colour name": "^(red|green|blue)$",
    "comma list": "^[a-z]+( *, *[a-z]+)*$",
    "country": "^[A-Z]{2}$",
    "coordinates": r"^-?[0-9]{1,3}\.[0-9]+,-?[0-9]{1,3}\.[0-9]+$",
    "currency amount": r"^[0-9]+(\.[0-9]{2})?$",
    "date": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
    "date and time": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
    "digits and letters": "^[0-9A-Za-z]+$",
    "domain": r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$",
    "email": r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$",
    "email, loose": "^[^@]+@[^@]+$",
    "email, looser": r"^.+@.+\..+$",
    "file name": r"^[a-z0-9_-]+\.(png|jpe?g|gif)$",
    "flight": "^[A-Z][A-Z0-9][0-9]{1,4}[A-Z]?$",
    "hashtag": "^#[A-Za-z0-9_]{1,50}$",
    "hashtags": "^#[a-z0-9]+( #[a-z0-9]+)*$",
    "hex colour": "^#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})$",
    "iban": "^[A-Z]{2}[0-9]{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,3})?$",
    "identifier": "^[A-Za-z_][A-Za-z0-9_]*$",
    "ipv4": rf"^({OCTET}\.){{3}}{OCTET}$",
    "ipv6": "^([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}$",
    "isbn": "^97[89]-?([0-9]-?){9}[0-9]$",
    "json pointer": "^(/[^/~]*(~[01][^/~]*)*)*$",
    "language": "^[a-z]{2}(-[A-Z]{2})?$",
    "mac address": "^([0-9A-F]{2}[:-]){5}[0-9A-F]{2}$",
    "name": "^[A-Za-zÀ-ÿ]+([ '-][A-Za-zÀ-ÿ]+)*$",
    "no angle brackets": "^[^<>]*$",
    "nothing": "^$",
    "path": "^(/[A-Za-z0-9._-]+)*/?$",
    "phone": r"^\+[0-9]{7,15}$",
    "phone with groups": r"^(\([0-9]{3}\) |[0-9]{3}-)[0-9]{3}-[0-9]{4}$",
    "plate": "^[A-Z]{1,3}-[A-Z]{1,2} [1-9][0-9]{0,3}[EH]?$",
    "postcode": "^[0-9]{5}(-[0-9]{4})?$",
    "postcode, british": "^[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}$",
    "product code": "^[A-Z]{2}-[0-9]{5}$",
    "semver": (
        rf"^{NUMBER}\.{NUMBER}\.{NUMBER}(?:-({LABEL}(?:\.{LABEL})*))?"
        r"(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$"
    ),
    "slug": "^[a-z]+(-[a-z]+)*$",
    "some digit": "[0-9]",
    "three words": "^.*foo.*bar.*baz.*$",
    "time": "^([01][0-9]|2[0-3]):[0-5][0-9]$",
    "url": r"^https?://[a-z0-9.-]+(:[0-9]{1,5})?(/[^ ?#]*)?(\?[^ #]*)?(#[^ ]*)?$",
    "uuid": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
    "vat number": r"^(DE[0-9]{9}|FR[A-Z0-9]{2}[0-9]{9}|ATU[0-9]{8})$",
}
EVIL = [
    "(a+)+$",
    "^([a-z]+)*$",
    "^(a|a)*$",
    "^(a|aa)+$",
    "^([a-z]+-?)*$",
    "(a|a?)+",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "^(a?){25}a{25}$",
    "a?" * 30 + "a" * 30,
    ".*" * 9 + "a",
    "(a*)?" * 60 + "b",
    "^(a|a){25}$",
    "^(a{1,5}){30}$",
    "^(b(a*)?)*$",
    "((a?)+b)*c",
    "([a-zA-Z]+)*$",
    "^(.+)+$",
    "(x+x+)+y",
    "^(([^ ]+)*) *$",
    "^([0-9]+[0-9a-z]*)*$",
    "^(([a-z0-9]+.?)*@)+$",
    r"^([a-zA-Z0-9])(([.-]|_+)?([a-zA-Z0-9]+))*@[a-z]+\.[a-z]{2,}$",
    r"^[a-zA-Z]+(([',. -][a-zA-Z ])?[a-zA-Z]*)*$",
    "^(([0-9]+)+,?)+$",
    "^((ab)*|[a-c]+)*$",
    "((((a+)+)+)+)+b",
    "^(a|b|ab)*$",
    "^([a-z]|[b-d]x)*([a-z]x?)*y$",
    "^(ab?c?|bc?|a)*$",
    "(.*a){20}",
]
NOT_ALIKE = [
    ("[0-9](?=a)", "looks ahead"),
    ("(?!a)b", "looks ahead"),
    ("(?<=a)b", "looks ahead or behind"),
    ("(?<!a)b", "looks ahead or behind"),
    (r"(a)\1", "write that part again"),
    ("(?P<x>a)", "names a group"),
    ("(?<x>a)", "names a group"),
    ("(?P<x>a)(?P=x)", "names a group"),
    ("(?i)a", "`[Aa]`"),
    ("(?i:a)", "`[Aa]`"),
    ("(?#note)a", "comment"),
    ("(?>a)", "atomic"),
    ("(a)?(?(1)b|c)", "condition"),
    (r"\Aa", "write `^`"),
    (r"a\Z", "write `$`"),
    (r"a\z", "write `$`"),
    (r"\ba", r"`\b`"),
    (r"\Ba", r"`\B`"),
    (r"\d", "write `[0-9]`"),
    (r"[\d.]", "write `[0-9]`"),
    (r"\D", "write `[^0-9]`"),
    (r"\w+", "write `[A-Za-z0-9_]`"),
    (r"\W", "write `[^A-Za-z0-9_]`"),
    (r"\s", r"write `[ \t]`"),
    (r"\S", r"write `[^ \t]`"),
    (r"\p{L}", "`[A-Za-z]`"),
    ("[[:alpha:]]", "POSIX"),
    ("a*+", "possessive"),
    ("a++", "possessive"),
    ("a{2}+", "possessive"),
    ("a**", "repeats a repetition"),
    ("a{2}{3}", "repeats a repetition"),
    ("[[a]b]", r"write `\[`"),
    ("[a&&b]", "set operation"),
    ("[a--b]", "set operation"),
    ("[a~~b]", "set operation"),
    ("[]a]", "empty for JSON Schema"),
    ("[^]", "empty for JSON Schema"),
    ("a{,5}", r"write `\{`"),
    ("a{", r"write `\{`"),
    ("a}", r"write `\}`"),
    ("a]", r"write `\]`"),
    (r"a\-b", "leave out the backslash"),
    (r"a\_b", "leave out the backslash"),
    (r"\<b", "leave out the backslash"),
    (r"\é", "leave out the backslash"),
    (r"\07", r"write `\x00`"),
    (r"\ud800", "half of a character"),
    ("\ud800", "half of a character"),
    ("a\0", "NUL"),
    ("a^b", "in its middle"),
    ("a$b", "in its middle"),
    ("a$\n", "in its middle"),
    ("(^a)*", "in its middle"),
]
MALFORMED = [
    ("", "leave it out"),
    ("(a", "not closed"),
    ("a)", "not opened"),
    ("[a", "not closed"),
    ("[z-a]", "ends before it starts"),
    ("*a", "nothing to repeat"),
    ("^*", "can be empty"),
    ("a{3,2}", "smaller number first"),
    ("a\\", "ends in a backslash"),
    (r"[^\x00-\uffff𐀀-􏿿]", "no character fits"),
    ("(" * 21 + "a" + ")" * 21, "20 deep"),
    ("a" * 501, "has 501 characters"),
    ("a{1001}", "more than 1000 times"),
    ("a{" + "9" * 400 + "}", "more than 1000 times"),
    ("((a{999}){999})", "too large"),
    ("(" * 10 + "a" + "{1000})" * 10, "too large"),
    ("(a*)*", "can be empty"),
]
LETTERS = string.ascii_letters + "".join(map(chr, range(0x100, 0x200)))
HOSTILE = [
    "(" * 250 + ")" * 250,
    "a?" * 250,
    "(a*)?" * 100,
    "".join(f"{char}?" for char in LETTERS[:250]),
    "(" + "".join(f"{char}?" for char in LETTERS[:160]) + "~)+",
    "(?:" + "|".join(f"{char}." for char in LETTERS[:160]) + ")*",
    "(?:" + "|".join(LETTERS[:240]) + ")*",
    "^(.{0,300}x.{300})*$",
    "^([ax]{0,60}y?x[ay]{60})*$",
    "(.{0,40}x[^y]{0,40}y[^z]{0,40}z)*",
    "([ab]{1,7}[bc]{1,7}){1,90}",
    "((a{30}){30}|(b{30}){30})*",
    "[" + "".join(LETTERS[:480:2]) + "]{1000}",
    "[^" + "".join(map(chr, range(0x3000, 0x3000 + 900, 2))) + "]{1000}",
    "(?:.{100}){20}",
    "[\U00010000-\U0010ffff]{1000}[^a]{1000}",
    "([a-z]{1,9}[0-9]{1,9}x)" * 20,
    "(a|b|(c|(d|e(f|g)+)+)+)+" * 15,
]


def in_pydantic(pattern: str) -> SchemaValidator:
    return SchemaValidator(core_schema.str_schema(pattern=pattern))


@pytest.mark.parametrize("pattern", EVERYDAY.values(), ids=EVERYDAY)
def test_an_everyday_pattern_is_accepted_and_has_samples(pattern: str) -> None:
    assert problem(pattern) is None
    few = {"^$": 1, EVERYDAY["colour name"]: 3}
    made = examples(pattern, min_length=0, max_length=255, count=5)
    assert len(made) == few.get(pattern, 5)
    assert all(in_pydantic(pattern).isinstance_python(text) for text in made)
    assert all(re.search(pattern, text) and text.isascii() for text in made)
    assert all(text.isprintable() for text in made)
    other = counterexample(pattern, min_length=0, max_length=255)
    assert other is not None
    assert not re.search(pattern, other)
    assert not in_pydantic(pattern).isinstance_python(other)


@pytest.mark.parametrize("pattern", EVIL)
def test_a_pattern_that_can_blow_up_is_refused(pattern: str) -> None:
    found = problem(pattern)
    assert found is not None
    assert found.startswith(("may take a matcher", "repeats a part that can be empty"))


@pytest.mark.parametrize(("pattern", "words"), [*NOT_ALIKE, *MALFORMED])
def test_a_refusal_says_what_to_write(pattern: str, words: str) -> None:
    found = problem(pattern)
    assert found is not None
    assert words in found
    assert found.endswith(".")
    assert found.isprintable()
    assert len(found) < 250


@pytest.mark.parametrize(
    "pattern",
    ["^[a-]$", "^[-a]$", r"^[a\-z]$", "^[a^]$", "a+?", "(a|)b", r"\x41\u00e9\/", "(^|,)a(,|$)"],
)
def test_what_all_engines_read_alike_is_accepted(pattern: str) -> None:
    assert problem(pattern) is None


@pytest.mark.parametrize("pattern", HOSTILE)
def test_a_hostile_pattern_is_judged_quickly(pattern: str) -> None:
    started = time.process_time()
    problem(pattern[:MAX_CHARS])
    assert time.process_time() - started < 1  # about 0.03 s; the machine may be busy


def test_the_work_on_one_pattern_is_bounded() -> None:
    assert MAX_POSITIONS <= 2000
    assert MAX_EDGES <= 6000
    assert MAX_STEPS <= 40_000
    assert positions(parse("((a{999}){999})")) == 999 * 999
    with pytest.raises(PatternError, match="too large"):
        check(parse("^(.{0,300}x.{300})*$"))


@pytest.mark.parametrize("pattern", HOSTILE)
def test_samples_of_a_hostile_pattern_are_made_quickly(pattern: str) -> None:
    if problem(pattern) is None:
        started = time.process_time()
        counterexample(pattern, min_length=390, max_length=10_000)
        assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"^\+[0-9]{7,15}$", ("+0000000", "+0000001", "+0000002")),
        ("^[A-Z]{2}-[0-9]{5}$", ("AA-00000", "AA-00001", "AA-00002")),
        ("^[a-z]+(-[a-z]+)*$", ("a", "b", "c")),
        ("^(red|green)$", ("green", "red")),
        ("[0-9]", ("0", "1", "2")),
        ("^.{3,5}$", ("aaa", "aab", "aac")),
        ("^[^@]+@[^@]+$", ("a@a", "a@b", "a@c")),
        ("^[à-ÿ]$", ("à", "á", "â")),
        ("^a$|^b$", ("a", "b")),
        (r"^\x00$", ()),
    ],
)
def test_samples_are_plain(pattern: str, expected: tuple[str, ...]) -> None:
    assert examples(pattern, min_length=1, max_length=99, count=3) == expected


@pytest.mark.parametrize(
    ("pattern", "least", "most", "expected"),
    [
        ("^[a-z]+(-[a-z]+)*$", 4, 9, ("aaaa", "aaab")),
        ("^([0-9]{4}){1,3}$", 5, 11, ("00000000", "00000001")),
        ("[0-9]", 3, 3, ("0aa", "0ab")),
        ("^(a|b{7})$", 2, 9, ("bbbbbbb",)),
        ("^[0-9]{15}$", 1, 14, ()),
        ("^a*$", 401, 9999, ()),
        ("^a$", 5, 2, ()),
    ],
)
def test_samples_keep_to_the_lengths(
    pattern: str, least: int, most: int, expected: tuple[str, ...]
) -> None:
    made = examples(pattern, min_length=least, max_length=most, count=2)
    assert len(made) == len(expected)
    assert all(least <= len(text) <= most for text in made)


def test_there_is_no_counterexample_to_a_pattern_that_matches_everything() -> None:
    assert counterexample(".*", min_length=0, max_length=9) is None
    assert counterexample("^a$", min_length=2, max_length=1) is None


def test_a_counterexample_is_short_and_within_the_lengths() -> None:
    assert counterexample("^[0-9]{15}$", min_length=1, max_length=99) == "!"
    assert counterexample("^[0-9]{15}$", min_length=15, max_length=15) == "!" * 15
    assert counterexample("[^a]", min_length=1, max_length=9) == "a"
    assert counterexample("^.*$", min_length=2, max_length=2) == "\n\n"
    assert counterexample("^[^!]*x[^!]*$", min_length=1, max_length=1) == "!"


def test_no_samples_of_a_pattern_with_a_problem() -> None:
    with pytest.raises(PatternError, match="forever"):
        examples("^(a|a)*$", min_length=0, max_length=9, count=1)


@pytest.mark.parametrize(
    ("pattern", "bound"),
    [
        ("^a$", True),
        ("^(a|b)$", True),
        ("^a$|^b$", True),
        ("(^a$|^b$)", True),
        ("^a|b$", False),
        ("a$", False),
        ("^a", False),
        ("(^|,)a$", False),
        ("^a(b$)?", False),
        (r"^\d$", False),
    ],
)
def test_a_pattern_is_anchored_when_all_its_ways_are(pattern: str, *, bound: bool) -> None:
    assert anchored(pattern) is bound


@pytest.mark.parametrize(
    ("pattern", "admitted"),
    [
        ("^[a-z]+$", False),
        ("[a-z]+", True),
        ("^[^a]$", True),
        ("^.$", True),
        (r"^\x00$", True),
        (r"^[^\x00]$", False),
        ("^(a|.)$", True),
        (r"\d", True),
    ],
)
def test_nul_is_admitted_unless_it_can_not_match(pattern: str, *, admitted: bool) -> None:
    assert admits_nul(pattern) is admitted


@pytest.mark.parametrize(
    ("pattern", "admitted"),
    [
        ("^[a-z]+$", False),
        ("^[a-z]*$", True),
        ("[a-z]", False),
        ("[a-z]?", True),
        ("^ +$", True),
        ("^.{3}$", True),
        ("^[^a]$", True),
        ("^( |a)b?$", True),
        (r"^\u3000$", True),
        (r"\s", True),
    ],
)
def test_blank_is_admitted_unless_it_can_not_match(pattern: str, *, admitted: bool) -> None:
    assert admits_blank(pattern) is admitted


ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "[a-c]", "-", "é", r"\.", "[0-9]", "ab"])
TIMES = st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{2,}", "{0,9}", "{5,30}", "*?", "{0}"])


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    lists = st.lists(inner, min_size=1, max_size=4)
    return (
        lists.map("".join)
        | lists.map(lambda parts: f"(?:{'|'.join(parts)})")
        | st.tuples(inner, TIMES).map(lambda pair: f"({pair[0]}){pair[1]}")
    )


BODIES = st.recursive(ATOMS, larger, max_leaves=8)
PATTERNS = st.tuples(st.sampled_from(["", "^"]), BODIES, st.sampled_from(["", "$"])).map("".join)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(PATTERNS, st.integers(0, 12), st.integers(0, 40))
def test_every_sample_matches_in_both_engines(pattern: str, least: int, more: int) -> None:
    if problem(pattern) is not None:
        return
    made = examples(pattern, min_length=least, max_length=least + more, count=4)
    assert made == tuple(sorted(set(made)))
    for text in made:
        assert least <= len(text) <= least + more
        assert re.search(pattern, text)
        assert in_pydantic(pattern).isinstance_python(text)
        assert "\0" not in text
        assert text.strip() or admits_blank(pattern)
    other = counterexample(pattern, min_length=least, max_length=least + more)
    if other is not None:
        assert least <= len(other) <= least + more
        assert not re.search(pattern, other)
        assert not in_pydantic(pattern).isinstance_python(other)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(PATTERNS, st.text("ab-.0 \né\0", max_size=12))
def test_engines_agree_and_what_is_not_admitted_never_matches(pattern: str, text: str) -> None:
    if problem(pattern) is not None:
        return
    matched = in_pydantic(pattern).isinstance_python(text)
    if not text.endswith("\n"):
        assert matched == bool(re.search(pattern, text))
    if matched:
        assert admits_nul(pattern) or "\0" not in text
        assert admits_blank(pattern) or text.strip()


def tempting(pattern: str) -> Iterator[str]:
    """Texts that nearly match: what a repetition likes, with an end that fits nothing."""
    made = examples(pattern, min_length=0, max_length=30, count=3) if not problem(pattern) else ()
    for unit in {"a", "b", "ab", "aab", "a-", "0a", *made} - {""}:
        yield (unit * 30)[:30] + "\n"


@settings(derandomize=True, max_examples=150, deadline=None)
@given(PATTERNS)
def test_no_accepted_pattern_takes_python_long(pattern: str) -> None:
    if problem(f"{pattern}") is not None:
        return
    compiled = re.compile(pattern)
    started = time.process_time()
    for text in sorted(tempting(pattern)):
        compiled.search(text)
    assert time.process_time() - started < 2
