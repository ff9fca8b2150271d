"""Forms on a party's own page."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.forms import Form
from chenyue.mediation.forms_agree import ScreenForm
from chenyue.mediation.lifecycle import EvidenceKind, Found, Grade, How, Wrong
from chenyue.mediation.models import Mediator

TAKEN = (How.ORAL, How.PHONE, How.PAPER)


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


class OwnSignForm(ScreenForm):
    """A signature on the party's own page: the drawing, the text's hash, and what only the party knows."""

    proof = forms.CharField(
        max_length=8, widget=forms.TextInput(attrs={"autocomplete": "off"}), label=_("Last four characters")
    )

    def __init__(self, *args: Any, asked: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {"id": _("Last four characters of your identity or registration number")}
        self.fields["proof"].label = words.get(asked, _("Last four figures of your telephone number"))


class ComplaintForm(Form):
    """What a mediator did wrong, as a party tells it."""

    mediator = forms.TypedChoiceField(label=_("Which mediator"), coerce=int)
    wrong = forms.ChoiceField(label=_("What the mediator did"), choices=Wrong.choices)
    words = forms.CharField(label=_("What happened"), max_length=4000, widget=forms.Textarea)

    def __init__(self, *args: Any, mediators: Iterable[Mediator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mediator"].choices = [(one.pk, one.name) for one in mediators]  # type: ignore[attr-defined]


class TakenComplaintForm(ComplaintForm):
    """The same, taken down by staff for a party."""

    party = forms.TypedChoiceField(label=_("Which party complains"), coerce=int)
    how = forms.ChoiceField(label=_("How it was said"), choices=[(how.value, how.label) for how in TAKEN])
    field_order = ("party", "mediator", "wrong", "words", "how")

    def __init__(self, *args: Any, parties: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = list(parties)  # type: ignore[attr-defined]


class ComplaintAnswerForm(Form):
    """The committee's answer in writing."""

    found = forms.ChoiceField(label=pgettext_lazy("complaint", "What was found"), choices=Found.choices)
    words = forms.CharField(
        label=_("Answer, as the party reads it"), max_length=4000, widget=forms.Textarea,
        help_text=_("What was looked into, what came of it, and where the party may turn if it isn't content."),
    )  # fmt: skip
