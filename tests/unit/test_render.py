"""Rendering: strict, and proven free of payload code."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from command_line import SEED, TEMPLATES

from petsage_builder import kinds
from petsage_builder.blueprint import parse_blueprint, resolve_project
from petsage_builder.entries import entries_in
from petsage_builder.errors import BuilderError, PackError, RenderError
from petsage_builder.packs import Templates
from petsage_builder.plan import make_plan
from petsage_builder.render import disarm, render, same_code
from petsage_builder.ruff import format_python
from petsage_builder.seen import Seen
from petsage_builder.spec import Owner
from petsage_builder.strict_json import parse
from petsage_builder.trees import Tree

SERVICES = "status/files/services.py.jinja"
INDEX = "status/pack.toml"


def rendered(own: dict[str, str], description: str = "It lives.") -> Tree:
    """The seed's tree, with templates of the test's own."""
    payload = json.dumps({**SEED, "description": description}).encode()
    asked = kinds.validated(entries_in(parse(payload, "request.json")))
    project = kinds.resolve(asked, resolve_project(parse_blueprint(None)))
    templates = Templates(TEMPLATES, own)
    return render(make_plan(project, templates), templates, {}, Seen(None, "", {}))


def refusal(template: str, description: str = "It lives.") -> str:
    with pytest.raises(RenderError) as caught:
        rendered({SERVICES: template}, description)
    return str(caught.value)


def pack_refusal(index: str, own: dict[str, str] | None = None) -> BuilderError:
    with pytest.raises(PackError) as caught:
        rendered({INDEX: index, **(own or {})})
    assert caught.value.exit_code == 2
    return caught.value


def shipped_index() -> str:
    return (TEMPLATES / INDEX).read_text()


def row(source: str, target: str) -> str:
    head = 'kind = "status"\ndescription = "x"\n'
    return f"{head}[[files]]\nsource = {json.dumps(source)}\ntarget = {json.dumps(target)}\n"


def one_more(source: str, target: str) -> str:
    """The shipped index, and a row more."""
    _, _, files = row(source, target).partition("[[files]]")
    return f"{shipped_index()}\n[[files]]{files}"


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ spec.description }}", "a template can't print Text"),
        ("{{ spec.kind }}", "a template can't print str"),
        ("{{ spec.routes }}", "a template can't print tuple"),
        ("{{ 'text' }}", "a template can't print str"),
        ("{{ none }}", "a template can't print NoneType"),
        ("{{ true }}", "a template can't print bool"),
        ("{{ nobody }}", "'nobody' is undefined"),
        ("{{ spec.nothing | py }}", "has no attribute 'nothing'"),
        ("{% for x in nobody %}{% endfor %}", "'nobody' is undefined"),
        ("{{ spec.__class__ }}", "access to attribute '__class__'"),
        ("{{ spec.description.value }}", "a template can't print str"),
        ("{{ spec.description ~ '' }}", "Text is not printed as it is"),
        ("{{ range(3) }}", "'range' is undefined"),
        ("{{ cycler(1) }}", "'cycler' is undefined"),
        ("{{ 1 // 0 }}", "division"),
        ("{{ spec.description | docstring | py }}", "the filter py takes Text or Ident"),
    ],
)
def test_template_that_prints_what_it_may_not_is_named(template: str, said: str) -> None:
    message = refusal(template)
    assert message.startswith(f"templates/{SERVICES}: could not be rendered for petsage_api/")
    assert said in message


@pytest.mark.parametrize(
    ("template", "line", "said"),
    [
        ("a\n{% if %}", 2, "Expected an expression"),
        ("{{ a", 1, "unexpected end of template"),
        ("a\nb\n{% for a in b %}", 3, "Unexpected end of template"),
        ("{{ a | nonsense }}", 1, "No filter named 'nonsense'"),
        ("{% do a %}", 1, "unknown tag 'do'"),
    ],
)
def test_syntax_error_names_template_and_line(template: str, line: int, said: str) -> None:
    message = refusal(template)
    assert message.startswith(f"templates/{SERVICES}:{line}: ")
    assert said in message


@pytest.mark.parametrize(
    "template",
    [
        "# {{ spec.description | md }}\n",
        "x = 1  # {{ spec.description | md }}\n",
        'x = """{{ spec.description | md }}"""\n',
        'x = f"{{ spec.description | md }}"\n',
        "{{ spec.description | md }}\n",
        "class {{ spec.description | md }}:\n    pass\n",
    ],
)
def test_payload_that_would_become_code_is_refused(template: str) -> None:
    hostile = 'a\nimport os\nx = """b"""'
    message = refusal(template, hostile)
    assert message.startswith(f"templates/{SERVICES}: petsage_api/features/smoke_test/services.py")
    assert "would hold other code" in message or "would not compile" in message


def test_payload_in_a_notebook_is_refused() -> None:
    with pytest.raises(RenderError) as caught:
        rendered({"status/files/playground.ipynb.jinja": "{{ spec.description | json }}\n"})
    assert "templates/status/files/playground.ipynb.jinja: " in str(caught.value)
    assert "playground.ipynb would hold what a request says." in str(caught.value)


def test_invisible_character_is_refused_in_code() -> None:
    message = refusal("x = 1\n# no\u200bthing\n")
    assert "would hold the invisible character U+200B" in message


def test_payload_in_a_literal_is_text() -> None:
    hostile = '"""\n\'; import os #\\'
    tree = rendered({SERVICES: "X = {{ spec.description | py }}\n"}, hostile)
    names: dict[str, object] = {}
    exec(tree["petsage_api/features/smoke_test/services.py"], names)  # noqa: S102 (what is tested)
    assert names["X"] == hostile


def test_code_is_formatted_and_other_text_is_left_alone() -> None:
    readme = "status/files/README.md.jinja"
    tree = rendered({SERVICES: "x   =  1", readme: "x   =  1"})
    assert tree["petsage_api/features/smoke_test/services.py"] == "x = 1\n"
    assert tree["petsage_api/features/smoke_test/README.md"] == "x   =  1"


@pytest.mark.parametrize(
    ("template", "line"),
    [("x = 1\ndef f(:\n", 2), ("# {{ spec.description | md }}\n\nx = = 1\n", 3)],
)
def test_code_that_is_no_python_is_refused_with_template_target_and_line(
    template: str, line: int
) -> None:
    target = "petsage_api/features/smoke_test/services.py"
    message = refusal(template)
    assert message == f"templates/{SERVICES}: {target}:{line} would not compile: invalid syntax."


def test_code_that_is_nested_too_deeply_is_refused() -> None:
    assert "services.py would not compile: " in refusal(f"x = {'-' * 200_000}1\n")


def test_code_that_ruff_cannot_format_is_refused_with_its_words() -> None:
    with pytest.raises(RenderError, match=r"ruff format: .*a\.py:1:"):
        format_python({"a.py": "def f(:\n"})


@pytest.mark.parametrize(
    "part", ["../../secret", "/etc/passwd", "status/files/../../app/pack.toml", "..", "a//b"]
)
def test_part_outside_the_templates_is_refused(part: str) -> None:
    with pytest.raises(PackError, match="is no plain path inside the workspace"):
        rendered({SERVICES: f"{{% include {part!r} %}}"})


def test_part_that_is_missing_is_named() -> None:
    with pytest.raises(PackError, match=r"templates/status/nothing: can't be read"):
        rendered({SERVICES: "{% include 'status/nothing' %}"})


def test_part_may_come_from_the_workspace() -> None:
    own = {SERVICES: "{% include 'status/part' %}", "status/part": "X = {{ spec.message | py }}"}
    tree = rendered(own)
    assert tree["petsage_api/features/smoke_test/services.py"].startswith('X = "PetSage services')


@pytest.mark.parametrize(
    ("index", "said"),
    [
        ("x = ", "templates/status/pack.toml: is not TOML"),
        ("", "templates/status/pack.toml kind: Field required."),
        ('kind = 1\ndescription = ""\nfiles = []', "kind: Input should be a valid string."),
        (row("a", "b") + 'more = "x"', "files.0.more: Extra inputs are not permitted."),
        (row("a", "b") + 'owner = "nobody"', "files.0.owner: Input should be"),
        (row("services.py.jinja", "../evil.py"), "'../evil.py' is no plain path"),
        (row("services.py.jinja", "/etc/evil.py"), "'/etc/evil.py' is no plain path"),
        (row("services.py.jinja", ".petsage/manifest.json"), "lies in .petsage/"),
        (row("services.py.jinja", ".GIT/config"), "lies in .GIT/"),
        (row("services.py.jinja", "{nobody}/a.py"), "is no plain path"),
        (row("services.py.jinja", "{package}/main.py"), "both make petsage_api/main.py."),
        (one_more("nowhere.jinja", "a.py"), "templates/status/files/nowhere.jinja: can't be read"),
        ("x = " + "[" * 100_000, "templates/status/pack.toml: is not TOML: it is nested too"),
        ("x = " + "9" * 5000, "templates/status/pack.toml: is not TOML: a number in it is too"),
    ],
)
def test_wrong_pack_is_refused_with_its_place(index: str, said: str) -> None:
    assert said in str(pack_refusal(index))


def test_every_problem_of_a_pack_is_named_at_once() -> None:
    assert len(pack_refusal('more = 1\nkind = "status"').problems) == 3


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "{feature}/services.py",
            "{feature}/logic.py",
            "the pack makes no services.py, in which a fault is put to prove the tests.",
        ),
        ('section = "tests"', 'section = "package"', 'no file of section = "tests"'),
        ('kind = "status"', 'kind = "app"', "kind: must be 'status', not 'app'."),
    ],
)
def test_pack_whose_features_could_not_be_proven_is_refused(old: str, new: str, said: str) -> None:
    refused = pack_refusal(shipped_index().replace(old, new))
    assert str(refused).startswith("templates/status/pack.toml")
    assert said in str(refused)


def test_pack_of_the_app_is_of_the_kind_app() -> None:
    index = (TEMPLATES / "app/pack.toml").read_text().replace('kind = "app"', 'kind = "status"')
    with pytest.raises(PackError, match=r"templates/app/pack\.toml kind: must be 'app'"):
        rendered({"app/pack.toml": index})


def test_row_whose_condition_does_not_hold_is_left_out() -> None:
    extra = '[[files]]\nsource = "x.jinja"\ntarget = "x.txt"\ncondition = "stores"\n'
    assert "x.txt" not in rendered({INDEX: f"{shipped_index()}\n{extra}"})


def test_owner_of_a_row_is_the_builder_unless_it_says_otherwise() -> None:
    pack = Templates(TEMPLATES, {"own/pack.toml": row("a", "b")}).find_pack("own")
    assert [file.owner for file in pack.files] == [Owner.BUILDER]


def test_shape_of_code_does_not_depend_on_its_texts() -> None:
    def same(one: str, other: str) -> bool:
        return same_code(ast.parse(one), ast.parse(other))

    assert same("x = 'a'", "x = 'b'")
    assert not same("x = 'a'", "x = a")
    assert not same("x = 'a'", "x = f'a'")
    assert not same("x = 1", "x = True")
    assert not same("x = 1", "x = 1\ny = 1")


def test_disarmed_spec_holds_no_text_of_the_payload() -> None:
    payload = json.dumps({**SEED, "description": "secret words"}).encode()
    asked = kinds.validated(entries_in(parse(payload, "request.json")))
    project = kinds.resolve(asked, resolve_project(parse_blueprint('title = "secret title"')))
    assert "secret" in repr(project)
    assert "secret" not in repr(disarm(project))


def test_templates_that_are_links_out_of_the_folder_do_not_exist(tmp_path: Path) -> None:
    (tmp_path / "status").mkdir()
    with pytest.raises(PackError, match="can't be read"):
        Templates(tmp_path, {}).read(INDEX)
