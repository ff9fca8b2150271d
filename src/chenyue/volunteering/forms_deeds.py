"""Forms of activities and needs, and the small ones beside them."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.forms import Form
from chenyue.people.models import Member
from chenyue.people.queries import members_with
from chenyue.volunteering import seeing
from chenyue.volunteering.activities import LENGTHS, Told
from chenyue.volunteering.fields_deeds import (
    DayField,
    FilesField,
    MomentField,
    PlaceField,
    choose,
    one_of,
    place_words,
    skill_choices,
    some_of,
    unit_choices,
)
from chenyue.volunteering.lifecycle import ActivityKind, Mode, Via
from chenyue.volunteering.needs import Asked

Area = forms.Textarea
WINDOW = [choice for choice in Via.choices if choice[0] != Via.WEB]


class Lined(Form):
    """A long form whose short fields stand side by side where there is room."""

    BESIDE: ClassVar[tuple[tuple[str, ...], ...]] = ()

    def lines(self) -> list[list[forms.BoundField]]:
        """Visible fields in their order, those of one group on one line."""
        groups = {names[0]: names for names in self.BESIDE if names[0] in self.fields}
        later = {name for names in self.BESIDE for name in names[1:]}
        return [
            [self[name] for name in groups.get(bound.name, (bound.name,))]
            for bound in self.visible_fields()
            if bound.name not in later
        ]


class ReasonForm(Form):
    """One sentence of why."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=Area)

    def __init__(self, *args: Any, label: Any = None, needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needed
        if label:
            self.fields["reason"].label = label


class ActivityForm(Lined):
    """What is written down of an activity."""

    BESIDE = (
        ("title", "kind"), ("starts_at", "ends_at", "break_minutes"), ("place", "place_words"),
        ("unit", "manager"), ("recorder", "certifier"), ("capacity", "sign_up_until"), ("min_age", "max_age"),
        ("training", "served"), ("dangerous", "insurance"), ("mode", "project"),
    )  # fmt: skip

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), max_length=LENGTHS["title"])
    kind = forms.ChoiceField(label=pgettext_lazy("activity", "Kind"), choices=ActivityKind.choices)
    words = forms.CharField(
        label=pgettext_lazy("activity", "What is done"), max_length=4000, widget=Area, required=False
    )
    starts_at = MomentField(label=pgettext_lazy("activity", "Begins"))
    ends_at = MomentField(label=pgettext_lazy("activity", "Ends"))
    break_minutes = forms.IntegerField(
        label=_("Break in minutes"), min_value=0, max_value=480, required=False, help_text=_("Isn't counted as hours.")
    )
    place = PlaceField(label=_("Place"), help_text=_("A community, an estate or a building. Everybody reads it."))
    place_words = forms.CharField(label=_("Where to meet"), max_length=LENGTHS["place_words"], required=False)
    unit = one_of(_("Organised by"), required=True)
    manager = one_of(pgettext_lazy("activity", "Person in charge"))
    recorder = one_of(_("Who records the hours"))
    certifier = one_of(_("Who certifies them"), help_text=_("Another person than who records them."))
    capacity = forms.IntegerField(label=pgettext_lazy("activity", "Places"), min_value=1, max_value=2000)
    sign_up_until = MomentField(
        label=_("Sign up until"), required=False, help_text=_("Empty: until it begins.")
    )  # fmt: skip
    min_age = forms.IntegerField(label=_("Youngest age"), min_value=8, max_value=100, required=False)
    max_age = forms.IntegerField(label=_("Oldest age"), min_value=8, max_value=100, required=False)
    skills = some_of(_("Skills that everybody needs"))
    training = forms.CharField(label=_("Training before"), max_length=LENGTHS["training"], required=False)
    risks = forms.CharField(
        label=_("Risks"), max_length=LENGTHS["risks"], required=False, widget=Area,
        help_text=_("True and full (Regulations, art. 12). If none are known, say so."),
    )  # fmt: skip
    dangerous = forms.BooleanField(label=_("May be dangerous: only with accident insurance"), required=False)
    insurance = forms.CharField(
        label=_("Accident insurance"),
        max_length=LENGTHS["insurance"],
        required=False,
        help_text=_("Insurer and policy."),
    )
    served = forms.CharField(
        label=_("Whom it serves"), max_length=LENGTHS["served"], required=False, help_text=_("No names.")
    )
    mode = forms.ChoiceField(label=_("How hours are proved"), choices=Mode.choices)
    earns = forms.BooleanField(label=_("Hours earn credits by the rule of the day"), required=False)
    project = forms.CharField(label=_("Works project"), max_length=20, required=False)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "unit", unit_choices(seeing.units_of(member)))
        organisers = [(one.pk, _member(one)) for one in members_with(seeing.ORGANISE)]
        certifiers = [(one.pk, _member(one)) for one in members_with(seeing.CERTIFY)]
        choose(self, "manager", organisers, none="–")
        choose(self, "recorder", organisers, none="–")
        choose(self, "certifier", certifiers, none="–")
        choose(self, "skills", skill_choices())

    def told(self, case: int | None = None) -> Told:
        """What was told."""
        given = dict(self.cleaned_data)
        given.pop("version", None)
        given["break_minutes"] = given["break_minutes"] or 0
        return Told(**given | {"skills": tuple(given["skills"]), "case": case})


def _member(one: Member) -> str:
    return f"{one.name}（{one.unit.name}）" if one.unit else one.name


def of_told(told: Told, version: int | None = None) -> dict[str, Any]:
    """An activity as its form shows it."""
    found = {name: getattr(told, name) for name in Told.__dataclass_fields__ if name != "case"}
    for name in ("starts_at", "ends_at", "sign_up_until"):
        found[name] = timezone.localtime(found[name]) if found[name] else None
    return found | {"place": place_words(told.place), "skills": list(told.skills), "version": version}


class NeedForm(Lined):
    """What somebody asks for, as the office writes it down."""

    BESIDE = (("name", "phone", "via"), ("title", "kind"), ("starts_at", "ends_at"), ("place", "people", "unit"))

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("What is needed"), max_length=80)
    kind = forms.ChoiceField(label=pgettext_lazy("activity", "Kind"), choices=ActivityKind.choices)
    words = forms.CharField(label=_("More about it"), max_length=4000, widget=Area, required=False)
    risks = forms.CharField(
        label=_("What one should know"), max_length=300, required=False, widget=Area,
        help_text=_("Stairs, a dog, an infection: who asks for help says the risks, too (art. 13)."),
    )  # fmt: skip
    starts_at = MomentField(label=pgettext_lazy("activity", "Begins"))
    ends_at = MomentField(label=pgettext_lazy("activity", "Ends"))
    place = PlaceField(label=_("Place"), homes=True, help_text=_("Only the office reads which home it is."))
    people = forms.IntegerField(label=_("People needed"), min_value=1, max_value=50, initial=1)
    unit = one_of(_("Unit that looks after it"))
    skills = some_of(_("Skills that are needed"))

    def __init__(self, *args: Any, member: Member | None = None, whole: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only = None if member is None or whole else seeing.units_of(member)
        choose(self, "unit", unit_choices(only), none=None if only is not None else "–")
        choose(self, "skills", skill_choices())

    def asked(self) -> Asked:
        """What was asked."""
        given = {name: self.cleaned_data[name] for name in Asked.__dataclass_fields__ if name in self.cleaned_data}
        return Asked(**given | {"skills": tuple(given.get("skills", ()))})


def of_asked(asked: Asked, version: int | None = None) -> dict[str, Any]:
    """A need as its form shows it."""
    found = {name: getattr(asked, name) for name in Asked.__dataclass_fields__}
    for name in ("starts_at", "ends_at"):
        found[name] = timezone.localtime(found[name])
    return found | {"place": place_words(asked.place), "skills": list(asked.skills), "version": version}


class NewNeedForm(NeedForm):
    """The same, with who asks."""

    name = forms.CharField(label=_("Who asks"), max_length=40, required=False, help_text=_("Empty: the office itself."))
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    via = forms.ChoiceField(label=_("How it came"), choices=WINDOW)

    field_order = ("name", "phone", "via", "title")


class CopiesForm(Form):
    """Once more, or each week."""

    first = MomentField(label=_("Begins first"))
    weeks = forms.IntegerField(label=_("How many weeks"), min_value=1, max_value=26, initial=1)


class SignUpForm(Form):
    """Signing somebody up for an activity."""

    who = forms.CharField(
        label=_("Volunteer"), max_length=40, help_text=_("Number such as V000012, or the telephone number.")
    )
    via = forms.ChoiceField(label=_("How it came"), choices=WINDOW)


class PhotosForm(Form):
    """Photographs of an activity."""

    attachments = FilesField(label=_("Photographs"), required=True)
    words = forms.CharField(label=_("What they show"), max_length=120, required=False)
    public = forms.BooleanField(
        label=_("Everybody may see them"), required=False,
        help_text=_("Only with the consent of whoever can be recognised."),
    )  # fmt: skip


class WeekForm(Form):
    """Having a week worked out."""

    week = DayField(label=_("A day of the week"))
    most = forms.IntegerField(label=_("Ask each person at most so many times"), min_value=1, max_value=7, initial=3)
