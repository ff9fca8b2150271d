"""The recovery code: what stands on paper and opens the backups. Made by the machine, typed by people.

Five groups of five out of 32 signs that can't be taken for one another: 115 random bits, and 10 bits that tell a
slip of the pen from a code of another office.
"""

import hashlib
import secrets
import unicodedata

from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Refusal

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: without I, L, O and U
RANDOM, CHECK, GROUP = 23, 2, 5  # signs
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})


def make() -> str:
    """A new code, without its hyphens."""
    random = "".join(secrets.choice(SIGNS) for _n in range(RANDOM))
    return random + _check(random)


def shown(code: str) -> str:
    """As it is written on paper: in groups."""
    return "-".join(code[n : n + GROUP] for n in range(0, len(code), GROUP))


def read(typed: str) -> str:
    """The code as somebody typed it: small letters, spaces and full-width signs are forgiven.

    Raises Refusal (code `typed`) when it can't be any office's code.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKC", typed).upper() if c.isalnum()).translate(_READ_AS)
    if len(plain) != RANDOM + CHECK or not set(plain) <= set(SIGNS) or _check(plain[:RANDOM]) != plain[RANDOM:]:
        sentence = _(
            "This isn't a recovery code as it was printed. It has five groups of five letters and digits; "
            "compare it with the sheet, sign by sign."
        )
        raise Refusal(sentence, field="code", code="typed")
    return plain


def _check(random: str) -> str:
    number = int.from_bytes(hashlib.sha256(b"chenyue recovery code:" + random.encode()).digest()[:2], "big")
    return SIGNS[number >> 5 & 31] + SIGNS[number & 31]
