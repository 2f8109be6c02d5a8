"""The lint of the shipped templates (STYLE.md 10 and 12): templates print, Python decides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import TemplateSyntaxError, nodes

from petsage_builder.packs import Templates
from petsage_builder.render import make_environment

SHIPPED = Path(__file__).parents[2] / "templates"
PACKS = sorted(file.parent for file in SHIPPED.glob("*/pack.toml"))
FILES = sorted(SHIPPED.glob("*/files/**/*.jinja"))
ENVIRONMENT = make_environment(Templates(SHIPPED, {}))

HARMLESS = (nodes.Template, nodes.TemplateData, nodes.Const, nodes.Name, nodes.Getattr)
DECIDED = (nodes.Name, nodes.Getattr)
QUOTES = frozenset("\"'`")
# What each language's values go through; an identifier is printed as it is.
FILTERS = {
    ".py": {"py", "docstring"},
    ".md": {"md", "code", "line", "json_block", "calls"},
    ".toml": {"toml"},
    ".json": {"json"},
    ".ipynb": {"notebook"},
    ".yml": {"json"},  # what JSON says, YAML does, too
}
RAW = re.compile(r"\{% raw %\}.*?\{% endraw %\}", re.DOTALL)
PRINT = re.compile(r"\{\{.*?\}\}")


def lint(name: str, source: str) -> list[str]:
    """Everything in a template that a template may not do."""
    try:
        template = ENVIRONMENT.parse(source)
    except TemplateSyntaxError as error:
        return [f"line {error.lineno}: {error.message}"]
    suffix = Path(name.removesuffix(".jinja")).suffix
    nodes_of = [template, *template.find_all(nodes.Node)]
    judged = [(node.lineno, _of_node(node, suffix)) for node in nodes_of]
    found = [f"line {line}: {said}" for line, said in judged if said]
    lines = len(source.splitlines())
    return [*found, *_of_lines(source, suffix), *([f"{lines} lines"] if lines > 200 else [])]


def _of_node(node: nodes.Node, suffix: str) -> str:
    """What is wrong with one node of a template; nothing if it only prints."""
    match node:
        case nodes.Filter(args=[], kwargs=[], name=name):
            wrong = f"the filter {name} in {suffix or 'plain text'}"
            return "" if name in FILTERS.get(suffix, set()) else wrong
        case nodes.Filter():
            return "a filter with arguments"
        case nodes.For(iter=each, test=None, recursive=False):
            return "" if isinstance(each, DECIDED) else "a loop over what is not ready"
        case nodes.For():
            return "a loop over what is not ready"
        case nodes.If(test=test):
            return "" if isinstance(test, DECIDED) else "a condition that is not ready"
        case nodes.Include(template=part, ignore_missing=missing):
            named = isinstance(part, nodes.Const) and not missing
            return "" if named else "a part without a name"
        case nodes.Output(nodes=printed):
            return "a constant" if any(isinstance(p, nodes.Const) for p in printed) else ""
    return "" if isinstance(node, HARMLESS) else type(node).__name__


def _of_lines(source: str, suffix: str) -> Iterator[str]:
    for number, line in enumerate(RAW.sub(_blank, source).splitlines(), start=1):
        for printed in PRINT.finditer(line):
            before, after = PRINT.sub("", line[: printed.start()]), line[printed.end() :]
            bare = before.replace('"""', "")
            if (
                before[-1:] in QUOTES
                or after[:1] in QUOTES
                or bare.count('"') % 2
                or bare.count("`") % 2
            ):
                yield f"line {number}: a value between hand-written quotes"
            # A value without a filter is a name or the builder's own words: no text can print bare.
            if "#" in before and "|" in printed[0] and suffix in {".py", ".toml"}:
                yield f"line {number}: a value in a comment"


def _blank(raw: re.Match[str]) -> str:
    """As many lines as the raw block has, for nothing is printed in it."""
    return "\n" * raw[0].count("\n")


def names(files: list[Path]) -> list[str]:
    return [file.relative_to(SHIPPED).as_posix() for file in files]


@pytest.mark.parametrize("file", FILES, ids=names(FILES))
def test_template_only_prints(file: Path) -> None:
    assert lint(file.name, file.read_text()) == []


def test_templates_hold_less_than_a_tenth_of_control_lines() -> None:
    lines = [line for file in FILES for line in file.read_text().splitlines()]
    assert len([line for line in lines if "{%" in line]) * 10 < len(lines)


@pytest.mark.parametrize("folder", PACKS, ids=names(PACKS))
def test_every_file_of_a_pack_is_named_in_its_index(folder: Path) -> None:
    files = {
        file.relative_to(folder / "files").as_posix()
        for file in (folder / "files").rglob("*")
        if file.is_file() and "_parts" not in file.parts
    }
    sources = [row.source for row in Templates(SHIPPED, {}).find_pack(folder.name).files]
    assert sorted(sources) == sorted(files)


@pytest.mark.parametrize("folder", PACKS, ids=names(PACKS))
def test_files_of_a_pack_are_templates_by_name(folder: Path) -> None:
    found = {file.suffix for file in (folder / "files").rglob("*") if file.is_file()}
    assert found == {".jinja"}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{% set a = 1 %}", "Assign"),
        ("{% set a %}b{% endset %}", "AssignBlock"),
        ("{% if a == 1 %}{% endif %}", "a condition that is not ready"),
        ("{% if not a %}{% endif %}", "a condition that is not ready"),
        ("{% if a and b %}{% endif %}", "a condition that is not ready"),
        ("{% if a is defined %}{% endif %}", "a condition that is not ready"),
        ("{% if a %}{% elif a in b %}{% endif %}", "a condition that is not ready"),
        ("{% if f() %}{% endif %}", "a condition that is not ready"),
        ("{% for a in b if c %}{% endfor %}", "a loop over what is not ready"),
        ("{% for a in b recursive %}{% endfor %}", "a loop over what is not ready"),
        ("{% for a in b | sort %}{% endfor %}", "a loop over what is not ready"),
        ("{% for a in [1] %}{% endfor %}", "a loop over what is not ready"),
        ("{{ a.b() | py }}", "Call"),
        ("{{ a + b }}", "Add"),
        ("{{ a ~ b }}", "Concat"),
        ("{{ a if b else c }}", "CondExpr"),
        ("{{ a > b }}", "Compare"),
        ("{{ a is string }}", "Test"),
        ("{{ a[0] }}", "Getitem"),
        ("{{ a | py(1) }}", "a filter with arguments"),
        ("{{ a | join(', ') }}", "a filter with arguments"),
        ("{{ a | md }}", "the filter md in .py"),
        ("{% macro m() %}{% endmacro %}", "Macro"),
        ("{% import 'a' as b %}", "Import"),
        ("{% extends 'a' %}", "Extends"),
        ("{% block a %}{% endblock %}", "Block"),
        ("{% filter py %}{% endfilter %}", "FilterBlock"),
        ("{% include a %}", "a part without a name"),
        ("{% include 'a' ignore missing %}", "a part without a name"),
        ('x = "{{ a }}"', "a value between hand-written quotes"),
        ("x = '{{ a }}'", "a value between hand-written quotes"),
        ('x = "{{ a }}/b"', "a value between hand-written quotes"),
        ('x = "/b/{{ a }}/c"', "a value between hand-written quotes"),
        ("the `{{ a }}`", "a value between hand-written quotes"),
        ("    # {{ a | py }}", "a value in a comment"),
        ("x = 1  # {{ a | py }}", "a value in a comment"),
        ("{{ 'a' }}", "a constant"),
        ("{% nonsense %}", "unknown tag 'nonsense'"),
        ("{{ a | nonsense }}", "the filter nonsense in .py"),
        ("\n" * 201, "201 lines"),
    ],
)
def test_lint_refuses_what_a_template_may_not_do(source: str, said: str) -> None:
    assert said in " ".join(lint("x.py.jinja", source))


@pytest.mark.parametrize(
    "source",
    [
        "{{ a }}",
        "{{ a.b.c | py }}",
        "{{ a | docstring }}",
        "import {{ a }}.b.{{ c }}",
        "x = [{{ a | py }}, {{ b | py }}]",
        '"""The {{ a }}."""',
        "# {{ a }}",
        "{% raw %}\nf'{{a}}'\n{% endraw %}",
        "{% for a in b.c %}{{ a }}{% else %}none{% endfor %}",
        "{% if a.b %}x{% else %}y{% endif %}",
        "{% include 'status/files/_parts/a.jinja' %}",
        "{# a comment for who reads the template #}",
    ],
)
def test_lint_allows_to_print_to_loop_to_test_and_to_include(source: str) -> None:
    assert lint("x.py.jinja", source) == []
