"""Forms of the lists: filters, saving a view, acting on many cases."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chenyue.cases.filters import DUE, GROUPS
from chenyue.cases.lifecycle import STATE_WORDS
from chenyue.cases.models import Channel
from chenyue.catalogue.models import Urgency
from chenyue.core.forms import Form
from chenyue.core.widgets import Select
from chenyue.desk import choices
from chenyue.desk.forms.fields import DayField, WordsField
from chenyue.people.models import Member
from chenyue.places.queries import communities

STATES = [(s.value, word) for s, word in STATE_WORDS.items()]


class Ticks(forms.MultipleChoiceField):
    """Several values of one filter."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple, **kwargs)


class Pick(forms.ChoiceField):
    """One value of a filter, or any."""

    def __init__(self, options: Any, **kwargs: Any) -> None:
        super().__init__(required=False, choices=lambda: [("", _("Any")), *options()], widget=Select, **kwargs)


class FilterForm(Form):
    """The filters of a list as a form; sent by GET, so that each list has its address."""

    q = forms.CharField(label=_("Words"), required=False, max_length=80)
    state = Ticks(label=_("State"), choices=[*((k, label) for k, (_s, label) in GROUPS.items()), *STATES])
    urgency = Ticks(label=_("Urgency"), choices=Urgency.choices)
    due = Pick(lambda: list(DUE.items()), label=_("Promise"))
    category = Pick(lambda: choices.categories(empty=False), label=_("Category"))
    lead = Pick(choices.unit_codes_real, label=_("Lead unit"))
    community = Pick(communities, label=_("Community"))
    channel = Ticks(label=_("Channel"), choices=Channel.choices)
    from_ = DayField(label=_("Received from"), required=False)
    to = DayField(label=_("Received until"), required=False)

    def add_prefix(self, field_name: str) -> str:
        """`from` is a word of Python, not of the address."""
        return field_name.rstrip("_")


class SaveViewForm(Form):
    name = forms.CharField(label=_("Name of this view"), max_length=40)
    query = forms.CharField(widget=forms.HiddenInput, max_length=500, required=False)
    shared = forms.BooleanField(label=_("Share with everyone"), required=False)


class BulkForm(Form):
    """What is done to the ticked cases, or to all that match."""

    ACTS = (
        ("remind", _("Remind the unit")),
        ("supervise", _("Supervise")),
        ("accept", _("Accept for the unit")),
        ("dispatch", _("Dispatch by the catalogue")),
        ("officer", _("Name an officer")),
    )
    LABELS = dict(ACTS)
    # What nothing takes back: the lifecycle has no way from assigned to received, and what was said was said.
    FOR_GOOD = {
        "remind": _("The units are told at once. What was said can't be taken back."),
        "supervise": _("The units are told at once, and the cases stay under supervision."),
        "accept": _("The units are bound from now on, and those who reported it read so. It can't be taken back."),
        "dispatch": _(
            "The units get them at once, and those who reported it read so. It can't be taken back; a case that went "
            "to the wrong unit is put right by Reassign on its page."
        ),
    }
    act = forms.ChoiceField(label=_("With the selected cases"), choices=ACTS)
    words = WordsField(label=_("Words to the unit"), required=False, max_length=500, rows=2)
    everything = forms.BooleanField(required=False)
    query = forms.CharField(required=False, max_length=500)
    sure = forms.BooleanField(required=False)  # what it does was read

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("act") in ("remind", "supervise") and not found.get("words"):
            self.add_error("words", ValidationError(_("Say what the unit is told.")))
        return found


class OfficerForm(Form):
    """Who of a unit sees to a case, or nobody by name."""

    officer_id = forms.TypedChoiceField(label=_("Officer"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, people: list[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = {person.unit_id for person in people}
        named = [(p.pk, f"{p.name}（{p.unit.name}）" if p.unit and len(units) > 1 else p.name) for p in people]
        self.fields["officer_id"].choices = [("", _("Nobody by name")), *named]  # type: ignore[attr-defined]
