"""Faults in what is done between rows, or with many: references, links, versions, deletions."""

from __future__ import annotations

from mutating import Mutant

Fault = tuple[str, str, str, str]  # its name, old, new, and which tests


def _in(part: str, file: str, *faults: Fault) -> tuple[Mutant, ...]:
    feature = part.partition("_")[0]
    path = f"features/{feature}/{file}.py" if "/" not in file else f"{file}.py"
    return tuple(Mutant(name, part, path, old, new, only) for name, old, new, only in faults)


CHECK = "    references.check(session, parcel, values, PARCEL_REFERENCES)\n"
MAKE = "    links.make(session, parcel, changes)\n"
LOAD = "    links.load(session, [row], PARCEL_LINKS)\n"
MANY = "    links.load(session, page.items, PARCEL_LINKS)\n"
STAMP = "    links.stamp(parcel, changes)\n"
ANSWER = "    return models.ParcelRead.model_validate(row)\n"
NO_LINKS = '    row["stamp_ids"] = []\n'
REFERENCES = (
    *_in(
        "parcels",
        "services",
        ("references are not checked", CHECK, "", "unknown"),
        ("a reference is not checked", '"depot_id": Depot, ', "", "unknown"),
        ("another reference is not checked", ', "courier_id": Courier', "", "unknown"),
        ("another table", '"depot_id": Depot', '"depot_id": Courier', "created"),
        ("a table of the feature", '"courier_id": Courier', '"courier_id": Stamp', "created"),
        ("a filter by another reference", "Parcel.depot_id ==", "Parcel.courier_id ==", "filters"),
    ),
    *_in(
        "parcels",
        "core/references",
        ("any id is one", "    return keys - set", "    return set() and keys - set", "unknown"),
        ("deleted rows are there", ", *rows.live(entity))", ")", "references"),
        ("another code", 'code="missing"', 'code="taken"', "unknown"),
        ("another place", "/body/{f}", "/body", "unknown"),
    ),
)
LINKS = (
    *_in(
        "parcels",
        "services",
        ("links are not written", MAKE, "", "created"),
        (
            "links are not read",
            f"{LOAD}{ANSWER}\n\ndef up",
            f"{NO_LINKS}{ANSWER}\n\ndef up",
            "read",
        ),
        ("links are not answered", f"{MAKE}    row = rows.of(parcel)\n{LOAD}", "", "created"),
        (
            "links are not listed",
            MANY,
            '    for one in page.items:\n        one["stamp_ids"] = []\n',
            "list",
        ),
        (
            "a statement for each row",
            MANY,
            "    for one in page.items:\n        links.load(session, [one], PARCEL_LINKS)\n",
            "statements",
        ),
        (
            "a link to another table",
            "parcel_stamps.c.stamp_id, Stamp",
            "parcel_stamps.c.stamp_id, Depot",
            "created",
        ),
        (
            "a link the other way round",
            "parcel_stamps.c.parcel_id, parcel_stamps.c.stamp_id",
            "parcel_stamps.c.stamp_id, parcel_stamps.c.parcel_id",
            "created",
        ),
        (
            "links are no change",
            f"{STAMP}    versions.advance(session, parcel, changed=bool(changes))\n",
            "    versions.advance(session, parcel)\n",
            "stamps",
        ),
    ),
    *_in(
        "parcels",
        "core/links",
        (
            "unknown links are tied",
            "if references.missing(",
            "if not references.missing(",
            "unknown",
        ),
        ("links are not tied", "        if added:\n", "        if added and gone:\n", "parcel"),
        (
            "links are not untied",
            "        if gone:\n",
            "        if gone and added:\n",
            "stamps or link",
        ),
        (
            "links of all are untied",
            "(link.own == row.id, link.other.in_(gone))",
            "(link.other.in_(gone),)",
            "stamps or link",
        ),
        (
            "all links are untied",
            "(link.own == row.id, link.other.in_(gone))",
            "(link.own == row.id,)",
            "stamps or link",
        ),
        ("links of another row", 'tied[row["id"]]', "tied[keys[0]]", "list or link"),
        (
            "links in any order",
            ".order_by(link.other)",
            ".order_by(link.other.desc())",
            "stamps or link",
        ),
    ),
)
CASCADE = 'name="fk_event_parcel_id", ondelete="CASCADE"'
CLEAR = 'name="fk_parcel_courier_id", ondelete="SET NULL"'
RESTRICT = 'name="fk_event_cause_id"'
DELETIONS = (
    *_in(
        "parcels_events",
        "tables",
        ("orphans are kept", CASCADE, CASCADE[:25], "goes_with"),
        ("orphans are cleared", CASCADE, f'{CASCADE[:25]}, ondelete="SET NULL"', "goes_with"),
        ("what keeps goes", RESTRICT, f'{RESTRICT}, ondelete="CASCADE"', "keeps_its"),
        ("what keeps is cleared", RESTRICT, f'{RESTRICT}, ondelete="SET NULL"', "keeps_its"),
    ),
    *_in(
        "parcels",
        "tables",
        ("what is cleared goes", CLEAR, CLEAR.replace("SET NULL", "CASCADE"), "outlives"),
        ("what is cleared keeps", CLEAR, CLEAR[:27], "outlives"),
        (
            "what keeps goes",
            'name="fk_parcel_depot_id"',
            'name="fk_parcel_depot_id", ondelete="CASCADE"',
            "keeps_its",
        ),
        (
            "links keep their own",
            'name="fk_parcel_stamps_parcel_id", ondelete="CASCADE"',
            'name="fk_parcel_stamps_parcel_id"',
            "deleted",
        ),
        (
            "links keep the other",
            'name="fk_parcel_stamps_stamp_id", ondelete="CASCADE"',
            'name="fk_parcel_stamps_stamp_id"',
            "stamps",
        ),
    ),
)
LIVE = """            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
"""
SOFT = (
    *_in(
        "depots",
        "services",
        (
            "delete really deletes",
            "    depot.deleted_at = utcnow()\n",
            "    session.delete(depot)\n",
            "kept",
        ),
        ("delete does nothing", "    depot.deleted_at = utcnow()\n", "", "gone"),
        (
            "deletion is no version",
            "utcnow()\n    versions.advance(session, depot)\n",
            "utcnow()\n",
            "restore",
        ),
        (
            "deleted ones are changed",
            "if depot is None or depot.deleted_at:",
            "if depot is None:",
            "deleted",
        ),
        ("restore does nothing", "    depot.deleted_at = None\n", "", "restore"),
        (
            "restore of what is unknown",
            "    if depot is None:\n        raise NotFound(DEPOT_MISSING)\n    depot.deleted",
            "    depot = depot or Depot(name='x', size=1)\n    depot.deleted",
            "restore",
        ),
    ),
    *_in(
        "depots",
        "tables",
        ("what is deleted takes", LIVE, "            unique=True,\n", "deleted"),
        ("nothing is taken", "            unique=True,\n", "            unique=False,\n", "taken"),
    ),
    *_in(
        "depots",
        "core/rows",
        ("deleted ones are read and listed", ").where(*live(entity))", ")", "deleted"),
    ),
    *_in(
        "depots",
        "core/pagination",
        ("deleted ones are counted", "(*rows.live(entity), *_cond", "(*_cond", "deleted"),
    ),
)
TAG = "    versions.tag(response, depot.version)\n    return depot\n"
VERSIONS = (
    *_in(
        "depots",
        "services",
        ("If-Match is not checked", "    versions.check(depot, expected)\n", "", "another_version"),
        (
            "PATCH checks no version",
            "depot_id, expected)\n    return _save_depot(session, depot, values)\n\n\ndef replace",
            "depot_id)\n    return _save_depot(session, depot, values)\n\n\ndef replace",
            "another_version",
        ),
        (
            "PUT checks no version",
            "depot_id, expected)\n    return _save_depot(session, depot, values)\n\n\ndef delete",
            "depot_id)\n    return _save_depot(session, depot, values)\n\n\ndef delete",
            "another_version",
        ),
        (
            "delete checks no version",
            "depot_id, expected)\n    depot.del",
            "depot_id)\n    depot.del",
            "another_version",
        ),
        (
            "no version is counted",
            "    versions.advance(session, depot)\n    session.add",
            "    session.add",
            "version",
        ),
    ),
    *_in(
        "depots",
        "router",
        (
            "PATCH passes no version",
            "update_depot, depot_id, change, expected)",
            "update_depot, depot_id, change)",
            "another_version",
        ),
        (
            "PUT passes no version",
            "replace_depot, depot_id, body, expected)",
            "replace_depot, depot_id, body)",
            "another_version",
        ),
        (
            "delete passes no version",
            "delete_depot, depot_id, expected)",
            "delete_depot, depot_id)",
            "another_version",
        ),
        ("If-None-Match is ignored", "depot.version, known)", "depot.version)", "known"),
        (
            "a made one has no ETag",
            f"{TAG}\n\n@depots.get(",
            "    return depot\n\n\n@depots.get(",
            "version",
        ),
        (
            "a read one has no ETag",
            "    versions.tag(response, depot.version, known)\n",
            "",
            "version",
        ),
        (
            "a changed one has no ETag",
            f"{TAG}\n\n@depots.put(",
            "    return depot\n\n\n@depots.put(",
            "version",
        ),
        (
            "a replaced one has no ETag",
            f"{TAG}\n\n@depots.delete(",
            "    return depot\n\n\n@depots.delete(",
            "version",
        ),
        (
            "a restored one has no ETag",
            "depot_id)\n" + TAG,
            "depot_id)\n    return depot\n",
            "version or restore",
        ),
        (
            "restore is not committed",
            "db.write(services.restore_depot",
            "db.read(services.restore_depot",
            "restore",
        ),
    ),
    *_in(
        "depots",
        "tables",
        ("versions begin elsewhere", "sa.Integer, default=1", "sa.Integer, default=0", "version"),
    ),
    *_in(
        "parcels",
        "router",
        *(
            (
                f"{method} needs no version",
                f"    {start}expected: versions.NeededIfMatch",
                f"    {start}expected: versions.IfMatch",
                "has_to_be_named",
            )
            for method, start in (
                ("PATCH", "change: models.ParcelUpdate,\n    "),
                ("PUT", "body: models.ParcelReplace,\n    "),
            )
        ),
        (
            "delete needs no version",
            "UUID, expected: versions.NeededIfMatch",
            "UUID, expected: versions.IfMatch",
            "has_to_be_named",
        ),
    ),
    *_in(
        "depots",
        "core/versions",
        (
            "what changes nothing is a version",
            "if state.persistent and (changed or session.is_modified(row)):",
            "if state.persistent:",
            "depot",
        ),
        ("versions jump", "row.version += 1", "row.version += 2", "restored"),
        ("weak tags are taken", "(weak or not mark)", "(weak or mark is not None)", "version"),
        ("weak tags are unknown", "(weak or not mark)", "(not mark)", "known"),
        ("any is none", 'if header.strip() == "*":', 'if header == "any":', "of_what_is_known"),
        (
            "any is not known",
            "if known is None or version in known:",
            "if known and version in known:",
            "of_what_is_known",
        ),
        (
            "a version is not asked for",
            'raise Unnamed("Say by If-Match which version is to be changed.")',
            "return None",
            "named",
        ),
    ),
)
BULK_CREATE = """        with bulk.at("/body", f"/body/items/{index}"):
            created.append(create_parcel(session, item))
"""
SKIPPED = """        try:
            with session.begin_nested():
                created.append(create_parcel(session, item))
        except Exception:
            continue
"""
BULK_DELETE = """        with bulk.at("", f"/query/id/{query.id.index(key)}"):
            delete_courier(session, key)
"""
EACH = "    for key in sorted(set(query.id)):\n"
SKIPPED_TOO = """        try:
            delete_courier(session, key)
        except NotFound:
            continue
"""
BULK = (
    *_in(
        "parcels",
        "services",
        ("wrong ones are skipped", BULK_CREATE, SKIPPED, "many"),
        (
            "errors are not placed",
            BULK_CREATE,
            "        created.append(create_parcel(session, item))\n",
            "many",
        ),
        ("errors are of the first", "/body/items/{index}", "/body/items/0", "many"),
        ("errors are counted from one", "/body/items/{index}", "/body/items/{index + 1}", "many"),
        ("the first is left out", "enumerate(body.items)", "enumerate(body.items[1:])", "many"),
        ("another order", "enumerate(body.items)", "enumerate(reversed(body.items))", "many"),
    ),
    *_in(
        "parcels",
        "models",
        ("any number is made", "min_length=1, max_length=bulk.MOST", "min_length=1", "any_number"),
        (
            "none are made",
            "min_length=1, max_length=bulk.MOST",
            "max_length=bulk.MOST",
            "any_number",
        ),
        (
            "unknown keys are taken",
            "class ParcelBulkCreate(types.ApiModel)",
            "class ParcelBulkCreate(types.BaseModel)",
            "many",
        ),
    ),
    *_in(
        "parcels",
        "router",
        (
            "many are not committed",
            "db.write(services.bulk_create",
            "db.read(services.bulk_create",
            "many",
        ),
    ),
    *_in(
        "depots_couriers",
        "services",
        ("unknown ones are skipped", BULK_DELETE, SKIPPED_TOO, "many"),
        ("errors are not placed", BULK_DELETE, "        delete_courier(session, key)\n", "many"),
        ("errors are of the first", "query.id.index(key)", "0", "many"),
        ("one is left out", f"{EACH}{BULK_DELETE}", f"{EACH[:-2]}[1:]:\n{BULK_DELETE}", "many"),
        (
            "an id said twice is unknown",
            f"{EACH}{BULK_DELETE}",
            f"    for key in sorted(query.id):\n{BULK_DELETE}",
            "many",
        ),
    ),
    *_in(
        "depots_couriers",
        "router",
        (
            "many deletions are not committed",
            "db.write(services.bulk_delete_couriers",
            "db.read(services.bulk_delete_couriers",
            "many",
        ),
    ),
    *_in(
        "depots",
        "core/bulk",
        ("a larger cap", "MOST = 100", "MOST = 101", "number"),
        (
            "no cap of deletions",
            "Field(min_length=1, max_length=MOST, desc",
            "Field(min_length=1, desc",
            "number",
        ),
        (
            "what is taken is not placed",
            "    except IntegrityError as error:\n",
            "    except ZeroDivisionError as error:\n",
            "many",
        ),
    ),
)
EVERY = (*REFERENCES, *LINKS, *DELETIONS, *SOFT, *VERSIONS, *BULK)
