"""Tests for the types of fields: what each says of itself holds in the generated app."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from hostile import Case as Hostile
from hostile import case_id, cases
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.schema import CreateTable

from petsage_builder import pipeline
from petsage_builder.entries import entries_in
from petsage_builder.field_types import FIELD_TYPES, moments
from petsage_builder.field_types.addresses import EMAIL_FORM, URL_FORM
from petsage_builder.field_types.binary import FORM as BASE64_FORM
from petsage_builder.field_types.field import Column, Field
from petsage_builder.field_types.structures import plain
from petsage_builder.field_types.words import UUID_FORM
from petsage_builder.kinds.entities.request import FieldRequest
from petsage_builder.kinds.entities.rules.fields import read_field
from petsage_builder.kinds.entities.rules.flaw import Flaw
from petsage_builder.printing import python
from petsage_builder.python_code import Code, imports_of
from petsage_builder.strict_json import parse
from petsage_builder.text import Text, clean
from petsage_builder.trees import write_tree

PACKAGE = "petsage_api"
Said = dict[str, Any]
HUGE = 1.7976931348623157e308
TINY = 5e-324
FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"
# For each type, constraints; "few": how many samples there are where they are fewer than five.
ASKED: Mapping[str, list[Said]] = {
    "string": [
        {},
        {"min_length": 1, "max_length": 80},
        {"min_length": 3, "max_length": 3},
        {"max_length": 1},
        {"min_length": 1000, "max_length": 10_000},
        {"pattern": "^[A-Z]{2}-[0-9]{4}$"},
        {"pattern": "[0-9]", "min_length": 1},
        {"pattern": "^[^a]*$", "min_length": 2, "max_length": 9},
        {"pattern": "^(red|green)$", "few": 2},
    ],
    "text": [{}, {"min_length": 1}, {"min_length": 2, "max_length": 1_000_000}],
    "integer": [
        {},
        {"min": 0, "max": 4},
        {"exclusive_min": -1, "exclusive_max": 1, "few": 1},
        {"min": -(2**31), "exclusive_max": -(2**31) + 1, "few": 1},
        {"min": 2**31 - 1, "few": 1},
        {"max": -5},
    ],
    "bigint": [{}, {"min": 2**40}, {"exclusive_max": -(2**62)}],
    "float": [
        {},
        {"min": 0.5, "exclusive_max": 10},
        {"min": 0.1, "max": 0.2},
        {"min": 0, "max": 0.5},
        {"min": 0.5, "max": 0.5000000000000001, "few": 2},
        {"exclusive_min": 0, "max": TINY, "few": 1},
        {"min": 0, "max": 1e-320},
        {"min": 1e300},
        {"min": HUGE, "few": 1},
        {"exclusive_min": -HUGE, "max": -1.7976931348623e308},
    ],
    "decimal": [
        {},
        {"min": "0"},
        {"min": 0, "max": "99.99", "precision": 6, "scale": 2},
        {"exclusive_min": "0", "exclusive_max": "0.02", "few": 1},
        {"exclusive_min": "-1", "max": 1, "precision": 4, "scale": 1},
        {"max": "-5.5"},
        {"precision": 1, "scale": 0},
        {"precision": 1, "scale": 1},
        {"precision": 18, "scale": 18},
        {"precision": 18, "scale": 0, "min": "999999999999999998", "few": 2},
    ],
    "boolean": [{"few": 2}],
    "date": [
        {},
        {"min": "2000-01-01", "max": "2030-12-31"},
        {"min": FIRST_DAY, "max": "0001-01-03", "few": 3},
        {"exclusive_min": "9999-12-30", "few": 1},
        {"max": "1969-12-31"},
    ],
    "time": [
        {},
        {"min": "08:00", "exclusive_max": "18:00:00"},
        {"exclusive_min": "08:00", "max": "09:01"},
        {"exclusive_min": "23:59:59.999998", "few": 1},
        {"min": "00:00:00", "max": "00:00:00.000004"},
    ],
    "datetime": [
        {},
        {"min": "2024-02-29T08:30:00+02:00"},
        {"max": "0001-01-01T00:00:00.000001Z", "few": 2},
        {"exclusive_min": "9999-12-31T23:59:59.999998Z", "few": 1},
    ],
    "duration": [
        {},
        {"exclusive_min": "PT0S", "max": "PT0.5S"},
        {"min": "P1W", "max": "P99999999DT23H59M59.999999S"},
        {"exclusive_min": "P99999999DT23H59M59.999998S", "few": 1},
    ],
    "uuid": [{}],
    "email": [{}, {"max_length": 20}, {"max_length": 128}],
    "url": [{}, {"max_length": 30}],
    "enum": [
        {"values": ["dog"], "few": 1},
        {"values": ["other", "b'\"\\", "ß", "two\nlines", "{{ x }}"]},
        {"values": ["true", "1", "null"], "few": 3},
    ],
    "json": [{}],
    "bytes": [{}, {"max_length": 1}, {"min_length": 5, "max_length": 5}]
    + [{"min_length": least, "max_length": least + 3} for least in (1, 2, 3)],
    "array": [
        *({"items": {"type": name}} for name in ("string", "integer", "uuid", "date", "bytes")),
        {"items": "boolean", "min_items": 2, "max_items": 3, "few": 4},
        {"items": {"type": "enum", "values": ["a"]}, "max_items": 2, "few": 2},
        {"items": {"type": "decimal", "min": "0"}, "min_items": 3},
        {"items": {"type": "string", "min_length": 1}, "max_items": 1},
        {"items": {"type": "time", "exclusive_min": "08:00"}},
    ],
}


def field_of(name: str, /, **said: object) -> Field:
    """A field of a type, as a request asks for it."""
    keys = {key: value for key, value in said.items() if key != "few"}
    found: list[Flaw] = []
    field = read_field(FieldRequest.model_validate({"name": "it", "type": name, **keys}), found)
    assert found == []
    return field


def refusal(name: str, /, **said: object) -> str:
    """What is said of a field that is no good."""
    found: list[Flaw] = []
    read_field(FieldRequest.model_validate({"name": "it", "type": name, **said}), found)
    return " ".join(flaw.message for flaw in found)


ROWS = [(name, said) for name, all_said in ASKED.items() for said in all_said]
IDS = [f"{name}-{json.dumps(said)[:60]}" for name, said in ROWS]
each_field = pytest.mark.parametrize(("name", "said"), ROWS, ids=IDS)


class Core:
    """The core of a generated app, and pieces of code as they are there."""

    def evaluate(self, code: Code) -> Any:  # noqa: ANN401 - whatever it is
        """What the code stands for, where its imports are the app's."""
        names: dict[str, Any] = {}
        for group in imports_of(code, package=PACKAGE):
            for line in group:
                exec(python(line), names)  # noqa: S102 - our own code
        return eval(python(code), names)  # noqa: S307 - our own code

    def adapter(self, annotation: Code) -> TypeAdapter[Any]:
        return TypeAdapter(self.evaluate(annotation))

    def takes(self, annotation: Code, wire: object) -> bool:
        """Whether the app takes it; as JSON and as what JSON is read to, which must agree."""
        adapter = self.adapter(annotation)
        as_json = valid(lambda: adapter.validate_json(json.dumps(wire)))
        assert valid(lambda: adapter.validate_python(wire)) is as_json
        return as_json


def valid(validate: Callable[[], object]) -> bool:
    try:
        validate()
    except ValidationError:
        return False
    return True


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Core]:
    folder = tmp_path_factory.mktemp("core")
    request = {
        "feature": "pets",
        "description": "Pets.",
        "requirements": {"entities": [{"name": "pet"}]},
    }
    entries = entries_in(parse(json.dumps(request).encode(), "r.json"))
    options = pipeline.Options(folder / "workspace")
    with pipeline.opened(options, "build", new=True) as workspace:
        write_tree(folder, pipeline.make_draft(workspace, list(entries), options).rendered)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        importlib.invalidate_caches()
        yield Core()
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def on_wire(field: Field, value: object) -> object:
    return plain(field.type.show(value))


def test_every_type_is_tested() -> None:
    assert ASKED.keys() == FIELD_TYPES.keys()


@each_field
class TestSamples:
    def test_values_are_read_back_from_what_they_show(self, name: str, said: Said) -> None:
        field = field_of(name, **said)
        for value in field.type.valid(field):
            assert field.type.parse(on_wire(field, value), field) == value

    def test_values_are_the_same_each_time_distinct_and_enough(self, name: str, said: Said) -> None:
        field = field_of(name, **said)
        values = list(field.type.valid(field))
        assert list(field.type.valid(field)) == values
        assert all(value not in values[:n] for n, value in enumerate(values))
        assert len(values) == said["few"] if "few" in said else len(values) >= 5

    def test_values_of_an_order_ascend(self, name: str, said: Said) -> None:
        field = field_of(name, **said)
        values = list(field.type.valid(field))
        assert not field.type.sortable or values == sorted(values)

    def test_cases_have_names_of_their_own(self, name: str, said: Said) -> None:
        kind, field = FIELD_TYPES[name], field_of(name, **said)
        cases = [*kind.inside(field), *kind.outside(field), *kind.wrong]
        names = [case.name for case in cases]
        assert len(set(names)) == len(names)

    def test_no_value_is_wider_than_an_index_expects(self, name: str, said: Said) -> None:
        field = field_of(name, **said)
        values = [on_wire(field, value) for value in field.type.valid(field)]
        texts = (
            [value for value in values if isinstance(value, str)] if field.type.searchable else []
        )
        assert all(len(text.encode()) <= field.type.width(field) for text in texts)


@each_field
class TestInTheApp:
    def test_values_are_taken_and_given_back_as_they_are_shown(
        self, name: str, said: Said, core: Core
    ) -> None:
        field = field_of(name, **said)
        into, out = field.type.wire(field), field.type.plain(field)
        for value in field.type.valid(field):
            wire = on_wire(field, value)
            assert core.takes(into, wire)
            read = core.adapter(into).validate_json(json.dumps(wire))
            assert json.loads(core.adapter(out).dump_json(read)) == wire

    def test_literals_are_the_values_that_the_app_reads(
        self, name: str, said: Said, core: Core
    ) -> None:
        field = field_of(name, **said)
        adapter = core.adapter(field.type.wire(field))
        for value in field.type.valid(field):
            read = adapter.validate_json(json.dumps(on_wire(field, value)))
            assert core.evaluate(field.type.literal(value)) == read

    def test_what_is_just_inside_is_taken(self, name: str, said: Said, core: Core) -> None:
        field = field_of(name, **said)
        cases = field.type.inside(field)
        wires = {case.name: core.evaluate(case.wire) for case in cases}
        assert [
            n for n, wire in wires.items() if not core.takes(field.type.wire(field), wire)
        ] == []

    def test_what_is_outside_or_wrong_is_refused(self, name: str, said: Said, core: Core) -> None:
        field = field_of(name, **said)
        cases = (*field.type.outside(field), *field.type.wrong)
        wires = {case.name: core.evaluate(case.wire) for case in cases}
        assert [n for n, wire in wires.items() if core.takes(field.type.wire(field), wire)] == []

    def test_requests_take_and_refuse_the_same(self, name: str, said: Said, core: Core) -> None:
        field = field_of(name, **said)
        cases = (*field.type.inside(field), *field.type.outside(field), *field.type.wrong)
        for case in cases:
            wire = core.evaluate(case.wire)
            if (field.items or field).type.name == "decimal" and case.name.endswith("a_number"):
                continue  # "min": 0 reads better than "min": "0"
            assert takes(field, wire) is core.takes(field.type.wire(field), wire), case.name

    def test_schema_says_what_is_taken(self, name: str, said: Said, core: Core) -> None:
        field = field_of(name, **said)
        schema = core.adapter(field.type.wire(field)).json_schema()
        check = importlib.import_module("jsonschema").Draft202012Validator(schema).is_valid
        inside = [core.evaluate(case.wire) for case in field.type.inside(field)]
        assert all(map(check, [*inside, *(on_wire(field, v) for v in field.type.valid(field))]))
        if field.type.schema_says_all(field) and name != "json":
            outside = [case for case in field.type.outside(field) if "an_item" not in case.name]
            assert not any(check(core.evaluate(case.wire)) for case in outside)

    def test_query_strings_take_what_is_text_there(self, name: str, said: Said, core: Core) -> None:
        field = field_of(name, **said)
        if "eq" not in field.type.operators:
            return
        adapter = core.adapter((field.type.query or field.type.wire)(field))
        for value in field.type.valid(field):
            wire = on_wire(field, value)
            sent = wire if isinstance(wire, str) else json.dumps(wire)
            assert adapter.validate_python(sent) == core.evaluate(field.type.literal(value))
        wrong = [case for case in field.type.wrong if isinstance(case.wire, Text)]
        for case in wrong:
            text = plain(case.wire)
            if case.in_query and text not in [value.value for value in field.values]:
                assert not valid(partial(adapter.validate_python, text)), case.name

    def test_columns_are_made_on_both_databases(self, name: str, said: Said, core: Core) -> None:
        field = field_of(name, **said)
        column: Column = field.type.column(field)
        for url in ("postgresql+psycopg://", "sqlite://"):
            dialect = sa.make_url(url).get_dialect()()
            table = sa.Table("a", sa.MetaData(), sa.Column("it", core.evaluate(column.table)))
            kept = core.evaluate(column.migration)
            migrated = sa.Table("a", sa.MetaData(), sa.Column("it", kept))
            made, later = (CreateTable(one).compile(dialect=dialect) for one in (table, migrated))
            assert str(made) == str(later)

    def test_columns_of_texts_are_long_enough(self, name: str, said: Said, core: Core) -> None:
        field = field_of(name, **said)
        length = getattr(core.evaluate(field.type.column(field).table), "length", None)
        if length is not None and "eq" in field.type.operators:
            texts = [core.evaluate(case.wire) for case in field.type.inside(field)]
            texts += [on_wire(field, value) for value in field.type.valid(field)]
            assert max(map(len, texts)) <= length


def takes(field: Field, wire: object) -> bool:
    """Whether a request may give the value."""
    try:
        field.type.parse(wire, field)
    except ValueError:
        return False
    return True


FORMS: Mapping[str, str] = {
    "date": moments.DATE_FORM,
    "time": moments.TIME_FORM,
    "datetime": moments.DATETIME_FORM,
    "duration": moments.DURATION_FORM,
    "uuid": UUID_FORM.pattern,
    "email": EMAIL_FORM.pattern,
    "url": URL_FORM.pattern,
    "bytes": BASE64_FORM.pattern,
}
SPELLED: Mapping[str, tuple[str, ...]] = {
    "date": ("2024-02-30", "0000-01-01", "20240229", "2024-060", "2024-W09-4", "2024-2-9", ""),
    "time": ("08:30", "8:30", "08:30:60", "08:30:00.1234567", "08:30Z", "0830", "08", "24:00"),
    "datetime": (
        *("2024-02-29T08:30Z", "2024-02-29 08:30:00Z", "2024-02-29T08:30:00z", "20240229T083000Z"),
        *("2024-02-29T08:30:00+0200", "2024-02-29T08:30:00+02", "2024-02-29T08:30:00,5Z"),
        *("2024-02-29T08:30:00.5-23:59", "2024-02-29T08:30:00+24:00", "2024-W09-4T08:30:00Z"),
        *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+00:00", "0002-01-01T00:00:00+23:59"),
        *("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-00:01", "2024-02-30T00:00:00Z"),
    ),
    "duration": (
        *("PT1H", "PT1H30S", "P1D", "P1DT", "P", "PT", "P1W", "P1W1D", "P1DT24H", "P1DT23H"),
        *("PT99999999H", "PT1.5H", "PT0.1234567S", "PT.5S", "P1,5D", "-P1D", "p1d", "PT1S1M"),
        *("P99999999DT23H59M59.999999S", "P100000000D", "P9999999W", "P10000000W", "P1Y", "P1M"),
    ),
    "uuid": (
        *("0190D6F8-5B1C-7E4E-9D0B-2F4D8F0C1A2B", "{0190d6f8-5b1c-7e4e-9d0b-2f4d8f0c1a2b}"),
        *("urn:uuid:0190d6f8-5b1c-7e4e-9d0b-2f4d8f0c1a2b", "0190d6f85b1c7e4e9d0b2f4d8f0c1a2b"),
        "0190d6f8-5b1c-7e4e-9d0b-2f4d8f0c1a2\u0663",
    ),
    "email": ("a@b", "a@b.c", "a@b.co", "a..b@b.co", ".a@b.co", "a@-b.co", '"a"@b.co', "ü@b.co"),
    "url": (
        *("http://a", "HTTP://a", "https://a:80/x?y#z", "https://a:123456", "https://[::1]/"),
        *("https://a_b", "https://a/ü", "https://", "//a", "https://a b", "https://u@a/"),
    ),
    "decimal": ("1.", "+5", " 5", "1_0", "\u0663", ".5", "-0", "00", "01", "1.000", "1e2", "1\n"),
    "bytes": (
        "",
        "AA",
        "AA=",
        "AA==",
        "AB==",
        "AAA=",
        "AAB=",
        "AAAA",
        "AA==\n",
        "A A=",
        "AA==AA==",
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_forms_are_those_of_the_app(name: str, core: Core) -> None:
    schema = core.adapter(FIELD_TYPES[name].wire(field_of(name))).json_schema()
    assert schema["pattern"] == FORMS[name]


@pytest.mark.parametrize("name", SPELLED)
def test_requests_take_the_spellings_that_the_app_takes(name: str, core: Core) -> None:
    field = field_of(name)
    adapter = core.adapter(field.type.wire(field))
    for text in SPELLED[name]:
        in_app = valid(partial(adapter.validate_json, json.dumps(text)))
        assert takes(field, text) is in_app, text
        if in_app:
            read = core.evaluate(field.type.literal(field.type.parse(text, field)))
            assert read == adapter.validate_python(text)


@pytest.mark.parametrize("name", [*FORMS, "decimal"])
@settings(deadline=None)
@given(drawn=st.data())
def test_requests_take_any_text_that_the_app_takes(
    name: str, drawn: st.DataObject, core: Core
) -> None:
    near = st.text("0123456789-:.TZ+PWDHMS=@/aA", max_size=30)
    fitting = st.from_regex(FORMS.get(name, r"^-?[0-9]{1,12}(\.[0-9]{1,3})?$"))
    text = drawn.draw(st.one_of(near, fitting))
    field = field_of(name)
    adapter = core.adapter(field.type.wire(field))
    assert takes(field, text) is valid(lambda: adapter.validate_python(text))


@pytest.mark.parametrize(
    "value",
    [
        *({"a": [1, 2.5, None, True, "ß\n"]}, [], {}, "", 0, False, {"": {"": 1}}),
        *(None, float("nan"), [float("inf")]),
        *("x" * 65_534, "x" * 65_535, "ß" * 32_767, "ß" * 32_768, [1] * 32_767, [1] * 32_768),
    ],
    ids=lambda value: json.dumps(value)[:20],
)
def test_requests_take_the_json_that_the_app_takes(value: object, core: Core) -> None:
    field = field_of("json")
    adapter = core.adapter(field.type.wire(field))
    assert takes(field, value) is valid(lambda: adapter.validate_python(value))


@pytest.mark.parametrize("case", cases("text", "embed", "strip"), ids=case_id)
@pytest.mark.parametrize("name", ["string", "text", "enum", "json", "array"])
def test_hostile_texts_are_values_as_they_are(name: str, case: Hostile, core: Core) -> None:
    text = clean(case.value).value[:90].strip() or "a"
    kinds: Mapping[str, Said] = {
        "enum": {"values": ["b", text]},
        "array": {"items": {"type": "text"}},
    }
    said = kinds.get(name, {})
    given = {"json": {text: text}, "array": [text]}.get(name, text)
    field = field_of(name, **said, example=given, default=given)
    assert on_wire(field, field.examples[0]) == given
    assert core.evaluate(field.type.literal(field.examples[0])) == given
    assert core.takes(field.type.wire(field), given)
    schema = core.adapter(field.type.wire(field)).json_schema()
    assert schema["examples"] == [given]


@each_field
def test_schemas_hold_the_description_and_the_examples(name: str, said: Said, core: Core) -> None:
    plainly = field_of(name, **said)
    example = on_wire(plainly, next(iter(plainly.type.valid(plainly))))
    field = field_of(name, **said, example=example, description="What it is.")
    schema = core.adapter(field.type.wire(field)).json_schema()
    assert (schema["description"], schema["examples"]) == ("What it is.", [example])


ORDERED: Mapping[str, st.SearchStrategy[Any]] = {
    "integer": st.integers(-(2**31), 2**31 - 1),
    "bigint": st.integers(-(2**62), 2**62),
    "float": st.floats(allow_nan=False, allow_infinity=False),
    "decimal": st.decimals(-(10**9), 10**9, places=2).map(lambda value: value or Decimal("0.00")),
    "date": st.dates(),
    "time": st.times(),
    "datetime": st.datetimes(timezones=st.just(UTC)),
    "duration": st.timedeltas(timedelta(0), timedelta(days=99_999_999)),
}


def test_every_type_with_an_order_is_tried() -> None:
    assert ORDERED.keys() == {name for name, kind in FIELD_TYPES.items() if kind.comparable}


@pytest.mark.parametrize("name", ORDERED)
@settings(deadline=None, max_examples=200)
@given(drawn=st.data())
def test_samples_keep_any_bounds_and_cases_are_where_they_say(
    name: str, drawn: st.DataObject
) -> None:
    values = ORDERED[name]
    least, most = sorted((drawn.draw(values), drawn.draw(values | st.none()) or drawn.draw(values)))
    below, above = (
        drawn.draw(st.sampled_from(["min", "exclusive_min"])),
        drawn.draw(st.sampled_from(["max", "exclusive_max"])),
    )
    field = replace(field_of(name), **{below: least, above: most})

    def fits(value: Any) -> bool:  # noqa: ANN401 - of any type that has an order
        over = value > least or (value == least and below == "min")
        return over and (value < most or (value == most and above == "max"))

    found = list(field.type.valid(field))
    assert all(map(fits, found))
    assert found == sorted(set(found))
    if not found:
        assert least == most or "exclusive_min" in below or "exclusive_max" in above
        return
    free = field_of(name)
    inside = [free.type.parse(plain(case.wire), free) for case in field.type.inside(field)]
    assert [fits(value) for value in inside] == [True, True]
    assert min(inside) <= min(found)
    assert max(found) <= max(inside)
    for case in field.type.outside(field):
        assert not takes(field, plain(case.wire))


@pytest.mark.parametrize(
    ("name", "said", "message"),
    [
        ("date", {"exclusive_min": LAST_DAY}, "leaves no value"),
        ("date", {"exclusive_max": FIRST_DAY}, "leaves no value"),
        ("time", {"exclusive_min": "23:59:59.999999"}, "leaves no value"),
        ("time", {"exclusive_max": "00:00"}, "leaves no value"),
        ("datetime", {"exclusive_min": "9999-12-31T23:59:59.999999Z"}, "leaves no value"),
        ("duration", {"exclusive_max": "PT0S"}, "leaves no value"),
        ("float", {"exclusive_min": HUGE}, "leaves no value"),
        ("integer", {"exclusive_min": 2**31 - 1}, "leaves no value"),
        ("integer", {"min": 10**400}, "must be at most 2147483647."),
        ("bigint", {"max": -(10**400)}, "must be at least -9223372036854775000."),
        ("float", {"max": 10**400}, "is too large for a float."),
        ("decimal", {"max": 10**400}, "has more than 10 digits before the point."),
        ("decimal", {"max": 10**5000}, "has more than 10 digits before the point."),
        ("decimal", {"max": 0.5}, "must be a decimal written as a string"),
        ("float", {"min": "1"}, "must be a number."),
        ("integer", {"min": 1.5}, "must be a whole number."),
        ("integer", {"min": True}, "must be a whole number."),
        ("time", {"min": "08:00", "example": "07:59:59.999999"}, "must be at least 08:00:00."),
        ("decimal", {"exclusive_max": 5, "example": "5.00"}, "must be at most 4.99."),
    ],
)
def test_bounds_that_leave_nothing_are_refused(name: str, said: Said, message: str) -> None:
    assert message in refusal(name, **said)


@pytest.mark.parametrize(
    ("name", "said", "example"),
    [
        ("time", {"exclusive_min": "08:00"}, "08:00:30"),
        ("time", {"exclusive_min": "08:00"}, "08:00:00.000001"),
        ("datetime", {"exclusive_min": "2024-01-01T00:00:00Z"}, "2024-01-01T00:00:00.5Z"),
        ("duration", {"exclusive_min": "PT0S", "max": "PT0.5S"}, "PT0.25S"),
        ("float", {"exclusive_min": 0, "max": 1}, TINY),
        ("float", {"max": 5}, 5),
        ("decimal", {"exclusive_min": 0}, "0.01"),
        ("decimal", {}, 5),
    ],
)
def test_values_next_to_a_bound_are_taken(name: str, said: Said, example: object) -> None:
    assert len(field_of(name, **said, example=example).examples) == 1


def test_zero_has_no_sign() -> None:
    assert str(field_of("decimal", example="-0").examples[0]) == "0.00"
    assert str(field_of("float", example=-0.0).examples[0]) == "0.0"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("integer", [1, 2, 3]),
        ("decimal", ["1.01", "2.01", "3.01"]),
        ("float", [0.5, 1.0, 1.5]),
        ("date", ["2020-01-01", "2020-01-02", "2020-01-03"]),
        ("time", ["09:00:00", "10:00:00", "11:00:00"]),
        ("datetime", ["2020-01-01T12:00:00Z", "2020-01-02T12:00:00Z", "2020-01-03T12:00:00Z"]),
        ("duration", ["P0DT1H0M0S", "P0DT2H0M0S", "P0DT3H0M0S"]),
        ("string", ["amber", "birch", "cedar"]),
    ],
)
def test_samples_read_well(name: str, shown: list[object]) -> None:
    field = field_of(name)
    assert [on_wire(field, value) for value in field.type.valid(field)][:3] == shown


def test_a_wrong_item_stands_in_a_list_that_is_long_enough() -> None:
    field = field_of("array", items="date", min_items=3)
    (case,) = (case for case in field.type.outside(field) if case.name == "an_item_that_is_null")
    assert python(case.wire) == '[None, "2020-01-01", "2020-01-01"]'
