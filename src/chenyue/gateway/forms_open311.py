"""Forms of what other systems may do here."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core.forms import Form
from chenyue.gateway.models import OpenService


class ServiceForm(Form):
    """How a category is open to other systems."""

    active = forms.BooleanField(label=_("Other systems may file this"), required=False)
    public = forms.BooleanField(
        label=_("Anybody may read its requests"),
        required=False,
        help_text=_("State, kind, building and dates. Words only after somebody looked them through."),
    )
    kind = forms.ChoiceField(label=_("What the sender gets"), choices=OpenService.Kind.choices)
    notice = forms.CharField(label=_("Promise in words"), max_length=120, required=False)
    keywords = forms.CharField(label=_("Keywords"), max_length=200, required=False, help_text=_("Separated by commas"))
    questions = forms.CharField(
        label=_("Further questions"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line: code | question | datatype | required | 1=first;2=second"),
    )


class KeyForm(Form):
    """A new key for a partner."""

    name = forms.CharField(label=_("System"), max_length=60)
    owner = forms.CharField(label=_("Who answers for it"), max_length=80)
    services = forms.MultipleChoiceField(
        label=_("Only for these services"), required=False, widget=forms.CheckboxSelectMultiple
    )
    hourly = forms.IntegerField(label=_("Appeals an hour at most"), min_value=1, max_value=100_000, initial=200)
    expires_on = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    test = forms.BooleanField(label=_("For rehearsing only: nothing is kept"), required=False)

    def __init__(self, offered: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["services"].choices = offered  # type: ignore[attr-defined]

    def expires_at(self) -> datetime | None:
        """The end of the last day."""
        day = self.cleaned_data["expires_on"]
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59))) if day else None


class WordsForm(Form):
    """Words as they may be read outside."""

    words = forms.CharField(
        label=_("Words that may be read"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )


class RevokeForm(Form):
    """Why a key ends."""

    words = forms.CharField(label=_("What is told to whoever still uses it"), max_length=200, required=False)
