"""Parting a message: to which matter each of its sentences belongs."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chenyue.cases import parting
from chenyue.core.errors import Refusal
from chenyue.core.forms import Form
from chenyue.desk.forms.fields import CategoryField
from chenyue.triage.matters import Matter, sentences

STAYS = "0"
CHOICES: list[tuple[str, str | Promise]] = [
    (STAYS, _("stays with this case")),
    ("1", _("another matter: A")),
    ("2", _("another matter: B")),
    ("3", _("another matter: C")),
    ("4", _("another matter: D")),
]
LETTERS = {key: letter for (key, _word), letter in zip(CHOICES[1:], "ABCD", strict=True)}


def _as_offered(word: str | Promise, offered: Sequence[Matter], n: int) -> str:
    """A choice, with the kind that is offered for it."""
    return f"{word} · {offered[n].category.name}" if 0 < n < len(offered) else str(word)


class PartForm(Form):
    """A choice for each sentence, and a category for each further matter; as offered until somebody says otherwise."""

    def __init__(self, *args: Any, words: str, offered: Sequence[Matter], gone: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pieces, self.gone = sentences(words), set(gone)
        belongs = {line: str(n) for n, matter in enumerate(offered[1 : parting.MOST + 1], 1) for line in matter.lines}
        choices = [(key, _as_offered(word, offered, int(key))) for key, word in CHOICES]
        for line, piece in enumerate(self.pieces):
            if piece.strip() and line not in self.gone:
                field = forms.ChoiceField(choices=choices, initial=belongs.get(line, STAYS), required=False)
                field.label = piece.strip()
                self.fields[f"to_{line}"] = field
        for n, (key, letter) in enumerate(LETTERS.items(), 1):
            found = offered[n].category.code if n < len(offered) else ""
            label = _("Category of %(letter)s (empty: as suggested)") % {"letter": letter}
            self.fields[f"category_{key}"] = CategoryField(label=label, required=False, initial=found)

    def lines(self) -> list[tuple[str, Any]]:
        """Each sentence with its choice; None for one that is a case of its own already, or that says nothing."""
        return [
            (piece, self[f"to_{line}"] if f"to_{line}" in self.fields else None)
            for line, piece in enumerate(self.pieces)
            if piece.strip()
        ]

    def categories(self) -> list[Any]:
        """The fields of the further matters' categories."""
        return [self[f"category_{key}"] for key in LETTERS]

    def parts(self) -> list[parting.Part]:
        """What was chosen. Raises Refusal if nothing was."""
        found = []
        for key in LETTERS:
            lines = tuple(line for line in range(len(self.pieces)) if self.cleaned_data.get(f"to_{line}", STAYS) == key)
            if lines:
                found.append(parting.Part(lines, self.cleaned_data.get(f"category_{key}") or ""))
        if not found:
            raise Refusal(_("Say of at least one sentence that it is a matter of its own."), code="none")
        return found
