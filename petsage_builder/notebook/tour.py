"""The cells of the tour: the request format in ten builds, each of which is really made."""

from __future__ import annotations

from collections.abc import Iterator

from petsage_builder.notebook.guide_cells import REFUSED, built, said, workspace
from petsage_builder.playground import Cell


def _books(fields: str, more: str = "") -> str:
    """The request for books; every step of the tour adds to it."""
    return f"""\
{{"feature": "books", "description": "The books of a small library.",
 "requirements": {{"entities": [{{
   "name": "book",
   "fields": [{fields}]{more},
   "operations": ["list", "create", "read", "update"]
 }}]}}}}"""


_TITLE = '"title:string{1,120}"'
_ISBN = """{"name": "isbn", "type": "string", "pattern": "^[0-9]{13}$", "unique": true,
               "immutable": true, "required": false, "example": "9780140449136"}"""
_LANGUAGE = '{"name": "language", "type": "enum", "values": ["en", "de", "el"], "default": "en"}'
_DATES = '"bought_on:date?", "sold_on:date?"'
_CHECK = '{"code": "sold_after_bought", "left": "sold_on", "op": "gte", "right": "bought_on"}'
_LIST = """{"filters": {"language": ["eq", "in"], "bought_on": ["gte", "is_null"]},
            "sort": ["title", "bought_on"], "search": ["title"]}"""

_INDENT = ",\n              "


def _fields(*fields: str) -> str:
    return _INDENT.join(fields)


_CHECKED = f""",
   "checks": [{_CHECK}],
   "list": {_LIST}"""
_RULED = _fields(_TITLE, '"pages:integer?"', _ISBN, _LANGUAGE)
_DATED = _fields(_TITLE, '"pages:integer?"', _ISBN, _LANGUAGE, _DATES)
_PAGES = '{"name": "page_count", "type": "integer", "renamed_from": "pages", "required": false}'
_SHELF = '{"name": "shelf", "type": "string", "max_length": 20, "backfill": "hall"}'
_RENAMED = _fields(_TITLE, _PAGES, _ISBN, _LANGUAGE, _DATES, _SHELF)
_NOTED = _fields(_TITLE, _PAGES, _ISBN, _LANGUAGE, _DATES, _SHELF, '"notes:text{0,2000}?"')

_READERS = """\
[{"feature": "readers", "description": "Who borrows.", "requirements": {"entities": [
   {"name": "reader", "fields": ["name:string{1,80}"],
    "operations": ["list", "create", "read"]}]}},
 {"feature": "loans", "description": "Who has which book.", "requirements": {"entities": [
   {"name": "loan", "fields": ["due_on:date"],
    "relations": [
      {"name": "book", "kind": "belongs_to", "target": "books.book", "on_delete": "restrict"},
      {"name": "reader", "kind": "belongs_to", "target": "readers.reader", "on_delete": "cascade"}],
    "include": ["book", "reader"],
    "operations": ["list", "create", "read"]}]}}]"""
_MANY = """\
{"feature": "readers", "description": "Who borrows.", "requirements": {"entities": [
   {"name": "reader", "fields": ["name:string{1,80}"],
    "relations": [
      {"name": "wishes", "kind": "many_to_many", "target": "books.book"},
      {"name": "loans", "kind": "has_many", "target": "loans.loan", "inverse": "reader"}],
    "operations": ["list", "create", "read"]}]}}"""
_LOANS = """\
{"feature": "loans", "description": "Who has which book.", "requirements": {"entities": [
   {"name": "loan", "fields": ["due_on:date"],
    "relations": [
      {"name": "book", "kind": "belongs_to", "target": "books.book", "on_delete": "restrict"},
      {"name": "reader", "kind": "belongs_to", "target": "readers.reader", "on_delete": "cascade"}],
    "include": ["book", "reader"],
    "soft_delete": true, "optimistic_lock": true,
    "operations": ["list", "create", "read", "update", "delete", "restore", "bulk_create"]}]}}"""


def _beginning() -> Iterator[Cell]:
    yield said(
        "title",
        """\
# A tour of the request
Ten small builds. Each is real: the project is written to a temporary folder, verified there,
and the next request changes it. Run the cells in order; a build takes seconds. Then change a
request, and run its cell again.""",
    )
    yield workspace("tour-")
    yield said(
        "said-status",
        """\
## 1. The smallest request
A `feature` and a `description`; `requirements` of `"none"` ask for a status endpoint. What you see
below is the plan, the changes on disk, the tests as they end, the routes, calls to the new app, and
the report. Without the word `build`, `%%feature` only plans.""",
    )
    yield built(
        "status",
        """\
{"feature": "smoke_test", "description": "Ensure builder functional", "requirements": "none"}""",
    )
    yield said(
        "said-moved",
        """\
## 2. A changed request
The request says how the feature is to be, not what to do. Build it again with another path: the
plan names what changes, and the report says that a route which clients call goes away.""",
    )
    yield built(
        "moved",
        """\
{"feature": "smoke_test", "description": "Ensure builder functional",
 "requirements": {"status": {"path": "/ready"}}}""",
    )
    yield said(
        "said-prose",
        """\
### What it can't honour, it refuses
A builder that is deterministic must not pretend to have read prose. Every problem is told at
once, with its place, and nothing is written.""",
    )
    yield built(
        "prose",
        """\
{"feature": "smoke_test", "descripton": "Ensure builder functional",
 "requirements": "please make it fast"}""",
        REFUSED,
    )


def _one_table() -> Iterator[Cell]:
    yield said(
        "said-books",
        """\
## 3. Stored data
An entity is a table, its migration, its tests, and its routes: `operations` names four of the
usual six. A field in the short form is `name:type`, with bounds in braces, and `?` where it may
be left out.""",
    )
    yield built("books", _books(_fields(_TITLE, '"pages:integer?"')))
    yield said(
        "said-rules",
        """\
## 4. Fields with rules
In the long form a field has all of its rules: patterns, words, defaults, `unique`, `immutable`.
Each rule is tested just inside and just outside. The table exists already, so the build adds a
migration; rows that are there get the default.""",
    )
    yield built("rules", _books(_RULED))
    yield said(
        "said-checks",
        """\
## 5. Rules between fields, and lists
A check compares two fields, in the API and in the database. `list` says by what clients filter,
sort and search; it has pages of its own accord.""",
    )
    yield built("checks", _books(_DATED, _CHECKED))
    yield said(
        "said-renamed",
        """\
## 6. Names change, and rows stay
`renamed_from` keeps what a column holds. A new field that is required, without a default, needs
a `backfill` for the rows that are there.""",
    )
    yield built("renamed", _books(_RENAMED, _CHECKED))
    yield said(
        "said-lost",
        """\
### What would be lost is refused
Without `page_count` in the request its column would go, with what it holds. The builder names
it, and stops; on the command line, `--allow-destructive` says that it may go.""",
    )
    lost = _books(_fields(_TITLE, _ISBN, _LANGUAGE, _DATES, _SHELF), _CHECKED)
    yield built("lost", lost, REFUSED)


def _relations() -> Iterator[Cell]:
    yield said(
        "said-readers",
        """\
## 7. Relations
Requests that belong together are a list, and one change. A loan belongs to a book of another
feature and to a reader: it has a `book_id` and a `reader_id`, and `?include=book` embeds the
book, at one statement for however many loans. `on_delete` says what becomes of the loans.""",
    )
    yield built("readers", _READERS)
    yield said(
        "said-many",
        """\
## 8. Many of them
`many_to_many` is a list of ids in the row. `has_many` is a list below one row:
`/readers/{id}/loans`, with the filters and pages of what it lists.""",
    )
    yield built("many", _MANY)
    yield said(
        "said-life",
        """\
## 9. A life cycle
With `soft_delete`, what is deleted can be restored. With `optimistic_lock`, answers tell their
version (`ETag`), and a change of another version (`If-Match`) is refused with 412.
`bulk_create` makes many rows, or none.""",
    )
    yield built("life", _LOANS)


def _own_edits() -> Iterator[Cell]:
    yield said(
        "said-edit",
        """\
## 10. A hand edit survives
The code is yours. Add a function to the service of the books:""",
    )
    yield Cell(
        "services",
        """\
from pathlib import Path

services = Path(workspace, "petsage_api/features/books/services.py")""",
    )
    yield Cell(
        "edit",
        '''\
before, _, _ = services.read_text().partition("\\n\\n\\ndef spine")
services.write_text(before.rstrip() + """


def spine(title: str) -> str:
    \\"\\"\\"What stands on the back of a book.\\"\\"\\"
    return title.upper()[:20]
""")''',
    )
    yield said(
        "said-merged",
        """\
Then change the request of the books again. The builder's new render and your edit are merged,
as git does it, and the merged project is what is verified. The diff shows your lines, kept.""",
    )
    yield built("merged", _books(_NOTED, _CHECKED))
    yield Cell("kept", 'assert "def spine(title: str)" in services.read_text()')
    yield said(
        "next",
        """\
## And now
- `build_feature.ipynb` is the same for a request in a file, with every file to look at.
- `workspace.ipynb` shows all that is built in a workspace, and whether it is true.
- Every feature has a `playground.ipynb`: its calls, ready to be made.
- `templates.ipynb` tells how to change what is written.
- `python -m petsage_builder schema` prints every key of the request, for editors.""",
    )


TOUR_CELLS = (*_beginning(), *_one_table(), *_relations(), *_own_edits())
