"""What both databases share: packing parts, and comparing what a manifest says with what is there."""

import zlib
from collections.abc import Iterator
from typing import Any

from chenyue.core.errors import Refusal
from chenyue.core.sealed_tar import Changed

LEVEL = 1  # of zlib: a database shrinks to a third, and more effort gains little


class Unlike(Refusal):
    """What was brought back isn't what was written."""

    def __init__(self, where: str) -> None:
        super().__init__(where, code="unlike")
        self.where = where


def unpacked(name: str, packed: Iterator[bytes], most: int) -> Iterator[bytes]:
    """What was packed, in pieces. A member may lie: no more than `most` bytes. Raises Changed."""
    unpacking, count = zlib.decompressobj(), 0
    try:
        for piece in packed:
            left = piece
            while left:
                plain = unpacking.decompress(left, 1024 * 1024)
                count += len(plain)
                if count > most:
                    raise Changed(name)
                yield plain
                left = unpacking.unconsumed_tail
        rest = unpacking.flush()
        if count + len(rest) > most:
            raise Changed(name)
        yield rest
    except zlib.error as error:
        raise Changed(name) from error
    if not unpacking.eof or unpacking.unused_data:
        raise Changed(name)


def compare(said: Any, found: dict[str, Any]) -> None:
    """Whether each table is as the manifest says. Raises Unlike, naming the first that isn't."""
    said = said if isinstance(said, dict) else {}
    for name in sorted({*said, *found}):
        if said.get(name) != found.get(name):
            raise Unlike(name)
