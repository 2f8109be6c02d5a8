"""Pieces of Python that specs hold and templates print with the filter `py`.

Payload text enters them as `Text` only, and is printed as a string literal; names are the
builder's own.
"""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TypeAlias

from petsage_builder.names import Ident, PyName, natural_key
from petsage_builder.text import Text

_DOTTED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
_CONSTANTS = frozenset({"None", "True", "False"})
_OPERATORS = frozenset({"==", "!=", "<", "<=", ">", ">=", "is", "is not"})


@dataclass(frozen=True, slots=True)
class Name:
    """A dotted name; `module` is what it has to be imported from."""

    value: str
    module: str = ""

    def __post_init__(self) -> None:
        if self.value not in _CONSTANTS:
            _need_name(self.value)
        if self.module:
            _need_name(self.module.removeprefix("."))


def _need_name(value: str) -> None:
    if _DOTTED.fullmatch(value) is None or any(map(keyword.iskeyword, value.split("."))):
        raise ValueError(f"{value!r} is no Python name")


def _need_keywords(keywords: Mapping[str, Code]) -> None:
    for key in keywords:
        _need_name(key)
        if "." in key:
            raise ValueError(f"{key!r} is no name of an argument")


@dataclass(frozen=True, slots=True)
class Call:
    """`function(*arguments, **keywords)`."""

    function: Name
    arguments: tuple[Code, ...] = ()
    keywords: Mapping[str, Code] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _need_keywords(self.keywords)


@dataclass(frozen=True, slots=True)
class Method:
    """`target.name(*arguments)`."""

    target: Code
    name: Name
    arguments: tuple[Code, ...] = ()
    keywords: Mapping[str, Code] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _need_keywords(self.keywords)


@dataclass(frozen=True, slots=True)
class Subscript:
    """`base[items]`."""

    base: Name
    items: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """`one | other`."""

    one: Code
    other: Code


@dataclass(frozen=True, slots=True)
class Compare:
    """`left operator right`."""

    left: Code
    operator: str
    right: Code

    def __post_init__(self) -> None:
        if self.operator not in _OPERATORS:
            raise ValueError(f"{self.operator!r} is no comparison")


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`one or other or ...`."""

    conditions: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """`lambda parameter: body`."""

    parameter: Ident | PyName
    body: Code


@dataclass(frozen=True, slots=True)
class Thunk:
    """`lambda: body`."""

    body: Code


@dataclass(frozen=True, slots=True)
class Repeat:
    """`unit * times`, for values too long to be written out."""

    unit: Code
    times: int


@dataclass(frozen=True, slots=True)
class Plus:
    """`left + right`."""

    left: Code
    right: Code


@dataclass(frozen=True, slots=True)
class Raw:
    """A text that reads best as a raw string literal: a pattern."""

    text: Text


@dataclass(frozen=True, slots=True)
class Items:
    """A list; false where it is empty, for templates."""

    items: tuple[Code, ...]

    def __bool__(self) -> bool:
        return bool(self.items)


@dataclass(frozen=True, slots=True)
class Pairs:
    """A dict, its order kept."""

    pairs: tuple[tuple[Code, Code], ...]


@dataclass(frozen=True, slots=True)
class With:
    """`with opened as name:` and statements under it."""

    opened: Code
    name: Ident
    body: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class IfElse:
    """`one if condition else other`."""

    condition: Code
    one: Code
    other: Code


@dataclass(frozen=True, slots=True)
class When:
    """`if condition:` and statements under it."""

    condition: Code
    body: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Declaration:
    """`name: annotation = value`, or without what is None."""

    name: Ident | PyName
    annotation: Code = None
    value: Code = None


Code: TypeAlias = (
    Name | Call | Method | Subscript | Either | Compare | AnyOf | Function | Thunk | Repeat | Plus
    | Raw | Items | Pairs | With | IfElse | When | Declaration
    | tuple["Code", ...] | Text | Ident | PyName | bool | int | float | bytes | None
)  # fmt: skip


def call(function: Name | str, *arguments: Code, **keywords: Code) -> Call:
    """`function(...)`; a name as a string needs no import."""
    name = function if isinstance(function, Name) else Name(function)
    return Call(name, arguments, keywords)


# What migrations ask; those that do have the function.
ON_SQLITE = call("on", Text("sqlite"))
ON_POSTGRESQL = call("on", Text("postgresql"))


def annotated(base: Code, *metadata: Code) -> Code:
    """`Annotated[base, ...]`, or the base itself when nothing is to be said of it."""
    if not metadata:
        return base
    return Subscript(Name("Annotated", "typing"), (base, *metadata))


@dataclass(frozen=True, slots=True)
class Import:
    """`from module import names`."""

    module: Name
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class ImportModule:
    """`import module`, or `import module as name`."""

    module: Name
    name: Name | None = None


Imports: TypeAlias = tuple[tuple[Import | ImportModule, ...], ...]
SQLALCHEMY = ImportModule(Name("sqlalchemy"), Name("sa"))


def imports_of(*values: object, package: str, modules: tuple[str, ...] = ()) -> Imports:
    """The imports of `modules`, and of every name used that says where it is from.

    They are in the groups and the order of ruff's import sorting. A module that starts with a dot
    is below `package`; `sa.` is SQLAlchemy.
    """
    found: dict[str, set[str]] = {}
    whole = [ImportModule(Name(module)) for module in modules]
    for name in _names(values):
        if name.module:
            module = f"{package}{name.module}" if name.module.startswith(".") else name.module
            found.setdefault(module, set()).add(name.value.partition(".")[0])
        elif name.value.startswith("sa.") and SQLALCHEMY not in whole:
            whole.append(SQLALCHEMY)
    groups: tuple[list[Import | ImportModule], ...] = ([], [], [])
    for one in sorted(whole, key=lambda one: one.module.value):
        groups[_group(one.module.value, package)].append(one)
    for module in sorted(found, key=natural_key):
        names = tuple(Name(name) for name in sorted(found[module], key=_import_order))
        groups[_group(module, package)].append(Import(Name(module), names))
    return tuple(tuple(group) for group in groups if group)


def imported(*values: object) -> frozenset[str]:
    """The names that a module imports that uses the values."""
    return frozenset(name.value.partition(".")[0] for name in _names(values) if name.module)


def _group(module: str, package: str) -> int:
    """Standard library, what is installed, our own."""
    root = module.partition(".")[0]
    if root == package:
        return 2
    return 0 if root in sys.stdlib_module_names else 1


def _import_order(name: str) -> tuple[int, tuple[tuple[int, int, str], ...]]:
    """Constants, classes, then the rest: the order of ruff's import sorting."""
    constant = name.isupper() and len(name) > 1
    return (0 if constant else 1 if name[:1].isupper() else 2, natural_key(name))


def _names(value: object) -> Iterator[Name]:
    if isinstance(value, Name):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _names(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from _names(item)
    elif is_dataclass(value) and not isinstance(value, (type, Text)):
        for part in fields(value):
            yield from _names(getattr(value, part.name))


def calls(*values: object) -> frozenset[str]:
    """The first parts of all names that the values use."""
    return frozenset(name.value.partition(".")[0] for name in _names(values))
