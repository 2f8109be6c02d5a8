"""Hypothesis strategies for fields: every type, its constraints, and values that fit them."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from hypothesis import strategies as st

Draw: TypeAlias = st.DrawFn
Keys: TypeAlias = "dict[str, Any]"


@dataclass(frozen=True, slots=True)
class Drawn:
    """The constraints of a type, a strategy of JSON values that fit them, and how many there are.

    `size`: the most bytes that a value takes in an index; None where none can be made.
    """

    keys: Keys
    values: st.SearchStrategy[Any]
    several: bool = True
    size: int | None = 16


# Text that may not survive between quotes, in a comment, a docstring, Markdown or SQL.
ODD = (
    'She said "no".',
    "It's a \\ in the text \\n, not a line.",
    '"""',
    "'''; DROP TABLE things; --",
    "{{ braces }} {% and %} {more} %s %(x)s $y",
    "Größe, naïve, 猫, emoji 🐈‍⬛ and e\u0301",
    "# a heading\n\n- a list\n- `code` | a table |",
    "Two lines,\nand a third one after a blank:\n\n    indented\tand tabbed",
    "ends in a backslash \\",
    "<script>alert('&amp;')</script>",
    "x" * 300,
    "colon: and # hash, [link](http://example.com) *stars* __dunder__",
    'trailing quote"',
)
PROSE = st.sampled_from(ODD) | st.sampled_from(["What it is.", "Plain words.", "A note"])
WORDS = ("a", "B", "two words", "ünïcode", 'quo"ted', "it's", "back\\slash", "%", "_", "{x}", "-")
# Patterns with values that match them.
PATTERNS = (
    ("^[A-Z]{2}-[0-9]{4}$", ["AB-1234", "ZZ-0000"]),
    ("^[0-9]{15}$", ["123456789012345", "000000000000000"]),
    ("^[a-z]+(-[a-z]+)*$", ["abc", "abc-def"]),
    ("^(red|green|blue)$", ["red", "blue"]),
    ("[0-9]", ["a1", "22"]),
    ("^[0-9]{3}\\\\?\\.'?\"?$", ["123.", "999.'"]),
    ("^[^ @]+@[^ @]+$", ["a@b", "c@d"]),
    ("^.{2,5}$", ["ab", "abcde"]),
    ("^[A-Za-z_][A-Za-z0-9_]*$", ["x1", "_y"]),
    ("^#[0-9a-fA-F]{6}$", ["#a0b1c2", "#FFFFFF"]),
)


def maybe(draw: Draw, chance: int = 2) -> bool:
    """True once in so many times; shrinks to False."""
    return draw(st.integers(0, chance - 1)) == chance - 1


def _lengths(draw: Draw, most: int) -> tuple[Keys, int, int]:
    """`min_length` and `max_length`, both, one or none of them; then what they come to."""
    low = draw(st.integers(0, 30)) if maybe(draw) else None
    high = None
    if maybe(draw):
        high = draw(st.sampled_from([1, 2, 3, 5, 10, 80, 200]))
        high = max(high, low or 1)
    said = {"min_length": low, "max_length": high}
    keys = {key: value for key, value in said.items() if value is not None}
    return keys, low or 0, most if high is None else high


def _text(draw: Draw, most: int, size: int | None) -> Drawn:
    if maybe(draw, 4):
        pattern, matching = draw(st.sampled_from(PATTERNS))
        return Drawn({"pattern": pattern}, st.sampled_from(matching), size=size)
    keys, low, high = _lengths(draw, most)
    odd = [word for word in WORDS if low <= len(word) <= high]
    plain = st.text("abc XYZ'\"\\%_", min_size=low, max_size=min(high, low + 12))
    values = plain.filter(str.strip) | st.sampled_from(odd) if odd else plain.filter(str.strip)
    return Drawn(keys, values, size=None if size is None else 4 * high)


def string(draw: Draw) -> Drawn:
    """A line of text; only short ones can be indexed."""
    return _text(draw, 255, 1020)


def text(draw: Draw) -> Drawn:
    return _text(draw, 10_000, None)


def email(draw: Draw) -> Drawn:
    keys = {"max_length": draw(st.integers(20, 254))} if maybe(draw) else {}
    values = st.sampled_from(["ada@example.com", "o'brien+x@ex-a.co", "A_B@EXAMPLE.ORG"])
    return Drawn(keys, values, size=keys.get("max_length", 254))


def url(draw: Draw) -> Drawn:
    keys = {"max_length": draw(st.integers(30, 2048))} if maybe(draw) else {}
    values = st.sampled_from(["https://example.com", "http://x.org/a?b=%20&c#d"])
    return Drawn(keys, values, size=keys.get("max_length", 2048))


def enum(draw: Draw) -> Drawn:
    words = st.lists(st.sampled_from([*WORDS, "class", "None", "1", "x" * 100]), unique=True)
    values = draw(words.filter(bool))
    return Drawn({"values": values}, st.sampled_from(values), len(values) > 1, 400)


def uuid(_draw: Draw) -> Drawn:
    return Drawn({}, st.uuids().map(str))


def boolean(_draw: Draw) -> Drawn:
    return Drawn({}, st.booleans())


def _bounds(draw: Draw, low: Any, high: Any) -> Keys:  # noqa: ANN401 (any ordered value)
    """Bounds around what lies between the two, which are allowed or not."""
    keys: Keys = {}
    if maybe(draw):
        keys[draw(st.sampled_from(["min", "exclusive_min"]))] = low
    if maybe(draw):
        keys[draw(st.sampled_from(["max", "exclusive_max"]))] = high
    return keys


def integer(draw: Draw) -> Drawn:
    low = draw(st.sampled_from([-(2**31) + 9, -7, -1, 0, 1, 18, 2**31 - 60]))
    return Drawn(_bounds(draw, low, low + draw(st.integers(3, 50))), st.just(low + 1))


def bigint(draw: Draw) -> Drawn:
    low = draw(st.sampled_from([-(10**17), -1, 0, 10**16]))
    return Drawn(_bounds(draw, low, low + draw(st.integers(3, 10**6))), st.just(low + 1))


def floating(draw: Draw) -> Drawn:
    low = draw(st.sampled_from([-1e300, -273.15, -1, 0, 0.1, 1e-300, 1e10]))
    high = low + draw(st.sampled_from([1, 0.3, 100])) * max(1.0, abs(low))
    return Drawn(_bounds(draw, low, high), st.floats(low, high, exclude_min=True, exclude_max=True))


def decimal(draw: Draw) -> Drawn:
    precision = draw(st.integers(1, 18))
    scale = draw(st.integers(0, precision))
    keys = {"precision": precision, "scale": scale}
    if maybe(draw, 4):
        keys, precision, scale = {}, 12, 2
    step = Decimal(1).scaleb(-scale)
    low, high = sorted(draw(st.tuples(*[st.integers(-9, 9)] * 2)))
    high = max(high, low + 3)
    if high > 9:
        low, high = low - 3, high - 3
    bounds = {key: f"{step * n:f}" for key, n in _bounds(draw, low, high).items()}
    return Drawn({**keys, **bounds}, st.just(f"{step * (low + 1):f}"))


def _moments(draw: Draw, known: list[Any], show: Any) -> Drawn:  # noqa: ANN401 (any moment)
    first = draw(st.integers(0, len(known) - 3))
    last = draw(st.integers(first + 2, len(known) - 1))
    bounds = _bounds(draw, show(known[first]), show(known[last]))
    return Drawn(bounds, st.sampled_from([show(one) for one in known[first + 1 : last]]))


def day(draw: Draw) -> Drawn:
    days = [date(year, 2, 28) + timedelta(days=n) for year in (1, 1900, 2024, 9999) for n in (0, 1)]
    return _moments(draw, days, date.isoformat)


def clock(draw: Draw) -> Drawn:
    words = ("00:00:00", "00:00:01", "08:30:00", "12:00:00.000001", "18:00:00", "23:59:59")
    return _moments(draw, list(words), str)


def instant(draw: Draw) -> Drawn:
    moments = [datetime(year, 2, 28, 12, 30, n) for year in (2, 1970, 2024) for n in (0, 9)]  # noqa: DTZ001
    zone = draw(st.sampled_from(["Z", "+00:00", "+02:00", "-11:30"]))
    return _moments(draw, moments, lambda one: one.isoformat() + zone)


def duration(draw: Draw) -> Drawn:
    return _moments(draw, ["PT0S", "PT1S", "PT1H30M", "P1D", "P2W", "P1000DT1S"], str)


def octets(draw: Draw) -> Drawn:
    keys, low, high = _lengths(draw, 65_535)
    values = st.binary(min_size=low, max_size=min(high, low + 9))
    return Drawn(keys, values.map(lambda b: base64.b64encode(b).decode()), size=None)


def anything(_draw: Draw) -> Drawn:
    leaf = st.sampled_from(["x", 'a"b\\', "ü", 1, -2.5, True, None])
    inside = st.lists(leaf, max_size=2) | st.dictionaries(st.sampled_from("aß'"), leaf, max_size=2)
    return Drawn({}, inside | st.sampled_from(["text", 0, False]), size=None)


def array(draw: Draw) -> Drawn:
    kind = draw(st.sampled_from([name for name in TYPES if name not in {"array", "json"}]))
    items = TYPES[kind](draw)
    low = draw(st.integers(0, 3))
    high = low + draw(st.integers(0 if low else 1, 4))
    said = {"min_items": low, "max_items": high} if maybe(draw) else {"max_items": high}
    values = st.lists(items.values, min_size=low, max_size=high)
    keys = {"items": {"type": kind, **items.keys}, **said}
    return Drawn(keys, values, several=False, size=None)


TYPES: dict[str, Any] = {
    "string": string,
    "text": text,
    "integer": integer,
    "bigint": bigint,
    "float": floating,
    "decimal": decimal,
    "boolean": boolean,
    "date": day,
    "time": clock,
    "datetime": instant,
    "duration": duration,
    "uuid": uuid,
    "email": email,
    "url": url,
    "enum": enum,
    "json": anything,
    "bytes": octets,
    "array": array,
}
