"""No address of the product leaves a key in the log: every code or token in a path is blotted out, or named here."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import get_resolver

from chenyue.core.logs import blot

KEYS = {"code", "token", "receipt", "key", "link", "mark", "secret", "ticket"}
# What is called a code and opens nothing: names of rows that stand on pages, and codes that hang on doors for all.
OPEN = {
    "people:unit", "people:unit-active", "people:role", "works:part", "mediation:clause", "mediation:paper",
    "insight:compared", "open311-service", "open311-test-service", "gateway:open311-set",
    "desk:set-up-category", "desk:set-up-text", "desk:set-up-paper", "desk:set-up-paper-restore",
    "desk:set-up-paper-file", "desk:set-up-channel", "desk:set-up-channel-test", "portal:door", "portal:door-steward",
    "mediation:party-calculation", "upkeep:spooled-one", "upkeep:spooled-again", "upkeep:spooled-discard",
}  # fmt: skip
PART = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


def addresses(resolver: Any, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Name and pattern of every address."""
    for one in resolver.url_patterns:
        pattern = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from addresses(one, pattern, one.namespace or space)
        elif one.name:
            yield f"{space}:{one.name}" if space else one.name, pattern


def keyed() -> list[tuple[str, str, str]]:
    """Name, pattern and key of the addresses that hold one."""
    found = [(name, pattern, a or b) for name, pattern in addresses(get_resolver()) for a, b in PART.findall(pattern)]
    return sorted({one for one in found if one[2] in KEYS and one[0] not in OPEN})


def test_there_are_keys_to_hide() -> None:
    assert len(keyed()) > 40


@pytest.mark.parametrize(("name", "pattern", "key"), keyed())
def test_a_key_in_an_address_is_blotted_out(name: str, pattern: str, key: str) -> None:
    path = PART.sub(lambda part: "XSECRETX" if key in part.groups() else "x1", pattern)
    path = "/" + path.replace("^", "").replace("$", "").replace("\\", "")
    assert "XSECRETX" in path
    assert "XSECRETX" not in blot(f"GET {path} 200"), name
