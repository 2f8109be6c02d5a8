"""JSON text read strictly, with the place of every value."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from json import JSONDecodeError, JSONDecoder
from math import isinf
from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias

from petsage_builder.bounded_read import MAX_BYTES, read_file, read_stream
from petsage_builder.errors import Problem, RequestError
from petsage_builder.text import show

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["MAX_BYTES", "Document", "JsonValue", "Place", "parse", "read_file", "read_stream"]

MAX_DEPTH: Final = 64
MAX_PROBLEMS: Final = 20

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
JsonPath: TypeAlias = tuple[str | int, ...]

_BOMS: Final = {b"\xef\xbb\xbf": "UTF-8", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_MAX_NUMBER_CHARS: Final = 40
_INT_LIMIT: Final = 2**63
_TOO_LARGE: Final = "this number is too large."

_LINE_END: Final = re.compile(r"\r\n?|\n")
_SPACE: Final = " \t\r\n"
_WORD: Final = re.compile(r"[-+.\w]+")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_LITERALS: Final[Mapping[str, bool | None]] = {"true": True, "false": False, "null": None}
_NOT_FINITE: Final = frozenset({"NaN", "Infinity", "-Infinity"})
_HINTS: Final = (
    (re.compile(r"//|/\*|#"), "JSON has no comments."),
    (re.compile(r"'"), "JSON has double quotes only."),
    (re.compile(r"True\b|False\b|None\b"), "JSON writes true, false and null."),
    (re.compile(r"[-+]?\.?[0-9]"), "JSON writes numbers like 0.5, 10 and -1e6."),
)
_STRINGS: Final = JSONDecoder(strict=True)
_STRING_ERRORS: Final = {
    "Unterminated string": "this string has no closing quote.",
    "Invalid control character": r"a string can't hold a control character; write \n or \u00XX.",
    "Invalid \\escape": r"this backslash starts no escape; write \\ for a backslash.",
    "Invalid \\u": r"four hexadecimal digits belong after \u.",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column, both counted from 1; columns in characters."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON value, and where in its source it, its parts and their keys stand."""

    source: str
    value: JsonValue
    places: Mapping[JsonPath, Place]
    key_places: Mapping[JsonPath, Place] = field(default_factory=dict)

    def place(self, path: Sequence[str | int], *, key: bool = False) -> Place:
        """Where the value (or its key) at the path starts, or its nearest parent that is there."""
        known = tuple(path)
        if key and known in self.key_places:
            return self.key_places[known]
        while known and known not in self.places:
            known = known[:-1]
        return self.places.get(known, Place(1, 1))


def parse(data: bytes, source: str) -> Document:
    """The document; RequestError with every problem up to the first error of syntax."""
    return _Scanner(_decode(data, source), source).document()


def _decode(data: bytes, source: str) -> str:
    for mark, encoding in _BOMS.items():
        if data.startswith(mark):
            message = f"the file starts with a byte order mark ({encoding})."
            raise RequestError(Problem(f"{source}:1:1", message, "Save it as UTF-8 without BOM."))
    if not data.strip():
        raise RequestError(Problem(source, "the file is empty.", "Write one JSON value."))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        where = f"{source}:{_Lines(before).place(len(before))}"
        message = f"byte 0x{data[error.start]:02X} (number {error.start + 1}) is not UTF-8."
        raise RequestError(Problem(where, message, "Save the file as UTF-8.")) from error


class _Lines:
    """Where each line of a text starts."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def place(self, position: int) -> Place:
        line = bisect_right(self._starts, position)
        return Place(line, position - self._starts[line - 1] + 1)


class _Scanner:
    """Reads one document; what is wrong but readable is gathered on the way."""

    def __init__(self, text: str, source: str) -> None:
        self._text = text
        self._source = source
        self._lines = _Lines(text)
        self._at = 0
        self._places: dict[JsonPath, Place] = {}
        self._key_places: dict[JsonPath, Place] = {}
        self._problems: list[Problem] = []
        self._unlisted = 0

    def document(self) -> Document:
        value = self._value(())
        if self._peek():
            self._expected("the end of the file")
        if self._problems:
            raise RequestError(*self._gathered())
        return Document(self._source, value, self._places, self._key_places)

    def _value(self, path: JsonPath) -> JsonValue:
        char = self._peek()
        self._places[path] = self._lines.place(self._at)
        if char in ("{", "["):
            if len(path) == MAX_DEPTH:
                self._stop(self._at, f"nested more than {MAX_DEPTH} levels deep.")
            self._at += 1
            return self._object(path) if char == "{" else self._array(path)
        return self._string() if char == '"' else self._scalar()

    def _object(self, path: JsonPath) -> JsonValue:
        members: dict[str, JsonValue] = {}
        if self._took("}"):
            return members
        while True:
            key = self._key(path)
            if not self._took(":"):
                self._expected("':' after the key")
            members[key] = self._value((*path, key))
            if self._ended("}"):
                return members

    def _array(self, path: JsonPath) -> JsonValue:
        items: list[JsonValue] = []
        if self._took("]"):
            return items
        while True:
            items.append(self._value((*path, len(items))))
            if self._ended("]"):
                return items

    def _key(self, path: JsonPath) -> str:
        if self._peek() != '"':
            self._expected("a key in double quotes")
        at = self._at
        key = self._string()
        place = self._lines.place(at)
        first = self._key_places.setdefault((*path, key), place)
        if first is not place:
            self._gather(at, f"the key {show(key)} is given twice, first at {first}.")
        return key

    def _string(self) -> str:
        try:
            value, self._at = _STRINGS.raw_decode(self._text, self._at)
        except JSONDecodeError as error:
            messages = (m for start, m in _STRING_ERRORS.items() if error.msg.startswith(start))
            self._stop(error.pos, next(messages, "this string is not JSON."))
        return str(value)

    def _scalar(self) -> JsonValue:
        match = _WORD.match(self._text, self._at)
        word = match[0] if match else ""
        if word in _LITERALS:
            value: JsonValue = _LITERALS[word]
        elif word in _NOT_FINITE:
            value = self._gather(self._at, f"{word} is not a JSON number.", "Write null.")
        elif _NUMBER.fullmatch(word):
            value = self._number(word)
        else:
            self._expected("a value")
        self._at += len(word)
        return value

    def _number(self, word: str) -> JsonValue:
        if len(word) > _MAX_NUMBER_CHARS:
            return self._gather(self._at, f"a number of {len(word)} characters is too long.")
        if word.removeprefix("-").isdigit():
            whole = int(word)
            return whole if abs(whole) < _INT_LIMIT else self._gather(self._at, _TOO_LARGE)
        real = float(word)
        return self._gather(self._at, _TOO_LARGE) if isinf(real) else real

    def _peek(self) -> str:
        """The next character that is no white space; nothing at the end of the file."""
        while (char := self._text[self._at : self._at + 1]) and char in _SPACE:
            self._at += 1
        return char

    def _took(self, char: str) -> bool:
        found = self._peek() == char
        self._at += found
        return found

    def _ended(self, closing: str) -> bool:
        if self._took(closing):
            return True
        comma = self._at
        if not self._took(","):
            self._expected(f"',' or '{closing}'")
        if self._peek() == closing:
            self._stop(comma, f"a comma before the closing '{closing}'.", "Remove it.")
        return False

    def _expected(self, wanted: str) -> NoReturn:
        match = _WORD.match(self._text, self._at)
        found = match[0] if match else self._text[self._at : self._at + 1]
        shown = show(found) if found else "the end of the file"
        hints = (hint for pattern, hint in _HINTS if pattern.match(self._text, self._at))
        self._stop(self._at, f"expected {wanted}, found {shown}.", next(hints, ""))

    def _gather(self, at: int, message: str, hint: str = "") -> JsonValue:
        """Nothing, as the value of what is wrong."""
        if len(self._problems) < MAX_PROBLEMS:
            self._problems.append(self._problem(at, message, hint))
        else:
            self._unlisted += 1
        return None

    def _stop(self, at: int, message: str, hint: str = "") -> NoReturn:
        raise RequestError(*self._gathered(), self._problem(at, message, hint))

    def _gathered(self) -> list[Problem]:
        more = Problem(self._source, f"and {self._unlisted} more problems like these.")
        return [*self._problems, more] if self._unlisted else self._problems

    def _problem(self, at: int, message: str, hint: str) -> Problem:
        return Problem(f"{self._source}:{self._lines.place(at)}", message, hint)
