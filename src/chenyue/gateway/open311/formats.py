"""GeoReport's two formats from one tree. Pure.

JSON follows the Spark convention: the outer element is dropped, a container is a list even with one child, an empty
element is null. XML has no namespace and says true and false in words.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

XML, JSON = "xml", "json"
TYPES = {XML: "text/xml; charset=utf-8", JSON: "application/json; charset=utf-8"}
CHILDREN = {  # container → its child element
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
DROPPED = {"services", "service_requests", "errors"}  # roots whose JSON is the bare list
# What XML 1.0 can't hold; words were cleaned at intake, names of places and units are typed by people.
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(root: str, content: Any, form: str) -> bytes:
    """A document: `content` is a list for a container, else a mapping."""
    if form == JSON:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    tree = _element(root, content)
    body: bytes = ElementTree.tostring(tree, "utf-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body


def _element(name: str, content: Any) -> ElementTree.Element:
    found = ElementTree.Element(name)
    if isinstance(content, Mapping):
        for key, value in content.items():
            found.append(_element(key, value))
    elif isinstance(content, Sequence) and not isinstance(content, str):
        for value in content:
            found.append(_element(CHILDREN[name], value))
    elif content is not None:
        found.text = _words(content)
    return found


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _UNFIT.sub("", str(value))
