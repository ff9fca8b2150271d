"""Forms of findings and root-cause projects."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.catalogue.queries import catalogue
from chenyue.core.forms import Form
from chenyue.insight.counting import MOST_WORDS, Rule
from chenyue.insight.lifecycle import PainState
from chenyue.insight.models import RootProject
from chenyue.insight.roots import Plan
from chenyue.people.models import Member, Unit
from chenyue.people.queries import members, units
from chenyue.places.queries import gazetteer
from chenyue.works.fields import DayField, FilesField, choose, one_of
from chenyue.works.models import Project

WHERE = ("estate", "building", "road", "spot", "community")


class DecideForm(Form):
    """What somebody thinks of a finding."""

    to = forms.ChoiceField(
        label=pgettext_lazy("pain", "Decision"), widget=forms.RadioSelect,
        choices=[
            (PainState.SEEN.value, _("Seen: it is known, and watched")),
            (PainState.DISMISSED.value, _("No trouble of its own")),
            (PainState.NEW.value, _("Put back to be looked at")),
        ],
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Others read it; no names of residents."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, state: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        choose(self, "to", [pair for pair in field.choices if pair[0] != state])  # type: ignore[attr-defined]


class RootForm(Form):
    """A root-cause project."""

    title = forms.CharField(label=pgettext_lazy("root", "Title"), max_length=80)
    unit = one_of(_("Unit that does it"), required=True)
    owner = one_of(
        pgettext_lazy("root", "Owner"), help_text=_("The person who answers for it and is told of the count.")
    )
    cause = forms.CharField(label=_("The cause"), widget=forms.Textarea, required=False, max_length=2000)
    measure = forms.CharField(label=_("What is done about it"), widget=forms.Textarea, required=False, max_length=2000)
    place = one_of(_("Counted at"), help_text=_("A building, road, public spot, estate or community."))
    category = one_of(pgettext_lazy("root", "Kind that is counted"))
    room = forms.CharField(label=pgettext_lazy("root", "Home"), max_length=20, required=False)
    words = forms.CharField(
        label=_("Words that count"), max_length=120, required=False,
        help_text=_("Any one of them in what was said, put apart by 、. The same before and after."),
    )  # fmt: skip
    before_from = DayField(label=_("Counted before: from"))
    before_until = DayField(
        label=_("Counted before: to and including"),
        help_text=_("The stretch afterwards is as long. A place is noticed when much happens there, and some of that "
                    "goes down by itself: choose more than the days that gave the alarm."),
    )  # fmt: skip
    target = forms.IntegerField(label=_("At most so many afterwards"), min_value=0, max_value=100_000)
    due_on = DayField(label=_("To be done by"))
    cost = forms.DecimalField(
        label=_("Cost in yuan"), required=False, min_value=0, max_value=Decimal("99999999"), decimal_places=2
    )
    works = forms.CharField(label=_("Number of renewal works it is a part of"), max_length=20, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, who: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.who = who  # whose matter it is, by the finding; no field
        none = [("", _("none"))]
        choose(self, "unit", [("", _("choose")), *units().values_list("pk", "name")])
        choose(self, "owner", none + [(member.pk, member.name) for member in members()])
        places = [(place.id, place.full_name) for place in gazetteer().places.values() if place.kind in WHERE]
        choose(self, "place", [("", _("anywhere")), *places])
        kinds = [(kind.id, f"{kind.code} {kind.name}") for kind in catalogue().categories]
        choose(self, "category", [("", _("any kind")), *kinds])

    def clean_words(self) -> tuple[str, ...]:
        """The words, each of two characters at least."""
        typed = self.cleaned_data.get("words", "").replace("，", "、").replace(",", "、").replace(" ", "、")
        words = tuple(dict.fromkeys(filter(None, (word.strip() for word in typed.split("、")))))
        if any(len(word) < 2 for word in words):
            raise ValidationError(_("A word has two characters at least."), code="short")
        if len(words) > MOST_WORDS:
            raise ValidationError(_("At most six words."), code="many")
        return words

    def clean_works(self) -> str:
        """A number of renewal works that are there."""
        number = str(self.cleaned_data.get("works", "")).strip().upper()
        if number and not Project.objects.filter(number=number).exists():
            raise ValidationError(_("There are no renewal works of this number."), code="unknown")
        return number

    def plan(self) -> Plan:
        """What was typed."""
        typed = self.cleaned_data
        rule = Rule(typed["place"], typed["category"], typed["room"], typed["words"], self.who)
        owner = Member.objects.filter(pk=typed["owner"]).first() if typed["owner"] else None
        cost = typed["cost"]
        return Plan(
            typed["title"], Unit.objects.get(pk=typed["unit"]), owner, typed["cause"], typed["measure"],
            typed["before_from"], typed["before_until"], typed["target"], typed["due_on"], rule,
            None if cost is None else int(cost * 100), typed["works"],
        )  # fmt: skip


def initial_of(row: RootProject) -> dict[str, Any]:
    """A project as its form shows it."""
    rule = Rule.read(row.counted)
    return {
        "title": row.title, "unit": row.unit_id, "owner": row.owner_id, "cause": row.cause, "measure": row.measure,
        "place": rule.place, "category": rule.category, "room": rule.room, "words": "、".join(rule.words),
        "before_from": row.before_from, "before_until": row.before_until, "target": row.target, "due_on": row.due_on,
        "cost": None if row.cost is None else Decimal(row.cost) / 100, "works": row.works, "version": row.version,
    }  # fmt: skip


class DoneForm(Form):
    """On which day it was done."""

    done_on = DayField(label=_("Done on"))


class ReasonForm(Form):
    """Why it is given up, or worked on again."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class PhotosForm(Form):
    """Photographs before or after."""

    stage = forms.ChoiceField(
        label=pgettext_lazy("photograph", "Taken"), widget=forms.RadioSelect,
        choices=[("before", pgettext_lazy("photograph", "Before")), ("after", pgettext_lazy("photograph", "After"))],
    )  # fmt: skip
    words = forms.CharField(label=_("What is to be seen"), max_length=120, required=False)
    attachments = FilesField(label=_("Photographs"))
