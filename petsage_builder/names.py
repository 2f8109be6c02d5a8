"""Identifiers: what a name may be, its cases, and the names that are taken."""

from __future__ import annotations

import keyword
import re
from typing import TYPE_CHECKING, Final, Self

from petsage_builder.text import show

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_CHARS: Final = 48

_IDENT: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_TOKENS: Final = re.compile(r"[0-9]+|[^0-9]")
_WINDOWS_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
)
_USED_BY_THE_APP: Final = frozenset(
    {"app", "main", "core", "features", "test", "tests"}
    | {"models", "services", "router", "tables"}
)
_KEYWORD: Final = "is a Python keyword, so no package can have that name"
_READ_AT_START: Final = frozenset({"site", "sitecustomize", "usercustomize", "conftest"})


class Ident(str):
    """A name that is safe as a Python identifier, a file name and a column; ValueError if not."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        if len(value) > MAX_CHARS:
            raise ValueError(f"has {len(value)} characters; at most {MAX_CHARS} are allowed.")
        if not _IDENT.fullmatch(value):
            raise ValueError(_malformed(value))
        return super().__new__(cls, value)

    def followed_by(self, word: Ident) -> Ident:
        """`name_word`, which may be longer than what people are asked to write."""
        return str.__new__(Ident, f"{self}_{word}")

    @classmethod
    def of(cls, name: PyName | Ident) -> Ident:
        """A name that the builder has made of others, of any length."""
        return str.__new__(Ident, name)


class PyName(str):
    """A Python name made from an Ident: with an underscore after it, or as a class name."""

    __slots__ = ()


class Revision(str):
    """What Alembic knows a migration by: twelve hexadecimal digits, or as its author says."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        if re.fullmatch(r"[0-9A-Za-z_-]{1,64}", value) is None:
            raise ValueError(f"{show(value)} is no revision.")
        return super().__new__(cls, value)


class Words(str):
    """Words of the builder's own, or made from names: harmless wherever they stand."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        if re.fullmatch(r"[A-Za-z0-9 ,;:_-]+", value) is None:
            raise ValueError(f"{show(value)} is more than words.")
        return super().__new__(cls, value)


def class_name(*words: str) -> PyName:
    """`weight_entry` is WeightEntry."""
    return PyName("".join(part.capitalize() for word in words for part in word.split("_")))


def free_name(name: Ident, taken: frozenset[str]) -> Ident | PyName:
    """The name, or with an underscore after it where it is a keyword or taken."""
    return PyName(f"{name}_") if keyword.iskeyword(name) or name in taken else name


def feature_problem(name: str, *, package: str) -> str | None:
    """Why a feature can't have this name, with one that works; None if it can."""
    reason = _taken(name, package)
    return f"{show(name)} {reason}. Try {_free(name, package)!r}." if reason else None


def package_problem(name: str) -> str | None:
    """Why no package can have this name; None if one can."""
    reason = _no_package(name)
    return f"{show(name)} {reason}." if reason else None


def words_title(name: str) -> str:
    """The name as a title: `smoke_test` is "Smoke Test"."""
    return " ".join(word.capitalize() for word in name.split("_"))


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """A question that offers the nearest option, or nothing when none is near."""
    near = nearest(word, options)
    return f"Did you mean '{near}'?" if near else ""


def nearest(word: str, options: Iterable[str]) -> str:
    """The option most like the word, or '' when none is near."""
    from difflib import get_close_matches

    near = get_close_matches(word.lower(), options, n=1) if len(word) <= MAX_CHARS else []
    return near[0] if near else ""


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key in the order of ruff's import sorting, where `a2` comes before `a10`."""
    return tuple(_token_key(token) for token in _TOKENS.findall(name))


def _token_key(token: str) -> tuple[int, int, str]:
    # A number with leading zeros is compared digit by digit, as a fraction, and comes first.
    if token.isdigit():
        return ord("0"), 0 if token[0] == "0" else len(token), token
    return ord(token), 0, ""


def _malformed(value: str) -> str:
    rule = "starts with a letter and holds lower-case letters, digits and single underscores"
    suggestion = _snake_case(value)
    hint = f" Did you mean {suggestion!r}?" if suggestion else " An example is 'pet_owner'."
    return f"{show(value)} is no name: a name {rule}.{hint}"


def _snake_case(value: str) -> str:
    """The nearest name, or nothing where there is none to be sure of."""
    if not value.isascii():
        return ""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", value).lower()
    name = re.sub(r"[^a-z0-9]+", "_", spaced).strip("_")
    return name if _IDENT.fullmatch(name) and len(name) <= MAX_CHARS else ""


def _no_package(name: str) -> str:
    if keyword.iskeyword(name):
        return _KEYWORD
    if name in _WINDOWS_DEVICES:
        return "is a device on Windows, where no file can have that name"
    if name == "petsage_builder":
        return "is the builder's own package"
    if name in _READ_AT_START:
        return "is a module that Python or pytest reads when it starts"
    return ""


def _taken(name: str, package: str) -> str:
    if reason := _no_package(name):
        return reason
    if name == package:
        return "is the app's own package"
    return "is a name that the app itself uses" if name in _USED_BY_THE_APP else ""


def _free(name: str, package: str) -> str:
    suffixes = ("_feature", "_part")  # the package can be one of the two, not both
    tries = (name[: MAX_CHARS - len(suffix)].rstrip("_") + suffix for suffix in suffixes)
    return next(candidate for candidate in tries if not _taken(candidate, package))
