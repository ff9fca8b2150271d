"""Forms of residents' own pages and of the window."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.errors import Refusal
from chenyue.core.forms import Form
from chenyue.people.models import DataRequest
from chenyue.volunteering import amounts
from chenyue.volunteering.joining import DAYS
from chenyue.volunteering.lifecycle import ActivityKind, Kin, Via
from chenyue.volunteering.models import Skill, Volunteer

DAY_WORDS = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
HALVES = {"am": (_("mornings"), "08:00", "11:30"), "pm": (_("afternoons"), "13:30", "17:30"),
          "eve": (_("evenings"), "18:30", "21:00")}  # fmt: skip


def _day(**more: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _clock(**more: Any) -> forms.TimeField:
    return forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **more)


class SayForm(Form):
    """Words about a booking or an hour."""

    words = forms.CharField(label=_("What happened?"), max_length=1000, widget=forms.Textarea(attrs={"rows": "3"}))


class ReasonForm(Form):
    """A reason that may be left out."""

    reason = forms.CharField(label=_("Why, if it is less than 12 hours before"), max_length=200, required=False)


class OfferForm(Form):
    """What a volunteer can do, when, and how far from home."""

    skills = forms.MultipleChoiceField(
        label=_("What I can do"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    times = forms.MultipleChoiceField(
        label=_("When I am free, roughly"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    reach_metres = forms.IntegerField(
        label=_("How far I walk, in metres"), min_value=100, max_value=20_000, initial=1500
    )
    limits = forms.CharField(
        label=_("What I can't do"), max_length=200, required=False, help_text=_("Such as: no stairs, nothing heavy.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        skills: Any = self.fields["skills"]
        skills.choices = [(str(one.pk), one.name) for one in Skill.objects.all()]
        times: Any = self.fields["times"]
        times.choices = [
            (f"{day}-{half}", f"{said} {HALVES[half][0]}")
            for day, said in zip(DAYS, DAY_WORDS, strict=True)
            for half in HALVES
        ]

    def offer(self) -> dict[str, Any]:
        """As `joining.join` and `save_offer` take it."""
        said = self.cleaned_data
        chosen = [one.partition("-") for one in said["times"]]
        return {
            "skills": [int(pk) for pk in said["skills"]],
            "times": [[day, *HALVES[half][1:]] for day, _dash, half in chosen],
            "reach_metres": said["reach_metres"],
            "limits": said["limits"],
        }


def offered(volunteer: Volunteer) -> dict[str, Any]:
    """What the form starts with."""
    halves = {span[1:]: half for half, span in HALVES.items()}
    kept = [f"{day}-{halves[first, last]}" for day, first, last in volunteer.times if (first, last) in halves]
    return {
        "skills": [str(pk) for pk in volunteer.skills.values_list("pk", flat=True)],
        "times": kept,
        "reach_metres": volunteer.reach_metres,
        "limits": volunteer.limits,
    }


class JoinForm(OfferForm):
    """The same, with what is asked once. A guardian is written down at the window only."""

    birth_on = _day(label=_("Day of birth"), help_text=_("Some tasks have limits of age. Nobody else sees it."))
    guardian_name = forms.CharField(label=_("Parent or guardian"), max_length=40, required=False)
    guardian_how = forms.CharField(
        label=_("How the consent was given"), max_length=200, required=False, help_text=_("Such as: signed here today.")
    )
    terms = forms.BooleanField(label=_("I have read the rules and agree."))

    def __init__(self, *args: Any, window: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not window:
            del self.fields["guardian_name"], self.fields["guardian_how"]


class NeedForm(Form):
    """Help that a resident asks for."""

    title = forms.CharField(label=_("What do you need?"), max_length=80)
    kind = forms.ChoiceField(label=_("What kind of help"), choices=ActivityKind.choices, initial="care")
    day = _day(label=_("Day"))
    starts = _clock(label=pgettext_lazy("time of day", "From"))
    ends = _clock(label=pgettext_lazy("time of day", "Until"))
    words = forms.CharField(label=_("More about it"), max_length=1000, required=False, widget=forms.Textarea)
    risks = forms.CharField(
        label=_("What should a helper know?"), max_length=300, required=False, help_text=_("Stairs, a dog, illness.")
    )

    def span(self) -> tuple[datetime, datetime]:
        """From when to when."""
        said = self.cleaned_data
        zone = timezone.get_current_timezone()
        return tuple(datetime.combine(said["day"], said[part], tzinfo=zone) for part in ("starts", "ends"))  # type: ignore[return-value]


class AmountForm(Form):
    """An amount of credits, as typed."""

    amount = forms.CharField(label=_("How many credits"), max_length=20)

    def clean_amount(self) -> int:
        try:
            return amounts.read_credits(self.cleaned_data["amount"])
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.sentence)) from refusal


class TieForm(Form):
    """Ask a relative to share credits: named by telephone and name, never chosen from a list."""

    name = forms.CharField(label=_("Name of the relative"), max_length=60)
    phone = forms.CharField(label=_("Mobile number of the relative"), max_length=40)
    way = forms.ChoiceField(
        label=_("Who shares with whom"),
        choices=[("gives", _("I share mine with them")), ("takes", _("They share theirs with me"))],
        widget=forms.RadioSelect,
    )
    kin = forms.ChoiceField(label=_("The one who receives is, to the one who gives"), choices=Kin.choices)

    def __init__(self, *args: Any, window: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if window:  # nobody at the window consents for a giver who isn't there
            way: Any = self.fields["way"]
            way.choices = way.choices[:1]
            way.initial = "gives"


class DataForm(Form):
    """A request about one's own data."""

    kind = forms.ChoiceField(
        label=_("What do you ask for?"), choices=DataRequest.Kind.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(label=_("What exactly?"), max_length=2000, required=False, widget=forms.Textarea)


class PaperForm(Form):
    """For which days a certificate is asked."""

    first = _day(label=_("First day"))
    last = _day(label=_("Last day"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("last", _("It ends before it begins."))
        return said


class FindForm(Form):
    """Somebody at the window: by telephone, or by name."""

    q = forms.CharField(label=_("Telephone number, or full name"), max_length=60)
    via = forms.ChoiceField(
        label=_("How they came"),
        choices=[(Via.WINDOW, _("Stands at the window")), (Via.PHONE, _("Is on the telephone"))],
        widget=forms.RadioSelect,
        initial=Via.WINDOW,
    )


class NewForm(Form):
    """Somebody nobody has written down yet; a telephone may be missing."""

    name = forms.CharField(label=_("Full name"), max_length=60)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False, help_text=_("Empty if there is none."))
    via = forms.ChoiceField(choices=Via.choices, initial=Via.WINDOW, widget=forms.HiddenInput, required=False)
    agree = forms.BooleanField(label=_("The text below was read out, and the person agrees."))


class HandsForm(Form):
    """A number belongs to somebody else now."""

    reason = forms.CharField(label=_("How do you know?"), max_length=200)
