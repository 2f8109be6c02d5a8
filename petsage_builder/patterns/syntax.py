"""The syntax of a pattern: what Python, Pydantic and JSON Schema read alike."""

from __future__ import annotations

import re
from typing import Final

from petsage_builder.patterns.tree import (
    Chars,
    Choice,
    End,
    Node,
    Repeat,
    Sequence,
    Start,
    normal,
    others,
)
from petsage_builder.text import show

MAX_CHARS: Final = 500
MAX_TIMES: Final = 1000
MAX_DEPTH: Final = 20

_TIMES: Final = re.compile(r"\{([0-9]+)(,?)([0-9]*)\}")
_SIGNS: Final = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_CONTROLS: Final = {"n": 0x0A, "r": 0x0D, "t": 0x09, "f": 0x0C, "v": 0x0B}
_HEX: Final = {"x": re.compile(r"[0-9A-Fa-f]{2}"), "u": re.compile(r"[0-9A-Fa-f]{4}")}
_SIGN_CHARS: Final = frozenset("^$\\.*+?()[]{}|/")  # what ECMA-262 lets a backslash stand before
_DOUBLED: Final = frozenset({"&&", "--", "~~", "||"})
_ESCAPES: Final = {
    "d": r"uses `\d`, which is not the same everywhere; write `[0-9]`.",
    "D": r"uses `\D`, which is not the same everywhere; write `[^0-9]`.",
    "w": r"uses `\w`, which is not the same everywhere; write `[A-Za-z0-9_]`.",
    "W": r"uses `\W`, which is not the same everywhere; write `[^A-Za-z0-9_]`.",
    "s": r"uses `\s`, which is not the same everywhere; write `[ \t]`.",
    "S": r"uses `\S`, which is not the same everywhere; write `[^ \t]`.",
    "A": r"uses `\A`, which JSON Schema does not know; write `^`.",
    "Z": r"uses `\Z`, which JSON Schema does not know; write `$`.",
    "z": r"uses `\z`, which JSON Schema does not know; write `$`.",
    "b": r"uses `\b`, which is not the same everywhere; write the characters that may stand there.",
    "B": r"uses `\B`, which is not the same everywhere; write the characters that may stand there.",
    "p": r"uses `\p`, which Python does not know; write the ranges, like `[A-Za-z]`.",
    "P": r"uses `\P`, which Python does not know; write the ranges, like `[^A-Za-z]`.",
    "k": r"refers back to a group, which Pydantic can't do; write that part again.",
    "0": r"uses `\0`, which is not the same everywhere; write `\x00`.",
    "U": r"uses `\U`, which JSON Schema does not know; write the character itself.",
} | dict.fromkeys(
    "123456789", "refers back to a group, which Pydantic can't do; write that part again."
)
_LOOKAROUND: Final = (
    "looks ahead or behind with `(?=`, `(?!` or `(?<`, which Pydantic can't do; "
    "write what may stand there, like `[^0-9]`."
)
_NAMED: Final = "names a group, which is not written alike everywhere; write a plain `( )`."
_EXTENSIONS: Final = (
    (("=", "!", "<=", "<!"), _LOOKAROUND),
    (("P=",), _ESCAPES["k"]),
    (("P<", "<", "P>"), _NAMED),
    (("#",), "holds a comment `(?#`; remove it, and say it in the field's description."),
    ((">",), "uses an atomic group `(?>`, which Pydantic does not know; write `(?:`."),
    (("(",), "holds a condition `(?(`, which Pydantic does not know; write `|` alternatives."),
)
_FLAGS: Final = (
    "sets flags with `(?`, which JSON Schema does not know; write `[Aa]` for both cases."
)


class PatternError(ValueError):
    """A pattern that can't be used; the message is what follows "the pattern"."""


def parse(pattern: str) -> Node:
    """The tree; PatternError says what to write instead."""
    if not pattern:
        raise PatternError("is empty; leave it out where any text is fine.")
    if len(pattern) > MAX_CHARS:
        raise PatternError(f"has {len(pattern)} characters; write at most {MAX_CHARS}.")
    if "\0" in pattern or _SURROGATE.search(pattern):
        raise PatternError("holds NUL or half of a character (a lone surrogate); remove it.")
    return _Parser(pattern).whole()


_NOT_LINE_FEED: Final = Chars(others(((0x0A, 0x0A),)))


class _Parser:
    """Reads one pattern from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        tree = self._choice()
        if self._at < len(self._text):
            raise PatternError(r"closes a group that was not opened; write `\)` for the character.")
        return tree

    def _ahead(self, chars: int = 1) -> str:
        return self._text[self._at : self._at + chars]

    def _take(self, expected: str) -> bool:
        found = self._text.startswith(expected, self._at)
        self._at += len(expected) * found
        return found

    def _next(self) -> str:
        char = self._ahead()
        self._at += 1
        return char

    def _choice(self) -> Node:
        options = [self._sequence()]
        while self._take("|"):
            options.append(self._sequence())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self) -> Node:
        parts = []
        while self._ahead() not in {"", "|", ")"}:
            parts.append(self._repeated())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _repeated(self) -> Node:
        atom = self._atom()
        times = self._times()
        if times is None:
            return atom
        self._take("?")  # a lazy repetition matches the same texts
        if self._ahead() == "+":
            raise PatternError("uses a possessive repetition; leave out the second sign.")
        if self._ahead() in {"*", "?", "{"}:
            raise PatternError("repeats a repetition; put a group around the inner one, `(?: )`.")
        return Repeat(atom, *times)

    def _times(self) -> tuple[int, int | None] | None:
        if self._ahead() in _SIGNS:
            return _SIGNS[self._next()]
        found = _TIMES.match(self._text, self._at)
        if not found or (found[3] and not found[2]):
            return None
        self._at = found.end()
        least = int(found[1])
        most = int(found[3]) if found[3] else None if found[2] else least
        if most is not None and most < least:
            raise PatternError(f"repeats {show(found[0])} times; write the smaller number first.")
        if max(least, most or 0) > MAX_TIMES:
            raise PatternError(f"repeats a part more than {MAX_TIMES} times; use max_length.")
        return least, most

    def _atom(self) -> Node:
        char = self._next()
        match char:
            case "(":
                return self._group()
            case "[":
                return self._set()
            case ".":
                return _NOT_LINE_FEED
            case "^":
                return Start()
            case "$":
                return End()
            case "*" | "+" | "?":
                raise PatternError(rf"has `{char}` with nothing to repeat; write `\{char}`.")
            case "{" | "}" | "]":
                raise PatternError(rf"has a `{char}` of its own; write `\{char}` for that one.")
        code = self._escaped() if char == "\\" else ord(char)
        return Chars(((code, code),))

    def _group(self) -> Node:
        if self._ahead() == "?" and not self._take("?:"):
            self._refuse_extension()
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise PatternError(f"puts groups more than {MAX_DEPTH} deep; write it flatter.")
        inside = self._choice()
        self._depth -= 1
        if not self._take(")"):
            raise PatternError(r"opens a group that is not closed; write `\(` for the character.")
        return inside

    def _refuse_extension(self) -> None:
        rest = self._text[self._at + 1 :]
        reasons = (reason for starts, reason in _EXTENSIONS if rest.startswith(starts))
        raise PatternError(next(reasons, _FLAGS))

    def _set(self) -> Chars:
        negated = self._take("^")
        ranges: list[tuple[int, int]] = []
        while not self._take("]"):
            ranges.append(self._range())
        if not ranges:
            raise PatternError(r"has `[]`, which is empty for JSON Schema; write `[\]]` for it.")
        found = normal(ranges)
        chars = Chars(others(found) if negated else found)
        if not chars.ranges:
            raise PatternError("has brackets that no character fits; leave them out.")
        return chars

    def _range(self) -> tuple[int, int]:
        low = self._member()
        if self._ahead() != "-" or self._ahead(2) == "-]":
            return low, low
        if self._ahead(2) == "--":
            raise PatternError(_doubled("--"))
        self._at += 1
        high = self._member()
        if high < low:
            raise PatternError("has a range that ends before it starts; turn it round, like `a-z`.")
        return low, high

    def _member(self) -> int:
        if self._ahead(2) in _DOUBLED:
            raise PatternError(_doubled(self._ahead(2)))
        if self._ahead(2) in {"[:", "[.", "[="}:
            raise PatternError("uses a POSIX class; write the ranges, like `[A-Za-z]`.")
        match self._next():
            case "":
                raise PatternError(r"opens brackets that are not closed; write `\[` for the sign.")
            case "[":
                raise PatternError(r"has a `[` in brackets; write `\[` for the character.")
            case "\\" if self._take("-"):
                return ord("-")
            case "\\":
                return self._escaped()
            case char:
                return ord(char)

    def _escaped(self) -> int:
        char = self._next()
        if char in _SIGN_CHARS:
            return ord(char)
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char in _HEX and (found := _HEX[char].match(self._text, self._at)):
            self._at = found.end()
            code = int(found[0], 16)
            if _SURROGATE.match(chr(code)):
                raise PatternError("holds half of a character; write the character itself.")
            return code
        raise PatternError(_escape_reason(char))


def _escape_reason(char: str) -> str:
    if not char:
        return r"ends in a backslash; write `\\` for the character."
    unknown = f"has a backslash before {show(char)}, where it means nothing everywhere; leave "
    return _ESCAPES.get(char) or unknown + "out the backslash."


def _doubled(signs: str) -> str:
    return rf"has `{signs}` in brackets, a set operation for Pydantic; write `{signs[0]}` once."
