"""The relations that clients can have embedded: a list that the request bounds."""

from __future__ import annotations

from collections.abc import Sequence

from petsage_builder import names, text
from petsage_builder.kinds.entities.asked import ManyToMany, Mirror, Relation
from petsage_builder.kinds.entities.rules.flaw import Flaw
from petsage_builder.kinds.entities.rules.members import Members
from petsage_builder.names import Ident

UNBOUNDED = "has no bound, so it is a list of its own"


def read_include(
    asked: Sequence[str], relations: Sequence[Relation], members: Members, found: list[Flaw]
) -> tuple[Ident, ...]:
    """The names of relations to one row, or to a bounded number of them."""
    known = {relation.name: relation for relation in relations}
    kept = []
    for index, name in enumerate(asked):
        path = ("include", index)
        relation = known.get(Ident(name)) if name in known else None
        if name in asked[:index]:
            found.append(Flaw(path, f"{text.show(name)} is given twice."))
        elif relation is None:
            if members.complete and name not in members.doubtful:
                hint = names.did_you_mean(name, known) or "It names relations."
                found.append(Flaw(path, f"no relation is called {text.show(name)}.", hint))
        elif _is_unbounded(relation):
            hint = f"Clients find it at /{relation.name.replace('_', '-')} of each. Leave it out."
            found.append(Flaw(path, f"{name} {UNBOUNDED}.", hint))
        else:
            kept.append(relation.name)
    return tuple(kept)


def _is_unbounded(relation: Relation) -> bool:
    match relation:
        case Mirror(many=many):
            return many
        case ManyToMany(through=through):
            return through is not None
    return False
