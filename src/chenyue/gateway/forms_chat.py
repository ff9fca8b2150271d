"""The form into which a chat is pasted or uploaded."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core.forms import Form
from chenyue.gateway.chat import pictures, reading
from chenyue.gateway.chat.messages import Transcript
from chenyue.places.entries import SURE
from chenyue.places.queries import gazetteer

MOST_FILES = 9


class Files(forms.ClearableFileInput):
    """A field for several files."""

    allow_multiple_selected = True


class ManyFiles(forms.FileField):
    """Several uploaded files, in their order."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files; an empty list if none was chosen."""
        single = super().clean
        chosen = data if isinstance(data, list | tuple) else [data] if data else []
        return [single(one, initial) for one in chosen]


class ChatForm(Form):
    """Pasted words, files, and of which place the group is."""

    pasted = forms.CharField(
        label=_("Paste the messages here"),
        help_text=_("Mark them in the chat, copy, paste. Names and times come along; nothing has to be tidied up."),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    chosen = ManyFiles(label=_("Or choose a file"), required=False)
    home = forms.CharField(
        label=_("Which place is this group of?"),
        help_text=_("Such as an estate and building. Empty: as far as the chat tells it."),
        required=False,
        max_length=80,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pasted"].widget.attrs["rows"] = 8
        self.fields["chosen"].help_text = (
            _("Text, CSV or JSON as a programme exported it, or up to nine screenshots.")
            if pictures.installed()
            else _("Text, CSV or JSON as a programme exported it. Screenshots can't be read on this machine.")
        )

    def clean_chosen(self) -> list[Any]:
        """Not more files than a chat has: each is read, and a screenshot takes seconds."""
        chosen = list(self.cleaned_data.get("chosen") or [])
        if len(chosen) > MOST_FILES:
            sentence = _("These are %(count)d files. At most 9 are read at once.") % {"count": len(chosen)}
            raise forms.ValidationError(sentence, code="too_many")
        return chosen

    def place(self) -> int | None:
        """The place that was typed, if there is one of that name."""
        return place_of(self.cleaned_data.get("home", ""))

    def transcript(self, at: datetime) -> Transcript:
        """Everything that was pasted and uploaded, as one chat."""
        parts: list[Transcript] = []
        if self.cleaned_data.get("pasted", "").strip() or not self.cleaned_data.get("chosen"):
            parts.append(reading.read_text(self.cleaned_data.get("pasted", ""), at))
        for file in self.cleaned_data.get("chosen") or []:
            parts.append(reading.read_file(file.read(reading.MAX_BYTES + 1), file.name, at))
        return parts[0] if len(parts) == 1 else reading.joined(parts)


def place_of(words: str, within: int | None = None) -> int | None:
    """The place that these words name: written out, or the way it is typed into a picker."""
    words = words.strip()
    if not words:
        return None
    hits = [hit for hit in gazetteer().find(words, within=within) if hit.score >= SURE]
    hits = hits or gazetteer().search(words, limit=1, within=within)
    return hits[0].place_id if hits else None
