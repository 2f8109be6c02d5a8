"""Faults for generated code: each one must be noticed by the tests of its feature."""

from __future__ import annotations

from mutating import Mutant


def _crates(file: str, *faults: tuple[str, str, str, str]) -> tuple[Mutant, ...]:
    return tuple(
        Mutant(name, "crates", f"features/crates/{file}.py", old, new, only)
        for name, old, new, only in faults
    )


def _owners(file: str, *faults: tuple[str, str, str, str]) -> tuple[Mutant, ...]:
    return tuple(
        Mutant(name, "owners", f"{file}.py", old, new, only) for name, old, new, only in faults
    )


def refuses(field: str) -> str:
    """Which tests try wrong values of a field."""
    return f"{REFUSES} and {field}_of"


REFUSES = "create_refuses"
KEEP = "    rules.keep(crate, values, CRATE_IMMUTABLE)\n"
SEAL = "    keep_secrets(crate, values, CRATE_SEALED)\n"
HASH = "    hash_secrets(values, CRATE_HASHED)\n"
UPDATE = "exclude_unset=True)\n    crate = _lock_crate(session, crate_id)\n"
REPLACE = "model_fields_set)\n    crate = _lock_crate(session, crate_id)\n"
NOTHING_KEPT = (
    "    crate.id = crate.id or UUID(int=7 << 76)\n"
    "    crate.created_at = crate.updated_at = crate.created_at or sa.func.now()\n"
)
SAVE = "    return _save_crate(session, crate, values)"
MODELS = _crates(
    "models",
    ("no least length", "min_length=2, max_length=80", "max_length=80", REFUSES),
    ("no most length", "types.Text, Field(max_length=2000)", "types.Text, Field()", REFUSES),
    (
        "blank is taken",
        "Phone = Annotated[types.Filled",
        "Phone = Annotated[types.Text",
        refuses("phone"),
    ),
    ("no pattern", 'Field(pattern="^[A-Z]{2}-[0-9]{4}$", ', "Field(", REFUSES),
    (
        "another least integer",
        "Field(ge=1, le=1000), types",
        "Field(ge=0, le=1000), types",
        REFUSES,
    ),
    ("another most integer", "Field(ge=1, le=1000), types", "Field(ge=1, le=1001), types", REFUSES),
    (
        "least where none is",
        "Field(ge=1, le=1000), types",
        "Field(gt=1, le=1000), types",
        "accepts",
    ),
    ("most where none is", "Field(ge=1, le=1000), types", "Field(ge=1, lt=1000), types", "accepts"),
    ("no exclusive least", "Field(gt=0, lt=", "Field(ge=0, lt=", REFUSES),
    ("no exclusive most", "lt=100000000000)", "le=100000000000)", REFUSES),
    (
        "booleans are integers",
        "Field(ge=1, le=1000), types.Integral]",
        "Field(ge=1, le=1000)]",
        REFUSES,
    ),
    ("no least float", "Field(ge=-40.0, lt=40.0)", "Field(lt=40.0)", REFUSES),
    ("no most float", "Field(ge=-40.0, lt=40.0)", "Field(ge=-40.0)", REFUSES),
    ("no most decimal", 'Field(lt=Decimal("500.00"))', "Field()", REFUSES),
    ("more digits", "precision=6, scale=2)\n", "precision=7, scale=3)\n", REFUSES),
    ("no least date", "ge=date(2000, 1, 1), ", "", refuses("packed_on")),
    ("no most date", ", le=date(2099, 12, 31)", "", refuses("packed_on")),
    (
        "no least time",
        "Slot = Annotated[time, Field(ge=time(8), ",
        "Slot = Annotated[time, Field(",
        refuses("slot"),
    ),
    ("no most bytes", "min_length=2, max_length=100)", "min_length=2)", refuses("photo")),
    ("no least bytes", "min_length=2, max_length=100)", "max_length=100)", refuses("photo")),
    ("any address", "contact: types.Email", "contact: types.Text", refuses("contact")),
    ("any site", "Annotated[types.Url,", "Annotated[types.Text,", refuses("site")),
    ("a longer site", "Field(max_length=60)", "Field(max_length=61)", refuses("site")),
    ("any word", 'Kind = Literal["box", "bag", "can"]', "Kind = str", refuses("kind")),
    ("one word less", 'Kind = Literal["box", "bag", "can"]', 'Kind = Literal["box", "bag"]', ""),
    (
        "no least items",
        "Field(min_length=1, max_length=4)",
        "Field(max_length=4)",
        refuses("labels"),
    ),
    (
        "no most items",
        "Field(min_length=1, max_length=4)",
        "Field(min_length=1)",
        refuses("labels"),
    ),
    (
        "longer items",
        "Field(max_length=20)]], Field(min",
        "Field(max_length=21)]], Field(min",
        refuses("labels"),
    ),
    ("any uuid", "batch: types.Uuid", "batch: UUID", refuses("batch")),
    ("any moment", "sent_at: types.DateTime", "sent_at: datetime", refuses("sent_at")),
    (
        "optional where needed",
        "    amount: CrateAmount\n",
        "    amount: CrateAmount = 5\n",
        "create_needs",
    ),
    ("null where none is", "    kind: CrateKind\n", "    kind: CrateKind | None\n", "null"),
    ("needed where optional", "notes: CrateNotes | None = None", "notes: CrateNotes | None", ""),
    ("another default", "types.Bool = True", "types.Bool = False", "defaults"),
    ("PATCH to null", "amount: CrateAmount = types", "amount: CrateAmount | None = types", "null"),
    (
        "unknown names are taken",
        "CrateCreate(types.ApiModel)",
        "CrateCreate(types.BaseModel)",
        REFUSES,
    ),
    ("a hidden field is answered", "status: Literal", "hint: str | None\n    status: Literal", ""),
    ("a field is not answered", "    notes: str | None\n", "", "created"),
    ("the hash is answered", "    status: Literal", "    pin: str\n    status: Literal", "created"),
    ("no cap of the page", "ge=1, le=5, desc", "ge=1, desc", "list_refuses"),
    ("pages may be empty", "default=3, ge=1", "default=3, ge=0", "list_refuses"),
    (
        "PUT needs the immutable",
        '"""The new state of a crate."""\n\n    code: CrateCode = types.unset()\n',
        '"""The new state of a crate."""\n\n',
        "replace",
    ),
)
SERVICES = _crates(
    "services",
    ("a rule always holds", "crate.arrives_on >= crate.packed_on", "True", "breaks"),
    ("a rule excludes the same", "arrives_on >= crate", "arrives_on > crate", "keeps"),
    ("a rule takes none", ".count(None) == 1", ".count(None) >= 1", "breaks"),
    ("a rule takes several", ".count(None) == 1", ".count(None) <= 1", "breaks"),
    ("a rule needs nothing", "crate.street is None or crate.city is not None", "True", "breaks"),
    ("rules are not checked", "    rules.check(crate, CRATE_RULES)\n", "", "breaks"),
    ("another code", '"one_number"', '"number"', "breaks"),
    ("another place", '        "phone",\n', '        "fax",\n', "breaks"),
    (
        "PATCH changes the immutable",
        f"{KEEP}{HASH}{SAVE}\n\n\ndef replace",
        f"{HASH}{SAVE}\n\n\ndef replace",
        "immutable",
    ),
    (
        "PUT changes the immutable",
        f"{KEEP}{HASH}{SAVE}\n\n\ndef delete",
        f"{HASH}{SAVE}\n\n\ndef delete",
        "immutable",
    ),
    (
        "PUT clears the immutable",
        "body.model_dump(exclude=CRATE_IMMUTABLE.keys() - body.model_fields_set)",
        "body.model_dump()",
        "replace",
    ),
    (
        "create does not hash",
        "    hash_secrets(values, CRATE_HASHED)\n    return",
        "    return",
        "secret",
    ),
    (
        "PATCH does not hash",
        f"{UPDATE}{SEAL}{KEEP}{HASH}",
        f"{UPDATE}{SEAL}{KEEP}",
        "hash",
    ),
    (
        "PUT does not hash",
        f"{REPLACE}{SEAL}{KEEP}{HASH}",
        f"{REPLACE}{SEAL}{KEEP}",
        "hash",
    ),
    ("PATCH takes a hash for a change", f"{UPDATE}{SEAL}", UPDATE, "immutable"),
    ("PATCH changes a hash", f"{UPDATE}{SEAL}{KEEP}", UPDATE, "immutable"),
    ("PUT changes a hash", f"{REPLACE}{SEAL}{KEEP}", REPLACE, "immutable"),
    ("PATCH sets all", "exclude_unset=True", "exclude_unset=False", "update"),
    ("PATCH ignores null", "exclude_unset=True", "exclude_unset=True, exclude_none=True", "update"),
    (
        "PUT keeps what is left out",
        "model_dump(exclude=CRATE_IMM",
        "model_dump(exclude_unset=True, exclude=CRATE_IMM",
        "replace",
    ),
    (
        "search finds by wildcards",
        "Crate.name.icontains(value, autoescape=True), ",
        "Crate.name.icontains(value), ",
        "search",
    ),
    ("search skips a field", "Crate.name.icontains(value, autoescape=True), ", "", "search"),
    (
        "contains starts",
        'Crate.name.icontains(value, autoescape=True),\n    "name_starts',
        'Crate.name.istartswith(value, autoescape=True),\n    "name_starts',
        "filters",
    ),
    ("starts contains", "Crate.name.istartswith", "Crate.name.icontains", "filters"),
    (
        "a filter is dropped",
        '    "amount_lt": lambda value: Crate.amount < value,\n',
        "",
        "filters",
    ),
    ("less is at most", "Crate.amount < value", "Crate.amount <= value", "filters"),
    ("at most is less", "Crate.amount <= value", "Crate.amount < value", "filters"),
    ("more is at least", "Crate.amount > value", "Crate.amount >= value", "filters"),
    ("at least is more", "Crate.amount >= value", "Crate.amount > value", "filters"),
    ("anything but this, but null", "Crate.slot.is_distinct_from", "Crate.slot.__ne__", "filters"),
    (
        "the opposite of null",
        "is_null(Crate.slot, value)",
        "is_null(Crate.slot, not value)",
        "filters",
    ),
    ("an order of another field", '"sent_at": Crate.sent_at', '"sent_at": Crate.slot', "order"),
    (
        "the count ignores filters",
        "count(session, Crate, query, CRATE_FILTERS)",
        "count(session, Crate, query, {})",
        "count",
    ),
    (
        "the list ignores filters",
        "query, CRATE_FILTERS, CRATE_SORTS",
        "query, {}, CRATE_SORTS",
        "filters",
    ),
    ("delete deletes nothing", "    session.delete(_lock_crate(", "    (_lock_crate(", "delete"),
    (
        "nothing is kept",
        "    session.add(crate)\n    session.flush()\n",
        NOTHING_KEPT,
        "",
    ),
)
ROUTER = _crates(
    "router",
    ("another status", "HTTP_201_CREATED", "HTTP_200_OK", "created"),
    ("a body where none is", "HTTP_204_NO_CONTENT", "HTTP_200_OK", "delete"),
    ("a wrong Location", "crate_id=crate.id)", "crate_id=crate.id) + 'x'", "created"),
    ("no Location", 'response.headers["Location"] = ', "_ = ", "created"),
    (
        "create is not committed",
        "db.write(services.create_crate",
        "db.read(services.create_crate",
        "",
    ),
    (
        "PATCH is not committed",
        "db.write(services.update_crate",
        "db.read(services.update_crate",
        "",
    ),
    (
        "PUT is not committed",
        "db.write(services.replace_crate",
        "db.read(services.replace_crate",
        "replace",
    ),
    (
        "delete is not committed",
        "db.write(services.delete_crate",
        "db.read(services.delete_crate",
        "deleted",
    ),
    (
        "any text is an id",
        '"/{crate_id:uuid}", operation_id="get',
        '"/{crate_id}", operation_id="get',
        "id_that",
    ),
    ("another operation id", 'operation_id="count_crates"', 'operation_id="count"', "documented"),
    ("an operation is missing", "@crates.delete(", "@APIRouter().delete(", "delete"),
)
TABLES = _crates(
    "tables",
    ("not unique", '        sa.UniqueConstraint("code", name="uq_crate_code"),\n', "", "taken"),
    (
        "not unique together",
        '        sa.UniqueConstraint("kind", "amount", name="uq_crate_kind_amount"),\n',
        "",
        "taken",
    ),
    (
        "unique alone",
        'sa.UniqueConstraint("kind", "amount", name',
        'sa.UniqueConstraint("amount", name',
        "",
    ),
    ("another server's default", 'default="new"', 'default="old"', ""),
    ("the last change stands still", ", onupdate=utcnow", "", "moment"),
    (
        "creation moves",
        "created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow",
        "created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow, onupdate=utcnow",
        "moment",
    ),
    ("fewer digits are kept", "ExactNumeric(6, 2)", "ExactNumeric(6, 1)", ""),
)
OWNERS = _owners(
    "features/owners/services",
    (
        "no 404",
        "    if owner is None:\n        raise NotFound(OWNER_MISSING)\n",
        "",
        "unknown",
    ),
    (
        "no 404 for what is read",
        "    if row is None:\n        raise NotFound(OWNER_MISSING)\n",
        "",
        "unknown",
    ),
    (
        "the first for an unknown id",
        "    if owner is None:\n        raise",
        "    owner = owner or session.query(Owner).first()\n    if owner is None:\n        raise",
        "gone",
    ),
    (
        "search skips the other field",
        "        Owner.email.icontains(value, autoescape=True),\n",
        "",
        "search",
    ),
    ("search finds starts", "Owner.full_name.icontains", "Owner.full_name.istartswith", "search"),
)
CORE = (
    *_owners(
        "core/pagination",
        (
            "no order",
            ".order_by(*order.columns).limit(query.limit + 1)",
            ".limit(query.limit + 1)",
            "order",
        ),
        (
            "the last page has a cursor",
            "if len(found) > query.limit else None",
            "if found else None",
            "page",
        ),
        ("no page follows", "query.limit + 1", "query.limit", "order"),
    ),
    *_owners(
        "core/ordering",
        (
            "ties in any order",
            "return [first.nulls_last() if _is_nullable(self.column) else first, last]",
            "return [first]",
            "order",
        ),
        (
            "the order is never reversed",
            "column.desc() if self.name",
            "column.asc() if self.name",
            "order",
        ),
        (
            "the cursor is not checked",
            "except ValueError:\n            raise BadRequest",
            "except KeyError:\n            raise BadRequest",
            "cursor",
        ),
        (
            "cursors of any order",
            "if name != self.name:",
            "if not name and self.name == name != name:",
            "cursor",
        ),
        ("pages overlap", "operator.lt if self.name", "operator.le if self.name", "order"),
        ("pages overlap upwards", "else operator.gt", "else operator.ge", "order"),
    ),
    Mutant(
        "nulls come first",
        "crates",
        "core/ordering.py",
        "first.nulls_last()",
        "first.nulls_first()",
        "order",
    ),
    Mutant(
        "nulls where the database puts them",
        "crates",
        "core/ordering.py",
        "first.nulls_last()",
        "first",
        "order",
    ),
    Mutant(
        "the total is that of the page",
        "crates",
        "core/pagination.py",
        "OffsetPage(items, count(session, entity, query, filters, within))",
        "OffsetPage(items, len(items))",
        "page",
    ),
    Mutant("no offset", "crates", "core/pagination.py", ".offset(query.offset)", "", "order"),
    Mutant(
        "a conflict is a failure",
        "crates",
        "core/database_errors.py",
        "isinstance(error, IntegrityError) and",
        "not error and",
        "taken",
    ),
    Mutant(
        "what is immutable is not kept",
        "crates",
        "core/rules.py",
        "    if changed:\n",
        "    if changed == ():\n",
        "immutable",
    ),
)
EVERY = (*MODELS, *SERVICES, *ROUTER, *TABLES, *OWNERS, *CORE)
