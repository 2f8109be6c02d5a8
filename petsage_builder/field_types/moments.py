"""The types of time: date, time, datetime, duration."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from petsage_builder.field_types import bounds
from petsage_builder.field_types.annotations import constrained, described
from petsage_builder.field_types.bounds import Range
from petsage_builder.field_types.cases import BOOLEAN, NUMBER, WORD
from petsage_builder.field_types.field import BOUNDS, ORDER, Case, Column, Field, FieldType, Value
from petsage_builder.field_types.text import as_text
from petsage_builder.python_code import Code, Name, annotated, call
from petsage_builder.text import Text

MICROSECOND = timedelta(microseconds=1)
SECOND, MINUTE, HOUR, DAY = 10**6, 60 * 10**6, 3600 * 10**6, 86_400 * 10**6
FIRST = datetime(1, 1, 1, tzinfo=UTC)
STEPS = (HOUR, MINUTE, SECOND, 1000, 1)

# The patterns of the generated app's `core/types.py` and `core/durations.py`.
_DAY = "-[0-9]{2}-[0-9]{2}"
_MINUTE = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_SECOND = r":[0-5][0-9](?:\.[0-9]{1,6})?"
_CLOCK = f"{_DAY}T{_MINUTE}{_SECOND}"
DATE_FORM = f"^(?:[1-9][0-9]{{3}}|0[1-9][0-9]{{2}}|00[1-9][0-9]|000[1-9]){_DAY}$"
TIME_FORM = f"^{_MINUTE}(?:{_SECOND})?$"
# An offset could move the first and the last year out of what a datetime can hold.
DATETIME_FORM = (
    "^(?:(?:[1-8][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[2-9]"
    f"|9[0-8][0-9]{{2}}|99[0-8][0-9]|999[0-8]){_CLOCK}(?:Z|[+-]{_MINUTE})"
    f"|(?:0001|9999){_CLOCK}Z)$"
)


def _hours(hours: str, minutes: str, seconds: str) -> str:
    seconds = rf"{seconds}(?:\.[0-9]{{1,6}})?S"
    return f"T(?:{hours}H(?:{minutes}M)?(?:{seconds})?|{minutes}M(?:{seconds})?|{seconds})"


DURATION_FORM = (
    f"^P(?:[0-9]{{1,8}}D(?:{_hours('(?:1?[0-9]|2[0-3])', '[1-5]?[0-9]', '[1-5]?[0-9]')})?"
    f"|{_hours('[0-9]{1,8}', '[0-9]{1,8}', '[0-9]{1,8}')}|[0-9]{{1,7}}W)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """What differs between the four: `reads` is in front of bounds, `wire` where there are none."""

    name: str
    means: str
    form: str
    parse: Callable[[str], Value]
    example: str
    show: Callable[[Value], Code]
    literal: Callable[[Value], Code]
    python: Name
    wire: Name
    reads: Name
    plain: Name
    column: Column
    whole: Range
    kept: Callable[[Value, Field], Code] | None = None
    wrong: tuple[Case, ...]
    default_in_schema: bool = True


def _type(moment: _Moment) -> FieldType:
    def parse(value: object, field: Field) -> Value:
        try:
            found = as_text(value)
            if re.fullmatch(moment.form, found) is None:
                raise ValueError("another form")
            read = moment.parse(found)
        except ValueError as error:
            raise ValueError(f"is no {moment.name}, such as {moment.example}.") from error
        return moment.whole.within(read, field)

    def wire(field: Field) -> Code:
        said = bounds.bounds(field, moment.literal)
        if not said:
            return constrained(moment.wire, field)
        limits = call(Name("Field", "pydantic"), **said)
        return annotated(moment.python, limits, moment.reads, *described(field))

    return FieldType(
        name=moment.name,
        means=moment.means,
        wire_type="string",
        keys=BOUNDS,
        parse=parse,
        show=moment.show,
        literal=moment.literal,
        kept=moment.kept,
        wire=wire,
        plain=lambda _: moment.plain,
        python=lambda _: moment.python,
        column=lambda _: moment.column,
        valid=moment.whole.valid,
        inside=moment.whole.inside,
        outside=moment.whole.outside,
        wrong=(NUMBER, BOOLEAN, WORD, *moment.wrong),
        operators=ORDER,
        comparable=True,
        default_in_schema=moment.default_in_schema,
        schema_says_all=lambda field: not field.bounded,
    )


def _trimmed(least: int, *parts: int) -> tuple[Code, ...]:
    """The parts without the zeros at their end."""
    kept = len(parts)
    while kept > least and parts[kept - 1] == 0:
        kept -= 1
    return parts[:kept]


DATE = _type(
    _Moment(
        name="date",
        means="a day",
        form=DATE_FORM,
        parse=date.fromisoformat,
        example="2024-02-29",
        show=lambda value: Text(value.isoformat()),
        literal=lambda value: call(Name("date", "datetime"), value.year, value.month, value.day),
        python=Name("date", "datetime"),
        wire=Name("types.Date", ".core"),
        reads=Name("types.IsoDate", ".core"),
        plain=Name("date", "datetime"),
        column=Column(Name("sa.Date"), call("sa.Date")),
        whole=Range(
            number=lambda value, _: value.toordinal(),
            value=lambda number, _: date.fromordinal(number),
            ends=lambda _: (date.min.toordinal(), date.max.toordinal()),
            start=lambda _: date(2020, 1, 1).toordinal(),
        ),
        wrong=(
            Case("a_day_that_is_none", Text("2023-02-29")),
            Case("a_moment", Text("2023-02-28T12")),
        ),
    )
)


def _of_day(value: time) -> int:
    clock = timedelta(
        hours=value.hour,
        minutes=value.minute,
        seconds=value.second,
        microseconds=value.microsecond,
    )
    return clock // MICROSECOND


TIME = _type(
    _Moment(
        name="time",
        means="a time of day, without a zone",
        form=TIME_FORM,
        parse=time.fromisoformat,
        example="08:30:00",
        show=lambda value: Text(value.isoformat()),
        literal=lambda value: call(
            Name("time", "datetime"),
            *_trimmed(1, value.hour, value.minute, value.second, value.microsecond),
        ),
        python=Name("time", "datetime"),
        wire=Name("types.Time", ".core"),
        reads=Name("types.IsoTime", ".core"),
        plain=Name("types.Time", ".core"),
        column=Column(Name("sa.Time"), call("sa.Time")),
        whole=Range(
            number=lambda value, _: _of_day(value),
            value=lambda number, _: (FIRST + number * MICROSECOND).time(),
            ends=lambda _: (0, DAY - 1),
            start=lambda _: 9 * HOUR,
            steps=lambda _: STEPS,
        ),
        wrong=(Case("a_time_with_a_zone", Text("08:30:00Z")), Case("hour_24", Text("24:00:00"))),
    )
)


def _show_instant(value: datetime) -> Code:
    return Text(value.isoformat().replace("+00:00", "Z"))


def _instant_literal(value: datetime) -> Code:
    clock = (value.hour, value.minute, value.second, value.microsecond)
    parts = _trimmed(3, value.year, value.month, value.day, *clock)
    return call(Name("datetime", "datetime"), *parts, tzinfo=Name("UTC", "datetime"))


INSTANT = _type(
    _Moment(
        name="datetime",
        means="a moment, with its zone; kept and answered in UTC",
        form=DATETIME_FORM,
        parse=lambda value: datetime.fromisoformat(value).astimezone(UTC),
        example="2024-02-29T08:30:00Z",
        show=_show_instant,
        literal=_instant_literal,
        python=Name("datetime", "datetime"),
        wire=Name("types.DateTime", ".core"),
        reads=Name("types.IsoDateTime", ".core"),
        plain=Name("datetime", "datetime"),
        column=Column(
            Name("UTCDateTime", ".core.columns"),
            call("sa.DateTime", timezone=True),
        ),
        whole=Range(
            number=lambda value, _: (value - FIRST) // MICROSECOND,
            value=lambda number, _: FIRST + number * MICROSECOND,
            ends=lambda _: (0, (datetime.max.replace(tzinfo=UTC) - FIRST) // MICROSECOND),
            start=lambda _: (datetime(2020, 1, 1, 12, tzinfo=UTC) - FIRST) // MICROSECOND,
            steps=lambda _: (DAY, *STEPS),
        ),
        wrong=(
            Case("a_moment_without_a_zone", Text("2024-02-29T08:30:00")),
            Case("a_day", Text("2024-02-29")),
            Case("a_moment_that_is_none", Text("2023-02-29T08:30:00Z")),
        ),
    )
)


def _span(value: str) -> timedelta:
    parts = {unit: float(count) for count, unit in re.findall(r"([0-9.]+)([WDHMS])", value)}
    units = {"weeks": "W", "days": "D", "hours": "H", "minutes": "M", "seconds": "S"}
    return timedelta(**{name: parts.get(unit, 0) for name, unit in units.items()})


def _show_span(value: timedelta) -> Code:
    """As the generated app writes it: P1DT2H3M4S, every unit said."""
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{value.microseconds:06d}" if value.microseconds else ""
    return Text(f"P{value.days}DT{hours}H{minutes}M{seconds}{fraction}S")


def _microseconds(value: timedelta) -> Code:
    """The span as columns hold it."""
    return value // MICROSECOND


def _span_literal(value: timedelta) -> Code:
    parts = {"days": value.days, "seconds": value.seconds, "microseconds": value.microseconds}
    said: dict[str, Code] = {unit: count for unit, count in parts.items() if count}
    return call(Name("timedelta", "datetime"), *(() if said else (0,)), **said)


DURATION = _type(
    _Moment(
        name="duration",
        means="a length of time, as ISO 8601 writes it",
        form=DURATION_FORM,
        parse=_span,
        example="P1DT2H30M",
        show=_show_span,
        literal=_span_literal,
        kept=lambda value, _: _microseconds(value),
        python=Name("timedelta", "datetime"),
        wire=Name("types.Duration", ".core"),
        reads=Name("types.IsoDuration", ".core"),
        plain=Name("types.Duration", ".core"),
        column=Column(Name("Duration", ".core.columns"), call("sa.BigInteger")),
        whole=Range(
            number=lambda value, _: value // MICROSECOND,
            value=lambda number, _: number * MICROSECOND,
            ends=lambda _: (0, 10**8 * DAY - 1),  # days have eight digits
            start=lambda _: HOUR,
            steps=lambda _: STEPS,
        ),
        wrong=(
            Case("months", Text("P1M")),
            Case("nothing", Text("P")),
            Case("a_clock", Text("1:30")),
        ),
        default_in_schema=False,
    )
)
