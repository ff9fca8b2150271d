"""What a document looks like, as data: one description gives the Word template and the PDF.

Words hold blanks: `{number}` is a value of the document, `{row.name}` one of the row that is gone through. A
description is read twice, by `wording` (into a Word template with the same blanks) and by `drawn` (filled, for the
typesetter), so that the two can't drift apart. Pure.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

BLANK = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)?)\}")


@dataclass(frozen=True)
class Title:
    """The name of the document over it, a small heading within it, or the huge one of a cover."""

    words: str
    size: str = "big"  # small, big, huge


@dataclass(frozen=True)
class Line:
    """A paragraph."""

    words: str
    side: str = "left"  # left, right, center
    indent: bool = False  # by two characters, as prose is set
    strong: bool = False


@dataclass(frozen=True)
class Said:
    """A label with longer words below it; they keep their lines."""

    label: str
    words: str


@dataclass(frozen=True)
class Facts:
    """A bordered form: each row some labels with their values."""

    rows: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, what stands in it, and its share of the width."""

    head: str
    words: str
    wide: int = 3


@dataclass(frozen=True)
class Table:
    """A bordered table over the rows of a list; `empty` is said where there are none."""

    rows: str
    columns: tuple[Column, ...]
    empty: str = "无"


@dataclass(frozen=True)
class Each:
    """The same blocks for each row of a list."""

    rows: str
    blocks: "tuple[Block, ...]"


@dataclass(frozen=True)
class When:
    """Blocks for when a value (of the document, or `row.…`) is there, and others for when it isn't."""

    test: str
    blocks: "tuple[Block, ...]"
    otherwise: "tuple[Block, ...]" = ()


@dataclass(frozen=True)
class Sign:
    """Lines to sign on: who signs, and what is recorded of it ("" leaves the line empty)."""

    rows: str
    who: str = "{row.who}"
    words: str = "{row.words}"


@dataclass(frozen=True)
class Stamp:
    """At the right: who stands for the paper, room for a seal, and its day."""

    words: str
    day: str


Block = Title | Line | Said | Facts | Table | Each | When | Sign | Stamp
Drawn = dict[str, Any]


@dataclass(frozen=True)
class Form:
    """A document: its code, its name, its blocks, and a sample with everything in it that may be said."""

    code: str
    title: str
    blocks: tuple[Block, ...]
    sample: Mapping[str, Any] = field(repr=False)


def value(name: str, data: Mapping[str, Any], row: Any) -> Any:
    """What a blank stands for. Raises KeyError for one that the data lack."""
    first, _dot, rest = name.partition(".")
    found = row if first == "row" and row is not None else data[first]
    return found[rest] if rest else found


def filled(words: str, data: Mapping[str, Any], row: Any = None) -> str:
    """Words with their blanks filled."""
    return BLANK.sub(lambda found: str(value(found[1], data, row)), words)


def drawn(blocks: tuple[Block, ...], data: Mapping[str, Any], row: Any = None) -> list[Drawn]:
    """The blocks filled, loops and choices done: what the typesetter gets. Raises KeyError for unknown blanks."""
    return [one for block in blocks for one in _drawn(block, data, row)]


def _drawn(block: Block, data: Mapping[str, Any], row: Any) -> Iterator[Drawn]:
    def fill(words: str, at: Any = row) -> str:
        return filled(words, data, at)

    if isinstance(block, Title):
        yield {"is": "title", "words": fill(block.words), "size": block.size}
    elif isinstance(block, Line):
        yield {
            "is": "line", "words": fill(block.words), "side": block.side, "indent": block.indent,
            "strong": block.strong,
        }  # fmt: skip
    elif isinstance(block, Said):
        yield {"is": "said", "label": fill(block.label), "words": fill(block.words)}
    elif isinstance(block, Facts):
        rows = [[[fill(label), fill(words)] for label, words in cells] for cells in block.rows]
        yield {"is": "facts", "rows": rows}
    elif isinstance(block, Table):
        yield {
            "is": "table", "heads": [fill(c.head) for c in block.columns], "wides": [c.wide for c in block.columns],
            "rows": [[fill(c.words, one) for c in block.columns] for one in value(block.rows, data, row)],
            "empty": block.empty,
        }  # fmt: skip
    elif isinstance(block, Each):
        for one in value(block.rows, data, row):
            yield from drawn(block.blocks, data, one)
    elif isinstance(block, When):
        yield from drawn(block.blocks if value(block.test, data, row) else block.otherwise, data, row)
    elif isinstance(block, Sign):
        signs = [[fill(block.who, one), fill(block.words, one)] for one in value(block.rows, data, row)]
        yield {"is": "sign", "rows": signs}
    else:
        yield {"is": "stamp", "words": fill(block.words), "day": fill(block.day)}
