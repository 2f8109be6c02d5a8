"""Tests for the pieces of code that specs hold, and for how they are printed."""

from __future__ import annotations

import ast
import keyword
from pathlib import Path
from typing import Any

import pytest
from hostile import Case, case_id, cases
from hypothesis import given, settings
from hypothesis import strategies as st

from petsage_builder.names import Ident, PyName
from petsage_builder.printing import python
from petsage_builder.python_code import (
    AnyOf,
    Call,
    Code,
    Compare,
    Declaration,
    Either,
    Function,
    Import,
    ImportModule,
    Items,
    Method,
    Name,
    Pairs,
    Plus,
    Raw,
    Repeat,
    Subscript,
    Thunk,
    annotated,
    call,
    imports_of,
)
from petsage_builder.ruff import ruff
from petsage_builder.text import Text, clean

PACKAGE = "petsage_api"
A, B = Name("a"), Name("b")
PRINTED: list[tuple[Code | Import | ImportModule, str]] = [
    (Name("a"), "a"),
    (Name("types.Date", ".core"), "types.Date"),
    (Name("None"), "None"),
    (call("f"), "f()"),
    (call("f", 1, Text("x"), key=None), 'f(1, "x", key=None)'),
    (call(Name("Field", "pydantic"), ge=0), "Field(ge=0)"),
    (Method(call("sa.Numeric"), Name("with_variant"), (A,)), "sa.Numeric().with_variant(a)"),
    (Method(A, Name("icontains"), (B,), {"autoescape": True}), "a.icontains(b, autoescape=True)"),
    (Subscript(Name("Literal"), (Text("a"), Text("b"))), 'Literal["a", "b"]'),
    (Either(A, None), "a | None"),
    (Compare(A, "is not", None), "a is not None"),
    (AnyOf((Compare(A, "is", None), Compare(A, ">=", B))), "a is None or a >= b"),
    (Function(Ident("row"), Compare(A, "==", 1)), "lambda row: a == 1"),
    (Function(PyName("row_"), A), "lambda row_: a"),
    (Thunk(call("timedelta", hours=1)), "lambda: timedelta(hours=1)"),
    (Repeat(Text("x"), 300), '"x" * 300'),
    (Plus(Text("https://"), Repeat(Text("a"), 9)), '"https://" + "a" * 9'),
    (Plus(Items((1,)), Items((2, 3))), "[1, 2, 3]"),
    (Plus(Items((1,)), Repeat(Items((2,)), 9)), "[1, *[2] * 9]"),
    (Plus(Items(()), A), "[] + a"),
    (Raw(Text("^[0-9]+$")), '"^[0-9]+$"'),
    (Raw(Text(r"^\+[0-9]+$")), r'r"^\+[0-9]+$"'),
    (Items((1, True, None, 2.5, b"\x00")), r"[1, True, None, 2.5, b'\x00']"),
    (Items(()), "[]"),
    (Pairs(((Text("a"), 1), (Text("b"), Items(())))), '{"a": 1, "b": []}'),
    (Declaration(Ident("a"), Name("int")), "a: int"),
    (Declaration(Ident("a"), Name("int"), 1), "a: int = 1"),
    (Declaration(PyName("Alias"), None, Name("int")), "Alias = int"),
    (Declaration(Ident("a"), Either(Name("int"), None), Name("None")), "a: int | None = None"),
    (annotated(A), "a"),
    (annotated(A, call("Field")), "Annotated[a, Field()]"),
    (Import(Name("a.b"), (Name("c"), Name("d"))), "from a.b import c, d"),
    (ImportModule(Name("a")), "import a"),
    (ImportModule(Name("sqlalchemy"), Name("sa")), "import sqlalchemy as sa"),
    (Ident("a"), '"a"'),
    (10**30, "1" + "0" * 30),
]


@pytest.mark.parametrize(("code", "source"), PRINTED, ids=[source for _, source in PRINTED])
def test_pieces_are_printed(code: object, source: str) -> None:
    assert python(code) == source
    ast.parse(source)


def test_lists_are_false_where_they_are_empty() -> None:
    assert not Items(())
    assert Items((None,))


@pytest.mark.parametrize(
    "value",
    [
        "",
        " a",
        "a b",
        "a.",
        "..a",
        "a..b",
        "1a",
        "a-b",
        "a()",
        "a\n",
        "ä",
        "class",
        "a.import",
        "a#",
    ],
)
def test_what_is_no_name_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="is no Python name"):
        Name(value)
    with pytest.raises(ValueError, match="is no Python name"):
        Name("a", value or ".")
    with pytest.raises(ValueError, match="is no Python name"):
        Call(A, (), {value: 1})
    with pytest.raises(ValueError, match="is no Python name"):
        Method(A, B, (), {value: 1})


def test_arguments_have_no_dots_in_their_names() -> None:
    with pytest.raises(ValueError, match="is no name of an argument"):
        Call(A, (), {"a.b": 1})


@pytest.mark.parametrize("operator", ["", "=", "in", "== 1 or 1 ==", "<>"])
def test_what_is_no_comparison_is_refused(operator: str) -> None:
    with pytest.raises(ValueError, match="is no comparison"):
        Compare(A, operator, B)


@pytest.mark.parametrize("value", ["a", Path("a"), object(), {"a": 1}, [1]], ids=type)
def test_what_is_no_piece_of_code_is_not_printed(value: object) -> None:
    with pytest.raises(TypeError, match="takes Text or Ident"):
        python(Items((value,)))  # type: ignore[arg-type]


@pytest.mark.parametrize("case", cases("text", "embed", "strip"), ids=case_id)
def test_hostile_texts_are_literals_wherever_they_stand(case: Case) -> None:
    text = clean(case.value)
    for piece in (text, Raw(text)):
        code = Call(A, (Items((piece,)), Pairs(((piece, piece),)), Repeat(piece, 2)), {"b": piece})
        source = python(code)
        tree = ast.parse(source, mode="eval").body
        assert isinstance(tree, ast.Call)
        found, pairs, repeated = (tree.args[0], tree.args[1], tree.args[2])
        assert ast.literal_eval(found) == [text.value]
        assert ast.literal_eval(pairs) == {text.value: text.value}
        assert isinstance(repeated, ast.BinOp)
        assert ast.literal_eval(repeated.left) == text.value
        assert ast.literal_eval(tree.keywords[0].value) == text.value
        assert "\n" not in source


@given(st.text().filter(lambda value: "\0" not in value))
def test_any_clean_text_is_a_literal_of_itself(value: str) -> None:
    try:
        text = clean(value)
    except ValueError:
        return
    assert ast.literal_eval(python(text)) == text.value
    assert ast.literal_eval(python(Raw(text))) == text.value


def test_imports_are_of_every_name_however_deep() -> None:
    field = call(Name("Field", "pydantic"), ge=call(Name("date", "datetime"), 2020, 1, 1))
    alias = Declaration(PyName("Born"), None, annotated(Name("date", "datetime"), field))
    rule = Function(Ident("row"), Pairs(((Text("a"), Items((Name("rules.Rule", ".core"),))),)))
    column = Thunk(Method(call("sa.Numeric"), Name("with_variant"), (Name("UTC", "datetime"),)))
    groups = imports_of(alias, {"a": rule}, (column,), package=PACKAGE, modules=("json",))
    assert [[python(line) for line in group] for group in groups] == [
        ["import json", "from datetime import UTC, date", "from typing import Annotated"],
        ["import sqlalchemy as sa", "from pydantic import Field"],
        ["from petsage_api.core import rules"],
    ]


def test_texts_are_imported_from_nowhere() -> None:
    assert imports_of(Text("sa.Column"), Items((Text("a"),)), package=PACKAGE) == ()


MODULES = (
    *("datetime", "typing", "uuid", "collections.abc", "decimal", "abc"),
    *("pydantic", "sqlalchemy", "sqlalchemy.orm", "httpx", "fastapi"),
    *(".core", ".core.columns", ".features.pets", ".features.pets2", ".features.pets10", ""),
)
WORDS = st.from_regex(r"[A-Za-z_]{1,2}[A-Za-z0-9_]{0,3}", fullmatch=True).filter(
    lambda word: not keyword.iskeyword(word) and word != "sa"
)
FEATURES = st.from_regex(r"\.features\.[a-z][a-z0-9]{0,3}(_[a-z0-9]{1,3})?", fullmatch=True)


def sorted_by_ruff(source: str, folder: Path) -> str:
    file = folder / "sorted.py"
    file.write_text(source)
    own = f'lint.isort.known-first-party=["{PACKAGE}"]'
    options = ("--isolated", "--no-cache", "--select=I", "--fix", "--quiet", "--line-length=320")
    done = ruff("check", *options, "--config", own, "sorted.py", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return file.read_text()


@settings(deadline=None, max_examples=60)
@given(drawn=st.data())
def test_imports_are_in_the_order_of_ruff(
    drawn: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    modules: Any = st.one_of(st.sampled_from(MODULES), FEATURES).filter(
        lambda module: not any(map(keyword.iskeyword, module.split(".")))
    )
    names = drawn.draw(st.lists(st.builds(Name, WORDS, modules), min_size=1, max_size=25))
    whole = drawn.draw(st.lists(st.sampled_from(["json", "pytest", "re", "base64"]), unique=True))
    groups = imports_of(*names, Name("sa.Column"), package=PACKAGE, modules=tuple(whole))
    source = "\n\n".join("\n".join(map(python, group)) for group in groups) + "\n"
    assert sorted_by_ruff(source, tmp_path_factory.mktemp("ruff")) == source
