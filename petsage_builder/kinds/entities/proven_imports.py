"""What the generated tests import."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from petsage_builder.kinds.entities.asked import Entity, Locking, Operation
from petsage_builder.kinds.entities.constants import changes
from petsage_builder.kinds.entities.homes import Home
from petsage_builder.kinds.entities.proofs import Proofs
from petsage_builder.kinds.entities.statuses import BODIES, VERSIONED
from petsage_builder.python_code import Imports, Name, imports_of


def imports_of_tests(home: Home, proofs: Proofs, package: str) -> Imports:
    """What the test module names, by the operations that it tests."""
    references = proofs.references
    used = (*_always(), *_of_operations(home, proofs), *_of_rows(home, proofs))
    modules = tuple(_modules(home.entity, proofs))
    return imports_of(
        used, proofs.stored, references.uses, proofs.nested, package=package, modules=modules
    )


def _always() -> Iterator[Name]:
    yield Name("Awaitable", "collections.abc")
    yield Name("Callable", "collections.abc")
    yield Name("Any", "typing")
    yield Name("AsyncClient", "httpx")
    yield Name("FastAPI", "fastapi")
    yield Name("expect", ".tests")


def _of_operations(home: Home, proofs: Proofs) -> Iterator[Name]:
    """What requests and their answers need."""
    does = home.entity.operations
    restores = {Operation.DELETE, Operation.RESTORE} <= does
    if does & BODIES or restores or _embeds(does, proofs):
        yield Name("bodies", ".tests")
    if Operation.CREATE in does or proofs.references.deletions or _keeps(home.entity):
        yield Name("UUID", "uuid")
    if proofs.stamped:
        yield Name("datetime", "datetime")
    if _races(home.entity, proofs) and proofs.references.stores:
        yield Name("Engine", "sqlalchemy")


def _of_rows(home: Home, proofs: Proofs) -> Iterator[Name]:
    """What is needed to look into the table, or to store what clients can't create."""
    entity, feature = home.entity, home.feature
    makes, hashes = Operation.CREATE in entity.operations, proofs.secrecy.hashes
    bulk = Operation.BULK_CREATE in entity.operations
    stores_hashes = not makes and changes(entity) and any(field.hash for field in entity.fields)
    looks = hashes or not makes or bulk or _keeps(entity)
    if looks:
        yield home.table
    if looks or proofs.nested or (_races(entity, proofs) and proofs.references.stores):
        yield Name("Session", "sqlalchemy.orm")
    if hashes or bulk:
        yield Name("select", "sqlalchemy")
    if hashes:
        yield Name("verify_secret", ".core.hashing")
    if stores_hashes:
        yield Name("hash_secrets", ".core.hashing")
    if not makes:
        yield Name("models", f".features.{feature}")
    if not makes and entity.links:
        yield from (Name("links", ".core"), Name("rows", ".core"))
    if stores_hashes or (not makes and entity.links):
        yield Name("services", f".features.{feature}")


def _modules(entity: Entity, proofs: Proofs) -> Iterator[str]:
    if _races(entity, proofs):
        yield "asyncio"
    named = entity.locking is Locking.REQUIRED and entity.operations & VERSIONED
    if named or entity.operations & BODIES or proofs.secrecy.told:
        yield "json"
    yield "pytest"


def _embeds(does: Collection[Operation], proofs: Proofs) -> bool:
    """Whether the ids of what is embedded are looked at."""
    shows = Operation.READ in does or Operation.LIST in does
    return (shows and bool(proofs.embedded)) or any(one.embeds for one in proofs.nested)


def _keeps(entity: Entity) -> bool:
    """Whether deleted rows are looked for in the table."""
    return entity.soft_delete and Operation.DELETE in entity.operations


def _races(entity: Entity, proofs: Proofs) -> bool:
    """Whether there is a change that many can make at once."""
    makes = Operation.CREATE in entity.operations
    return entity.versioned and makes and bool(proofs.changeable)
