"""Tests for the pieces of Markdown that specs hold."""

from __future__ import annotations

import ast
import re
from itertools import pairwise

import pytest
from hostile import Case, case_id, cases
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from petsage_builder import filters
from petsage_builder.markdown import ApiCall, Sentence, Span, python_lines, shell_lines
from petsage_builder.names import Ident, Words
from petsage_builder.text import Text, TextError, clean

MARKDOWN = MarkdownIt("commonmark").enable("table")
PETS = Text("/api/v1/pets")
ENCODED = re.compile(r"[A-Za-z0-9._~%-]*")


def one_line(value: str) -> str:
    return " ".join(value.split())


def row(*values: object) -> list[list[Token]]:
    """What is in the cells of the values, in a table with a last cell of its own."""
    cells = " | ".join(filters.line(value) for value in (*values, Text("last")))
    rule = "|---" * (len(values) + 1)
    tokens = MARKDOWN.parse(f"{'| x ' * (len(values) + 1)}|\n{rule}|\n| {cells} |\n\nafter\n")
    rows = [n for n, token in enumerate(tokens) if token.type in {"tr_open", "tr_close"}]
    found = [
        [t.children or [] for t in tokens[i:j] if t.type == "inline"] for i, j in pairwise(rows)
    ]
    assert [child.content for child in found[2][-1]] == ["last"]
    return found[2][:-1]


def check_cells(text: Text) -> None:
    words, span = row(text, Span(text))
    assert {child.type for child in words} <= {"text"}
    assert one_line("".join(child.content for child in words)) == one_line(text.value)
    [code] = span
    assert code.type == "code_inline"
    if text.value.isprintable():
        assert code.content.strip(" ") == text.value.strip(" ")


@pytest.mark.parametrize("case", cases("text", "embed", "strip"), ids=case_id)
def test_hostile_text_stays_in_its_cell(case: Case) -> None:
    check_cells(clean(case.value))


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab|\\`*_<>[]()&#;!~$\n\t 1.-"), min_size=1, max_size=12))
def test_any_text_stays_in_its_cell(value: str) -> None:
    check_cells(Text(value))


def test_sentence_is_its_parts_one_after_the_other() -> None:
    inner = Sentence((Words("one of "), Span(Text("a|b")), Words(", "), Span(Ident("c"))))
    assert filters.line(Sentence((inner, Text("."), Ident("d_e")))) == r"one of `a\|b`, `c`.d_e"


def test_calls_are_written_as_a_person_would() -> None:
    create = ApiCall(
        method=Ident("post"), path=PETS, entity=Ident("pet"), body=Words("pet"), keeps=Text("1-2")
    )
    assert filters.calls(create) == (
        "```sh\n"
        "curl --json @pet.json http://127.0.0.1:8000/api/v1/pets\n"
        "PET_ID=1-2\n"
        "```\n\n"
        "```python\n"
        'body = json.loads(Path("pet.json").read_bytes())\n'
        'response = httpx.post("http://127.0.0.1:8000/api/v1/pets", json=body)\n'
        'pet_id = response.json()["id"]\n'
        "```"
    )
    delete = ApiCall(method=Ident("delete"), path=PETS, entity=Ident("pet"), one=True)
    assert shell_lines(delete) == 'curl -X DELETE "http://127.0.0.1:8000/api/v1/pets/$PET_ID"'
    assert python_lines(delete) == (
        'response = httpx.delete(f"http://127.0.0.1:8000/api/v1/pets/{pet_id}")'
    )


def test_call_for_an_id_of_its_own_names_it() -> None:
    call = ApiCall(method=Ident("get"), path=PETS, entity=Ident("pet"), one=True, id=Text("7"))
    assert shell_lines(call) == 'curl "http://127.0.0.1:8000/api/v1/pets/7"'
    assert python_lines(call) == 'response = httpx.get("http://127.0.0.1:8000/api/v1/pets/7")'


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_no_value_of_a_query_gets_out_of_it(value: str) -> None:
    try:
        text = clean(value)
    except TextError:
        return
    query = ((Ident("name"), text),)
    call = ApiCall(method=Ident("get"), path=PETS, entity=Ident("pet"), query=query)
    start = 'curl "http://127.0.0.1:8000/api/v1/pets?name='
    assert shell_lines(call).startswith(start)
    assert ENCODED.fullmatch(shell_lines(call).removeprefix(start).removesuffix('"'))
    assert len(ast.parse(python_lines(call)).body) == 1


@pytest.mark.parametrize("path", ["", "/", "/a b", "/a;b", "/a$(b)", '/a"', "a", "/a\n/b", "/A"])
def test_path_of_more_than_names_is_refused(path: str) -> None:
    call = ApiCall(method=Ident("get"), path=Text(path), entity=Ident("pet"))
    with pytest.raises(ValueError, match="more than names"):
        filters.calls(call)


def test_file_of_more_than_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="no file"):
        ApiCall(method=Ident("get"), path=PETS, entity=Ident("pet"), body=Words("a b"))
