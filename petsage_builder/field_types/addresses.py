"""The types that are addresses: email, url."""

from __future__ import annotations

import re
from dataclasses import replace

from petsage_builder.field_types.annotations import constrained
from petsage_builder.field_types.cases import NUL, NUMBER
from petsage_builder.field_types.field import TEXTUAL, Case, Field, FieldType
from petsage_builder.field_types.text import WORDS, plain_string, read_text, string_column
from petsage_builder.python_code import Code, Name, Plus, Repeat
from petsage_builder.text import Text

EMAIL_SIZE = 254
URL_SIZE = 2048
# The patterns of the generated app's `core/types.py`.
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*"
EMAIL_FORM = re.compile(rf"^{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}$")
URL_FORM = re.compile(
    rf"^https?://{_HOST}(?::[0-9]{{1,5}})?(?:[/?#][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*)?$"
)


def _read_email(value: object, field: Field) -> str:
    found = read_text(value, field)
    if EMAIL_FORM.fullmatch(found) is None:
        raise ValueError("is no email address, such as ada@example.com.")
    return found


def _read_url(value: object, field: Field) -> str:
    found = read_text(value, field)
    if URL_FORM.fullmatch(found) is None:
        raise ValueError("is no web address, such as https://example.com/page.")
    return found


def _wire(name: str, field: Field) -> Code:
    """The type, with the length where it is another than the type's own."""
    own = field.max_length == field.type.limits["max_length"]
    said: dict[str, Code] = {} if own else {"max_length": field.max_length}
    return constrained(Name(name, ".core"), field, **said)


def _email_of(count: int) -> Code:
    """An address of so many characters, at least 20."""
    rest = count - len("@.com")
    local = min(64, rest - 1)
    labels, rest = "", rest - local
    while rest > 61:
        labels, rest = f"{labels}{'d' * 60}.", rest - 61
    return Text(f"{'a' * local}@{labels}{'d' * rest}.com")


def _url_of(count: int) -> Code:
    start = "https://example.com/"
    return Plus(Text(start), Repeat(Text("a"), count - len(start)))


# The shortest that may be the longest leave room for the samples.
EMAIL = FieldType(
    name="email",
    means="an email address",
    wire_type="string",
    keys=frozenset({"max_length"}),
    limits={"max_length": EMAIL_SIZE},
    caps={"max_length": (20, EMAIL_SIZE)},
    parse=_read_email,
    show=Text,
    literal=Text,
    family="text",
    widens_to=frozenset({"string", "text"}),
    wire=lambda field: _wire("types.Email", field),
    plain=plain_string,
    python=plain_string,
    column=string_column,
    valid=lambda _: (f"{word}@example.com" for word in WORDS),
    inside=lambda field: (Case("the_longest", _email_of(field.max_length)),),
    outside=lambda field: (Case("too_long", _email_of(field.max_length + 1)),),
    wrong=(
        NUMBER,
        Case("no_email", Text("ada")),
        Case("an_email_without_a_name", Text("@example.com")),
        Case("an_email_without_a_domain", Text("ada@")),
        Case("an_email_with_a_space", Text("a da@example.com")),
        NUL,
    ),
    width=lambda field: field.max_length,  # all of it is ASCII
    operators=TEXTUAL,
    searchable=True,
)
URL = replace(
    EMAIL,
    name="url",
    means="a web address, http or https",
    limits={"max_length": URL_SIZE},
    caps={"max_length": (30, URL_SIZE)},
    parse=_read_url,
    wire=lambda field: _wire("types.Url", field),
    valid=lambda _: (f"https://example.com/{word}" for word in WORDS),
    inside=lambda field: (Case("the_longest", _url_of(field.max_length)),),
    outside=lambda field: (Case("too_long", _url_of(field.max_length + 1)),),
    wrong=(
        NUMBER,
        Case("no_url", Text("example")),
        Case("a_script", Text("javascript:alert(1)")),
        Case("a_file", Text("file:///etc/passwd")),
        NUL,
    ),
)
