"""What an entry says: each package registers a sentence for each verb it writes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from chenyue.core.errors import Sentence

SentenceFor = Callable[[dict[str, Any]], Sentence]


@dataclass(frozen=True)
class Verb:
    """How a verb reads and looks. `words_for` gives what was said in the act, shown as a quotation."""

    name: str
    sentence_for: SentenceFor
    tone: str = ""
    icon: str = ""
    words_for: SentenceFor | None = None


_verbs: dict[str, Verb] = {}
UNKNOWN = Verb("", lambda data: _("Something was done"))


def register(
    verb: str,
    sentence_for: SentenceFor | Sentence,
    tone: str = "",
    icon: str = "",
    words_for: SentenceFor | None = None,
) -> None:
    """Say how `verb` reads: a lazy sentence, or a function of the entry's data that gives one.

    The sentence must be fit for everyone who may see the entry: residents see the same words.
    """
    of = sentence_for if callable(sentence_for) else _always(sentence_for)
    _verbs[verb] = Verb(verb, of, tone, icon, words_for)


def _always(said: Sentence) -> SentenceFor:
    return lambda data: said


def known() -> dict[str, Verb]:
    """All verbs that have a sentence."""
    return dict(_verbs)


def verb(name: str) -> Verb:
    """The verb of this name; one that nobody registered (any more) reads as a general sentence."""
    return _verbs.get(name, UNKNOWN)


def sentence(name: str, data: dict[str, Any]) -> str:
    """The sentence of an entry. An old entry whose data lacks something still reads."""
    try:
        return str(verb(name).sentence_for(data))
    except (KeyError, TypeError, ValueError, IndexError):
        return str(UNKNOWN.sentence_for(data))


def words(name: str, data: dict[str, Any]) -> str:
    """What was said in the act, or nothing."""
    said = verb(name).words_for
    if said is None:
        return ""
    try:
        return str(said(data) or "")
    except (KeyError, TypeError, ValueError, IndexError):
        return ""
