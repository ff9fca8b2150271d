"""Forms of credits: rules, changes by hand, freezing, relatives."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.forms import Form
from chenyue.volunteering import amounts
from chenyue.volunteering.forms_contracts import AmountField, DayField
from chenyue.volunteering.lifecycle import Expiry, Grade, Kin, ProposalKind, Rounding
from chenyue.volunteering.ruling import MOST_MINUTES, Terms

MINUTES = {"required": False}


def _read_hours(typed: object, field: str = "hours", *, zero: bool = False) -> int:
    """Hours as people type them (`2`, `1.5`, `1:30`) in minutes."""
    said = str(typed)
    if ":" in said or "：" in said:
        return amounts.read_minutes(said, field, zero=zero, most=MOST_MINUTES)
    hundredths = amounts.read_credits(said, field, zero=zero, most=MOST_MINUTES)
    return hundredths * 60 // 100


class RuleForm(Form):
    """A rule of conversion, as the office would publish it."""

    starts_on = DayField(label=_("Holds from"))
    per_hour = AmountField(amounts.read_credits, label=_("Credits for an hour"))
    rounding = forms.ChoiceField(label=pgettext_lazy("credits", "Rounding, always down"), choices=Rounding.choices)
    grades = forms.MultipleChoiceField(
        label=_("Evidence that converts"), choices=Grade.choices, widget=forms.CheckboxSelectMultiple,
        initial=["A", "B"], help_text=_("What is attested later (C) should give hours only."),
    )  # fmt: skip
    activity_minutes = AmountField(_read_hours, label=_("At most of one activity, hours"), required=False)
    day_minutes = AmountField(_read_hours, label=_("At most in a day, hours"), required=False)
    year_minutes = AmountField(_read_hours, label=_("At most in a year, hours"), required=False)
    threshold_minutes = AmountField(
        _read_hours, zero=True, label=_("May be spent from so many hours on"), required=False,
        help_text=_("Empty: from the first hour on."),
    )  # fmt: skip
    expiry = forms.ChoiceField(label=_("Credits expire"), choices=Expiry.choices)
    expiry_years = forms.IntegerField(label=_("After how many years"), min_value=1, max_value=20, required=False)
    grace_days = forms.IntegerField(
        label=_("Days that late credits live at least"), min_value=0, max_value=365, initial=30,
        help_text=_("For hours certified late, and for bookings that the office or the supplier called off."),
    )  # fmt: skip
    balance_cap = AmountField(
        amounts.read_credits, label=_("Nobody has more than, credits"), required=False,
        help_text=_("What is earned above it goes to the pool."),
    )  # fmt: skip
    family_year_cap = AmountField(
        amounts.read_credits, label=_("Passed on in the family in a year at most, credits"), required=False
    )
    words = forms.CharField(
        label=_("Why, as the office publishes it"), max_length=500, required=False, widget=forms.Textarea
    )

    def terms(self) -> Terms:
        """The rule that was typed."""
        data: dict[str, Any] = dict(self.cleaned_data)
        data["grades"] = tuple(data["grades"])
        data["threshold_minutes"] = data["threshold_minutes"] or 0
        data["expiry_years"] = (data["expiry_years"] or 0) if data["expiry"] == Expiry.YEARS else 0
        return Terms(**data)


def initial_rule(terms: dict[str, Any]) -> dict[str, Any]:
    """What the form shows of a preset."""
    found = dict(terms)
    for name in ("per_hour", "balance_cap", "family_year_cap"):
        if name in found:
            found[name] = amounts.credits_words(found[name]).replace(",", "")
    for name in ("activity_minutes", "day_minutes", "year_minutes", "threshold_minutes"):
        if name in found:
            hours, minutes = divmod(found[name], 60)
            found[name] = f"{hours}:{minutes:02d}" if minutes else str(hours)
    return found


class ProposalForm(Form):
    """A change of somebody's credits by hand."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("proposal", "What"), choices=ProposalKind.choices, widget=forms.RadioSelect,
        initial=ProposalKind.GRANT.value,
    )  # fmt: skip
    amount = AmountField(amounts.read_credits, label=_("How many credits"))
    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("Stands in the person's bank book: without names of others.")
    )
    expires_on = DayField(
        label=_("A grant may be spent until"), required=False, help_text=_("Empty: it doesn't expire.")
    )


class FreezeForm(Form):
    """Freeze what somebody could spend."""

    amount = AmountField(
        amounts.read_credits, label=_("How many credits"), required=False, help_text=_("Empty: all that is to spend.")
    )
    reason = forms.CharField(label=_("Why"), max_length=300)


class ReasonForm(Form):
    """A reason."""

    reason = forms.CharField(label=_("Why"), max_length=300)


class MaybeReasonForm(Form):
    """A reason, where one's own act is taken back: not needed."""

    reason = forms.CharField(label=_("Why"), max_length=300, required=False)


class ProofForm(Form):
    """What was shown."""

    proof = forms.CharField(
        label=_("What was shown"), max_length=200,
        help_text=_("Such as: household register, marriage certificate. No numbers of documents."),
    )  # fmt: skip


class TieForm(Form):
    """A relative at the window."""

    name = forms.CharField(label=_("Name of the relative"), max_length=60)
    phone = forms.CharField(label=_("Telephone of the relative"), max_length=30)
    kin = forms.ChoiceField(label=_("Is this person's"), choices=Kin.choices)
    both_agree = forms.BooleanField(label=_("Both are here and agree"), required=False)
    proof = forms.CharField(
        label=_("What was shown"), max_length=200, required=False,
        help_text=_("Such as: household register, marriage certificate. No numbers of documents."),
    )  # fmt: skip
