"""Tests for the strict JSON reader."""

from __future__ import annotations

import io
import json
import os
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from hostile import Case, case_id, cases
from hypothesis import given, settings
from hypothesis import strategies as st

from petsage_builder.errors import Problem, RequestError
from petsage_builder.strict_json import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_PROBLEMS,
    Document,
    Place,
    parse,
    read_file,
    read_stream,
)

# What only the request's own rules can refuse: the JSON itself is in order.
REFUSED_BY_THE_REQUEST = {"raw-20", "raw-26", "raw-28", "raw-29", "raw-30"}
MIB = MAX_BYTES
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)


def problems_of(content: str | bytes) -> tuple[Problem, ...]:
    data = content.encode() if isinstance(content, str) else content
    with pytest.raises(RequestError) as caught:
        parse(data, "r.json")
    return caught.value.problems


def read(content: str) -> Document:
    return parse(content.encode(), "r.json")


@settings(derandomize=True, max_examples=150, deadline=None)
@given(value=JSON_VALUES, indent=st.sampled_from([None, 0, 2]), is_ascii=st.booleans())
def test_every_json_value_is_read_as_the_standard_reader_reads_it(
    value: Any,  # noqa: ANN401 (any JSON)
    indent: int | None,
    is_ascii: bool,  # noqa: FBT001 (drawn by Hypothesis)
) -> None:
    written = json.dumps(value, indent=indent, ensure_ascii=is_ascii)
    assert repr(read(written).value) == repr(json.loads(written))


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text('{}[]",:0123456789.-+eE \n\\utrfalsn"NI', max_size=30))
def test_whatever_is_read_is_json_and_whatever_is_refused_names_its_place(content: str) -> None:
    try:
        value = read(content).value
    except RequestError as error:
        wheres = {problem.where.split(":")[0] for problem in error.problems}
    else:
        assert value == json.loads(content)
        return
    assert wheres == {"r.json"}


@pytest.mark.parametrize("case", cases("raw", "reject"), ids=case_id)
def test_hostile_bytes_are_refused_here_or_left_to_the_request(case: Case) -> None:
    if case.id in REFUSED_BY_THE_REQUEST:
        assert parse(case.value, "r.json").value == json.loads(case.value)
    else:
        assert problems_of(case.value)


@pytest.mark.parametrize("case", cases("raw", "embed"), ids=case_id)
def test_odd_but_sound_bytes_are_read(case: Case) -> None:
    assert repr(parse(case.value, "r.json").value) == repr(json.loads(case.value))


@pytest.mark.parametrize(
    ("content", "where", "message", "hint"),
    [
        ("", "r.json", "the file is empty.", "Write one"),
        (" \n\t", "r.json", "the file is empty.", "Write one"),
        (b"\xef\xbb\xbf{}", "r.json:1:1", "starts with a byte order mark (UTF-8)", "without BOM"),
        (b"\xff\xfe{\0}\0", "r.json:1:1", "byte order mark (UTF-16)", "UTF-8 without BOM"),
        ('{\n "é": "'.encode() + b'\xff"}', "r.json:2:8", "byte 0xFF (number 11)", "as UTF-8"),
        ("{", "r.json:1:2", "expected a key in double quotes, found the end of the file", ""),
        ('{"a" 1}', "r.json:1:6", "expected ':' after the key, found '1'", ""),
        ('{"a":}', "r.json:1:6", "expected a value, found '}'", ""),
        ('{"a": 1 "b": 2}', "r.json:1:9", "expected ',' or '}', found '\"'", ""),
        ("[1 2]", "r.json:1:4", "expected ',' or ']', found '2'", ""),
        ('{"a": 1,\n}', "r.json:1:8", "a comma before the closing '}'", "Remove it"),
        ("[1, ]", "r.json:1:3", "a comma before the closing ']'", "Remove it"),
        ("{} x", "r.json:1:4", "expected the end of the file, found 'x'", ""),
        ("{}{}", "r.json:1:3", "expected the end of the file, found '{'", ""),
        ("[1, // one\n2]", "r.json:1:5", "expected a value, found '/'", "JSON has no comments"),
        ("# hi\n{}", "r.json:1:1", "found '#'", "JSON has no comments"),
        ("{} /* bye */", "r.json:1:4", "found '/'", "JSON has no comments"),
        ("{'a': 1}", "r.json:1:2", "expected a key in double quotes", "double quotes only"),
        ("{a: 1}", "r.json:1:2", "expected a key in double quotes, found 'a'", ""),
        ("[True]", "r.json:1:2", "found 'True'", "true, false and null"),
        ("[01]", "r.json:1:2", "found '01'", "numbers like"),
        ("[+1]", "r.json:1:2", "found '+1'", "numbers like"),
        ("[.5]", "r.json:1:2", "found '.5'", "numbers like"),
        ("[1.]", "r.json:1:2", "found '1.'", "numbers like"),
        ("[\u0661]", "r.json:1:2", "expected a value", ""),
        ('["a\nb"]', "r.json:1:4", "a string can't hold a control character", ""),
        ('["a', "r.json:1:2", "this string has no closing quote", ""),
        (r'["\q"]', "r.json:1:3", "this backslash starts no escape", ""),
        (r'["\u12"]', "r.json:1:4", "four hexadecimal digits", ""),
        ("[NaN]", "r.json:1:2", "NaN is not a JSON number", "Write null"),
        ("[-Infinity]", "r.json:1:2", "-Infinity is not a JSON number", "Write null"),
        ("[1e400]", "r.json:1:2", "too large", ""),
        ("[9223372036854775808]", "r.json:1:2", "too large", ""),
        ("[\u00a01]", "r.json:1:2", r"found '\xa0'", ""),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    content: str | bytes, where: str, message: str, hint: str
) -> None:
    (problem,) = problems_of(content)
    assert problem.where == where
    assert message in problem.message
    assert hint in problem.hint


def test_largest_integers_are_read_exactly() -> None:
    assert read("[9223372036854775807, -9223372036854775807]").value == [2**63 - 1, 1 - 2**63]


def test_a_key_given_twice_is_refused_with_both_places() -> None:
    (problem,) = problems_of('{"a": 1,\n "b": {"a": 2},\n "a": 3}')
    assert problem.where == "r.json:3:2"
    assert problem.message == "the key 'a' is given twice, first at 1:2."


def test_a_key_spelled_with_escapes_is_the_same_key() -> None:
    assert "given twice" in problems_of(r'{"a": 1, "\u0061": 2}')[0].message


def test_readable_problems_are_gathered_up_to_the_first_syntax_error() -> None:
    problems = problems_of('{"a": NaN, "a": 1e999, "b": 99999999999999999999, "c": }')
    assert [problem.where for problem in problems] == [
        "r.json:1:7",
        "r.json:1:12",
        "r.json:1:17",
        "r.json:1:29",
        "r.json:1:56",
    ]


def test_nesting_is_read_down_to_the_limit_and_refused_below() -> None:
    deep = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert read(deep).place((0,) * (MAX_DEPTH - 1)) == Place(1, MAX_DEPTH)
    assert "levels deep" in problems_of(f"[{deep}]")[0].message


@pytest.mark.parametrize(
    "content",
    [
        "[" * MIB,
        '{"a":' * (MIB // 5),
        "1" * MIB,
        "1." + "1" * (MIB - 2),
        "{" + '"a":1,' * (MIB // 6 - 1) + '"a":1}',
        "[" + "NaN," * (MIB // 4 - 1) + "1]",
        '"' + "a" * (MIB - 1),
        "[" + "1," * (MIB // 2 - 1) + "1",
        "\n" * (MIB - 1) + "x",
    ],
    ids=["brackets", "objects", "digits", "fraction", "keys", "nan", "string", "items", "lines"],
)
def test_a_mebibyte_of_nonsense_is_read_quickly_with_few_problems(content: str) -> None:
    start = time.process_time()  # of this process alone: a machine may have much else to do
    problems = problems_of(content)
    assert time.process_time() - start < 10
    assert len(problems) <= MAX_PROBLEMS + 1
    assert len("".join(map(str, problems))) < 10_000


def test_problems_beyond_the_first_twenty_are_counted() -> None:
    problems = problems_of("[" + "NaN, " * 24 + "NaN]")
    assert len(problems) == MAX_PROBLEMS + 1
    assert problems[-1].message == "and 5 more problems like these."


def test_every_value_and_key_has_its_place() -> None:
    document = read('{\n  "pets": [\n    {"name": "Rex"}\r\n  ]\n}')
    assert document.place(()) == Place(1, 1)
    assert document.place(("pets",)) == Place(2, 11)
    assert document.place(("pets", 0, "name")) == Place(3, 14)
    assert document.place(("pets", 0, "name"), key=True) == Place(3, 6)
    assert document.place(("pets", 0), key=True) == Place(3, 5)


def test_a_missing_part_has_the_place_of_its_nearest_parent() -> None:
    document = read('{"pets": [ {"name": 1}]}')
    assert document.place(("pets", 0, "age", "unit")) == document.place(("pets", 0))
    assert Document("b.toml", {}, {}).place(("a",)) == Place(1, 1)


def test_columns_count_characters_not_bytes() -> None:
    assert read('{"é😀": 1}').place(("é😀",)) == Place(1, 8)


def test_a_file_and_a_stream_of_the_same_bytes_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_bytes(b"{}" * (MIB // 2))
    assert read_file(path) == read_stream(io.BytesIO(path.read_bytes())) == path.read_bytes()


def test_a_huge_file_is_refused_in_milliseconds(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as stream:
        stream.truncate(100_000_000)
    start = time.process_time()
    with pytest.raises(RequestError, match="holds 100000000 bytes; at most 1048576 are read"):
        read_file(path)
    assert time.process_time() - start < 0.1


def test_an_endless_stream_is_read_no_further_than_the_limit() -> None:
    with Path("/dev/zero").open("rb") as stream, pytest.raises(RequestError, match="more than"):
        read_stream(stream)


def test_a_stream_that_gives_little_at_a_time_is_read_to_its_end() -> None:
    class Dripping(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            return super().read(1)

    assert read_stream(Dripping(b"[1, 2]")) == b"[1, 2]"


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for path, message in (
        (fifo, "is a device or a pipe, not a file"),
        (Path("/dev/zero"), "is a device or a pipe, not a file"),
        (tmp_path, "is a folder, not a file"),
        (tmp_path / "none.json", "there is no such file"),
        (fifo / "below", "Not a directory"),
        (tmp_path / ("n" * 300), "File name too long"),
        (tmp_path / "nul\0.json", "is no file name"),
    ):
        with pytest.raises(RequestError, match=message) as caught:
            read_file(path)
        assert caught.value.problems[0].where == str(path)


def test_a_socket_is_refused_without_a_traceback(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        with pytest.raises(RequestError, match="can't be read"):
            read_file(tmp_path / "s")


def test_a_stream_that_fails_is_an_error_of_the_request() -> None:
    class Failing(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(RequestError, match="<stdin>: can't be read: Input/output error"):
        read_stream(Failing())
