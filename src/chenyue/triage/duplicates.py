"""Which texts are nearly the same: kept on one side of every split, or a learner marks its own homework. Pure."""

import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence

SHINGLE = 5  # characters
SKETCH = 12  # smallest hashes that stand for a text
ALIKE = 5  # of them in common: nearly the same


def _sketch(text: str) -> frozenset[int]:
    squeezed = "".join(c for c in text if c.isalnum())
    ends = max(1, len(squeezed) - SHINGLE + 1)
    hashes = {zlib.crc32(squeezed[i : i + SHINGLE].encode()) for i in range(ends)}
    return frozenset(sorted(hashes)[:SKETCH])


def groups(texts: Sequence[str]) -> list[int]:
    """For each text the number of its group; near duplicates share one. The number is the first text's index."""
    sketches = [_sketch(text) for text in texts]
    parent = list(range(len(texts)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    holders: dict[int, list[int]] = defaultdict(list)
    for index, sketch in enumerate(sketches):
        common: Counter[int] = Counter()
        for value in sketch:
            common.update(holders[value][-50:])
            holders[value].append(index)
        for other, number in common.items():
            if number >= min(ALIKE, len(sketch), len(sketches[other])):
                first, second = sorted((root(index), root(other)))
                parent[second] = first
    return [root(i) for i in range(len(texts))]
