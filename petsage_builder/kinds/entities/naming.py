"""The Python names and the English words of an entity."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from petsage_builder.kinds.entities.asked import Entity
from petsage_builder.names import Ident, PyName, Words, class_name, free_name
from petsage_builder.python_code import imported
from petsage_builder.text import Text

MAX_DB_NAME: Final = 60  # PostgreSQL cuts names at 63
# What a name inside the generated modules may not hide: Python's, pydantic's, SQLAlchemy's and
# their own. Fixed lists, for those of the installed versions differ.
_PYTHON: Final = (
    "abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod "
    "compile complex delattr dict dir divmod enumerate eval exec filter "
    "float format frozenset getattr globals hasattr hash hex id input int isinstance "
    "issubclass iter len list locals map max memoryview min next object oct open ord pow "
    "print property range repr reversed round set setattr slice sorted staticmethod str sum "
    "super tuple type vars zip"
)
_LIBRARIES: Final = (
    "construct copy dict from_orm json model_computed_fields model_config model_construct "
    "model_copy model_dump model_dump_json model_extra model_fields model_fields_set "
    "model_json_schema model_parametrized_name model_post_init model_rebuild model_validate "
    "model_validate_json model_validate_strings parse_file parse_obj parse_raw schema schema_json "
    "update_forward_refs validate metadata registry self"
)
_IN_CLASSES: Final = (
    "columns date datetime mapped_column pagination sa time timedelta types utcnow uuid7"
)
_IN_FUNCTIONS: Final = (
    "body bulk change changes client created db domain_errors expected found include includes "
    "index item key known links models name operator page query request response router "
    "references row rows rules services session status tables value values versions within"
)
_KEPT: Final = frozenset(f"{_PYTHON} {_LIBRARIES} {_IN_CLASSES}".split())
_LOCAL: Final = _KEPT | frozenset(_IN_FUNCTIONS.split())
_PROTECTED: Final = ("model_validate", "model_dump")  # pydantic warns of names that start so
_EXCEPTIONS: Final = (
    "ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup "
    "BlockingIOError BrokenPipeError BufferError BytesWarning ChildProcessError "
    "ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError "
    "DeprecationWarning EOFError EncodingWarning EnvironmentError Exception ExceptionGroup "
    "FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError "
    "ImportError ImportWarning IndentationError IndexError InterruptedError IsADirectoryError "
    "KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError "
    "NotADirectoryError NotImplementedError OSError OverflowError PendingDeprecationWarning "
    "PermissionError ProcessLookupError PythonFinalizationError RecursionError ReferenceError "
    "ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError "
    "SyntaxWarning SystemError SystemExit TabError TimeoutError TypeError UnboundLocalError "
    "UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning "
    "UserWarning ValueError Warning ZeroDivisionError"
)
_IMPORTED: Final = (
    "Annotated Any APIRouter AsyncClient Base Db Decimal Duration Ellipsis Entity ExactNumeric "
    "False FastAPI Field Invalid Literal Mapped Mapping None NotFound NotImplemented Query Request "
    "Response Rule Session SkipJsonSchema True UTC UTCDateTime UUID"
)
_CLASSES: Final = frozenset(f"{_EXCEPTIONS} {_IMPORTED}".split())


PURPOSES: Final = (
    *("create", "update", "replace", "read", "filter", "query", "page", "count"),
    *("bulk_create", "bulk", "include", "included"),
)


@dataclass(frozen=True, slots=True)
class EntityNames:
    """What the entity is called: in code and in sentences; then its models (OwnerCreate ...)."""

    name: Ident
    plural: Ident
    upper: PyName
    router: Ident | PyName
    table: PyName
    variable: Ident | PyName
    one: Words
    a: Words
    many: Words
    title: Words
    missing: Text
    getter: Text
    create: PyName
    update: PyName
    replace: PyName
    read: PyName
    filter: PyName
    query: PyName
    page: PyName
    count: PyName
    bulk_create: PyName
    bulk: PyName
    include: PyName
    included: PyName


def classes_of(entities: Iterable[Entity]) -> frozenset[str]:
    """The classes that the generated modules import: always, or for the fields that there are."""
    pieces = (
        (field.type.wire(field), field.type.python(field), field.type.column(field).table)
        for entity in entities
        for field in entity.fields
    )
    return _CLASSES | imported(*pieces)


def entity_names(entity: Entity, classes: frozenset[str]) -> EntityNames:
    """Every name of the entity, decided; `classes` are what its modules import."""
    one = entity.name.replace("_", " ")
    many = entity.plural.replace("_", " ")
    plain = class_name(entity.name)
    return EntityNames(
        name=entity.name,
        plural=entity.plural,
        upper=PyName(entity.name.upper()),
        router=free_name(entity.plural, _LOCAL),
        table=class_name(entity.name, "row") if plain in classes else plain,
        variable=free_name(entity.name, _LOCAL),
        one=Words(one),
        a=Words(f"{'an' if one[0] in 'aeiou' else 'a'} {one}"),
        many=Words(many),
        title=Words(many.capitalize()),
        getter=Text(f"get_{entity.name}"),
        missing=Text(f"There is no {one} with this id."),
        **{purpose: class_name(entity.name, purpose) for purpose in PURPOSES},
    )


def attribute(name: Ident) -> Ident | PyName:
    """What a field is called in Python."""
    if name.startswith(_PROTECTED):
        return PyName(f"field_{name}")
    return free_name(name, _KEPT)


def db_name(*parts: str) -> Ident | PyName:
    """The name of a constraint or index; a long one is cut, and told apart by a digest."""
    full = "_".join(parts)
    if len(full) <= MAX_DB_NAME:
        return PyName(full)
    digest = hashlib.sha256(full.encode()).hexdigest()[:8]
    return PyName(f"{full[: MAX_DB_NAME - 9]}_{digest}")


def listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last
