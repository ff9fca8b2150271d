"""Forms of committees and mediators."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core.forms import Form
from chenyue.mediation.dossier import rules
from chenyue.mediation.fields import DayField, PlaceField, choose, one_of, place_words, unit_choices
from chenyue.mediation.forms_core import SEXES
from chenyue.mediation.lifecycle import Dispute, Tie
from chenyue.mediation.models import Committee, Mediator
from chenyue.mediation.registers import MediatorData, members_to_choose

DEFAULT = "default"


class CommitteeForm(Form):
    """A committee and its term."""

    name = forms.CharField(label=_("Name"), max_length=80)
    unit_id = one_of(_("Unit"), help_text=_("Cases that go to mediation are given to this unit."))
    address = forms.CharField(label=_("Address"), max_length=120, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    file_mark = forms.CharField(label=_("Mark in file numbers"), max_length=20, required=False)
    since = DayField(label=_("Term since"), required=False)
    until = DayField(label=_("Term until"), required=False, help_text=_("Three years (art. 9)."))
    active = forms.BooleanField(label=_("active"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "unit_id", unit_choices(), none=_("none"))


def initial_committee(row: Committee | None) -> dict[str, Any]:
    """A committee as its form shows it."""
    names = ("name", "unit_id", "address", "phone", "file_mark", "since", "until", "active")
    return {name: getattr(row, name) for name in names} if row else {}


class MediatorForm(Form):
    """A mediator."""

    committee = one_of(_("Committee"), required=True)
    member = one_of(_("Signs in as"), help_text=_("Who never signs in can mediate too; others write it down for them."))
    name = forms.CharField(label=_("Name"), max_length=40)
    gender = forms.ChoiceField(label=_("Sex"), choices=SEXES, required=False)
    hired = forms.BooleanField(label=_("Hired by the committee, not a member of it"), required=False)
    home = PlaceField(label=_("Home (for finding ties only)"), homes=True)
    employer = forms.CharField(label=_("Works for (for finding ties only)"), max_length=80, required=False)
    skills = forms.CharField(label=_("Knows about"), max_length=200, required=False)
    dialects = forms.CharField(label=_("Dialects"), max_length=200, required=False)
    since = DayField(label=_("Since"), required=False)
    until = DayField(label=_("Until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "committee", Committee.objects.values_list("pk", "name"))
        choose(self, "member", members_to_choose().values_list("pk", "name"), none=_("nobody"))

    def data_of(self) -> MediatorData:
        """As `registers.save_mediator` takes it."""
        given = self.cleaned_data
        same = {name: given[name] for name in ("name", "gender", "hired", "employer", "since", "until")}
        several: Any = {name: re.split(r"[\s,，、;；]+", given[name]) for name in ("skills", "dialects")}
        ids = {"committee_id": given["committee"], "member_id": given["member"], "home_id": given["home"]}
        return MediatorData(**same, **several, **ids)


def initial_mediator(row: Mediator | None) -> dict[str, Any]:
    """A mediator as the form shows them."""
    if row is None:
        return {}
    same = {name: getattr(row, name) for name in ("name", "gender", "hired", "employer", "since", "until")}
    several = {name: "、".join(getattr(row, name)) for name in ("skills", "dialects")}
    return same | several | {"committee": row.committee_id, "member": row.member_id, "home": place_words(row.home_id)}


class DaysForm(Form):
    """How long mediating may take before the parties are asked for more time."""

    days = forms.IntegerField(label=_("Days from registration"), min_value=1, max_value=365)


class KeepingForm(Form):
    """How long the dossiers of each kind of dispute are kept, where the office decides otherwise than the table."""

    def __init__(self, *args: Any, held: Mapping[str, str], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        terms = list(rules.terms(today).items())
        kinds = [(DEFAULT, _("Every kind that isn't named below")), *Dispute.choices]
        for code, word in kinds:
            self.fields[code] = forms.ChoiceField(
                label=word, choices=[("", _("as the table says")), *terms], initial=held.get(code, ""), required=False
            )

    def chosen(self) -> dict[str, str]:
        """What the setting holds: the kinds that differ."""
        return {code: term for code, term in self.cleaned_data.items() if term}


class RevokeForm(Form):
    """Why somebody is no mediator any more."""

    why = forms.CharField(label=_("Why (art. 15)"), max_length=200)


class DeclareForm(Form):
    """Somebody a mediator is close to."""

    tie = forms.ChoiceField(label=_("What ties them"), choices=Tie.choices)
    name = forms.CharField(label=_("Whose"), max_length=60)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    id_number = forms.CharField(label=_("Identity number"), max_length=30, required=False)
    words = forms.CharField(label=_("Relation"), max_length=60, required=False)
