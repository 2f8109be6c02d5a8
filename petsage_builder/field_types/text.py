"""The types that are any text: string, text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from petsage_builder import patterns, text
from petsage_builder.field_types import lengths
from petsage_builder.field_types.annotations import constrained, described
from petsage_builder.field_types.bounds import ENOUGH, SAMPLES
from petsage_builder.field_types.cases import BOOLEAN, NUL, NUMBER
from petsage_builder.field_types.field import TEXTUAL, Case, Column, Field, FieldType
from petsage_builder.field_types.lengths import LENGTHS
from petsage_builder.python_code import Code, Name, Raw, Repeat, annotated, call
from petsage_builder.text import Text

HASH_SIZE = 200
WORDS = ("amber", "birch", "cedar", "daisy", "elder", "fern", "ginger", "hazel", "iris", "jade")


def as_text(value: object) -> str:
    """The string itself, cleaned; ValueError for what is no harmless string."""
    if not isinstance(value, str):
        raise ValueError("must be a string.")
    return text.clean(value).value


def read_text(value: object, field: Field) -> str:
    """The text, cleaned; ValueError where it breaks what the field asks of its texts."""
    found = as_text(value)
    if len(found) < field.min_length:
        raise ValueError(f"has {len(found)} characters; at least {field.min_length} are needed.")
    if len(found) > field.max_length:
        raise ValueError(f"has {len(found)} characters; at most {field.max_length} are allowed.")
    if field.min_length and not found.strip():
        raise ValueError("is blank, which min_length does not allow.")
    if field.pattern is not None and not patterns.matches(field.pattern.value, found):
        raise ValueError(f"does not match the pattern {text.show(field.pattern)}.")
    return found


def _wire(field: Field) -> Code:
    base = "types.Filled" if field.min_length else "types.Text"
    said = lengths.lengths(field)
    if field.min_length == 1:
        del said["min_length"]  # what is filled has a character
    if field.pattern is None:
        return constrained(Name(base, ".core"), field, **said)
    if _loose(field, field.pattern.value):
        limits = call(Name("Field", "pydantic"), **said)
        also = call(Name("types.Pattern", ".core"), Raw(field.pattern))
        return annotated(Name(base, ".core"), limits, also, *described(field))
    return constrained(Name("types.Str", ".core"), field, pattern=Raw(field.pattern), **said)


def _loose(field: Field, pattern: str) -> bool:
    """Whether the pattern lets through what no text may be."""
    return patterns.admits_nul(pattern) or (field.min_length > 0 and patterns.admits_blank(pattern))


def _valid(field: Field) -> Iterator[str]:
    if field.pattern is None:
        return _words(field.min_length, field.max_length)
    limits = {"min_length": field.min_length, "max_length": field.max_length}
    return iter(patterns.examples(field.pattern.value, **limits, count=SAMPLES))


def _words(least: int, most: int) -> Iterator[str]:
    """Plain words that fit, ascending; letters where few do."""
    fitting = [f"{word:x<{least}}" for word in WORDS if len(word) <= most]
    if not most:
        fitting = [""]
    elif len(fitting) < ENOUGH:
        fitting = [letter * max(1, least) for letter in "abcdefghij"]
    yield from fitting


def _inside(field: Field) -> Iterator[Case]:
    if field.pattern is None:
        yield from lengths.inside(field, lengths.letters, "character")
        return
    for number, example in enumerate(islice(_valid(field), 3), start=1):
        yield Case(f"matching_{number}", Text(example))


def _outside(field: Field) -> Iterator[Case]:
    yield from lengths.outside(field, lengths.letters, "character")
    if field.min_length:
        yield Case("blank", Repeat(Text(" "), field.min_length))
    if field.pattern is not None:
        limits = {"min_length": field.min_length, "max_length": field.max_length}
        unmatched = patterns.counterexample(field.pattern.value, **limits)
        if unmatched is not None:
            yield Case("not_matching", Text(unmatched))


def string_column(field: Field) -> Column:
    """As many characters as the field takes; a hash has its own length."""
    size = HASH_SIZE if field.hash else field.max_length
    return Column(call("sa.String", size), call("sa.String", length=size))


def plain_string(_field: Field) -> Code:
    """`str`."""
    return Name("str")


STRING = FieldType(
    name="string",
    means="a line of text",
    wire_type="string",
    keys=LENGTHS | {"pattern"},
    limits={"max_length": 255},
    caps={"min_length": lengths.LEAST, "max_length": (1, 10_000)},
    parse=read_text,
    show=Text,
    literal=Text,
    family="text",
    widens_to=frozenset({"text"}),
    wire=_wire,
    plain=plain_string,
    python=plain_string,
    column=string_column,
    valid=_valid,
    inside=_inside,
    outside=_outside,
    wrong=(NUMBER, BOOLEAN, NUL),
    width=lambda field: 4 * field.max_length,
    operators=TEXTUAL,
    searchable=True,
    hashes=True,
)
TEXT = replace(
    STRING,
    name="text",
    means="text of any length, over several lines",
    widens_to=frozenset(),
    limits={"max_length": 10_000},
    caps={"min_length": lengths.LEAST, "max_length": (1, 1_000_000)},
    column=lambda _: Column(Name("sa.Text"), call("sa.Text")),
    sortable=False,
    unique=False,
    hashes=False,
)
