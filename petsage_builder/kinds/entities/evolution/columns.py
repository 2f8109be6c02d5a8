"""A field before and after: whether its values can stay, and what no longer fits."""

from __future__ import annotations

from collections.abc import Iterator

from petsage_builder import text
from petsage_builder.field_types.field import Field, Value
from petsage_builder.text import Text


def stays(old: Field, new: Field) -> bool:
    """Whether the values of the one column become those of the other, as far as they fit."""
    if old.hash != new.hash:
        return False
    if old.items is not None and new.items is not None:
        return _readable(old.items, new.items)
    return new.type.keeps_like(old.type)


def _readable(old: Field, new: Field) -> bool:
    """Whether every item of a list can be read as it will be: its text is not looked into."""
    fewer = new.scale < old.scale or _whole(new) < _whole(old)
    return stays(old, new) and not fewer and not removed(old, new)


def removed(old: Field, new: Field) -> tuple[Text, ...]:
    """The words that are no longer among those of an enum."""
    return tuple(value for value in old.values if new.values and value not in new.values)


def unlisted(old: Field, new: Field) -> bool:
    """Whether rows may hold words that the enum does not have."""
    return bool(new.values) and (not old.values or bool(removed(old, new)))


def narrowings(old: Field, new: Field) -> Iterator[str]:
    """Every way in which values that were allowed are allowed no more."""
    if not new.type.takes_all_of(old.type):
        yield f"type {old.type.name} becomes {new.type.name}"
    for value in removed(old, new):
        yield f"the value {text.show(value)} is gone"
    yield from _lengths(old, new)
    yield from _bounds(old, new)
    yield from _digits(old, new)
    if new.pattern is not None and new.pattern != old.pattern:
        yield "the pattern is another one" if old.pattern else "it has a pattern now"
    if old.items is not None and new.items is not None:
        yield from (f"of its items, {said}" for said in narrowings(old.items, new.items))


def _lengths(old: Field, new: Field) -> Iterator[str]:
    unit = "items" if new.items is not None else "length"
    if 0 < new.max_length < _longest(old):
        yield f"max_{unit} {_longest(old)} becomes {new.max_length}"
    if new.min_length > old.min_length and not old.values:
        yield f"min_{unit} {old.min_length} becomes {new.min_length}"


def _longest(field: Field) -> int:
    return max((len(value.value) for value in field.values), default=field.max_length)


def _whole(field: Field) -> int:
    return field.precision - field.scale


def _digits(old: Field, new: Field) -> Iterator[str]:
    if new.scale < old.scale:
        yield f"scale {old.scale} becomes {new.scale}"
    if _whole(new) < _whole(old):
        yield f"digits before the point {_whole(old)} become {_whole(new)}"


def _bounds(old: Field, new: Field) -> Iterator[str]:
    if not old.type.keeps_like(new.type):
        return  # their values do not compare
    lows = (_bound(old.min, old.exclusive_min), _bound(new.min, new.exclusive_min))
    highs = (_bound(old.max, old.exclusive_max), _bound(new.max, new.exclusive_max))
    if _tighter(*lows, higher=True):
        yield "its least value is larger"
    if _tighter(*highs, higher=False):
        yield "its largest value is smaller"


def _bound(inclusive: Value, exclusive: Value) -> tuple[Value, bool] | None:
    if exclusive is not None:
        return exclusive, True
    return None if inclusive is None else (inclusive, False)


def _tighter(
    old: tuple[Value, bool] | None, new: tuple[Value, bool] | None, *, higher: bool
) -> bool:
    if new is None:
        return False
    if old is None or old[0] == new[0]:
        return old is None or new[1] > old[1]
    return bool(new[0] > old[0]) is higher
