"""The constants of the generated tests: rows, and everything that tests are repeated with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from petsage_builder.kinds.entities.asked import Entity, Operation
from petsage_builder.kinds.entities.findings import Finding
from petsage_builder.kinds.entities.proofs import Proofs, Try
from petsage_builder.kinds.entities.proven_references import Unknown
from petsage_builder.names import PyName
from petsage_builder.python_code import Call, Code, Declaration, Items, Name, Subscript, call

ROW = Subscript(Name("dict"), (Name("str"), Name("Any")))
ROWS = Subscript(Name("list"), (ROW,))
NAMES = Subscript(Name("list"), (Name("str"),))
TAKES = frozenset({Operation.CREATE, Operation.UPDATE, Operation.REPLACE})


def constants_of_tests(entity: Entity, proofs: Proofs) -> Iterator[Declaration]:
    """Every constant that the tests of the entity name, in the order of the module."""
    does = entity.operations
    yield _constant("ROWS", ROWS, Items(proofs.rows))
    if proofs.stored:
        yield _constant("STORED", ROWS, Items(proofs.stored))
    yield _constant("LEAST", ROW, proofs.least)
    yield _constant("DEFAULTS", ROW, proofs.defaults)
    yield _constant("HIDDEN", NAMES, proofs.hidden)
    yield _constant("OWN", None, proofs.own)
    if Operation.REPLACE in does:
        yield _constant("IMMUTABLE", NAMES, proofs.fixed)
    repeated: dict[str, tuple[Code, ...]] = {
        "EMBEDDED": tuple((one.name, one.field) for one in proofs.embedded),
        "FOUND": tuple(map(_finding, proofs.findings)),
        "ACCEPTED": tuple(map(_try, proofs.accepted)) if Operation.CREATE in does else (),
        "REFUSED": tuple(map(_try, proofs.refused)) if does & TAKES else (),
        "UNKNOWN": _pairs(proofs.references.unknown),
        "LATER_UNKNOWN": _pairs(proofs.references.later),
    }
    for name, values in repeated.items():
        if values:
            yield _constant(name, None, Items(values))


def _constant(name: str, annotation: Code, value: Code) -> Declaration:
    return Declaration(PyName(name), annotation, value)


def _finding(one: Finding) -> Call:
    return call("pytest.param", one.query, one.rows, id=one.id)


def _try(one: Try) -> Call:
    return call("pytest.param", one.field, one.value, id=one.id)


def _pairs(unknown: Iterable[Unknown]) -> tuple[Code, ...]:
    return tuple((one.field, one.value) for one in unknown)
