"""The fault that the feature's tests must notice: its negative control."""

from __future__ import annotations

from collections.abc import Sequence

from petsage_builder.kinds.entities.asked import Entity, Operation
from petsage_builder.kinds.entities.naming import EntityNames
from petsage_builder.spec import Fault


def fault_of(entities: Sequence[Entity], their_names: Sequence[EntityNames]) -> Fault:
    """One of the services fails: the one that the first tests of the feature need."""
    every = zip(entities, their_names, strict=True)
    entity, names = min(every, key=lambda one: one[1].plural)
    functions = {
        Operation.CREATE: f"create_{names.name}",
        Operation.LIST: f"list_{names.plural}",
        Operation.READ: f"get_{names.name}",
        Operation.UPDATE: f"update_{names.name}",
        Operation.REPLACE: f"replace_{names.name}",
        Operation.DELETE: f"delete_{names.name}",
        Operation.COUNT: f"count_{names.plural}",
        Operation.RESTORE: f"restore_{names.name}",
        Operation.BULK_CREATE: f"bulk_create_{names.plural}",
        Operation.BULK_DELETE: f"bulk_delete_{names.plural}",
    }
    function = next(functions[one] for one in functions if one in entity.operations)
    code = f"""

def {function}(*_: object, **__: object) -> None:
    raise RuntimeError("fault")
"""
    return Fault(file="services.py", replaces=function, code=code)
