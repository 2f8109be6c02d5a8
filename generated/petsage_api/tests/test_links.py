"""Links tie a row to any number of others."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from petsage_api.core import links, rows
from petsage_api.core.domain_errors import Conflict
from petsage_api.tests.related_samples import Label, Thing, related, stored, thing_labels

__all__ = ["related"]
LINKS: links.Links = {
    "label_ids": links.Link(thing_labels.c.thing_id, thing_labels.c.label_id, Label)
}


@pytest.fixture
def labels(related: Session) -> list[UUID]:
    """Three labels, in the order of their ids."""
    found = [Label() for _ in range(3)]
    stored(related, *found)
    return sorted(label.id for label in found)


def tied(session: Session, *things: Thing) -> list[list[UUID]]:
    """The labels of each thing."""
    found = [rows.of(thing) for thing in things]
    links.load(session, found, LINKS)
    return [row["label_ids"] for row in found]


def tie(session: Session, thing: Thing, keys: list[UUID]) -> list[links.Change]:
    """What was changed."""
    changes = links.changes(session, thing, {"label_ids": keys}, LINKS)
    stored(session, thing)
    links.make(session, thing, changes)
    return changes


def test_new_row_is_tied(related: Session, labels: list[UUID]) -> None:
    thing = Thing()
    assert tie(related, thing, labels[:2])
    assert tied(related, thing, Thing()) == [labels[:2], []]


@pytest.mark.parametrize("kept", [[], [0], [1, 2], [2, 0, 1]])
def test_links_are_replaced_as_a_whole(
    related: Session, labels: list[UUID], kept: list[int]
) -> None:
    thing = Thing()
    tie(related, thing, labels[:2])
    assert tie(related, thing, [labels[n] for n in kept])
    assert tied(related, thing) == [[labels[n] for n in sorted(kept)]]


def test_same_links_are_no_change(related: Session, labels: list[UUID]) -> None:
    thing = Thing()
    tie(related, thing, labels[:2])
    assert tie(related, thing, [*labels[1::-1], labels[0]]) == []


def test_what_is_not_given_stays(related: Session, labels: list[UUID]) -> None:
    thing = Thing()
    tie(related, thing, labels)
    values: dict[str, Any] = {"name": "x"}
    assert links.changes(related, thing, values, LINKS) == []
    assert values == {"name": "x"}


def test_unknown_id_is_refused(related: Session, labels: list[UUID]) -> None:
    with pytest.raises(Conflict) as caught:
        tie(related, Thing(), [labels[0], UUID(int=0)])
    assert [error.location for error in caught.value.errors] == ["/body/label_ids"]


def test_change_of_links_is_one_of_the_stored_row(related: Session, labels: list[UUID]) -> None:
    thing = Thing()
    changes = tie(related, thing, labels)
    before = thing.updated_at
    links.stamp(thing, [])
    assert thing.updated_at == before
    links.stamp(thing, changes)
    assert thing.updated_at > before
    new = Thing()
    links.stamp(new, changes)
    assert new.updated_at is None


def test_many_rows_take_one_statement(related: Session, labels: list[UUID]) -> None:
    things = [Thing() for _ in range(5)]
    for thing in things:
        tie(related, thing, labels)
    statements: list[str] = []

    def count(*arguments: Any) -> None:  # noqa: ANN401
        statements.append(arguments[2])

    event.listen(related.connection(), "before_cursor_execute", count)
    assert tied(related, *things) == [labels] * 5
    assert len(statements) == 1


def test_no_rows_take_no_statement(related: Session) -> None:
    links.load(related, [], LINKS)
