"""Ids sort by the time they were made."""

import time

from petsage_api.core.ids import uuid7


def test_ids_increase() -> None:
    ids = [uuid7() for _ in range(10_000)]
    assert ids == sorted(set(ids))
    assert [found.hex for found in ids] == sorted(found.hex for found in ids)


def test_id_is_a_uuid_of_version_7_that_knows_its_time() -> None:
    found = uuid7()
    assert (found.version, found.variant) == (7, "specified in RFC 4122")
    assert abs((found.int >> 80) - time.time() * 1000) < 10_000
