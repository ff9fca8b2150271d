"""Words that were said in an act, so that a person can be forgotten and the chain still holds.

The entry itself (and its hash) carries only a commitment to them: a fingerprint with a salt. The words and the
salt stand beside it in `Entry.said`, the one column that may be blanked, once, and never be filled again; the
triggers see to that. With the salt gone nobody can try words against the fingerprint. Blanking is an act itself:
an entry of the same chain names the positions, and `verify` asks for it.
"""

import hashlib
import secrets
from typing import Any

from django.utils.translation import gettext_lazy as _

SPOKEN = "words"  # the key of `data` under which acts put what somebody said
FORGOTTEN = "timeline.words_forgotten"
GONE = _("(deleted with the person's data)")
_MARK = "said"


def committed(data: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str] | None]:
    """`data` with a commitment in place of its words, and the words with their salt; None where none were said."""
    words = data.get(SPOKEN)
    if not isinstance(words, str) or not words:
        return data, None
    said = {"words": words, "salt": secrets.token_hex(16)}
    return data | {SPOKEN: {_MARK: commitment(said)}}, said


def commitment(said: dict[str, str]) -> str:
    """The fingerprint of words and salt."""
    return hashlib.sha256(f"{said['salt']}:{said['words']}".encode()).hexdigest()


def is_commitment(value: Any) -> bool:
    """Whether this stands where words stood."""
    return isinstance(value, dict) and set(value) == {_MARK}


def told(data: dict[str, Any], said: dict[str, str] | None) -> dict[str, Any]:
    """An entry's data as it is read: with the words that were said, or with the remark that they are gone."""
    if not is_commitment(data.get(SPOKEN)):
        return data
    return data | {SPOKEN: said["words"] if said else str(GONE)}


def fits(data: dict[str, Any], said: dict[str, str] | None) -> bool:
    """Whether what stands beside an entry is what it committed to; blanked words fit."""
    held = data.get(SPOKEN)
    if said is None:
        return True
    return isinstance(held, dict) and held.get(_MARK) == commitment(said)


def is_blank(data: dict[str, Any], said: dict[str, str] | None) -> bool:
    """Whether words were said, and are gone."""
    return said is None and is_commitment(data.get(SPOKEN))
