"""Forms of routing rules and of the hours of work."""

from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chenyue.catalogue.models import Handling, RoutingRule, Urgency
from chenyue.catalogue.queries import catalogue
from chenyue.catalogue.tree import RuleInfo
from chenyue.core.forms import Form
from chenyue.desk import choices
from chenyue.desk.forms.fields import CategoryField, DayField, PlaceField
from chenyue.desk.forms.setup import SpanField
from chenyue.places.models import Kind

SPANS = ("accept_by", "contact_by", "resolve_by")
AS_IS = ("name", "place_kind", "urgency", "handling", *SPANS, "active")


class RuleForm(Form):
    """When a rule holds, and what it changes. What stays empty matches anything, or changes nothing."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("It is shown as the reason on each case."))
    category = CategoryField(required=False, label=_("For the category"))
    place = PlaceField(label=_("At the place, and all inside it"))
    place_kind = forms.ChoiceField(
        label=_("For any place of this kind"), choices=[("", _("Any")), *Kind.choices], required=False
    )
    urgency = forms.ChoiceField(label=_("For the urgency"), choices=[("", _("Any")), *Urgency.choices], required=False)
    lead = forms.ChoiceField(label=_("Lead unit"), choices=choices.unit_codes, required=False)
    handling = forms.ChoiceField(
        label=_("Handling"), choices=[("", _("As the catalogue says")), *Handling.choices], required=False
    )
    accept_by = SpanField(label=_("Accept by"))
    contact_by = SpanField(label=_("First contact by"))
    resolve_by = SpanField(label=_("Resolve by"))
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assists"] = forms.MultipleChoiceField(
            label=_("Assisting units"),
            choices=[c for c in choices.unit_codes() if c[0]],
            required=False,
            widget=forms.CheckboxSelectMultiple(attrs={"class": "many"}),
        )

    @staticmethod
    def of(rule: RoutingRule) -> dict[str, Any]:
        """A rule as the form shows it at first."""
        found = {name: getattr(rule, name) for name in AS_IS}
        return found | {
            "category": rule.category.code if rule.category else "",
            "place": rule.place.full_name if rule.place else "",
            "lead": rule.lead.code if rule.lead else "",
            "assists": [unit.code for unit in rule.assists.all()],
        }

    def data_of_rule(self) -> dict[str, Any]:
        """What `catalogue.ruling.save_rule` takes."""
        return self.cleaned_data | {"place": self.cleaned_data["place"].place_id}

    def info(self, pk: int) -> RuleInfo:
        """The rule as routing reads it, for a trial before it is saved."""
        found = self.cleaned_data
        category = catalogue().by_code.get(found["category"])
        return RuleInfo(
            id=pk,
            category_id=category.id if category else None,
            category_code=found["category"],
            place_id=found["place"].place_id,
            lead_code=found["lead"],
            assist_codes=tuple(found["assists"]),
            **{name: found[name] for name in AS_IS if name != "active"},
        )


class TrialForm(Form):
    """Over which past days the rules are tried."""

    since = DayField(label=_("From"))
    until = DayField(label=_("To and including"))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("since") and found.get("until") and found["since"] > found["until"]:
            self.add_error("until", ValidationError(_("The end lies before the beginning.")))
        return found


class HourField(forms.TimeField):
    """A time of the wall, picked with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **kwargs)


class HoursForm(Form):
    """One stretch of work, or two with a break between them."""

    morning_from = HourField(label=_("Begins"))
    morning_to = HourField(label=_("Ends, or the break begins"))
    afternoon_from = HourField(label=_("Begins again after the break"), required=False)
    afternoon_to = HourField(label=_("Ends"), required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if bool(found.get("afternoon_from")) != bool(found.get("afternoon_to")):
            self.add_error("afternoon_to", ValidationError(_("Give both times after the break, or neither.")))
        return found

    def stretches(self) -> list[tuple[time, time]]:
        """In order, as `workdays.actions.set_hours` takes them."""
        found = self.cleaned_data
        second = (found["afternoon_from"], found["afternoon_to"])
        return [(found["morning_from"], found["morning_to"]), *([second] if second[0] else [])]
