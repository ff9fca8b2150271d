"""The learner as the web process reads it: plain arrays, no libraries, loaded when first asked. Pure but for `load`."""

import hashlib
import io
import json
import math
import re
import struct
import zipfile
from array import array
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chenyue.core.text import fold
from chenyue.triage.similarity import FULL, LANE, UNIT, grams

READ = 1500  # characters; what comes later in a letter is rarely its matter
ROOM = 8_000_000  # bytes, about, for features whose weights are held side by side
SHARE = 1 << 16  # steps of a feature's own weight, so that 64 bits hold the sum of all that are read
OFFSET = 1 << 26  # added to each weight of a row, so that none is below zero; the weights themselves are below 64
_DIGITS = re.compile(r"\d+")
# name in the file → type code; each is a one-dimensional little-endian .npy array
_ARRAYS = {"idf": "<f4", "starts": "<u4", "rows": "<u2", "weights": "<f4", "bias": "<f4"}
_CODES = {"<f4": "f", "<u4": "I", "<u2": "H"}


def known_form(text: str) -> str:
    """A text as the learner sees it: folded, numbers alike, so that no telephone number is ever learned."""
    return _DIGITS.sub("0", fold(text[:READ]))


def pieces(text: str) -> list[str]:
    """The features of a text in its known form: character 1–3-grams, as often as they occur."""
    return [gram for gram, number in grams(text).items() for _ in range(number)]


def coverage(known: str, words: Container[str]) -> float:
    """Share of the pairs of characters of a text in its known form that are among `words`."""
    return share_known(grams(known), words)


def share_known(counts: Iterable[str], words: Container[str]) -> float:
    """The same for the grams of a text."""
    pairs = [gram for gram in counts if len(gram) == 2]
    return sum(pair in words for pair in pairs) / len(pairs) if pairs else 0.0


@dataclass
class Learned:
    """Weights by feature: of feature i those from `starts[i]` to `starts[i + 1]`."""

    codes: Sequence[str]
    counts: Sequence[int]  # confirmed cases of each category that it learned from
    words: Sequence[str]
    idf: bytes
    starts: bytes
    rows: bytes
    weights: bytes
    bias: bytes
    _place: dict[str, int] = field(default_factory=dict, repr=False)
    _rows: dict[int, int] = field(default_factory=dict, repr=False)
    _held: dict[str, array] = field(default_factory=dict, repr=False)  # type: ignore[type-arg]

    def __post_init__(self) -> None:
        self._place = {word: i for i, word in enumerate(self.words)}
        for name, kind in _ARRAYS.items():
            held = array(_CODES[kind])
            held.frombytes(getattr(self, name))
            self._held[name] = held

    def judge(self, text: str) -> tuple[list[float], float]:
        """One margin per code, and the share of the text's pairs of characters that the learner has met, 0–1."""
        counts = grams(known_form(text))
        return self._margins(counts), share_known(counts, self._place)

    def margins(self, text: str) -> list[float]:
        """One margin per code; positive speaks for."""
        return self._margins(grams(known_form(text)))

    def _margins(self, counts: Mapping[str, int]) -> list[float]:
        total = mass = square = 0
        for i, value in self._weighed(counts):
            total += value * self._row(i)
            mass += value
            square += value * value
        unit = 1 / ((math.sqrt(square) or 1.0) * UNIT)
        size = len(self.codes)
        lanes = struct.unpack(f"<{size}Q", total.to_bytes(size * LANE // 8, "little"))
        mass *= OFFSET
        return [(lane - mass) * unit + bias for lane, bias in zip(lanes, self._held["bias"], strict=True)]

    def _weighed(self, counts: Mapping[str, int]) -> list[tuple[int, int]]:
        place, idf = self._place, self._held["idf"]
        known = [(place[gram], counts[gram]) for gram in counts.keys() & place.keys()]
        return [(i, int((1 + math.log(number)) * idf[i] * SHARE)) for i, number in known]

    def _row(self, i: int) -> int:
        """The weights of a feature for all codes side by side in one integer, as in `similarity`."""
        row = self._rows.get(i)
        if row is None:
            lanes = [OFFSET] * len(self.codes)
            starts, rows, weights = self._held["starts"], self._held["rows"], self._held["weights"]
            for k in range(starts[i], starts[i + 1]):
                lanes[rows[k]] += max(-OFFSET, min(round(weights[k] * UNIT), OFFSET))
            if len(self._rows) * (len(lanes) * LANE // 8 + 100) >= ROOM:
                self._rows.clear()
            row = self._rows[i] = int.from_bytes(struct.pack(f"<{len(lanes)}Q", *lanes), "little")
        return row

    def speaking(self, text: str, code: str, limit: int = 3) -> list[str]:
        """The words of two or three characters that spoke most for a category."""
        if code not in self.codes:
            return []
        shift = list(self.codes).index(code) * LANE
        spoke = []
        for i, value in self._weighed(grams(known_form(text))):
            if len(self.words[i]) > 1:
                weight = (self._row(i) >> shift & FULL) - OFFSET
                if weight > 0:
                    spoke.append((value * weight, self.words[i]))
        chosen: list[str] = []
        for _value, gram in sorted(spoke, reverse=True):
            if not any(gram in other or other in gram for other in chosen):
                chosen.append(gram)
            if len(chosen) == limit:
                break
        return chosen

    def to_bytes(self) -> bytes:
        """An .npz of plain arrays and a JSON vocabulary; no pickle anywhere."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
            said = {"codes": list(self.codes), "counts": list(self.counts), "words": list(self.words)}
            _put(file, "said.json", json.dumps(said, ensure_ascii=False).encode())
            for name, kind in _ARRAYS.items():
                body: bytes = getattr(self, name)
                _put(file, f"{name}.npy", _header(kind, len(self._held[name])) + body)
        return target.getvalue()


def _put(file: zipfile.ZipFile, name: str, body: bytes) -> None:
    """With a fixed time, so that the same training gives the same checksum."""
    file.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), body, zipfile.ZIP_DEFLATED)


def _header(kind: str, length: int) -> bytes:
    """The head of an .npy file, version 1.0 (numpy's format is public and stable)."""
    words = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': ({length},), }}"
    words += " " * (-(len(words) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + len(words).to_bytes(2, "little") + words.encode()


def from_bytes(body: bytes) -> Learned:
    """Read what `to_bytes` wrote; ValueError or KeyError if it is something else."""
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        said = json.loads(file.read("said.json"))
        arrays = {}
        for name, kind in _ARRAYS.items():
            held = file.read(f"{name}.npy")
            size = int.from_bytes(held[8:10], "little")
            if held[:6] != b"\x93NUMPY" or kind.encode() not in held[10 : 10 + size]:
                raise ValueError(f"{name} is no array of {kind}")
            arrays[name] = held[10 + size :]
    return Learned(
        said["codes"], said["counts"], said["words"],
        arrays["idf"], arrays["starts"], arrays["rows"], arrays["weights"], arrays["bias"],
    )  # fmt: skip


def load(path: Path, sha256: str) -> Learned:
    """Read a stored version; ValueError if the file isn't the one that was written."""
    body = path.read_bytes()
    if hashlib.sha256(body).hexdigest() != sha256:
        raise ValueError(f"{path.name} was changed after training")
    return from_bytes(body)
