"""An executed notebook as one HTML page that asks no other host for anything."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

from petsage_builder.errors import Problem, RequestError

if TYPE_CHECKING:
    from nbformat import NotebookNode

SUFFIX = ".html"
NAME = "alone.html.j2"
# The blocks of nbconvert's page that load scripts from elsewhere are empty.
ALONE = """\
{% extends "lab/index.html.j2" %}
{% block html_head_js %}{% endblock %}
{% block html_head_js_mathjax %}{% endblock %}
{% block html_head_js_mermaidjs %}{% endblock %}
{% block jupyter_widgets %}{% endblock %}
"""


def need_nbconvert() -> None:
    """Raises a RequestError where there is none to make pages with."""
    if importlib.util.find_spec("nbconvert") is None:
        hint = "pip install 'petsage-builder[html]'"
        raise RequestError(Problem("--html", "needs nbconvert, which is not installed.", hint))


def page(notebook: NotebookNode, title: str) -> str:
    """The page; what is folded opens without a script."""
    from jinja2 import DictLoader
    from nbconvert import HTMLExporter

    make: Any = HTMLExporter  # nbconvert leaves it untyped
    exporter = make(extra_loaders=[DictLoader({NAME: ALONE})], template_file=NAME)
    text, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": title}})
    return f"{text.rstrip()}\n"
