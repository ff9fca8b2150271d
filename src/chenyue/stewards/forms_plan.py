"""The form that asks for a proposal of re-assignment."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core.forms import Form
from chenyue.places.models import Kind, Place
from chenyue.stewards.lifecycle import StewardState
from chenyue.stewards.models import Steward
from chenyue.stewards.planning.building import REASONS


class AskForm(Form):
    """What the proposal is for, who leaves, where, how long to search."""

    reason = forms.ChoiceField(label=_("What for"), choices=list(REASONS.items()), widget=forms.RadioSelect)
    leaving = forms.TypedMultipleChoiceField(
        label=_("Who leaves"), coerce=int, required=False, help_text=_("Only needed if somebody leaves.")
    )
    within = forms.TypedChoiceField(label=_("Where"), coerce=int, required=False, empty_value=None)
    seconds = forms.IntegerField(
        label=_("Search for at most so many seconds"), min_value=2, max_value=60, initial=8,
        help_text=_("You can stop it at any time; the best so far is kept."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Steward.objects.exclude(state=StewardState.ENDED).order_by("name", "pk").values_list("pk", "name")
        self.fields["leaving"].choices = list(people)  # type: ignore[attr-defined]
        self.fields["leaving"].widget.attrs["size"] = 6
        rows = Place.objects.filter(kind__in=[Kind.COMMUNITY, Kind.ESTATE], active=True).order_by("kind", "pk")
        places = [("", _("Everywhere")), *rows.values_list("pk", "full_name")]
        self.fields["within"].choices = places  # type: ignore[attr-defined]
