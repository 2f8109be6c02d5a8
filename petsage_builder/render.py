"""Renders a plan into a tree in memory: strict, pure, and proven free of payload code."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from petsage_builder import __version__, text
from petsage_builder.errors import Problem, RenderError
from petsage_builder.filters import FILTERS, finalize
from petsage_builder.packs import Templates
from petsage_builder.plan import Plan, Step
from petsage_builder.ruff import format_python
from petsage_builder.text import Text
from petsage_builder.trees import Tree

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment

Value = TypeVar("Value")
HARMLESS = Text("harmless")


def render(plan: Plan, templates: Templates) -> Tree:
    """The text of every file of the plan, formatted; raises RenderError."""
    environment = make_environment(templates)
    tree = {step.target: _text(environment, plan, step) for step in plan.steps}
    _prove(environment, plan, tree)
    return {**tree, **format_python(tree)}


def make_environment(templates: Templates) -> Environment:
    """The one Jinja environment: undefined names, bare values and unsafe attributes are errors."""
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(lambda name: (templates.read(name), None, lambda: True)),
        undefined=StrictUndefined,
        finalize=finalize,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        cache_size=-1,
        bytecode_cache=_bytecode_cache(),
    )
    environment.filters = dict(FILTERS)
    environment.globals.clear()
    return environment


def _bytecode_cache() -> BytecodeCache | None:
    from jinja2 import FileSystemBytecodeCache

    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(home) / "petsage_builder" / f"{__version__}-{sys.implementation.cache_tag}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None  # a home that can't be written costs time, not correctness
    return FileSystemBytecodeCache(str(folder))


def _text(environment: Environment, plan: Plan, step: Step) -> str:
    from jinja2 import TemplateError, TemplateSyntaxError

    try:
        return environment.get_template(step.template).render(project=plan.project, spec=step.spec)
    except TemplateSyntaxError as error:
        where = f"templates/{error.name or step.template}:{error.lineno}"
        raise RenderError(Problem(where, f"{error.message}.")) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        message = f"could not be rendered for {step.target}: {error}"
        raise RenderError(Problem(f"templates/{step.template}", message)) from error


def _prove(environment: Environment, plan: Plan, tree: Tree) -> None:
    """Raises RenderError unless payload text is only text in every Python file."""
    harmless = replace(plan, project=disarm(plan.project))
    features = {spec.feature: spec for spec in harmless.project.features}
    problems = []
    for step in plan.steps:
        if step.target.endswith(".py"):
            spec = features[step.spec.feature] if step.spec else None
            plain = _text(environment, harmless, replace(step, spec=spec))
            problems += _code_problems(step, tree[step.target], plain)
    if problems:
        raise RenderError(*problems)


def _code_problems(step: Step, content: str, plain: str) -> list[Problem]:
    where = f"templates/{step.template}"
    if content == plain and content.isascii():
        return []  # no payload text in it; that it compiles is verified with all other code
    hidden = next(filter(text.invisible, content), None) if not content.isascii() else None
    if hidden is not None:
        message = f"{step.target} would hold the invisible character U+{ord(hidden):04X}."
        return [Problem(where, message, "Print values through a filter.")]
    try:
        same = shape(content) == shape(plain)
    except (SyntaxError, ValueError) as error:
        return [Problem(where, f"{step.target} would not compile: {error}.")]
    if not same:
        message = f"{step.target} would hold other code than for harmless text."
        return [Problem(where, message, "Print values through a filter.")]
    return []


def shape(source: str) -> str:
    """The syntax tree of a module, string literals apart."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


def disarm(value: Value) -> Value:
    """The same spec with every Text replaced by a harmless one."""
    return cast("Value", _disarm(value))


def _disarm(value: object) -> object:
    if isinstance(value, Text):
        return HARMLESS
    if isinstance(value, tuple):
        return tuple(_disarm(item) for item in value)
    if isinstance(value, Mapping):
        return {key: _disarm(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _disarm(getattr(value, f.name)) for f in fields(value)})
    return value
