"""Pages bring no code or style of their own: the content policy forbids both."""

import re

import pytest

from house import tree

FORBIDDEN = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*\btype=[\"']application/json)[^>]*>", re.IGNORECASE),
    "a javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "an unescaped value": re.compile(r"\|\s*safe\b|\{%\s*autoescape off"),
    "an outside address": re.compile(r"(?:src|href)=[\"']https?://", re.IGNORECASE),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_has(what: str) -> None:
    found = [
        f"{tree.shown(path)}: {match.group(0)[:60]}"
        for path in tree.with_suffix(".html", under=tree.SRC)
        for match in FORBIDDEN[what].finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_code_writes_style_or_handlers() -> None:
    patterns = ("an inline style", "a style element", "an inline handler", "an inline script")
    found = [
        f"{tree.shown(path)}: {match.group(0)[:60]}"
        for path in tree.with_suffix(".py", ".js", under=tree.SRC)
        if "vendor" not in path.parts
        for what in patterns
        for match in FORBIDDEN[what].finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []
