"""Forms on a party's own page."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.forms import Form
from chenyue.mediation.lifecycle import EvidenceKind, Grade


class SayForm(Form):
    """Yes or no to one question."""

    question = forms.CharField(max_length=14)
    matter = forms.CharField(max_length=40, required=False)
    given = forms.ChoiceField(choices=[("yes", pgettext_lazy("own", "Yes")), ("no", pgettext_lazy("own", "No"))])
    words = forms.CharField(max_length=2000, required=False)


class MinutesForm(Form):
    """Whether the minutes are right."""

    meeting = forms.IntegerField(min_value=1, max_value=32000)
    agrees = forms.ChoiceField(choices=[("yes", ""), ("no", "")])
    words = forms.CharField(label=_("What is wrong"), max_length=2000, required=False)


class VisitForm(Form):
    """How it went on, afterwards."""

    visit = forms.IntegerField(widget=forms.HiddenInput)
    performed = forms.ChoiceField(
        label=_("Was the agreement kept?"),
        choices=[("yes", _("Yes, until today")), ("no", pgettext_lazy("own", "No")), ("", _("I can't say"))],
        widget=forms.RadioSelect,
        required=False,
    )
    grade = forms.ChoiceField(
        label=_("How content are you with the mediation?"), choices=Grade.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("What else you want to say"), max_length=2000, required=False, widget=forms.Textarea
    )


class PaperForm(Form):
    """A paper or photograph that the party hands in."""

    title = forms.CharField(label=_("What it shows"), max_length=120)
    kind = forms.ChoiceField(
        label=pgettext_lazy("evidence", "Kind"),
        choices=[
            (kind.value, kind.label)
            for kind in (EvidenceKind.DOCUMENT, EvidenceKind.PHOTO, EvidenceKind.RECEIPT, EvidenceKind.IDENTITY)
        ]
        + [(EvidenceKind.OTHER.value, EvidenceKind.OTHER.label)],
    )


class CodeForm(Form):
    """The code on the letter."""

    code = forms.CharField(label=_("Code on your letter"), max_length=40)
