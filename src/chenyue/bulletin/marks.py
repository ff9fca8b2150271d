"""Text with few marks, as people type it, made into safe HTML. Pure: what is typed is never HTML itself.

A blank line ends a paragraph; `## ` begins a heading, `- ` a line of a list, `> ` words of somebody; addresses that
begin with https:// or http:// become links. Nothing else means anything.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

# Marks that end a sentence, and everything Chinese, don't belong to an address.
LINK = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]{3,300}")
TAIL = ".,;:!?)]'"


@dataclass(frozen=True)
class Block:
    """A heading, a list, a quotation or a paragraph, with its lines."""

    kind: str
    lines: tuple[str, ...]


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a text, in its order."""
    kind = ""
    lines: list[str] = []
    for line in [*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""]:
        found, words = _line(line)
        if found != kind or found == "heading":
            if lines:
                yield Block(kind, tuple(lines))
            lines = []
        kind = found
        if found:
            lines.append(words)


def _line(line: str) -> tuple[str, str]:
    words = line.strip()
    if not words:
        return "", ""
    for mark, kind in (("## ", "heading"), ("- ", "list"), ("> ", "quote")):
        if words.startswith(mark):
            return kind, words[len(mark) :].strip()
    return "paragraph", words


def html(text: str) -> SafeString:
    """The whole text as HTML; headings begin with h2."""
    return format_html_join("\n", "{}", ((_block(block),) for block in blocks(text)))


def _block(block: Block) -> SafeString:
    lines = [_linked(line) for line in block.lines]
    if block.kind == "heading":
        return format_html("<h2>{}</h2>", lines[0])
    if block.kind == "list":
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((line,) for line in lines)))
    broken = format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines))
    return format_html("<blockquote>{}</blockquote>" if block.kind == "quote" else "<p>{}</p>", broken)


def _linked(line: str) -> SafeString:
    parts, last = [], 0
    for found in LINK.finditer(line):
        address = found.group().rstrip(TAIL)
        parts.append(escape(line[last : found.start()]))
        parts.append(format_html('<a href="{0}" rel="noopener noreferrer">{0}</a>', address))
        last = found.start() + len(address)
    parts.append(escape(line[last:]))
    return format_html_join("", "{}", ((part,) for part in parts))


def plain(text: str, most: int = 0) -> str:
    """The words without marks, in one line: for feeds and cards; cut at `most` characters."""
    words = " ".join(" ".join(block.lines) for block in blocks(text))
    return words if not most or len(words) <= most else words[: most - 1].rstrip() + "…"
