"""What entries about wall screens say. Their codes stand in none."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from chenyue.timeline.verbs import register


def _says(verb: str, sentence: Promise, tone: str, icon: str) -> None:
    register(verb, lambda data: str(sentence) % data, tone, icon)


_says("wall.made", gettext_lazy("made the wall screen “%(name)s”"), "", "plus")
_says("wall.renamed", gettext_lazy("renamed the wall screen “%(before)s” to “%(name)s”"), "", "edit")
_says("wall.renewed", gettext_lazy("gave the wall screen “%(name)s” a new address; the old one ended"), "due", "key")
_says("wall.revoked", gettext_lazy("revoked the wall screen “%(name)s”"), "late", "x")
