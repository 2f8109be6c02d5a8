"""Columns keep values exactly."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from petsage_api.tests.sample_app import keep
from petsage_api.tests.samples import Sample, SampleBase

pytestmark = pytest.mark.anyio


@pytest.fixture
def table(connection: sa.Connection) -> None:
    """The table of the samples, gone after the test."""
    SampleBase.metadata.create_all(connection)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("decimal", Decimal("-99999999999999.9999")),
        ("decimal", Decimal("0.1000")),
        ("span", timedelta(days=99_999_999, microseconds=1)),
        ("moment", datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("document", {"a": [1, 2.5, True, None, "\u0000é\U0001f600"]}),
        ("document", []),
    ],
)
@pytest.mark.usefixtures("table")
def test_value_is_kept_exactly(session: Session, column: str, value: object) -> None:
    sample_id = keep(session, name="a", **{column: value})
    session.expire_all()
    found = getattr(session.get_one(Sample, sample_id), column)
    assert (found, type(found), str(found)) == (value, type(value), str(value))


@pytest.mark.usefixtures("table")
def test_moment_is_kept_in_utc(session: Session) -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    sample_id = keep(session, name="a", moment=datetime(2024, 1, 1, 5, tzinfo=east))
    session.expire_all()
    found = session.get_one(Sample, sample_id).moment
    assert str(found) == "2023-12-31 23:30:00+00:00"


@pytest.mark.usefixtures("table")
def test_document_takes_what_json_has_no_type_for(session: Session) -> None:
    token = uuid4()
    values = [date(2024, 2, 29), Decimal("1.50"), token, b"Rex"]
    sample_id = keep(session, name="a", document=values)
    session.expire_all()
    found = session.get_one(Sample, sample_id).document
    assert found == ["2024-02-29", "1.50", str(token), "UmV4"]


@pytest.mark.usefixtures("table")
def test_no_document_is_null(session: Session) -> None:
    keep(session, name="a", document=None)
    assert session.scalars(sa.select(Sample.name).where(Sample.document.is_(None))).all() == ["a"]
