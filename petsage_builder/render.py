"""Renders a plan into a tree in memory: strict, pure, and proven free of payload code."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from petsage_builder import text
from petsage_builder.errors import Problem, RenderError
from petsage_builder.filters import FILTERS, finalize
from petsage_builder.names import Ident
from petsage_builder.packs import Templates
from petsage_builder.plan import Plan, Step
from petsage_builder.ruff import format_python
from petsage_builder.seen import Seen, cache_folder
from petsage_builder.spec import FeatureSpec
from petsage_builder.text import Text
from petsage_builder.trees import Tree

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment, Undefined

Value = TypeVar("Value")
HARMLESS = Text("harmless")


def render(plan: Plan, templates: Templates, known: Tree, seen: Seen) -> Tree:
    """The text of every file of the plan, formatted; raises RenderError.

    What was built before and is kept as it is has none. Of the `known` files, those that were
    `seen` to come of the same raw texts are neither proven nor formatted again.
    """
    environment = make_environment(templates)
    steps = [step for step in plan.steps if not step.built]
    raw = {step.target: printed(environment, plan, step) for step in steps}
    same = seen.known(raw, known)
    new = [step for step in steps if step.target not in same]
    tree = {step.target: raw[step.target] for step in new}
    _prove(environment, replace(plan, steps=tuple(new)), tree)
    try:
        formatted = {**raw, **same, **format_python(tree)}
    except RenderError as error:
        found = [problem for step in new for problem in _unreadable(step, tree[step.target])]
        raise RenderError(*(found or error.problems)) from error
    seen.remember(raw, formatted)
    return formatted


def make_environment(templates: Templates) -> Environment:
    """The one Jinja environment: undefined names, bare values and unsafe attributes are errors."""
    from jinja2 import FunctionLoader
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(lambda name: (templates.read(name), None, lambda: True)),
        undefined=_undefined(),
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


def _undefined() -> type[Undefined]:
    """What stands for a missing name: nothing, for it is an error as soon as it is met."""
    from jinja2 import StrictUndefined

    class Missing(StrictUndefined):
        def __init__(self, *details: Any, **more: Any) -> None:  # noqa: ANN401 (as Jinja calls it)
            super().__init__(*details, **more)
            self._fail_with_undefined_error()

    return Missing


def _bytecode_cache() -> BytecodeCache | None:
    from jinja2 import FileSystemBytecodeCache

    folder = cache_folder()
    return None if folder is None else FileSystemBytecodeCache(str(folder))


def printed(environment: Environment, plan: Plan, step: Step) -> str:
    """The text of one file, as yet unformatted; raises RenderError."""
    from jinja2 import TemplateError, TemplateSyntaxError

    try:
        return environment.get_template(step.template).render(
            project=plan.project, spec=step.spec, part=step.part, migration=step.migration
        )
    except TemplateSyntaxError as error:
        where = f"templates/{error.name or step.template}:{error.lineno}"
        raise RenderError(Problem(where, f"{error.message}.")) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        message = f"could not be rendered for {step.target}: {error}"
        raise RenderError(Problem(f"templates/{step.template}", message)) from error


def _prove(environment: Environment, plan: Plan, tree: Tree) -> None:
    """Raises RenderError unless payload text is only text in Python, and nothing in notebooks."""
    harmless = replace(plan, project=disarm(plan.project))
    features = {spec.feature: spec for spec in harmless.project.features}
    problems = []
    for step in plan.steps:
        if step.target.endswith((".py", ".ipynb")):
            plain = printed(environment, harmless, _disarmed(step, features))
            problems += _code_problems(step, tree[step.target], plain)
    if problems:
        raise RenderError(*problems)


def _disarmed(step: Step, features: Mapping[Ident, FeatureSpec]) -> Step:
    """The same step for the harmless specs."""
    step = replace(step, migration=disarm(step.migration))
    if step.spec is None:
        return step
    spec = features[step.spec.feature]
    part = next((part for part in spec.parts if step.part and part.file == step.part.file), None)
    return replace(step, spec=spec, part=part)


def _code_problems(step: Step, content: str, plain: str) -> list[Problem]:
    where = f"templates/{step.template}"
    hidden = next(filter(text.invisible, content), None) if not content.isascii() else None
    if hidden is not None:
        message = f"{step.target} would hold the invisible character U+{ord(hidden):04X}."
        return [Problem(where, message, "Print values through a filter.")]
    if content == plain:
        return []  # no payload text in it
    if step.target.endswith(".ipynb"):
        message = f"{step.target} would hold what a request says."
        return [Problem(where, message, "Print names only; the tests hold samples.")]
    try:
        same = same_code(_parsed(step, content), _parsed(step, plain))
    except RenderError as error:
        return list(error.problems)
    if not same:
        message = f"{step.target} would hold other code than for harmless text."
        return [Problem(where, message, "Print values through a filter.")]
    return []


def _unreadable(step: Step, content: str) -> list[Problem]:
    """Why Python can't read a file that is Python's by its name."""
    if not step.target.endswith(".py"):
        return []
    try:
        _parsed(step, content)
    except RenderError as error:
        return list(error.problems)
    return []


def _parsed(step: Step, content: str) -> ast.Module:
    """The syntax tree of a file; raises RenderError."""
    try:
        return ast.parse(content)
    except SyntaxError as error:
        said = f"{step.target}:{error.lineno} would not compile: {error.msg}."
        raise RenderError(Problem(f"templates/{step.template}", said)) from error
    except (ValueError, RecursionError, MemoryError) as error:  # a NUL; nested too deeply
        reason = str(error) or "it is nested too deeply"
        said = f"{step.target} would not compile: {reason}."
        raise RenderError(Problem(f"templates/{step.template}", said)) from error


def same_code(one: object, other: object) -> bool:
    """Whether two syntax trees are the same, string literals apart."""
    if type(one) is not type(other):
        return False
    if isinstance(one, ast.Constant) and isinstance(other, ast.Constant):
        mine, yours = one.value, other.value
        return type(mine) is type(yours) and (isinstance(mine, str) or mine == yours)
    if isinstance(one, ast.AST):
        return all(same_code(getattr(one, f), getattr(other, f)) for f in one._fields)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_code, one, other))
    return one == other


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
