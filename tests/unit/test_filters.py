"""Tests for the filters that print payload text."""

from __future__ import annotations

import ast
import doctest
import io
import json
import re
import subprocess
import sys
import tokenize
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hostile import Case, case_id, cases
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined
from markdown_it import MarkdownIt

from petsage_builder import filters
from petsage_builder.filters import FILTERS, Code, finalize
from petsage_builder.markdown import ApiCall
from petsage_builder.names import Ident
from petsage_builder.playground import Cell
from petsage_builder.text import Text, TextError, clean, invisible, paragraph

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

RUFF = Path(sys.executable).with_name("ruff")
ACCEPTED = cases("text", "embed", "strip")
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])

# Pieces that mean something somewhere, beside any character at all.
PIECES = st.sampled_from(
    [
        *("'", '"', '"""', "'''", "\\", "\\\\", "\n", "\n\n", "\t", " ", "    ", "  \n", "#", "`"),
        *("```", "~~~", "---", "===", ">>>", ">>> 1", "...", "<<<<<<<", ">>>>>>>", "|||||||"),
        *("a", "b_c", "_x_", "*", "**", "1.", "12) ", "- ", "+ ", "> ", "[", "](x)", "![", "<b>"),
        *("<http://x>", "&amp;", "&#35;", "&", ";", "|", ":-", "$$", "\\(", "{{ x }}", "{%", "{#"),
        *("# noqa", "#type: ignore", "# coding: utf-7", "-*- coding: x -*-", "# mypy: x", "\\N{X}"),
        *(
            "\u200b",
            "\u00a0",
            "\u3000",
            "\u00ad",
            "\ufe0f",
            "\U000e0100",
            "\u2060",
            "é",
            "文",
            "👩‍👩‍👧",
        ),
    ]
)
TEXTS = (
    st.lists(PIECES | st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
    .map("".join)
    .filter(lambda value: accepted(value) and value)
    .map(clean)
)
every_text = settings(derandomize=True, max_examples=400, deadline=None)
some_texts = settings(derandomize=True, max_examples=120, deadline=None)


def accepted(value: str) -> bool:
    try:
        clean(value)
    except TextError:
        return False
    return True


def text_of(case: Case) -> Text:
    return paragraph(case.value)


def formatted(source: str) -> str:
    """The source as `ruff format` leaves it."""
    command = [str(RUFF), "format", "--isolated", "--line-length", "100", "-"]
    return subprocess.run(
        command, input=source, capture_output=True, encoding="utf-8", check=True
    ).stdout


def no_doctest(value: str) -> str:
    """The one thing that a docstring changes."""
    return re.sub(r"^([ \t]*)>>>", r"\1\\>>>", value, flags=re.MULTILINE)


def check_python(text: Text) -> None:
    literal = filters.py(text)
    scope: dict[str, str] = {}
    exec(compile(f"x = {literal}\n", "x.py", "exec"), scope)  # noqa: S102 (that it is a literal is tested)
    assert scope["x"] == ast.literal_eval(literal) == text.value
    assert "\n" not in literal
    assert not any(map(invisible, literal))


def check_docstring(text: Text) -> None:
    source = f"{filters.docstring(text)}\n"
    after = formatted(source)
    assert value_of(source) == value_of(after) == no_doctest(text.value)
    assert after == source
    assert not any(map(invisible, source))
    check_inert(source)


def value_of(source: str) -> str | None:
    (statement,) = ast.parse(source.encode()).body
    assert isinstance(statement, ast.Expr)
    return ast.get_docstring(ast.parse(source.encode()), clean=False)


def check_inert(source: str) -> None:
    """No tool that reads lines finds a directive, a marker, an example or an encoding."""
    assert doctest.DocTestParser().get_examples(value_of(source) or "") == []
    assert tokenize.detect_encoding(io.BytesIO(source.encode()).readline)[0] == "utf-8"
    for line in source.split("\n"):
        assert not re.match(r"[ \t\f]*#.*?coding[:=]", line)
        assert not re.search(r"#\s*(noqa|type:|mypy:|pragma|fmt:|ruff:)", line, re.IGNORECASE)
        assert not re.match(r"([<=>|])\1{6}", line)


def check_toml(text: Text) -> None:
    written = filters.toml(text)
    assert tomllib.loads(f"x = {written}\n") == {"x": text.value}
    assert not any(map(invisible, written))


def check_json(text: Text) -> None:
    written = filters.json(text)
    assert json.loads(written) == text.value
    assert not any(map(invisible, written))


def check_markdown(text: Text) -> None:
    written = filters.md(text)
    assert rendered(written) == plain(text.value)
    assert not any(map(invisible, written))
    assert not re.search(r"^([<=>|])\1{6}", written, re.MULTILINE)
    # The same in the middle of a line, behind the template's own words.
    first_line = text.value.strip(" \t\n").split("\n")[0]
    assert rendered(f"Before {written.split(chr(10))[0]}") == plain(f"Before {first_line}")


def rendered(source: str) -> str:
    """The text of a Markdown document, which must hold plain paragraphs only."""
    parts = []
    for token in MARKDOWN.parse(source):
        assert token.type in {"paragraph_open", "inline", "paragraph_close"}, source
        for child in token.children or []:
            assert child.type in {"text", "softbreak"}, source
            parts.append(child.content if child.type == "text" else "\n")
        parts.append("\n")
    return plain("".join(parts))


def plain(value: str) -> str:
    return re.sub(r"[ \t\n]+", " ", value).strip(" \t\n")


def check_code_span(text: Text) -> None:
    written = filters.code(text)
    (paragraph_open, inline, _) = MARKDOWN.parse(f"x {written} y")
    assert paragraph_open.type == "paragraph_open"
    assert [child.type for child in inline.children or []] == ["text", "code_inline", "text"]
    assert "\n" not in written
    if not any(map(invisible, text.value)):
        content = (inline.children or [])[1].content
        assert content == text.value.replace("\n", " ").replace("\t", " ")


def check_json_block(text: Text) -> None:
    (fence,) = MARKDOWN.parse(filters.json_block({"text": text, "nested": {"items": [text]}}))
    assert (fence.type, fence.info) == ("fence", "json")
    assert json.loads(fence.content) == {"text": text.value, "nested": {"items": [text.value]}}


SINKS: Mapping[str, Callable[[Text], None]] = {
    "py": check_python,
    "docstring": check_docstring,
    "toml": check_toml,
    "json": check_json,
    "md": check_markdown,
    "code": check_code_span,
    "json_block": check_json_block,
}


@pytest.mark.parametrize("sink", SINKS.values(), ids=list(SINKS))
@pytest.mark.parametrize("case", ACCEPTED, ids=case_id)
def test_hostile_text_is_only_text_in_every_sink(case: Case, sink: Callable[[Text], None]) -> None:
    sink(text_of(case))


@every_text
@given(TEXTS)
def test_any_text_round_trips_through_the_quoted_sinks(text: Text) -> None:
    check_python(text)
    check_toml(text)
    check_json(text)
    check_json_block(text)


@every_text
@given(TEXTS)
def test_any_text_is_plain_text_in_markdown(text: Text) -> None:
    check_markdown(text)
    check_code_span(text)


@some_texts
@given(TEXTS)
@example(Text('"'))
@example(Text('""'))
@example(Text('"""'))
@example(Text('""""""'))
@example(Text('\\"'))
@example(Text('\\"""'))
@example(Text(" "))
@example(Text("\n"))
@example(Text("\n \n"))
@example(Text("a\n  b\n    c"))
@example(Text("a\n\n  b\n   \n"))
@example(Text("a  \n# coding: utf-7"))
@example(Text("\u00a0a\u3000"))
@example(Text(">>> 1\n\t>>> 2\n \t >>> 3\n... 4"))
def test_any_text_round_trips_through_a_docstring_and_the_formatter(text: Text) -> None:
    check_docstring(text)


@some_texts
@given(TEXTS)
@example(Text("'"))
@example(Text('"'))
@example(Text("'\""))
@example(Text("''\""))
@example(Text('""\''))
def test_ruff_format_leaves_a_python_literal_alone(text: Text) -> None:
    source = f"x = {filters.py(text)}\n"
    assert formatted(source) == source


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Ensure builder functional", '"Ensure builder functional"'),
        ("it's", '"it\'s"'),
        ('say "hi"', "'say \"hi\"'"),
        ("a\nb\tc\\d", r'"a\nb\tc\\d"'),
        ("é文😀", '"é文😀"'),
        ("\xad\u200b\U000e0100", r'"\xad\u200b\U000e0100"'),
        ("{x} %s", '"{x} %s"'),
        ("#1 # noqa", r'"#1 \x23 noqa"'),
    ],
)
def test_a_python_literal_is_written_as_a_person_would(value: str, written: str) -> None:
    assert filters.py(Text(value)) == written


def test_python_literals_of_other_values() -> None:
    values = (Text("a"), Ident("b"), 3, True, None)
    assert filters.py(values) == '("a", "b", 3, True, None)'
    assert filters.py((Text("a"),)) == '("a",)'
    assert filters.py(((), -1)) == "((), -1)"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Pets.", '"""Pets."""'),
        ("Pets.\n\nUsage:\n    x = 1", '"""Pets.\n\nUsage:\n    x = 1"""'),
        ('The "big" one', '"""The "big" one"""'),
        ('The "one"', r'"""The "one\x22"""'),
        (">>> 1", r'"""\\>>> 1"""'),
        ("a\n<<<<<<< x", '"""a\n\\x3c<<<<<< x"""'),
        ("# heading", '"""# heading"""'),
    ],
)
def test_a_docstring_is_written_as_a_person_would(value: str, written: str) -> None:
    assert filters.docstring(Text(value)) == written


def test_a_docstring_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        filters.docstring(Text(""))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Ensure builder functional.", "Ensure builder functional."),
        ("smoke_test -> R&D, 5 > 4!", "smoke_test -> R&D, 5 > 4!"),
        ("a  \n\n\n\n  b\n", "a\n\nb"),
        ("1. one\n- two\n# three", "1\\. one\n\\- two\n\\# three"),
        ("&copy; <b> *x*", r"\&copy; \<b> \*x\*"),
        ("$$x$$", r"\$\$x\$\$"),
        (r"\(y\)", "&#92;(y&#92;)"),  # two backslashes would open a formula in Jupyter
        ("a\n:-", "a\n\\:-"),  # on GitHub the second line would make a table
        ("a\u200bb", "a&#x200b;b"),
        (" \n", ""),
    ],
)
def test_markdown_is_written_as_a_person_would(value: str, written: str) -> None:
    assert filters.md(Text(value)) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("/api/v1/status", "`/api/v1/status`"),
        ("a`b", "``a`b``"),
        ("`a`", "`` `a` ``"),
        (" a ", "`  a  `"),
        ("a\nb", "`a b`"),
        ("\u200b", r"`\u200b`"),
        ("", "` `"),
    ],
)
def test_a_code_span_has_a_fence_that_is_long_enough(value: str, written: str) -> None:
    assert filters.code(Text(value)) == written


def test_json_and_toml_keep_letters_and_escape_what_shows_nothing() -> None:
    text = Text("é😀\u200b\U000e0100\x7f")
    assert filters.json(text) == r'"é😀\u200b\udb40\udd00\u007f"'
    assert filters.toml(text) == r'"é😀\u200b\U000e0100\u007f"'
    assert filters.json({"a": [1, True, None, Ident("b")], Ident("c"): ()}) == (
        '{"a": [1, true, null, "b"], "c": []}'
    )
    assert (filters.toml(True), filters.toml(3)) == ("true", "3")  # noqa: FBT003 (a value)


def test_a_json_block_has_a_fence_that_its_content_cannot_end() -> None:
    assert filters.json_block({"a": Text("b")}) == '```json\n{\n  "a": "b"\n}\n```'
    assert filters.json_block(Text("````")).startswith("`````json\n")


def test_the_json_of_a_file_holds_any_payload() -> None:
    payload = {"é\u200b": ["\ud800", 1.5, None, {"a": {}}]}
    written = filters.json_text(payload)
    assert json.loads(written) == payload
    assert written.encode()
    assert not isinstance(written, Code)


CALL = ApiCall(method=Ident("get"), path=Text("/pets"), entity=Ident("pet"))
TAKEN = {"calls": CALL, "notebook": (Cell("start", "1"),)}  # other filters take texts
NUMBERS_TOO = {"py", "json", "json_block"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, v) for name in FILTERS for v in ("secret", Code("secret"), object(), {1: 2})),
        *((name, b"secret") for name in FILTERS if name != "py"),
        *((name, 1.5) for name in FILTERS if name not in NUMBERS_TOO),
    ],
)
def test_every_filter_refuses_what_is_no_payload_value(name: str, value: object) -> None:
    with pytest.raises(TypeError) as caught:
        FILTERS[name](value)
    assert name.removesuffix("_block") in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_makes_code(name: str) -> None:
    assert type(FILTERS[name](TAKEN.get(name, Text("a")))) is Code


def test_finalize_lets_code_identifiers_and_integers_pass() -> None:
    assert [finalize(value) for value in (Code("x"), Ident("pets"), 3)] == ["x", "pets", "3"]


@pytest.mark.parametrize(
    "value", ["secret", Text("secret"), None, True, 1.5, ["secret"], b"secret"]
)
def test_finalize_refuses_everything_else_without_showing_it(value: object) -> None:
    with pytest.raises(TypeError, match="use one of the filters code, docstring, json") as caught:
        finalize(value)
    assert type(value).__name__ in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "template",
    [
        "{{ text }}",
        "{{ word }}",
        "{{ missing }}",
        "{{ 'constant' }}",
        "{{ text | py | upper }}",
        "{{ (text | py) ~ word }}",
        "{{ text ~ '' }}",
        "{{ text | string }}",
        "{{ '%s' | format(text) }}",
        "{{ true }}",
    ],
)
def test_a_template_cannot_print_around_the_filters(template: str) -> None:
    environment = Environment(finalize=finalize, undefined=StrictUndefined)  # noqa: S701 (Python)
    environment.filters.update(FILTERS)
    with pytest.raises(TypeError, match="filter"):
        environment.from_string(template).render(text=Text("secret"), word="secret")


def test_a_template_prints_through_the_filters() -> None:
    environment = Environment(finalize=finalize, undefined=StrictUndefined)  # noqa: S701 (Python)
    environment.filters.update(FILTERS)
    template = environment.from_string("{{ name }} = {{ text | py }}  # {{ count }}")
    assert (
        template.render(name=Ident("x"), text=Text("{{ 7*7 }}"), count=2) == 'x = "{{ 7*7 }}"  # 2'
    )
