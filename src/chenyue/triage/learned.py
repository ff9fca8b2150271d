"""The learner as the web process reads it: plain arrays, no libraries, loaded when first asked. Pure but for `load`."""

import hashlib
import io
import json
import math
import re
import zipfile
from array import array
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chenyue.core.text import fold
from chenyue.triage.similarity import grams

READ = 1500  # characters; what comes later in a letter is rarely its matter
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
    pairs = [gram for gram in grams(known) if len(gram) == 2]
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
    _held: dict[str, array] = field(default_factory=dict, repr=False)  # type: ignore[type-arg]

    def __post_init__(self) -> None:
        self._place = {word: i for i, word in enumerate(self.words)}
        for name, kind in _ARRAYS.items():
            held = array(_CODES[kind])
            held.frombytes(getattr(self, name))
            self._held[name] = held

    def _weighed(self, text: str) -> list[tuple[int, float]]:
        place, idf = self._place, self._held["idf"]
        found = [
            (place[gram], (1 + math.log(number)) * idf[place[gram]])
            for gram, number in grams(known_form(text)).items()
            if gram in place
        ]
        norm = math.sqrt(sum(value * value for _i, value in found)) or 1.0
        return [(i, value / norm) for i, value in found]

    def margins(self, text: str) -> list[float]:
        """One margin per code; positive speaks for."""
        found = list(self._held["bias"])
        starts, rows, weights = self._held["starts"], self._held["rows"], self._held["weights"]
        for i, value in self._weighed(text):
            for k in range(starts[i], starts[i + 1]):
                found[rows[k]] += value * weights[k]
        return found

    def coverage(self, text: str) -> float:
        """Share of the text's pairs of characters that the learner has met, 0–1: what it can't read it can't judge."""
        return coverage(known_form(text), self._place)

    def speaking(self, text: str, code: str, limit: int = 3) -> list[str]:
        """The words of two or three characters that spoke most for a category."""
        if code not in self.codes:
            return []
        row = list(self.codes).index(code)
        starts, rows, weights = self._held["starts"], self._held["rows"], self._held["weights"]
        spoke = []
        for i, value in self._weighed(text):
            if len(self.words[i]) > 1:
                weight = next((weights[k] for k in range(starts[i], starts[i + 1]) if rows[k] == row), 0.0)
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
