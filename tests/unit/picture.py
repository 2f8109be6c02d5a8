"""The picture in a notebook's HTML, read as a browser reads it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

SPACE = "{http://www.w3.org/2000/svg}"


def document(html: str) -> str:
    """The SVG of the one image in some HTML."""
    (found,) = re.findall(r'src="data:image/svg\+xml;base64,([^"]*)"', html)
    return base64.b64decode(found).decode()


def elements(drawn: str, tag: str) -> Iterator[ET.Element]:
    """Every element of a tag in an SVG that is well-formed."""
    return ET.fromstring(drawn).iter(f"{SPACE}{tag}")  # noqa: S314 (we drew it)


def texts(drawn: str, tag: str) -> list[str]:
    return [element.text or "" for element in elements(drawn, tag)]
