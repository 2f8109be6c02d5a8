"""What may change in an API, and what of it breaks clients: the one table.

What only may break a client counts as breaking, and so does what nobody can tell, such as a
pattern that is another one. Texts, examples, defaults of answers and names that never go over the
wire are no part of an API.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace


class Rule(enum.Enum):
    """A change of an operation in words, and why it breaks clients ("" where it does not)."""

    ADDED = ("added: takes {place}; answers {what}", "")
    REMOVED = ("removed", "clients that call it find nothing")
    MOVED = ("moved here from {what}", "clients that call it there find nothing")

    TAKES = ("takes {place}, which may be left out", "")
    NEEDS = ("needs {place}", "requests without it are refused")
    NEEDS_NO_MORE = ("no longer needs {place}", "")
    TAKES_NO_MORE = ("no longer takes {place}", "requests with it are refused, or it does nothing")
    TAKES_MORE = ("takes more as {place}: {what}", "")
    TAKES_LESS = ("takes less as {place}: {what}", "what was taken may be refused")
    TAKES_OTHER = ("takes something else as {place}: {what}", "what was taken may be refused")
    NEEDS_CONDITION = (
        "needs a condition such as header If-Match: may answer 428",
        "requests without one are refused",
    )
    ASSUMES = ("takes {what} for {place} where it is left out", "")

    ANSWERS = ("answers {place}", "")
    ANSWERS_NO_MORE = ("no longer answers {place}", "clients that read it find nothing")
    MAY_LACK = ("may answer without {place}", "clients that read it may find nothing")
    ALWAYS_ANSWERS = ("always answers {place}", "")
    ANSWERS_MORE = ("answers more as {place}: {what}", "clients may get what they don't know")
    ANSWERS_LESS = ("answers less as {place}: {what}", "")
    ANSWERS_OTHER = ("answers something else as {place}: {what}", "clients may not know it")
    SUCCEEDS = ("may answer {place}", "clients may get what they don't know")
    FAILS = ("may answer {place}", "")
    FAILS_NO_MORE = ("no longer answers {place}", "")

    @property
    def words(self) -> str:
        return self.value[0]

    @property
    def why(self) -> str:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Way:
    """The rules of one direction: what is taken, or what is answered.

    `more`, `less`, `other`: of the values of something; `new`, `gone`: something; `needed`: it was
    not always there, and has to be now.
    """

    more: Rule
    less: Rule
    other: Rule
    new: Rule
    new_and_needed: Rule
    gone: Rule
    needed: Rule
    needed_no_more: Rule


TAKEN = Way(
    more=Rule.TAKES_MORE,
    less=Rule.TAKES_LESS,
    other=Rule.TAKES_OTHER,
    new=Rule.TAKES,
    new_and_needed=Rule.NEEDS,
    gone=Rule.TAKES_NO_MORE,
    needed=Rule.NEEDS,
    needed_no_more=Rule.NEEDS_NO_MORE,
)
ANSWERED = Way(
    more=Rule.ANSWERS_MORE,
    less=Rule.ANSWERS_LESS,
    other=Rule.ANSWERS_OTHER,
    new=Rule.ANSWERS,
    new_and_needed=Rule.ANSWERS,
    gone=Rule.ANSWERS_NO_MORE,
    needed=Rule.ALWAYS_ANSWERS,
    needed_no_more=Rule.MAY_LACK,
)
# Of statuses only.
SUCCEEDED = replace(ANSWERED, new=Rule.SUCCEEDS)
FAILED = replace(ANSWERED, new=Rule.FAILS, gone=Rule.FAILS_NO_MORE)


@dataclass(frozen=True, slots=True)
class Found:
    """A rule that applies; `place` is the field or the part that it is about."""

    rule: Rule
    place: str = ""
    what: str = ""


def presence(way: Way, old: Mapping[str, bool], new: Mapping[str, bool]) -> Iterator[Found]:
    """What is gone, new, or has to be there now; each by its place, and whether it has to be."""
    for place in {**old, **new}:
        if place not in new:
            yield Found(way.gone, place)
        elif place not in old:
            yield Found(way.new_and_needed if new[place] else way.new, place)
        elif old[place] != new[place]:
            yield Found(way.needed if new[place] else way.needed_no_more, place)
