"""Forms about volunteers: joining, what they offer, what the office writes down, skills."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.forms import Form
from chenyue.volunteering.fields_deeds import (
    DayField,
    PlaceField,
    TimesField,
    choose,
    one_of,
    place_words,
    skill_choices,
    some_of,
    ticked,
)
from chenyue.volunteering.forms_deeds import WINDOW
from chenyue.volunteering.models import Skill, Volunteer

REACHES = [
    (300, _("next door (300 m)")), (800, _("ten minutes on foot (800 m)")),
    (1500, _("twenty minutes on foot (1,500 m)")),
    (3000, _("by bicycle (3 km)")), (20_000, _("anywhere in the sub-district")),
]  # fmt: skip


class OfferForm(Form):
    """What somebody can do, when, and how far from where."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    skills = some_of(_("What I can do"))
    times = TimesField(label=_("When I am free"))
    place = PlaceField(label=_("From where I set out"), help_text=_("A building is enough."))
    reach_metres = forms.TypedChoiceField(label=_("How far I go"), choices=REACHES, coerce=int, initial=1500)
    limits = forms.CharField(
        label=_("What I can't do"), max_length=200, required=False, help_text=_("No illnesses: we don't keep them.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "skills", skill_choices())

    def offer(self) -> dict[str, Any]:
        """What was told, as `joining` takes it."""
        return {name: self.cleaned_data[name] for name in ("skills", "times", "place", "reach_metres", "limits")}


def of_offer(row: Volunteer) -> dict[str, Any]:
    """An offer as its form shows it."""
    reach = min((value for value, _word in REACHES), key=lambda value: abs(value - row.reach_metres))
    return {
        "skills": list(row.skills.values_list("pk", flat=True)), "times": ticked(row.times),
        "place": place_words(row.place_id), "reach_metres": reach, "limits": row.limits, "version": row.version,
    }  # fmt: skip


class VolunteerForm(OfferForm):
    """Joining at the window or by telephone."""

    name = forms.CharField(label=pgettext_lazy("volunteer", "Name"), max_length=40)
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    via = forms.ChoiceField(label=_("How it came"), choices=WINDOW)
    birth_on = DayField(label=_("Day of birth"), required=False)
    guardian_name = forms.CharField(label=_("Parent or guardian (under 18)"), max_length=40, required=False)
    guardian_how = forms.CharField(
        label=_("How the consent is known"), max_length=200, required=False, help_text=_("Such as: mother present.")
    )
    terms = forms.BooleanField(label=_("The rules were read out and agreed to"), required=False)

    field_order = ("name", "phone", "via", "birth_on", "guardian_name", "guardian_how")

    def told(self) -> dict[str, Any]:
        """What was told, as `joining.join` takes it."""
        names = ("birth_on", "guardian_name", "guardian_how", "terms", "via")
        return self.offer() | {name: self.cleaned_data[name] for name in names}


class PersonForm(Form):
    """What only the office writes down."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    birth_on = DayField(label=_("Day of birth"), required=False)
    guardian_name = forms.CharField(label=_("Parent or guardian (under 18)"), max_length=40, required=False)
    guardian_how = forms.CharField(label=_("How the consent is known"), max_length=200, required=False)
    insured_until = DayField(label=_("Accident insurance until"), required=False)


class LicenceForm(Form):
    """A licence that somebody showed."""

    skill = one_of(_("Skill"), required=True)
    number = forms.CharField(label=_("Number of the licence"), max_length=60)
    until = DayField(label=_("Holds until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "skill", Skill.objects.filter(licensed=True).values_list("pk", "name"))


class SkillForm(Form):
    """One skill of the register."""

    name = forms.CharField(label=_("Skill"), max_length=30)
    licensed = forms.BooleanField(label=_("May be done with a licence only"), required=False)


class LookForm(Form):
    """Why somebody needs to see contact data."""

    reason = forms.CharField(label=_("Why do you need to see this?"), max_length=200)
