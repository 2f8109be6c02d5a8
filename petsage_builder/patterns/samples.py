"""Texts that a pattern matches, as plain as can be, and texts that it does not."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING, Final

from petsage_builder.patterns.tree import LAST_CHAR, Chars, Choice, Node, Repeat, Sequence, children
from petsage_builder.text import invisible

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LENGTH: Final = 400  # longer samples help nobody

_LOWER: Final = "abcdefghijklmnopqrstuvwxyz"
_PLAIN: Final = _LOWER + _LOWER.upper() + "0123456789-_.,:;/@#+*=~!?$%&|^'\"`()[]{}<>\\ "
_ODD: Final = "!~?#- a0A_.,:;/@+*=$%&|^'\"`()[]{}<>\\zZ9\u00e9\n"
_SURROGATES: Final = range(0xD800, 0xE000)
_COUNTS_TRIED: Final = 3
_SCANNED: Final = 2000
_ANYTHING: Final = Repeat(Chars(((0, LAST_CHAR),)), 0, None)


def matching(tree: Node, *, shortest: int, longest: int, count: int) -> Iterator[str]:
    """Texts that should match, the shortest first; at most `count` of each length."""
    longest = min(longest, MAX_LENGTH)
    if shortest <= longest:
        source = _source(tree, _Limits((1 << longest + 1) - 1, count))
        for length in _bits(source.lengths):
            if length >= shortest:
                yield from source.texts(length)


def around(tree: Node) -> Node:
    """The tree with any text before and after it."""
    return Sequence((_ANYTHING, tree, _ANYTHING))


def not_matching(samples: tuple[str, ...], *, shortest: int, longest: int) -> Iterator[str]:
    """Texts that may well not match: one character over and over, and samples with an error."""
    longest = min(longest, MAX_LENGTH)
    edges = {max(shortest, 1), shortest + 1, *map(len, samples), longest, 0}
    for length in sorted(edges, key=lambda edge: (not edge, edge)):
        if shortest <= length <= longest:
            yield from (char * length for char in _ODD)
    for sample in samples:
        yield from (text for text in _damaged(sample) if shortest <= len(text) <= longest)


def _damaged(sample: str) -> Iterator[str]:
    for char in _ODD[:8]:
        yield sample + char
        yield char + sample
    for place in range(min(len(sample), 64)):
        yield sample[:place] + sample[place + 1 :]
        yield from (sample[:place] + char + sample[place + 1 :] for char in _ODD[:8])


@dataclass(frozen=True, slots=True)
class _Limits:
    """The lengths that are of use, as the bits of a number, and the texts wanted of each."""

    lengths: int
    count: int


class _Source(ABC):
    """What makes texts of one node; its lengths are the bits of a number."""

    def __init__(self, limits: _Limits, lengths: int) -> None:
        self.limits = limits
        self.lengths = lengths & limits.lengths
        self._made: dict[int, tuple[str, ...]] = {}

    def texts(self, length: int) -> tuple[str, ...]:
        """Some texts of the length, at least one where `lengths` has it."""
        if length not in self._made:
            made = dict.fromkeys(islice(self.make(length), 2 * self.limits.count))
            self._made[length] = tuple(made)[: self.limits.count]
        return self._made[length]

    @abstractmethod
    def make(self, length: int) -> Iterator[str]:
        """The texts of the length, the plainest first."""


class _Nothing(_Source):
    def __init__(self, limits: _Limits) -> None:
        super().__init__(limits, 1)

    def make(self, length: int) -> Iterator[str]:
        yield from [""] * (length == 0)


class _OneChar(_Source):
    def __init__(self, limits: _Limits, node: Chars) -> None:
        self._chars = _plainest(node)
        super().__init__(limits, 0b10 if self._chars else 0)

    def make(self, length: int) -> Iterator[str]:
        yield from self._chars * (length == 1)


class _Either(_Source):
    def __init__(self, limits: _Limits, options: list[_Source]) -> None:
        self._options = options
        super().__init__(limits, _union(option.lengths for option in options))

    def make(self, length: int) -> Iterator[str]:
        for option in self._options:
            if option.lengths >> length & 1:
                yield from option.texts(length)


class _Pair(_Source):
    def __init__(self, limits: _Limits, left: _Source, right: _Source) -> None:
        self._left = left
        self._right = right
        super().__init__(limits, _sums(left.lengths, right.lengths, limits))

    def make(self, length: int) -> Iterator[str]:
        splits = (n for n in _bits(self._left.lengths) if n <= length)
        fitting = (n for n in splits if self._right.lengths >> (length - n) & 1)
        # A few splits are enough: where each gives one and the same text, all would take long.
        for split in islice(fitting, self.limits.count):
            pairs = product(self._left.texts(split), self._right.texts(length - split))
            yield from (left + right for left, right in pairs)


class _Times(_Source):
    def __init__(self, limits: _Limits, body: _Source, least: int, most: int | None) -> None:
        self._powers = {0: _Nothing(limits), 1: body}
        self._least = least
        self._most = min(limits.lengths.bit_length(), 1000 if most is None else most)
        super().__init__(limits, self._all_lengths(limits))

    def make(self, length: int) -> Iterator[str]:
        times = range(self._least, self._most + 1)
        fitting = (n for n in times if self._power(n).lengths >> length & 1)
        for n in islice(fitting, _COUNTS_TRIED):
            yield from self._power(n).texts(length)

    def _power(self, times: int) -> _Source:
        if times not in self._powers:
            # Halves, so that no text is deeper than the logarithm of its length.
            half = times // 2
            pair = _Pair(self.limits, self._power(half), self._power(times - half))
            self._powers[times] = pair
        return self._powers[times]

    def _all_lengths(self, limits: _Limits) -> int:
        body = self._powers[1].lengths
        needed = _power_sums(body, self._least, limits)
        spare = _power_sums(body | 1, max(0, self._most - self._least), limits)
        return _sums(needed, spare, limits) if self._least <= self._most else 0


def _source(node: Node, limits: _Limits) -> _Source:
    match node:
        case Chars():
            return _OneChar(limits, node)
        case Choice(options):
            return _Either(limits, [_source(option, limits) for option in options])
        case Repeat(body, least, most):
            return _Times(limits, _source(body, limits), least, most)
        case _:
            return _joined([_source(part, limits) for part in children(node)], limits)


def _joined(parts: list[_Source], limits: _Limits) -> _Source:
    if len(parts) < 2:
        return parts[0] if parts else _Nothing(limits)
    half = len(parts) // 2
    return _Pair(limits, _joined(parts[:half], limits), _joined(parts[half:], limits))


def _plainest(node: Chars) -> tuple[str, ...]:
    """The characters to show the set with; none that no text may hold."""
    plain = tuple(char for char in _PLAIN if _holds(node, ord(char)))
    if plain:
        return plain
    codes = (code for low, high in node.ranges for code in range(low, min(high, low + 200) + 1))
    allowed = [chr(code) for code in islice(codes, _SCANNED) if code and code not in _SURROGATES]
    visible = [char for char in allowed if not invisible(char)]
    return tuple(visible or allowed)[: len(_PLAIN)]


def _holds(node: Chars, code: int) -> bool:
    return any(low <= code <= high for low, high in node.ranges)


def _bits(number: int) -> Iterator[int]:
    """The places of the bits that are set."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def _sums(lengths: int, others: int, limits: _Limits) -> int:
    """Each length of the one plus each of the other."""
    fewer, more = sorted((lengths, others), key=int.bit_count)
    return _union(more << length for length in _bits(fewer)) & limits.lengths


def _power_sums(lengths: int, times: int, limits: _Limits) -> int:
    """The lengths of so many texts, one after the other."""
    total = 1
    for bit in reversed(range(times.bit_length())):
        total = _sums(total, total, limits)
        if times >> bit & 1:
            total = _sums(total, lengths, limits)
    return total


def _union(numbers: Iterator[int]) -> int:
    found = 0
    for number in numbers:
        found |= number
    return found
