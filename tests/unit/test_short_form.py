"""The short form of a field becomes its long form, or a problem that shows a form that works."""

from __future__ import annotations

from typing import Any

import pytest

from petsage_builder.kinds.entities.short_form import (
    EXAMPLES,
    expanded_field,
    expanded_item,
    long_form,
)


def refusal(value: str) -> str:
    with pytest.raises(ValueError, match=r".") as caught:
        long_form(value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("name:string", {}),
        ("name:string?", {"required": False}),
        ("name:string{1,80}", {"min_length": 1, "max_length": 80}),
        ("name:text{0,2000}?", {"min_length": 0, "max_length": 2000, "required": False}),
        ("name:string{,80}", {"max_length": 80}),
        ("name:string{2,}", {"min_length": 2}),
        ("name:email{,100}", {"max_length": 100}),
        ("name:bytes{1,64}", {"min_length": 1, "max_length": 64}),
        ("name:integer{0,120}", {"min": 0, "max": 120}),
        ("name:float{-0.5,1e3}", {"min": -0.5, "max": 1000.0}),
        ("name:date{2020-01-01,}", {"min": "2020-01-01"}),
        ("name:decimal{6,2}", {"precision": 6, "scale": 2}),
        ("name:enum(a,b)", {"values": ["a", "b"]}),
        ("name:enum( a , b c )", {"values": ["a", "b c"]}),
        ("name:array(string)", {"items": {"type": "string"}}),
        (
            "name:array(string{1,30}){0,5}",
            {
                "items": {"type": "string", "min_length": 1, "max_length": 30},
                "min_items": 0,
                "max_items": 5,
            },
        ),
        ("name:array(enum(a,b))", {"items": {"type": "enum", "values": ["a", "b"]}}),
        ("name:string:unique", {"unique": True}),
        ("name:string?:index:immutable", {"required": False, "index": True, "immutable": True}),
        ("name:string:secret:hash", {"secret": True, "hash": True}),
        ("name:string=Rex", {"default": "Rex"}),
        ("name:string=", {"default": ""}),
        ("name:string=a=b:c?{1}", {"default": "a=b:c?{1}"}),
        ("name:string{1,30}?:index=Rex", {
            "min_length": 1, "max_length": 30, "required": False, "index": True, "default": "Rex",
        }),
        ("name:integer=-3", {"default": -3}),
        ("name:float=2.50", {"default": 2.5}),
        ("name:decimal{6,2}=2.50", {"precision": 6, "scale": 2, "default": "2.50"}),
        ("name:boolean=false", {"default": False}),
        ("name:boolean=False", {"default": "False"}),
        ("name:integer=many", {"default": "many"}),
        ("name:enum(a,b)=b", {"values": ["a", "b"], "default": "b"}),
        (" name : string { 1 , 80 } ? : unique = Rex ", {
            "min_length": 1, "max_length": 80, "required": False, "unique": True, "default": "Rex",
        }),
    ],
)  # fmt: skip
def test_short_form_says_what_the_long_form_says(short: str, long: dict[str, Any]) -> None:
    found = long_form(short)
    assert found.pop("name") == "name"
    found.pop("type")
    assert found == long


def test_short_form_names_the_field_and_its_type() -> None:
    assert long_form("born_on:date") == {"name": "born_on", "type": "date"}


@pytest.mark.parametrize("example", EXAMPLES)
def test_forms_that_are_shown_work(example: str) -> None:
    assert long_form(example)["name"] == example.partition(":")[0]


def test_unknown_type_is_left_to_the_type_itself() -> None:
    assert long_form("kind:enums(a,b){1}=a") == {"name": "kind", "type": "enums", "default": "a"}


@pytest.mark.parametrize("value", [None, 1, [], {"name": "a"}])
def test_what_is_no_short_form_stays_as_it_is(value: object) -> None:
    assert expanded_field(value) == value
    assert expanded_item(value) == value


@pytest.mark.parametrize(
    ("short", "said"),
    [
        ("", "has no type. A form that works is"),
        ("name", "'name' has no type."),
        ("name:", "'name:' has no type."),
        ("name string", "has no type."),
        ("name:string{1,80", "the '{' at character 12 has no '}' that fits."),
        ("name:enum(a,b", "the '(' at character 10 has no ')' that fits."),
        ("name:string{80}", "must hold two values: min_length and max_length."),
        ("name:string{}", "must hold two values"),
        ("name:string{,}", "must hold two values"),
        ("name:string{1,2,3}", "must hold two values"),
        (
            "name:decimal{6}",
            'precision and scale. One may be left out. A form that works is "price',
        ),
        ("name:string{a,b}", "min_length must be a whole number, not 'a'."),
        ("name:string{-1,5}", "min_length must be a whole number, not '-1'."),
        ("name:string(5)", "a type string takes nothing in brackets. Bounds stand in braces"),
        ("name:uuid(5)", "a type uuid takes nothing in brackets."),
        ("name:boolean{0,1}", "a type boolean takes nothing in braces."),
        ("name:string:uniqe", "unknown word 'uniqe' after a colon. Did you mean 'unique'?"),
        ("name:string:", "unknown word '' after a colon. Known: unique"),
        ("name:string:unique:unique", "says unique twice."),
        ("name:string:unique?", "'?', from character 19 on, is not understood. The order is"),
        ("name:string??", "'?', from character 13 on, is not understood."),
        ("name:string?{1,2}", "'{1,2}', from character 13 on, is not understood."),
        ("name:array(string)=[]", "a default of a type array needs the long form"),
        ("name:json={}", "a default of a type json needs the long form"),
        ("name:" + "x" * 12_000, "has 12005 characters; at most 12000 are allowed."),
    ],
)
def test_wrong_short_form_is_refused_in_words(short: str, said: str) -> None:
    assert said in refusal(short)


def test_item_with_more_than_a_type_is_refused() -> None:
    with pytest.raises(ValueError, match="from character 7 on, is not understood"):
        expanded_item("string?")


@pytest.mark.parametrize("char", ["(", "{", ":", "?", " ", "()", "(()", "{}", "a", "\n"])
def test_long_nonsense_is_refused_at_once(char: str) -> None:
    assert len(refusal("name:string" + char * (11_000 // len(char)) + "!(")) < 300


def test_control_characters_are_shown_escaped() -> None:
    assert "\\x1b" in refusal("\x1b[2J")
