"""Forms of tokens and webhooks."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chenyue.core.forms import Form
from chenyue.gateway.api import tokens
from chenyue.gateway.webhooks.events import EVENTS
from chenyue.people import queries as people
from chenyue.people.models import Member
from chenyue.people.permissions import WORDS


class TokenForm(Form):
    """A token that is offered to somebody."""

    name = forms.CharField(label=_("System"), max_length=60)
    purpose = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    owner = forms.ModelChoiceField(
        label=_("Who answers for it"),
        queryset=Member.objects.none(),
        help_text=_("The program acts as this person, and never reaches further than they do."),
    )
    words = forms.MultipleChoiceField(
        label=_("What it may do"), widget=forms.CheckboxSelectMultiple(attrs={"class": "many"})
    )
    read_only = forms.BooleanField(label=_("Reads only, whatever is ticked above"), required=False, initial=True)
    hourly = forms.IntegerField(label=_("Calls an hour at most"), min_value=1, max_value=1_000_000, initial=1000)
    expires_on = forms.DateField(
        label=_("Valid until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people.members()  # type: ignore[attr-defined]
        self.fields["words"].choices = [(word, WORDS[word]) for word in tokens.carried()]  # type: ignore[attr-defined]
        self.fields["name"].widget.attrs["autocomplete"] = "off"

    def asked(self) -> dict[str, Any]:
        """What `tokens.offer` needs of it: the day's end in place of the day."""
        found = dict(self.cleaned_data)
        day = found.pop("expires_on")
        return found | {"expires_at": end_of(day)}


def end_of(day: date) -> datetime:
    """The last second of a day of the office."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


class WebhookForm(Form):
    """A webhook that is offered to somebody."""

    name = forms.CharField(label=_("System"), max_length=60)
    purpose = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    address = forms.CharField(
        label=_("Address"),
        max_length=1000,
        help_text=_("Begins with https://. It can't be changed later: then offer a new one."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
    )
    owner = forms.ModelChoiceField(
        label=_("Who answers for it"),
        queryset=Member.objects.none(),
        help_text=_("It is told only what happens to cases that this person sees."),
    )
    events = forms.MultipleChoiceField(
        label=_("What it is told"), choices=list(EVENTS.items()), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people.members()  # type: ignore[attr-defined]
        self.fields["name"].widget.attrs["autocomplete"] = "off"


class CalendarForm(Form):
    """What a calendar is of."""

    kind = forms.ChoiceField(label=_("Calendar of"))

    def __init__(self, offered: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = offered  # type: ignore[attr-defined]
