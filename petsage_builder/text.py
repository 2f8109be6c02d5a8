"""`Text`: payload text that has been normalised and found harmless."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, Never

if TYPE_CHECKING:
    from collections.abc import Callable

SHOWN_CHARS: Final = 60

# Fixed tables, not `unicodedata.category`: that one differs between Python versions, and the
# generated files may not.
_INVISIBLE: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\xa0\xad"  # controls (tab and LF apart), no-break space, soft hyphen
    r"\u034f\u061c\u070f\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f"  # joiners, fillers, selectors
    r"\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164"  # spaces, zero width, bidi, blanks
    r"\ud800-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    r"\U00013430-\U0001345f\U00016fe4\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a"
    r"\U000e0000-\U0010ffff]"  # tags, variation selectors, private use
)
_REFUSED: Final = re.compile(
    r"(?P<control>[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f])"
    r"|(?P<bidi>[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f])"
    r"|(?P<tag>[\U000e0000-\U000e00ff\U000e01f0-\U000e0fff])"
    r"|(?P<bom>\ufeff)"
    r"|(?P<surrogate>[\ud800-\udfff])"
    r"|(?P<annotation>[\ufff9-\ufffb])"
    r"|(?P<noncharacter>[\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
    + "])"
)
_REASONS: Final = {
    "control": "a control character",
    "bidi": "a text direction control, which makes text read differently from what it is",
    "tag": "a hidden tag character",
    "bom": "a byte order mark",
    "surrogate": "half of a character (a lone surrogate)",
    "annotation": "a hidden annotation mark",
    "noncharacter": "no character at all",
}
_CONTROL_NAMES: Final = {
    "\0": "NULL",
    "\a": "BELL",
    "\b": "BACKSPACE",
    "\x1b": "ESCAPE",
    "\x7f": "DELETE",
}
_LINE_ENDS: Final = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_LONGEST_RUN_OF_MARKS: Final = 30  # Unicode's Stream-Safe Text Format (UAX 15)
_MOST_TO_ONE: Final = 4  # NFC makes at most this many characters one


class TextError(ValueError):
    """Text that is not accepted; the message never holds the text itself."""


@dataclass(frozen=True, slots=True, repr=False)
class Text:
    """Text made by `clean`. No `str`, so that it can't be printed without a filter."""

    value: str

    def __repr__(self) -> str:
        return f"Text({show(self.value)})"

    def __str__(self) -> Never:
        raise TypeError("Text is not printed as it is: pass it through a filter of filters.py")

    def __format__(self, spec: str) -> Never:
        raise TypeError("Text is not formatted as it is: pass it through a filter of filters.py")


def clean(value: str) -> Text:
    """The text in NFC with LF line ends; TextError names a character that is not accepted."""
    refused = _REFUSED.search(value)
    if refused:
        raise TextError(_refusal(refused))
    _check_marks(value)
    return Text(unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", value)))


def paragraph(value: str, *, max_chars: int = 4000, max_lines: int = 200) -> Text:
    """Clean text for people: not blank, and within the limits."""
    _check_length(len(value), max_chars, slack=_MOST_TO_ONE)  # before any work on a huge text
    text = clean(value)
    _check_length(len(text.value), max_chars)
    if not text.value.strip():
        raise TextError("is blank; write at least one character.")
    lines = len(text.value.splitlines())
    if lines > max_lines:
        raise TextError(f"has {lines} lines; at most {max_lines} are allowed.")
    return text


def invisible(char: str) -> bool:
    """Whether the character shows nothing; space, tab and LF count as visible."""
    return _INVISIBLE.fullmatch(char) is not None


def escape_invisible(value: str, escape: Callable[[str], str]) -> str:
    """The value with every invisible character replaced by its escape."""
    return _INVISIBLE.sub(lambda match: escape(match[0]), value)


def python_escape(char: str) -> str:
    r"""The character as Python source escapes it: `\xad`, `\u200b`, `\U000e0100`."""
    return ascii(char)[1:-1]


def show(value: object) -> str:
    """A short printable rendering of any payload value, for messages."""
    shown = escape_invisible(_start_of_repr(value), python_escape)
    return shown if len(shown) <= SHOWN_CHARS else shown[: SHOWN_CHARS - 1] + "…"


def _start_of_repr(value: object) -> str:
    if isinstance(value, Text):
        value = value.value
    if isinstance(value, str):
        return repr(str(value[: SHOWN_CHARS + 1]))
    try:
        return repr(value)[: SHOWN_CHARS + 1]
    except (ValueError, RecursionError):  # an int of thousands of digits; a very deep list
        return f"<{type(value).__name__}>"


def _refusal(match: re.Match[str]) -> str:
    char = match[0]
    name = _CONTROL_NAMES.get(char) or unicodedata.name(char, "")
    named = f"U+{ord(char):04X}" + (f" ({name})" if name else "")
    return f"character {match.start() + 1} is {named}, {_REASONS[str(match.lastgroup)]}; remove it."


def _check_marks(value: str) -> None:
    """Long runs of combining marks are refused: NFC sorts them in quadratic time."""
    if value.isascii():
        return
    position = 1
    for marks, run in groupby(value, lambda char: unicodedata.combining(char) > 0):
        length = sum(1 for _ in run)
        if marks and length > _LONGEST_RUN_OF_MARKS:
            raise TextError(
                f"character {position} starts a run of {length} combining marks; "
                f"at most {_LONGEST_RUN_OF_MARKS} are allowed."
            )
        position += length


def _check_length(length: int, max_chars: int, *, slack: int = 1) -> None:
    if length > max_chars * slack:
        raise TextError(f"has {length} characters; at most {max_chars} are allowed.")
