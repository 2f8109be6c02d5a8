"""Durations in ISO 8601: weeks, or days, hours, minutes and seconds, to the microsecond."""

import re
from datetime import timedelta

_UNITS = {"W": "weeks", "D": "days", "H": "hours", "M": "minutes", "S": "seconds"}


def _clock(hours: str, minutes: str, seconds: str) -> str:

    seconds = rf"{seconds}(?:\.[0-9]{{1,6}})?S"
    return f"T(?:{hours}H(?:{minutes}M)?(?:{seconds})?|{minutes}M(?:{seconds})?|{seconds})"


# Beside days the smaller units stay under a day, so that nothing is written with a ninth digit.
PATTERN = (
    f"^P(?:[0-9]{{1,8}}D(?:{_clock('(?:1?[0-9]|2[0-3])', '[1-5]?[0-9]', '[1-5]?[0-9]')})?"
    f"|{_clock('[0-9]{1,8}', '[0-9]{1,8}', '[0-9]{1,8}')}|[0-9]{{1,7}}W)$"
)


def read(text: str) -> timedelta:
    """The duration that a text of the pattern says."""
    parts = re.findall(r"([0-9.]+)([WDHMS])", text)
    return timedelta(**{_UNITS[unit]: float(number) for number, unit in parts})


def write(duration: timedelta) -> str:
    """The one text for a duration."""
    minutes, seconds = divmod(duration.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{duration.microseconds:06}" if duration.microseconds else ""
    return f"P{duration.days}DT{hours}H{minutes}M{seconds}{fraction}S"
