"""The cells of the guide to templates: own ones in a workspace, and what the builder refuses."""

from __future__ import annotations

from collections.abc import Iterator

from petsage_builder.notebook.guide_cells import REFUSED, built, said, workspace
from petsage_builder.playground import Cell

_REQUEST = """\
{"feature": "smoke_test", "description": "Ensure builder functional", "requirements": "none"}"""
_SERVICES = "templates/status/files/services.py.jinja"


def _written(name: str, path: str, text: str) -> Cell:
    return Cell(name, f"%%writefile {{workspace}}/{path}\n{text}")


def _built(name: str, *tags: str) -> Cell:
    return built(name, _REQUEST, *tags)


def _service(message: str, docstring: str = '"""What our status says."""') -> str:
    return f"""\
{docstring}

from {{{{ project.package }}}} import __version__
from {{{{ project.package }}}}.features.{{{{ spec.feature }}}}.models import StatusResponse

MESSAGE = {message}


def get_api_status() -> StatusResponse:
    \"\"\"How we are, in one line.\"\"\"
    return StatusResponse(status="ok", message=MESSAGE, version=__version__)"""


_NOTES = """\
# {{ spec.title | md }}: notes

{{ spec.description | md }}

Who to ask, what is planned, what went wrong: yours to write."""


def _beginning() -> Iterator[Cell]:
    yield said(
        "title",
        """\
# Templates of your own
What the builder writes comes of template packs. A workspace can have its own: a file in its
folder `templates/` takes the place of the shipped one of the same name. Every build here is
real, in a temporary folder; run the cells in order.""",
    )
    yield workspace("packs-")
    yield _built("first")
    yield said(
        "said-pack",
        """\
## What a pack is
A folder with a `pack.toml` and templates below `files/`; no Python, no hooks. Each row names a
`source`, its `target`, and whose the file is: a `builder`'s file is rendered anew and merged
with your edits, a `user`'s file is written once. This is the pack of the feature above:""",
    )
    yield Cell(
        "pack",
        """\
from petsage_builder.shipped import shipped

pack = shipped("templates") / "status"
print((pack / "pack.toml").read_text())""",
    )
    yield Cell("template", 'print((pack / "files/services.py.jinja").read_text())')
    yield said(
        "said-printing",
        """\
Templates print, and Python decides: a template may print a value, loop over a tuple, and test a
boolean, all of which were decided before. A request is somebody's text, so it enters code
through a filter only: `py` makes a literal, `docstring` a docstring, `md` Markdown, `json` and
`toml` what they are called. Names (`spec.feature`, `project.package`) are safe as they are.""",
    )


def _changed() -> Iterator[Cell]:
    yield said(
        "said-own",
        """\
## A template of your own
The blueprint has to allow it. Then the same request, built again, is rendered by your template:
the plan shows one file that changes, and the tests prove it.""",
    )
    yield Cell(
        "allowed",
        '''\
from pathlib import Path

blueprint = Path(workspace, "blueprint.toml")
blueprint.write_text(blueprint.read_text().partition("\\n[templates]")[0] + """
[templates]
workspace = true
""")''',
    )
    yield Cell(
        "folder",
        'Path(workspace, "templates/status/files").mkdir(parents=True, exist_ok=True)',
    )
    yield _written("own", _SERVICES, _service("{{ spec.message | py }}"))
    yield _built("changed")


def _refused() -> Iterator[Cell]:
    yield said(
        "said-red",
        """\
## What does not work is not written
This one says something else than the request promises. The generated tests notice; the build
fails, and the project stays as it was.""",
    )
    yield _written("red", _SERVICES, _service('"all is lost"'))
    yield _built("red-build", REFUSED)
    yield said(
        "said-raw",
        """\
## What is unsafe is not rendered
Without a filter, a description could end the docstring, and be code. The builder does not look
for bad descriptions: it refuses the template.""",
    )
    yield _written("raw", _SERVICES, _service('"x"', '"""{{ spec.description }}"""'))
    yield _built("raw-build", REFUSED)
    yield said("said-mended", "With the filter `docstring` it is a docstring, whatever it says.")
    mended = _service("{{ spec.message | py }}", "{{ spec.description | docstring }}")
    yield _written("mended", _SERVICES, mended)
    yield _built("mended-build")


def _more() -> Iterator[Cell]:
    yield said(
        "said-file",
        """\
## One more file in every feature
A pack of your own is the shipped `pack.toml` with a row more. `owner = "user"`: the file is written
once, and belongs to whoever edits it from then on.""",
    )
    yield Cell(
        "row",
        '''\
own = Path(workspace, "templates/status/pack.toml")
own.write_text((pack / "pack.toml").read_text() + """
[[files]]
source = "NOTES.md.jinja"
target = "{package}/features/{feature}/NOTES.md"
owner = "user"
section = "documentation"
""")''',
    )
    yield _written("notes", "templates/status/files/NOTES.md.jinja", _NOTES)
    yield _built("more")
    yield Cell(
        "read",
        'print(Path(workspace, "petsage_api/features/smoke_test/NOTES.md").read_text())',
    )
    yield said(
        "next",
        """\
## And now
- `python -m petsage_builder explain petsage_api/main.py:1` says which line of which template made a
  line, and which keys of the request.
- The packs of entities (`templates/entities`) and of the application (`templates/app`) work in the
  same way: copy the one file that you want to change, and nothing else.
- `check` in CI renders with the workspace's templates, too: commit them with the project.
- A new kind of feature, with decisions of its own, is made in the builder: see CONTRIBUTING.md.""",
    )


PACK_GUIDE = (*_beginning(), *_changed(), *_refused(), *_more())
