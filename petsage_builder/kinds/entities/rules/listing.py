"""How entities are listed: pages, filters, sorting, search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from petsage_builder import text
from petsage_builder.field_types.field import Field, Operator
from petsage_builder.kinds.entities.asked import Listing, Paginate
from petsage_builder.kinds.entities.request import ListRequest
from petsage_builder.kinds.entities.rules.flaw import Flaw
from petsage_builder.kinds.entities.rules.members import Members, idents
from petsage_builder.names import Ident

DEFAULT_SIZE = 20
DEFAULT_MOST = 100
MOST = 1000
PARAMETERS = ("limit", "cursor", "offset", "sort", "search", "include")


def read_listing(asked: ListRequest, members: Members, found: list[Flaw]) -> Listing:
    """The list, decided; `members` are the fields that a list can name."""
    inside: list[Flaw] = []
    default_size, max_size = _sizes(asked, inside)
    filters = _filters(asked.filters, members, inside)
    sort = members.find_all(asked.sort, ("sort",), inside)
    for name, field in sort.items():
        path = ("sort", asked.sort.index(name))
        _refuse_unreadable(field, path, inside)
        if not field.type.sortable:
            inside.append(Flaw(path, f"a type {field.type.name} can't be sorted by."))
    search = members.find_all(asked.search, ("search",), inside)
    for name, field in search.items():
        path = ("search", asked.search.index(name))
        _refuse_unreadable(field, path, inside)
        if not field.type.searchable:
            message = f"a type {field.type.name} can't be searched; only text can."
            inside.append(Flaw(path, message))
    found += (flaw.below("list") for flaw in inside)
    named = (idents(fields.values()) for fields in (sort, search))
    return Listing(asked.paginate, default_size, max_size, filters, *named)


def _sizes(asked: ListRequest, found: list[Flaw]) -> tuple[int, int]:
    """The default and the largest size; one that is not given makes room for the other."""
    given = {"default_size": asked.default_size, "max_size": asked.max_size}
    said = {key: size for key, size in given.items() if size is not None}
    if asked.paginate is Paginate.NONE:
        for key in said:
            message = f"a list without pages has no {key}; it holds {MOST:,} rows at most."
            found.append(Flaw((key,), message, "Leave it out.", at_key=True))
        return MOST, MOST
    for key, size in said.items():
        if not 1 <= size <= MOST:
            message = f"must be 1 to {MOST:,} rows, not {text.show(size)}."
            found.append(Flaw((key,), message))
    max_size = said.get("max_size", max(DEFAULT_MOST, said.get("default_size", 0)))
    default_size = said.get("default_size", min(DEFAULT_SIZE, max_size))
    if default_size > max_size and not found:
        message = f"must not be above max_size, which is {max_size}."
        found.append(Flaw(("default_size",), message))
    return default_size, max_size


def _filters(
    asked: Mapping[str, Sequence[Operator]], members: Members, found: list[Flaw]
) -> Mapping[Ident, tuple[Operator, ...]]:
    filters: dict[Ident, tuple[Operator, ...]] = {}
    parameters: dict[str, str] = {}
    for name, operators in asked.items():
        path = ("filters", name)
        if not operators:
            hint = 'An example is ["eq", "in"].'
            found.append(Flaw(path, "names no operator.", hint))
        field = members.find(name, path, found)
        if field is None:
            continue
        _refuse_unreadable(field, path, found)
        for index, operator in enumerate(operators):
            problem = _operator_problem(field, operator, operators[:index])
            problem = problem or _parameter_problem(field, operator, members, parameters)
            if problem:
                found.append(Flaw((*path, index), *problem))
        filters[field.name] = tuple(operators)
    return filters


def _operator_problem(
    field: Field, operator: Operator, before: Sequence[Operator]
) -> tuple[str, str] | None:
    if operator in before:
        return f"{operator} is given twice.", "Keep one of them."
    if operator not in field.type.operators:
        fitting = [one.value for one in Operator if one in field.type.operators]
        kind = field.type.name
        return f"{operator} makes no sense of a type {kind}.", f"It takes {', '.join(fitting)}."
    if operator is Operator.IS_NULL and not field.nullable:
        return f"{field.name} is never null, so is_null finds nothing.", "Leave it out."
    return None


def _parameter_problem(
    field: Field, operator: Operator, members: Members, taken: dict[str, str]
) -> tuple[str, str] | None:
    """Why the query parameter of a filter can't be had: two things must not share a name."""
    parameter = field.name if operator is Operator.EQ else f"{field.name}_{operator}"
    asks = f"?{parameter}= "
    if parameter in PARAMETERS:
        return f"{asks}is a parameter of every list.", "Rename the field, or don't filter by it."
    if parameter != field.name and parameter in members.fields:
        return f"{asks}would read as the field {parameter}.", "Rename one of the two fields."
    other = taken.setdefault(parameter, field.name)
    if other != field.name:
        return f"{asks}filters by {other} already.", "Rename one of the two fields."
    return None


def _refuse_unreadable(field: Field, path: tuple[str | int, ...], found: list[Flaw]) -> None:
    if not field.readable:
        kind = "secret" if field.secret else "write_only"
        message = f"{field.name} is {kind}, and a list would tell what it holds."
        found.append(Flaw(path, message, "Leave it out."))
