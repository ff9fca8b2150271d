"""A small calculation instead of a puzzle: what a browser does while a person types, and what a flood has to pay for.

The server writes a task: how much work, since when, and a seed, which is an HMAC over these, the office, the form and
the form's idempotency key. So nothing is kept for it, it is worth something for that one form only, and since a key has
one effect, neither task nor answer can be used twice. An answer is `PARTS` numbers; the SHA-256 of the seed, the
part's number and the answer's number (both as 32 bits, the highest first) begins with the bits that were asked for.
Several small parts instead of a large one: the time it takes is about the same each time.

Nothing here reads or writes anything; `core.floods` decides when work is asked for.
"""

import hmac
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.utils.crypto import salted_hmac

PARTS = 8
SALT = "chenyue.proof_of_work"
LASTS = timedelta(hours=6)  # people leave forms open
MOST = 24  # bits: no task of ours asks for more
SPARE = 60  # seconds by which the clocks of two machines of ours may differ


@dataclass(frozen=True)
class Task:
    """So many bits of work (about 2 to that power hashes; 0: none), for one form, since a moment (Unix time)."""

    bits: int
    since: int
    seed: str

    def __str__(self) -> str:
        return f"{self.bits}.{self.since}.{self.seed}"

    def waited(self, at: datetime) -> float:
        """Seconds since the form was given out."""
        return max(0.0, at.timestamp() - self.since)


def task(form: str, bits: int, since: int) -> Task:
    """The task for a form; `form` is whatever makes it this one: office, door and key."""
    bits = max(0, min(bits, MOST))
    return Task(bits, since, _seed(form, bits, since))


def read(text: str, form: str, at: datetime) -> Task | None:
    """A task as it came back; None if it is old, of another form, or not of ours."""
    parts = text.split(".")
    if len(text) > 100 or not text.isascii() or len(parts) != 3 or not all(part.isdigit() for part in parts[:2]):
        return None
    bits, since = int(parts[0]), int(parts[1])
    age = at.timestamp() - since
    if bits > MOST or not -SPARE <= age <= LASTS.total_seconds():
        return None
    return Task(bits, since, parts[2]) if hmac.compare_digest(_seed(form, bits, since), parts[2]) else None


def solved(given: Task, answer: str) -> bool:
    """Whether the answer is right: all its parts have the bits that the task asks for."""
    if given.bits == 0:
        return True
    numbers = answer.split(".")
    if len(answer) > 100 or not answer.isascii() or len(numbers) != PARTS or not all(n.isdigit() for n in numbers):
        return False
    seed, shift = bytes.fromhex(given.seed), 32 - each(given.bits)
    return all(int(n) < 2**32 and _head(seed, part, int(n)) >> shift == 0 for part, n in enumerate(numbers))


def each(bits: int) -> int:
    """Bits of one part: eight parts of 2^n hashes are 2^(n+3)."""
    return max(1, bits - 3)


def solve(given: Task) -> str:
    """The answer, as a browser finds it; for tests and for programs of ours."""
    if given.bits == 0:
        return ""
    seed, shift, found = bytes.fromhex(given.seed), 32 - each(given.bits), []
    for part in range(PARTS):
        number = 0
        while _head(seed, part, number) >> shift:
            number += 1
        found.append(str(number))
    return ".".join(found)


def _head(seed: bytes, part: int, number: int) -> int:
    return int.from_bytes(sha256(seed + struct.pack(">II", part, number)).digest()[:4], "big")


def _seed(form: str, bits: int, since: int) -> str:
    return salted_hmac(SALT, f"{bits}.{since}.{form}", algorithm="sha256").hexdigest()
