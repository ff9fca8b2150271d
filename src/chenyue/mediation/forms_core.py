"""Forms of a mediation and of its people."""

from dataclasses import fields as fields_of
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.forms import Form
from chenyue.mediation import law
from chenyue.mediation.fields import DayField, MomentField, PlaceField, choose, one_of, place_words, unit_choices
from chenyue.mediation.lifecycle import Acts, Capacity, Dispute, How, PartyKind, Question, Risk, Side, Source, Tie
from chenyue.mediation.models import Appointment, Mediation, Party
from chenyue.mediation.opening import Told
from chenyue.mediation.parties import PartyData
from chenyue.mediation.speakers import Speaker

SEXES = [("", _("not said")), ("男", _("male")), ("女", _("female"))]
LONG = forms.Textarea


def long(label: Any, required: bool = False, most: int = 8000, **more: Any) -> forms.CharField:
    """Words in several lines."""
    return forms.CharField(label=label, required=required, max_length=most, widget=LONG, **more)


class WordsForm(Form):
    """One field of words; what they are is said when the form is made."""

    words = long(_("In words"), most=1000)

    def __init__(self, *args: Any, label: Any = "", needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["words"]
        field.label, field.required = label or field.label, needed
        field.error_messages["required"] = _("Say it in words.")


class ToldForm(Form):
    """The dispute itself."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label=_("Title, without names"),
        max_length=80,
        help_text=_("Such as “Dispute about a leak”: it stands in lists."),
    )
    dispute = forms.ChoiceField(label=_("Kind of dispute"), choices=Dispute.choices)
    facts = long(_("The dispute in short"), required=True)
    requests = long(_("What is asked for, one a line"), most=4000)
    source = forms.ChoiceField(label=_("Source"), choices=Source.choices, initial=Source.APPLICATION)
    source_body = forms.CharField(label=_("Handed over by"), max_length=80, required=False)
    source_number = forms.CharField(label=_("Their number"), max_length=60, required=False)
    oral = forms.BooleanField(label=_("Applied by word of mouth"), required=False)

    def told(self) -> Told:
        """As `opening` takes it."""
        return Told(**{field.name: self.cleaned_data[field.name] for field in fields_of(Told)})


def initial_told(row: Mediation) -> dict[str, Any]:
    """A mediation as its form shows it."""
    return {field.name: getattr(row, field.name) for field in fields_of(Told)} | {"version": row.version}


class PartyForm(Form):
    """A party. Of a short one, on the application, only what is known then."""

    side = forms.ChoiceField(label=_("Side"), choices=Side.choices)
    kind = forms.ChoiceField(label=_("Person or organisation"), choices=PartyKind.choices)
    name = forms.CharField(label=_("Name"), max_length=60)
    gender = forms.ChoiceField(label=_("Sex"), choices=SEXES, required=False)
    ethnicity = forms.CharField(label=_("Ethnic group"), max_length=20, required=False)
    born_on = DayField(label=_("Born on"), required=False)
    id_number = forms.CharField(label=_("Identity or registration number"), max_length=30, required=False)
    occupation = forms.CharField(label=_("Occupation or post"), max_length=60, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    address = forms.CharField(label=_("Unit or address"), max_length=200, required=False)
    account = forms.CharField(label=_("Account for payments"), max_length=120, required=False)
    head = forms.CharField(label=_("Legal representative or head (of an organisation)"), max_length=60, required=False)
    home_id = PlaceField(label=_("Home, as a place of the office"), homes=True)
    unit_id = one_of(_("Unit of the office, if it is one"))
    capacity = forms.ChoiceField(
        label=_("Capacity"), choices=Capacity.choices, required=False,
        help_text=_("Who is under 18, or can't judge what they do, acts by a guardian (Civil Code 17–22)."),
    )  # fmt: skip
    phone_only = forms.BooleanField(label=_("Served by telephone"), required=False)
    dialect = forms.CharField(label=_("Dialect"), max_length=20, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "unit_id", unit_choices(), none=_("none"))

    def data_of(self) -> PartyData:
        """As `people.save_party` takes it."""
        given = self.cleaned_data
        held = {field.name: given.get(field.name) for field in fields_of(PartyData)}
        return PartyData(**held | {"capacity": held["capacity"] or Capacity.FULL})


def initial_party(party: Party) -> dict[str, Any]:
    """A party as its form shows it."""
    held = {field.name: getattr(party, field.name) for field in fields_of(PartyData)}
    return held | {"home_id": place_words(party.home_id)}


class ApplicationForm(ToldForm):
    """An application as it is taken down: both sides in short, the rest follows."""

    place = PlaceField(label=_("Where is it"))
    applicant = forms.CharField(label=_("Who applies"), max_length=60, required=False)
    applicant_phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    applicant_kind = forms.ChoiceField(label=_("Person or organisation"), choices=PartyKind.choices)
    respondent = forms.CharField(label=_("With whom they quarrel"), max_length=60, required=False)
    respondent_phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    respondent_kind = forms.ChoiceField(label=_("Person or organisation"), choices=PartyKind.choices)

    def parties(self) -> list[PartyData]:
        """Both sides, as far as they are named."""
        given = self.cleaned_data
        return [
            PartyData(
                side=side,
                name=given[side],
                phone=given[f"{side}_phone"],
                kind=given[f"{side}_kind"] or PartyKind.PERSON,
            )
            for side in (Side.APPLICANT.value, Side.RESPONDENT.value)
            if given[side]
        ]


class ScreeningForm(Form):
    """The questions of screening: yes, no, or not yet."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, row: Mediation, **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": row.version}, **kwargs)
        for code, question in law.questions().items():
            held = row.screening.get(code, {})
            said = "" if not held else "yes" if held["answer"] else "no"
            self.fields[code] = forms.ChoiceField(
                label=str(question), help_text=question.source, required=False, initial=said,
                choices=[("yes", pgettext_lazy("screening", "Yes")), ("no", pgettext_lazy("screening", "No"))],
                widget=forms.RadioSelect,
            )  # fmt: skip
            remark = forms.CharField(label=_("Remark"), max_length=200, required=False, initial=held.get("words", ""))
            self.fields[f"words_{code}"] = remark

    def lines(self) -> list[tuple[Any, Any]]:
        """Each question with its remark, for the page."""
        return [(self[code], self[f"words_{code}"]) for code in law.questions()]

    def answers(self) -> tuple[dict[str, bool], dict[str, str]]:
        """Answers and remarks; what wasn't answered is left out."""
        given = self.cleaned_data
        said = {code: given[code] == "yes" for code in law.questions() if given[code]}
        return said, {code: given[f"words_{code}"] for code in said}


class GroundForm(WordsForm):
    """Why it isn't accepted."""

    ground = forms.ChoiceField(label=_("Ground"), choices=lambda: [(k, str(v)) for k, v in law.questions().items()])
    field_order = ("ground", "words")


class EndingForm(WordsForm):
    """Why it ends without agreement."""

    why = forms.ChoiceField(label=_("Why it ends"), choices=lambda: [(k, str(v)) for k, v in law.endings().items()])
    field_order = ("why", "words")


class MoreTimeForm(Form):
    """Until when more time is asked for."""

    until = DayField(label=_("Until"))
    reason = forms.CharField(label=_("Why more time is needed"), max_length=200)


class DiedForm(Form):
    """When a party died."""

    on = DayField(label=_("Died on"))


class LeaveForm(Form):
    """Why a party is no part of it any more."""

    why = forms.CharField(label=_("Why"), max_length=200)


class ReasonForm(Form):
    """Why somebody looks at contact data."""

    reason = forms.CharField(label=_("Why you need to see this"), max_length=200, required=False)


class SpeakerForm(Form):
    """Who acts for a party, or for several."""

    parties = forms.TypedMultipleChoiceField(label=_("Acts for"), coerce=int, widget=forms.CheckboxSelectMultiple)
    acts = forms.ChoiceField(label=_("Acts as"), choices=Acts.choices)
    name = forms.CharField(label=_("Name"), max_length=60)
    relation = forms.CharField(label=_("Relation to the party"), max_length=40, required=False)
    id_number = forms.CharField(label=_("Identity number"), max_length=30, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    scope = forms.CharField(label=_("What they may do"), max_length=200, required=False)
    may_settle = forms.BooleanField(label=_("May agree, waive and sign (special authority)"), required=False)
    since = DayField(label=_("Since"))
    until = DayField(label=_("Until"), required=False)

    def __init__(self, *args: Any, parties: list[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties_here = parties
        choose(self, "parties", [(p.pk, f"{p.order} {p.name}") for p in parties])

    def speaker(self) -> Speaker:
        """As `people.add_representative` takes it."""
        return Speaker(**{field.name: self.cleaned_data[field.name] for field in fields_of(Speaker)})

    def chosen(self) -> list[Party]:
        """Those they act for."""
        return [party for party in self.parties_here if party.pk in self.cleaned_data["parties"]]


class SayForm(Form):
    """What a party says to a question."""

    given = forms.ChoiceField(
        label=_("Answer"), choices=[("yes", _("Agrees")), ("no", _("Doesn't agree"))], widget=forms.RadioSelect
    )
    how = forms.ChoiceField(label=_("How it was said"), choices=[(h.value, h.label) for h in How if h != How.WEB])
    words = long(_("In the party's own words"), most=2000)


class WithdrawForm(WordsForm):
    """A consent taken back."""


class AppointForm(Form):
    """Who mediates."""

    mediator = one_of(_("Mediator"), required=True)
    role = forms.ChoiceField(label=_("As what"), choices=Appointment.Role.choices)
    chosen = forms.BooleanField(label=_("Chosen by the parties themselves"), required=False)


class TieForm(Form):
    """A tie between a mediator and a party."""

    tie = forms.ChoiceField(label=_("What ties them"), choices=Tie.choices)
    party = one_of(_("To whom"))
    words = forms.CharField(label=_("In words"), max_length=200)

    def __init__(self, *args: Any, parties: list[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "party", [(p.pk, f"{p.order} {p.name}") for p in parties], none=_("to the matter itself"))


class InviteForm(Form):
    """Whom to invite."""

    unit = one_of(_("Unit"))
    name = forms.CharField(label=_("Or a person"), max_length=60, required=False)
    role = forms.CharField(
        label=_("In what capacity"), max_length=60, help_text=_("Such as village committee, lawyer.")
    )
    why = forms.CharField(label=_("What they can help with"), max_length=200, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "unit", unit_choices(), none=_("none"))


class RiskForm(Form):
    """A danger, and who was told."""

    kind = forms.ChoiceField(label=_("What danger"), choices=Risk.choices)
    words = long(_("What was seen or heard"), required=True, most=2000)
    measures = long(_("What is done about it"), most=2000)
    told = forms.CharField(label=_("Reported to"), max_length=80, required=False)
    told_at = MomentField(label=_("When"), required=False)
    receipt = forms.CharField(label=_("Number of the report"), max_length=60, required=False)


class ToldOutsideForm(Form):
    """To whom a danger was reported."""

    told = forms.CharField(label=_("Reported to"), max_length=80, required=False)
    told_at = MomentField(label=_("When"), required=False)
    receipt = forms.CharField(label=_("Number of the report"), max_length=60, required=False)
    measures = long(_("What is done about it"), most=2000)


QUESTIONS = (
    Question.RIGHTS,
    Question.MEDIATION,
    Question.OPEN,
    Question.STORY,
    Question.SCREEN,
    Question.SURVEY,
    Question.CONFIRMATION,
)
