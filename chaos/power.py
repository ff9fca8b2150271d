"""A power cut, simulated: files as a disk would have them that kept what was synced and only some of the rest.

While the clients work, the preloaded shim writes down every write, cut and sync in order. Afterwards the files are
made again as of any record: what was synced is there; of what wasn't, nothing, or some pieces of 512 bytes chosen by
dice. Names (new, renamed, removed files) count as kept at once, as a journaling file system keeps them in order.
"""

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

HEAD = struct.Struct("<cHHIqd")
SECTOR = 512
NOTHING, SOME = "nothing", "some"  # of what wasn't synced


class Record(NamedTuple):
    """One line of the journal."""

    what: str
    path: str
    other: str
    place: int
    data: bytes
    at: float


def records(journal: Path) -> Iterator[Record]:
    """All records in order; a last one that is cut is passed over."""
    with journal.open("rb") as file:
        while len(head := file.read(HEAD.size)) == HEAD.size:
            what, name, other, length, place, at = HEAD.unpack(head)
            rest = file.read(name + other + length)
            if len(rest) < name + other + length:
                return
            path, second = rest[:name].decode(), rest[name : name + other].decode()
            yield Record(what.decode(), path, second, place, rest[name + other :], at)


@dataclass
class Kept:
    """One file: what the disk certainly has, and what it may have."""

    sure: bytearray
    maybe: list[Record] = field(default_factory=list)

    def sync(self) -> None:
        for record in self.maybe:
            put(self.sure, record)
        self.maybe.clear()


def put(content: bytearray, record: Record) -> None:
    """Do to a file what the record says."""
    if record.what == "W":
        if len(content) < record.place:
            content.extend(bytes(record.place - len(content)))
        content[record.place : record.place + len(record.data)] = record.data
    elif record.what == "T":
        if len(content) < record.place:
            content.extend(bytes(record.place - len(content)))
        del content[record.place :]
    elif len(content) < record.place:
        content.extend(bytes(record.place - len(content)))


class Disk:
    """The files below a folder as they were before the journal began, and what has happened since."""

    def __init__(self, root: Path, base: Path) -> None:
        """`root` as the journal names it; `base` holds a copy of it from before."""
        self.root, self.base = f"{root}/", base
        self.files: dict[str, Kept] = {}
        self.gone: set[str] = set()

    def take(self, record: Record) -> None:
        """Go on by one record."""
        name = record.path.removeprefix(self.root)
        if record.what in "WTG":
            self._file(name).maybe.append(record)
        elif record.what == "S":
            if name in self.files:  # what was never written is sure already, and may be a folder
                self.files[name].sync()
        elif record.what == "C":
            self._file(name)
        elif record.what == "U":
            self.files.pop(name, None)
            self.gone.add(name)
        else:
            self._moved(record, name, record.other.removeprefix(self.root))

    def _moved(self, record: Record, name: str, other: str) -> None:
        inside = record.path.startswith(self.root)
        found = self._file(name) if inside else Kept(bytearray())
        if record.what == "R":
            self.files.pop(name, None)
            self.gone.add(name)
        if record.other.startswith(self.root):
            self.files[other] = found
            self.gone.discard(other)

    def _file(self, name: str) -> Kept:
        if name not in self.files:
            before = self.base / name
            there = before.is_file() and name not in self.gone
            self.files[name] = Kept(bytearray(before.read_bytes() if there else b""))
            self.gone.discard(name)
        return self.files[name]

    def cut(self, target: Path, mode: str, dice: random.Random) -> None:
        """Write into `target`, a copy of the base, what is left when the power goes now."""
        for name in self.gone:
            (target / name).unlink(missing_ok=True)
        for name, kept in self.files.items():
            content = bytearray(kept.sure)
            if mode == SOME:
                for record in kept.maybe:
                    for piece in pieces(record):
                        if dice.random() < 0.5:
                            put(content, piece)
            path = target / name
            if path.is_dir():
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def pieces(record: Record) -> Iterator[Record]:
    """A write by sectors; anything else in one."""
    if record.what != "W":
        yield record
        return
    place, data = record.place, record.data
    while data:
        length = SECTOR - place % SECTOR
        yield record._replace(place=place, data=data[:length])
        place, data = place + length, data[length:]


def moments(journal: Path, count: int, dice: random.Random) -> list[int]:
    """Numbers of records at which the power goes: by dice, in the later part, where there is something to lose."""
    total = sum(1 for _record in records(journal))
    return sorted(dice.sample(range(total // 5, total), min(count, total - total // 5)))
