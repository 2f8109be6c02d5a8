"""The constraints of a field: taken by its type, within what is possible, and not empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from petsage_builder import patterns, text
from petsage_builder.field_types import FIELD_TYPES
from petsage_builder.field_types.field import Field, FieldType, Value
from petsage_builder.kinds.entities.request import FieldRequest, ItemRequest
from petsage_builder.kinds.entities.rules import samples
from petsage_builder.kinds.entities.rules.flaw import Flaw
from petsage_builder.names import Ident
from petsage_builder.python_code import Code
from petsage_builder.text import Text, TextError

BOUND_KEYS = ("min", "exclusive_min", "max", "exclusive_max")
KEYS = (
    *BOUND_KEYS,
    *("min_length", "max_length", "pattern", "precision", "scale", "values"),
    *("items", "min_items", "max_items"),
)
LENGTH_KEYS = (("min_length", "max_length"), ("min_items", "max_items"))
MAX_VALUES = 100
MAX_VALUE = 100
MAX_PATTERN = 500
ITEM = Ident("item")


def constrained(field: Field, asked: ItemRequest, found: list[Flaw]) -> Field:
    """The field with its constraints; what is wrong with them is added to what was found."""
    before = len(found)
    _check_keys(asked, found)
    field = _with_lengths(field, asked, found)
    field = _with_digits(field, asked, found)
    field = _with_pattern(field, asked, found)
    field = _with_words(field, asked, found)
    field = _with_items(field, asked, found)
    if len(found) == before:  # bounds are read by a type whose digits are known
        field = _with_bounds(field, asked, found)
    return field


def given(asked: ItemRequest, key: str) -> Value:
    """What was given for a constraint; None when nothing was."""
    return getattr(asked, key, None)


def _check_keys(asked: ItemRequest, found: list[Flaw]) -> None:
    taken = FIELD_TYPES[asked.type].keys
    listed = ", ".join(key for key in KEYS if key in taken)
    takes = f"It takes {listed}." if listed else "It takes no constraints."
    for key in KEYS:
        if key not in taken and given(asked, key) is not None:
            message = f"a type {asked.type} takes no {key}."
            found.append(Flaw((key,), message, takes, at_key=True))


def _with_lengths(field: Field, asked: ItemRequest, found: list[Flaw]) -> Field:
    """The field with its lengths: of characters, of bytes or of items."""
    keys = next((pair for pair in LENGTH_KEYS if pair[1] in field.type.keys), None)
    if keys is None:
        return replace(field, max_length=field.type.limits.get("max_length", 0))
    least, most = (given(asked, key) if key in field.type.keys else None for key in keys)
    limit = field.type.limits[keys[1]]
    if flaw := _beyond_caps(field.type, {keys[1]: most, keys[0]: least}):
        found.append(flaw)
    elif least is not None and least > (limit if most is None else most):
        above = f"{keys[1]}, which is {limit} when not given" if most is None else keys[1]
        message = f"must not be above {above}; {text.show(least)} is."
        found.append(Flaw((keys[0],), message, f"Change {keys[0]} or {keys[1]}."))
    return replace(field, min_length=least or 0, max_length=limit if most is None else most)


def _beyond_caps(kind: FieldType, said: Mapping[str, int | None]) -> Flaw | None:
    for key, count in said.items():
        if count is not None:
            low, high = kind.caps[key]
            if not low <= count <= high:
                return Flaw((key,), f"must be {low} to {high}, not {text.show(count)}.")
    return None


def _with_digits(field: Field, asked: ItemRequest, found: list[Flaw]) -> Field:
    if not {"precision", "scale"} <= field.type.keys:
        return field
    limits = field.type.limits
    precision = limits["precision"] if asked.precision is None else asked.precision
    scale = limits["scale"] if asked.scale is None else asked.scale
    low, high = field.type.caps["precision"]
    if not low <= precision <= high:
        message = f"must be {low} to {high} digits, not {text.show(precision)}."
        found.append(Flaw(("precision",), message))
    elif not 0 <= scale <= precision:
        message = f"must be 0 to {precision} (the precision), not {text.show(scale)}"
        unsaid = ", which it is when not given" if asked.scale is None else ""
        hint = "Precision counts all digits, scale those after the point."
        found.append(Flaw(("scale",), f"{message}{unsaid}.", hint))
    return replace(field, precision=precision, scale=scale)


def _with_pattern(field: Field, asked: ItemRequest, found: list[Flaw]) -> Field:
    if asked.pattern is None or "pattern" not in field.type.keys:
        return field
    pattern = asked.pattern.value
    if not 1 <= len(pattern) <= MAX_PATTERN:
        message = f"has {len(pattern)} characters; 1 to {MAX_PATTERN} are allowed."
        found.append(Flaw(("pattern",), message))
    elif problem := patterns.problem(pattern):
        found.append(Flaw(("pattern",), problem))
    return replace(field, pattern=asked.pattern)


def _with_words(field: Field, asked: ItemRequest, found: list[Flaw]) -> Field:
    """The field with the words of an enum."""
    if "values" not in field.type.keys:
        return field
    values = asked.values or ()
    if not 1 <= len(values) <= MAX_VALUES:
        message = f"must hold 1 to {MAX_VALUES} values, not {len(values)}."
        found.append(Flaw(("values",), message, 'An example is "values": ["dog", "cat"].'))
        return field
    seen: set[Text] = set()
    for index, value in enumerate(values):
        if problem := _word_problem(value):
            found.append(Flaw(("values", index), problem))
        elif value in seen:
            found.append(Flaw(("values", index), f"{text.show(value)} is given twice."))
        seen.add(value)
    return replace(field, values=values)


def _word_problem(value: Text) -> str | None:
    try:
        text.paragraph(value.value, max_chars=MAX_VALUE)
    except TextError as error:
        return str(error)
    return None


def _with_items(field: Field, asked: ItemRequest, found: list[Flaw]) -> Field:
    if "items" not in field.type.keys or not isinstance(asked, FieldRequest):
        return field
    if asked.items is None:
        hint = 'An example is "items": {"type": "string", "max_length": 30}.'
        found.append(Flaw(("items",), "is required, and missing.", hint))
        return field
    inside: list[Flaw] = []
    items = Field(name=ITEM, type=FIELD_TYPES[asked.items.type])
    items = constrained(items, asked.items, inside)
    if not inside and not samples.count(items, 1):
        hint = "Take a simpler pattern, or other lengths."
        inside.append(Flaw(("pattern",), "no value could be made that fits.", hint))
    found += (flaw.below("items") for flaw in inside)
    return replace(field, items=items)


def _with_bounds(field: Field, asked: ItemRequest, found: list[Flaw]) -> Field:
    values: dict[str, Value] = {}
    before = len(found)
    for key in BOUND_KEYS:
        if given(asked, key) is not None:
            try:
                values[key] = field.type.parse(given(asked, key), field)
            except ValueError as error:
                found.append(Flaw((key,), str(error)))
    bounded = replace(field, **values)
    if values and len(found) == before:
        found += _range_problem(bounded, [key for key in BOUND_KEYS if key in values])
    return bounded


def _range_problem(field: Field, keys: list[str]) -> list[Flaw]:
    """The flaw for two bounds of one side, or bounds with nothing between."""
    for one, other in (BOUND_KEYS[:2], BOUND_KEYS[2:]):
        if {one, other} <= set(keys):
            return [Flaw((other,), f"is given beside `{one}`.", "Keep one of them.")]
    values = [getattr(field, key) for key in keys]
    if len(keys) == 2 and (values[0] > values[1] or (values[0] == values[1] and _exclusive(keys))):
        shown = [_written(field.type.show(value)) for value in values]
        message = f"{keys[0]} {shown[0]} and {keys[1]} {shown[1]} leave no value."
        return [Flaw((keys[1],), message, "Give a larger range.")]
    if next(samples.made(field), None) is None:
        message = "leaves no value of this type that fits."
        return [Flaw((keys[-1],), message, "Give a larger range.")]
    return []


def _exclusive(keys: list[str]) -> bool:
    return any(key.startswith("exclusive") for key in keys)


def _written(code: Code) -> str:
    return text.show(code.value if isinstance(code, Text) else code)
