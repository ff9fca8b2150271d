"""Forms of the bulletin."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.bulletin.leaks import ASK
from chenyue.bulletin.lifecycle import Column
from chenyue.bulletin.models import Piece
from chenyue.bulletin.pieces import Written
from chenyue.core.forms import Form
from chenyue.places.queries import communities


class Pictures(forms.FileInput):
    """Several pictures at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class PicturesField(forms.Field):
    """Pictures; their bytes are looked at where they are kept."""

    widget = Pictures

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False} | kwargs)
        self.widget.attrs |= {"multiple": True, "accept": "image/*", "data-shrink": "2000"}

    def clean(self, value: Any) -> list[Any]:
        return value if isinstance(value, list) else [value] if value else []


class PieceForm(Form):
    """What a piece says."""

    column = forms.ChoiceField(label=pgettext_lazy("bulletin", "Column"), choices=Column.choices)
    title = forms.CharField(label=pgettext_lazy("piece", "Title"), max_length=80)
    lead = forms.CharField(label=_("In one sentence"), max_length=200, required=False)
    text = forms.CharField(
        label=pgettext_lazy("piece", "Text"), max_length=20_000, required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("A blank line begins a paragraph; “## ” a heading, “- ” a line of a list, “> ” somebody's words."),
    )  # fmt: skip
    source = forms.CharField(label=pgettext_lazy("piece", "Source"), max_length=60, required=False)
    author = forms.CharField(label=pgettext_lazy("piece", "Author"), max_length=40, required=False)
    correspondent = forms.CharField(label=_("Correspondent"), max_length=40, required=False)
    original = forms.CharField(
        label=_("Link to the original"), max_length=300, required=False, help_text=_("Such as https://…")
    )
    copyright = forms.CharField(label=_("Rights"), max_length=120, required=False)
    communities = forms.MultipleChoiceField(
        label=_("Concerns"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None: everybody.")
    )
    works = forms.CharField(label=_("Number of renewal works it is about"), max_length=20, required=False)
    activity = forms.CharField(label=_("Number of a voluntary activity it is about"), max_length=20, required=False)
    expires_on = forms.DateField(
        label=_("Until this day it stands in the list"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Afterwards it is found in the archive."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["communities"].choices = communities()  # type: ignore[attr-defined]

    def written(self) -> Written:
        """What was typed."""
        typed = dict(self.cleaned_data)
        typed.pop("version", None)
        typed.pop("words", None)
        return Written(**typed | {"communities": [int(one) for one in typed["communities"]]})


class CorrectionForm(PieceForm):
    """A change of what is published, with what readers are told of it."""

    words = forms.CharField(label=_("What is corrected"), max_length=200, help_text=_("Readers see this."))


def initial_of(piece: Piece) -> dict[str, Any]:
    """A form that shows a piece."""
    names = (
        "column", "title", "lead", "text", "source", "author", "correspondent", "original", "copyright", "works",
        "activity", "expires_on", "version",
    )  # fmt: skip
    chosen = list(piece.communities.values_list("pk", flat=True)) if piece.pk else []
    return {name: getattr(piece, name) for name in names} | {"communities": chosen}


class WordsForm(Form):
    """Why."""

    words = forms.CharField(label=pgettext_lazy("bulletin", "Why"), max_length=200, widget=forms.Textarea)


class ReleaseForm(Form):
    """Now or later, on top or not."""

    publish_at = forms.DateTimeField(
        label=_("Appears at"), required=False, help_text=_("Empty: now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )  # fmt: skip
    featured = forms.BooleanField(label=_("Put it on top"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_publish_at(self) -> Any:
        at = self.cleaned_data["publish_at"]
        if at and at < timezone.now():
            raise ValidationError(_("This moment is over. Leave it empty to publish now."), code="past")
        if at and at.year > timezone.now().year + 1:
            raise ValidationError(_("Check the year."), code="year")
        return at


class HitsForm(Form):
    """An answer for each place at which somebody might be recognised and that may stay."""

    def __init__(self, *args: Any, piece: Piece, **kwargs: Any) -> None:
        self.asked = [one for one in piece.checks if one["level"] == ASK]
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        return {
            f"hit{n}": forms.CharField(
                label=_("“%(words)s”: why it harms nobody") % {"words": one["excerpt"]},
                max_length=200, required=False, initial=one["answer"],
            )
            for n, one in enumerate(self.asked)
        }  # fmt: skip

    def answers(self) -> dict[str, str]:
        """By the key of the hit."""
        return {one["key"]: self.cleaned_data[f"hit{n}"] for n, one in enumerate(self.asked)}


class PictureForm(Form):
    """Pictures with what is to be seen on them."""

    attachments = PicturesField(label=_("Pictures"))
    alt = forms.CharField(
        label=_("What is to be seen"), max_length=200, help_text=_("Read aloud to those who don't see it.")
    )
    credit = forms.CharField(label=_("Photograph by"), max_length=60, required=False)
    consent = forms.CharField(
        label=_("Consent of the people on it"), max_length=120, required=False,
        help_text=_("Who agreed, when and how; empty if nobody can be recognised."),
    )  # fmt: skip


class HandInForm(Form):
    """A resident tells something that others might like to read."""

    title = forms.CharField(label=pgettext_lazy("piece", "Title"), max_length=80)
    text = forms.CharField(
        label=_("What you would like to tell"), max_length=8000, widget=forms.Textarea(attrs={"rows": 8})
    )
    author = forms.CharField(
        label=_("Name that may stand below it"), max_length=40, required=False, help_text=_("Empty: “a resident”.")
    )
    name = forms.CharField(label=_("Your name"), max_length=40)
    phone = forms.CharField(
        label=_("Your telephone"), max_length=20, help_text=_("For questions only; it is never published.")
    )
    consent = forms.BooleanField(
        label=_("The office may publish it, shortened or corrected, with the name above."), required=False
    )
