"""The types of time: date, time, datetime, duration."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from petsage_builder.field_types.bounds import Range, bounds, constrained, described
from petsage_builder.field_types.field import (
    BOUNDS,
    ORDER,
    Case,
    Column,
    Field,
    FieldType,
    Value,
)
from petsage_builder.field_types.text import BOOLEAN, NUMBER, as_text
from petsage_builder.python_code import Code, Name, annotated, call
from petsage_builder.text import Text

WORD = Case("a_word", Text("soon"))
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?")
MICROSECOND = timedelta(microseconds=1)
LONGEST = timedelta(days=99_999_999)


def _within(value: Value, field: Field, whole: Range) -> Value:
    """The value, or a ValueError that names the bound it breaks."""
    for broken, word, bound in (
        (value < whole.least(field), "least", whole.least(field)),
        (value > whole.most(field), "most", whole.most(field)),
    ):
        if broken:
            shown = field.type.show(bound)
            raise ValueError(f"must be at {word} {shown.value if isinstance(shown, Text) else ''}.")
    return value


def _unsaid(field: Field) -> bool:
    return not field.bounded


def _moment(  # noqa: PLR0913 (what differs between the four)
    name: str,
    means: str,
    *,
    parse: Callable[[str], Value],
    example: str,
    show: Callable[[Value], Code],
    literal: Callable[[Value], Code],
    python: Name,
    wire: Name,
    column: Column,
    whole: Range,
    wrong: tuple[Case, ...],
) -> FieldType:
    def read(value: object, field: Field) -> Value:
        try:
            found = parse(as_text(value))
        except (ValueError, OverflowError) as error:
            raise ValueError(f"is no {name}, such as {example}.") from error
        return _within(found, field, whole)

    plain = wire if name in {"time", "duration"} else python
    return FieldType(
        name=name,
        means=means,
        wire_type="string",
        keys=BOUNDS,
        parse=read,
        show=show,
        literal=literal,
        wire=lambda field: _wire(field, python, wire, literal),
        plain=lambda _: plain,
        python=lambda _: python,
        column=lambda _: column,
        valid=whole.valid,
        inside=whole.inside,
        outside=whole.outside,
        wrong=(NUMBER, BOOLEAN, WORD, *wrong),
        operators=ORDER,
        comparable=True,
        default_in_schema=name != "duration",
        schema_says_all=_unsaid,
    )


def _wire(field: Field, python: Name, wire: Name, literal: Callable[[Value], Code]) -> Code:
    """The type itself, or the object with its bounds in front of what reads it."""
    said = bounds(field, literal)
    if not said:
        return constrained(wire, field)
    reader = Name(f"types.Iso{wire.value.removeprefix('types.')}", ".core")
    return annotated(python, call(Name("Field", "pydantic"), **said), reader, *described(field))


def _day(value: str) -> date:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) is None:
        raise ValueError("no day")
    return date.fromisoformat(value)


DATE = _moment(
    "date",
    "a day",
    parse=_day,
    example="2024-02-29",
    show=lambda value: Text(value.isoformat()),
    literal=lambda value: call(Name("date", "datetime"), value.year, value.month, value.day),
    python=Name("date", "datetime"),
    wire=Name("types.Date", ".core"),
    column=Column(Name("sa.Date"), call("sa.Date")),
    whole=Range(
        lambda _: date.min,
        lambda _: date.max,
        lambda _: date(2020, 1, 1),
        lambda value, steps, _: value + timedelta(days=steps),
    ),
    wrong=(Case("a_day_that_is_none", Text("2023-02-29")), Case("a_moment", Text("2023-02-28T12"))),
)


def _clock(value: str) -> time:
    if TIME.fullmatch(value) is None:
        raise ValueError("no time")
    return time.fromisoformat(value)


def _time_after(value: time, steps: int, _field: Field) -> time:
    unit = MICROSECOND if abs(steps) == 1 and value.microsecond else timedelta(minutes=1)
    moment = datetime.combine(date(2000, 1, 2), value) + unit * steps
    return moment.time() if moment.date() == date(2000, 1, 2) else (time.max, time.min)[steps < 0]


def _time_literal(value: time) -> Code:
    parts: list[Code] = [value.hour, value.minute, value.second, value.microsecond]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    return call(Name("time", "datetime"), *parts)


CLOCK = _moment(
    "time",
    "a time of day, without a zone",
    parse=_clock,
    example="08:30:00",
    show=lambda value: Text(value.isoformat()),
    literal=_time_literal,
    python=Name("time", "datetime"),
    wire=Name("types.Time", ".core"),
    column=Column(Name("sa.Time"), call("sa.Time")),
    whole=Range(lambda _: time.min, lambda _: time.max, lambda _: time(9), _time_after),
    wrong=(Case("a_time_with_a_zone", Text("08:30:00Z")), Case("hour_24", Text("24:00:00"))),
)


def _instant(value: str) -> datetime:
    if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T", value) is None:
        raise ValueError("no instant")
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError("no zone")
    return found.astimezone(UTC)


def _show_instant(value: datetime) -> Code:
    return Text(value.isoformat().replace("+00:00", "Z"))


def _instant_literal(value: datetime) -> Code:
    parts: list[Code] = [value.year, value.month, value.day, value.hour, value.minute]
    parts += [value.second, value.microsecond]
    while len(parts) > 3 and parts[-1] == 0:
        parts.pop()
    return call(Name("datetime", "datetime"), *parts, tzinfo=Name("UTC", "datetime"))


INSTANT = _moment(
    "datetime",
    "a moment, with its zone; kept and answered in UTC",
    parse=_instant,
    example="2024-02-29T08:30:00Z",
    show=_show_instant,
    literal=_instant_literal,
    python=Name("datetime", "datetime"),
    wire=Name("types.DateTime", ".core"),
    column=Column(
        Name("UTCDateTime", ".core.columns"),
        call("sa.DateTime", timezone=True),
    ),
    whole=Range(
        lambda _: datetime(1, 1, 2, tzinfo=UTC),
        lambda _: datetime(9999, 12, 30, tzinfo=UTC),
        lambda _: datetime(2020, 1, 1, 12, tzinfo=UTC),
        lambda value, steps, _: value + timedelta(seconds=steps),
    ),
    wrong=(
        Case("a_moment_without_a_zone", Text("2024-02-29T08:30:00")),
        Case("a_day", Text("2024-02-29")),
        Case("a_moment_that_is_none", Text("2023-02-29T08:30:00Z")),
    ),
)

SPAN = re.compile(
    r"P(?:(?P<weeks>[0-9]{1,7})W|(?:(?P<days>[0-9]{1,8})D)?(?:T(?:(?P<hours>[0-9]{1,8})H)?"
    r"(?:(?P<minutes>[0-9]{1,8})M)?(?:(?P<seconds>[0-9]{1,8}(?:\.[0-9]{1,6})?)S)?)?)"
)


def _span(value: str) -> timedelta:
    found = SPAN.fullmatch(value)
    if found is None or value[-1] in "PT":
        raise ValueError("no duration")
    return timedelta(**{unit: float(count) for unit, count in found.groupdict("0").items()})


def _show_span(value: timedelta) -> Code:
    """As the generated app writes it: P1DT2H3M4S, every unit said."""
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{value.microseconds:06d}" if value.microseconds else ""
    return Text(f"P{value.days}DT{hours}H{minutes}M{seconds}{fraction}S")


def _span_literal(value: timedelta) -> Code:
    parts = {"days": value.days, "seconds": value.seconds, "microseconds": value.microseconds}
    said: dict[str, Code] = {unit: count for unit, count in parts.items() if count}
    return call(Name("timedelta", "datetime"), *(() if said else (0,)), **said)


DURATION = _moment(
    "duration",
    "a length of time, as ISO 8601 writes it",
    parse=_span,
    example="P1DT2H30M",
    show=_show_span,
    literal=_span_literal,
    python=Name("timedelta", "datetime"),
    wire=Name("types.Duration", ".core"),
    column=Column(Name("Duration", ".core.columns"), call("sa.BigInteger")),
    whole=Range(
        lambda _: timedelta(0),
        lambda _: LONGEST,
        lambda _: timedelta(hours=1),
        lambda value, steps, _: value + timedelta(seconds=steps),
    ),
    wrong=(Case("months", Text("P1M")), Case("nothing", Text("P")), Case("a_clock", Text("1:30"))),
)

TYPES = (DATE, CLOCK, INSTANT, DURATION)
