"""Which characters a font can draw: its `cmap`, read as the OpenType specification describes it.

The typesetter leaves a character that no font has out of the page without a word. A name with a hole in it must
be seen before it hangs on a door, so that the press asks first.
"""

import struct
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

HOLE = "□"  # drawn for what can't be: people see that something is missing
MOST = 100  # characters that a report names


def _groups(table: bytes) -> Iterator[range]:
    """Code points of one subtable: format 12 (groups) or 4 (segments of the basic plane)."""
    (kind,) = struct.unpack_from(">H", table)
    if kind == 12:
        (count,) = struct.unpack_from(">I", table, 12)
        for at in range(count):
            first, last, _glyph = struct.unpack_from(">III", table, 16 + 12 * at)
            yield range(first, last + 1)
    elif kind == 4:
        (double,) = struct.unpack_from(">H", table, 6)
        ends = struct.unpack_from(f">{double // 2}H", table, 14)
        starts = struct.unpack_from(f">{double // 2}H", table, 16 + double)
        for first, last in zip(starts, ends, strict=True):
            if first != 0xFFFF:
                yield range(first, last + 1)


def covered(font: bytes) -> set[int]:
    """Code points that an OpenType font has a glyph for."""
    (tables,) = struct.unpack_from(">H", font, 4)
    for at in range(tables):
        tag, _sum, offset, length = struct.unpack_from(">4sIII", font, 12 + 16 * at)
        if tag == b"cmap":
            cmap = font[offset : offset + length]
            (count,) = struct.unpack_from(">H", cmap, 2)
            starts = {struct.unpack_from(">HHI", cmap, 4 + 8 * n)[2] for n in range(count)}
            return {point for start in starts for group in _groups(cmap[start:]) for point in group}
    return set()


@cache
def of_folder(folder: Path) -> frozenset[int]:
    """Code points that at least one font of a folder can draw."""
    return frozenset(point for path in folder.glob("*.otf") for point in covered(path.read_bytes()))


def missing(words: Iterable[str], known: frozenset[int]) -> str:
    """The characters of these words that can't be drawn, each once, in order; blanks don't count."""
    found = {c for text in words for c in text if not c.isspace() and ord(c) not in known}
    return "".join(sorted(found))


def strings(value: Any) -> Iterator[str]:
    """All texts in plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def with_holes(value: Any, lacking: frozenset[str]) -> Any:
    """The same data with a hole in place of each character that can't be drawn."""
    if isinstance(value, str):
        return "".join(HOLE if c in lacking else c for c in value) if lacking.intersection(value) else value
    if isinstance(value, dict):
        return {name: with_holes(part, lacking) for name, part in value.items()}
    return [with_holes(part, lacking) for part in value] if isinstance(value, list) else value
