"""Forms of the callbacks: an attempt without an answer, a rating taken by telephone, leaving one out, a decision."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chenyue.core.forms import Form
from chenyue.desk.forms.fields import WordsField
from chenyue.followup.models import Grade

YES_NO = (("yes", _("Yes")), ("no", _("No")))


class RatingForm(Form):
    """What the reporter said on the telephone."""

    contacted = forms.ChoiceField(label=_("Did the unit contact you?"), choices=YES_NO, widget=forms.RadioSelect)
    solved = forms.ChoiceField(label=_("Is it solved?"), choices=YES_NO, widget=forms.RadioSelect)
    grade = forms.ChoiceField(label=_("Are you satisfied?"), choices=Grade.choices, widget=forms.RadioSelect)
    words = WordsField(label=_("What they said"), required=False, max_length=1000)


class TriedForm(Form):
    words = WordsField(
        label=_("What came of the call"),
        required=False,
        max_length=300,
        help_text=_("Such as: no answer, asked to call at noon."),
    )


class ExcludeForm(Form):
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=(
            ("unreachable", _("Cannot be reached")),
            ("declined", _("Does not want to rate")),
            ("unreasonable", _("Unreasonable demand")),
            ("outside_duty", _("Outside public duty")),
        ),
    )
    words = WordsField(label=_("Facts"), max_length=200)


class DecisionForm(Form):
    """The decision on an answer that was not taken."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=(("reopen", _("Reopen: a new round")), ("explain", _("Explain: the answer stands"))),
        widget=forms.RadioSelect,
    )
    words = WordsField(label=_("Reason"), help_text=_("The reporters read it word for word."), max_length=2000)
