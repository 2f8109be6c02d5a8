"""The short form of a field, `name:type{min,max}?:unique=default`, made its long form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from petsage_builder.field_types import FIELD_TYPES
from petsage_builder.names import did_you_mean
from petsage_builder.text import show

LongForm: TypeAlias = "dict[str, Any]"

EXAMPLES = (
    "label:string{1,30}:unique",
    "born_on:date?",
    "age:integer{0,120}=18",
    "price:decimal{6,2}",
    "kind:enum(dog,cat)=dog",
    "tags:array(string{1,30}){0,5}",
)
FLAGS = ("unique", "index", "immutable", "read_only", "write_only", "secret", "hash")
# What the two numbers in braces are: the first pair of which the type takes one.
PAIRS = (
    ("precision", "scale"),
    ("min_items", "max_items"),
    ("min_length", "max_length"),
    ("min", "max"),
)
MAX_CHARS = 12_000  # an enum of a hundred long words

_WORD = re.compile(r"\s*([^\s:=?(){}]*)\s*")
_BRACKETS = re.compile(r"\(((?:[^()]|\([^()]*\))*)\)\s*")
_BRACES = re.compile(r"\{([^{}]*)\}\s*")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")


def expanded_field(value: object) -> object:
    """A field's long form; what is no string is returned as it is, ValueError for a bad one."""
    return long_form(value) if isinstance(value, str) else value


def expanded_item(value: object) -> object:
    """The same for an array's items, which have no name: `string{1,30}`."""
    if not isinstance(value, str):
        return value
    scanner = _Scanner(_short_enough(value))
    return {**scanner.type(), **scanner.end("string{1,30}")}


def long_form(value: str) -> LongForm:
    """The long form of one field; ValueError says what is wrong and shows a form that works."""
    name, colon, rest = _short_enough(value).partition(":")
    if not colon:
        raise ValueError(f"{show(value)} has no type. {_example(1)}")
    scanner = _Scanner(value, len(value) - len(rest))
    long = {"name": name.strip(), **scanner.type()}
    if scanner.took("?"):
        long["required"] = False
    long |= dict.fromkeys(scanner.flags(), True)
    if scanner.took("="):
        long["default"] = _json(scanner.rest().strip(), long["type"])
    return {**long, **scanner.end(EXAMPLES[0])}


def name_in(value: str) -> str:
    """The name in a short form, however wrong the rest of it is."""
    return value[:MAX_CHARS].partition(":")[0].strip()


def _short_enough(value: str) -> str:
    if len(value) > MAX_CHARS:
        raise ValueError(f"has {len(value)} characters; at most {MAX_CHARS} are allowed.")
    return value


def _example(number: int) -> str:
    return f'A form that works is "{EXAMPLES[number]}".'


@dataclass(slots=True)
class _Scanner:
    """What is left of a short form, taken from its start."""

    text: str
    at: int = 0

    def word(self) -> str:
        found = _WORD.match(self.text, self.at)
        if found is None:
            raise AssertionError("an empty word matches too")
        self.at = found.end()
        return found[1]

    def took(self, char: str) -> bool:
        found = self.text.startswith(char, self.at)
        if found:
            self.at += 1
            self._skip_spaces()
        return found

    def rest(self) -> str:
        rest, self.at = self.text[self.at :], len(self.text)
        return rest

    def type(self) -> LongForm:
        """The type with what stands in its brackets and braces."""
        kind = self.word()
        if not kind:
            raise ValueError(f"{show(self.text)} has no type. {_example(1)}")
        brackets = self._between(_BRACKETS, "(", ")")
        braces = self._between(_BRACES, "{", "}")
        if kind not in FIELD_TYPES:
            return {"type": kind}  # the type's own problem says more than those of its parts
        in_brackets = {} if brackets is None else _bracketed(kind, brackets)
        return {"type": kind, **in_brackets, **({} if braces is None else _braced(kind, braces))}

    def flags(self) -> Iterator[str]:
        given: set[str] = set()
        while self.took(":"):
            flag = self.word()
            if flag not in FLAGS:
                hint = did_you_mean(flag, FLAGS) or f"Known: {', '.join(FLAGS)}."
                raise ValueError(f"unknown word {show(flag)} after a colon. {hint}")
            if flag in given:
                raise ValueError(f"says {flag} twice.")
            given.add(flag)
            yield flag

    def end(self, example: str) -> LongForm:
        """Nothing; ValueError when something is left."""
        if self.at < len(self.text):
            left = show(self.text[self.at :])
            message = f"{left}, from character {self.at + 1} on, is not understood."
            raise ValueError(f'{message} The order is that of "{example}".')
        return {}

    def _between(self, pattern: re.Pattern[str], opening: str, closing: str) -> str | None:
        if not self.text.startswith(opening, self.at):
            return None
        found = pattern.match(self.text, self.at)
        if found is None:
            message = f"the {opening!r} at character {self.at + 1} has no {closing!r} that fits."
            raise ValueError(f"{message} {_example(0 if opening == '{' else 4)}")
        self.at = found.end()
        return found[1]

    def _skip_spaces(self) -> None:
        while self.text[self.at : self.at + 1].isspace():
            self.at += 1


def _bracketed(kind: str, given: str) -> LongForm:
    keys = FIELD_TYPES[kind].keys
    if "items" in keys:
        return {"items": expanded_item(given)}
    if "values" in keys:
        return {"values": [word.strip() for word in given.split(",")]}
    braces = f" Bounds stand in braces, as in {EXAMPLES[0]!r}." if _pair(kind) else ""
    raise ValueError(f"a type {kind} takes nothing in brackets.{braces}")


def _braced(kind: str, given: str) -> LongForm:
    pair = _pair(kind)
    if pair is None:
        raise ValueError(f"a type {kind} takes nothing in braces.")
    parts = [part.strip() for part in given.split(",")]
    if len(parts) != 2 or not any(parts):
        first, second = pair
        message = f"{{{show(given)[1:-1]}}} must hold two values: {first} and {second}."
        raise ValueError(f"{message} One may be left out. {_example(3 if 'scale' in pair else 0)}")
    return {key: _bound(part, key, kind) for key, part in zip(pair, parts, strict=True) if part}


def _pair(kind: str) -> tuple[str, str] | None:
    return next((pair for pair in PAIRS if FIELD_TYPES[kind].keys & set(pair)), None)


def _bound(word: str, key: str, kind: str) -> object:
    """Lengths and digits are counted; bounds are values of the type."""
    if key in {"min", "max"}:
        return _json(word, kind)
    if re.fullmatch(r"[0-9]{1,10}", word) is None:
        raise ValueError(f"{key} must be a whole number, not {show(word)}. {_example(0)}")
    return int(word)


def _json(word: str, kind: str) -> object:
    """A value as the long form has it; what does not fit stays text, for the type to refuse."""
    wire = FIELD_TYPES[kind].wire_type if kind in FIELD_TYPES else "string"
    if wire in {"array", "any"}:
        example = '{"name": ..., "type": ..., "default": ...}'
        raise ValueError(f"a default of a type {kind} needs the long form: {example}.")
    if wire == "boolean":
        return {"true": True, "false": False}.get(word, word)
    number = _NUMBER.fullmatch(word) if wire in {"integer", "number"} and len(word) <= 40 else None
    if number is None:
        return word
    return float(word) if number[2] or number[3] else int(word)
